// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.schema;

import java.util.Locale;

import dev.joust.format.UnsupportedFormatException;

/// Logical type strings of the format, such as `fixed_size_list:float:768` (spec: file format 1.3).
public final class LogicalTypes {
    private LogicalTypes() {}

    /// @throws UnsupportedFormatException if the string names no type known here
    public static LogicalType parse(String text) {
        String[] parts = text.split(":", -1);
        try {
            return switch (parts[0]) {
                case "null" -> new LogicalType.Null();
                case "bool" -> new LogicalType.Bool();
                case "int8", "int16", "int32", "int64" ->
                    new LogicalType.Int(Integer.parseInt(text.substring(3)), true);
                case "uint8", "uint16", "uint32", "uint64" ->
                    new LogicalType.Int(Integer.parseInt(text.substring(4)), false);
                case "halffloat" -> new LogicalType.FloatingPoint(16);
                case "float" -> new LogicalType.FloatingPoint(32);
                case "double" -> new LogicalType.FloatingPoint(64);
                case "decimal" ->
                    new LogicalType.Decimal(
                            oneOf(text, Integer.parseInt(parts[1]), 128, 256),
                            Integer.parseInt(parts[2]),
                            Integer.parseInt(parts[3]));
                case "string" -> new LogicalType.Utf8(false);
                case "large_string" -> new LogicalType.Utf8(true);
                case "binary" -> new LogicalType.Binary(false);
                case "large_binary", "blob" -> new LogicalType.Binary(true);
                case "fixed_size_binary" -> new LogicalType.FixedSizeBinary(positive(text, parts[1]));
                case "date32" -> new LogicalType.Date(32);
                case "date64" -> new LogicalType.Date(64);
                case "time32" -> new LogicalType.Time(unit(text, parts[1]), 32);
                case "time64" -> new LogicalType.Time(unit(text, parts[1]), 64);
                case "timestamp" -> {
                    String zone = text.substring(parts[0].length() + parts[1].length() + 2);
                    yield new LogicalType.Timestamp(unit(text, parts[1]), zone.equals("-") ? null : zone);
                }
                case "duration" -> new LogicalType.Duration(unit(text, parts[1]));
                case "dict" -> {
                    if (!(parse(parts[2]) instanceof LogicalType.Int index)) {
                        throw unknown(text);
                    }
                    yield new LogicalType.Dictionary(parse(parts[1]), index);
                }
                case "fixed_size_list" -> {
                    int last = text.lastIndexOf(':');
                    String item = text.substring("fixed_size_list:".length(), last);
                    int dimension = positive(text, text.substring(last + 1));
                    yield item.equals("struct")
                            ? new LogicalType.FixedSizeList(null, dimension)
                            : new LogicalType.FixedSizeList(parse(item), dimension);
                }
                case "lance.bfloat16" -> new LogicalType.BFloat16();
                case "struct" -> new LogicalType.Struct();
                case "list" -> new LogicalType.List(false, false);
                case "list.struct" -> new LogicalType.List(false, true);
                case "large_list" -> new LogicalType.List(true, false);
                case "large_list.struct" -> new LogicalType.List(true, true);
                case "map" -> new LogicalType.Map();
                case "json" -> new LogicalType.Json();
                default -> throw unknown(text);
            };
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw unknown(text);
        }
    }

    /// The string that {@link #parse} reads back.
    public static String format(LogicalType type) {
        return switch (type) {
            case LogicalType.Null _ -> "null";
            case LogicalType.Bool _ -> "bool";
            case LogicalType.Int(int bitWidth, boolean signed) -> (signed ? "int" : "uint") + bitWidth;
            case LogicalType.FloatingPoint(int bitWidth) ->
                switch (bitWidth) {
                    case 16 -> "halffloat";
                    case 32 -> "float";
                    default -> "double";
                };
            case LogicalType.Decimal(int bitWidth, int precision, int scale) ->
                "decimal:" + bitWidth + ":" + precision + ":" + scale;
            case LogicalType.Utf8(boolean large) -> large ? "large_string" : "string";
            case LogicalType.Binary(boolean large) -> large ? "large_binary" : "binary";
            case LogicalType.FixedSizeBinary(int byteWidth) -> "fixed_size_binary:" + byteWidth;
            case LogicalType.Date(int bitWidth) -> bitWidth == 32 ? "date32:day" : "date64:ms";
            case LogicalType.Time(LogicalType.TimeUnit unit, int bitWidth) -> "time" + bitWidth + ":" + unit.code();
            case LogicalType.Timestamp t ->
                "timestamp:" + t.unit().code() + ":" + (t.timeZone() == null ? "-" : t.timeZone());
            case LogicalType.Duration(LogicalType.TimeUnit unit) -> "duration:" + unit.code();
            case LogicalType.Dictionary(LogicalType value, LogicalType.Int index) ->
                "dict:" + format(value) + ":" + format(index) + ":false";
            case LogicalType.FixedSizeList f ->
                "fixed_size_list:" + (f.item() == null ? "struct" : format(f.item())) + ":" + f.dimension();
            case LogicalType.Struct _ -> "struct";
            case LogicalType.List(boolean large, boolean ofStruct) ->
                (large ? "large_list" : "list") + (ofStruct ? ".struct" : "");
            case LogicalType.Map _ -> "map";
            case LogicalType.Json _ -> "json";
            case LogicalType.BFloat16 _ -> "lance.bfloat16";
        };
    }

    private static LogicalType.TimeUnit unit(String text, String code) {
        for (LogicalType.TimeUnit unit : LogicalType.TimeUnit.values()) {
            if (unit.code().equals(code)) {
                return unit;
            }
        }
        throw unknown(text);
    }

    private static int positive(String text, String number) {
        int value = Integer.parseInt(number);
        if (value < 1) {
            throw unknown(text);
        }
        return value;
    }

    private static int oneOf(String text, int value, int first, int second) {
        if (value != first && value != second) {
            throw unknown(text);
        }
        return value;
    }

    private static UnsupportedFormatException unknown(String text) {
        return new UnsupportedFormatException(String.format(Locale.ROOT, "logical type '%s' is not known", text));
    }
}
