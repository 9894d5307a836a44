// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.stream.Collectors;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Types as the reference's Python prints them: `fixed_size_list<item: float>[128]`.
final class TypeNames {
    private TypeNames() {}

    static String of(Field field) {
        return switch (field.type()) {
            case LogicalType.Struct _ ->
                field.children().stream().map(TypeNames::named).collect(Collectors.joining(", ", "struct<", ">"));
            case LogicalType.List(boolean large, boolean _) ->
                (large ? "large_list<" : "list<") + named(field.children().getFirst()) + ">";
            case LogicalType.FixedSizeList(LogicalType item, int dimension) when item == null ->
                "fixed_size_list<" + named(field.children().getFirst()) + ">[" + dimension + "]";
            case LogicalType.Map _ -> {
                Field entries = field.children().getFirst();
                yield "map<" + of(entries.children().get(0)) + ", " + of(entries.children().get(1)) + ">";
            }
            default -> of(field.type());
        };
    }

    private static String named(Field field) {
        return field.name() + ": " + of(field) + (field.nullable() ? "" : " not null");
    }

    private static String of(LogicalType type) {
        return switch (type) {
            case LogicalType.Null _ -> "null";
            case LogicalType.Bool _ -> "bool";
            case LogicalType.Int(int bitWidth, boolean signed) -> (signed ? "int" : "uint") + bitWidth;
            case LogicalType.FloatingPoint(int bitWidth) ->
                bitWidth == 16 ? "halffloat" : bitWidth == 32 ? "float" : "double";
            case LogicalType.Decimal(int bitWidth, int precision, int scale) ->
                "decimal" + bitWidth + "(" + precision + ", " + scale + ")";
            case LogicalType.Utf8(boolean large) -> large ? "large_string" : "string";
            case LogicalType.Binary(boolean large) -> large ? "large_binary" : "binary";
            case LogicalType.FixedSizeBinary(int byteWidth) -> "fixed_size_binary[" + byteWidth + "]";
            case LogicalType.Date(int bitWidth) -> bitWidth == 32 ? "date32[day]" : "date64[ms]";
            case LogicalType.Time(LogicalType.TimeUnit unit, int bitWidth) -> "time" + bitWidth + "[" + unit.code() + "]";
            case LogicalType.Timestamp(LogicalType.TimeUnit unit, String zone) ->
                "timestamp[" + unit.code() + (zone == null ? "]" : ", tz=" + zone + "]");
            case LogicalType.Duration(LogicalType.TimeUnit unit) -> "duration[" + unit.code() + "]";
            case LogicalType.Dictionary(LogicalType value, LogicalType.Int index) ->
                "dictionary<values=" + of(value) + ", indices=" + of(index) + ", ordered=0>";
            case LogicalType.FixedSizeList(LogicalType item, int dimension) ->
                "fixed_size_list<item: " + (item == null ? "struct" : of(item)) + ">[" + dimension + "]";
            case LogicalType.Struct _ -> "struct";
            case LogicalType.List(boolean large, boolean _) -> large ? "large_list" : "list";
            case LogicalType.Map _ -> "map";
            case LogicalType.Json _ -> "extension<lance.json>";
            case LogicalType.BFloat16 _ -> "extension<lance.bfloat16>";
        };
    }
}
