// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;

/// A type given on the command line: as {@link TypeNames} prints it, or as SQL and NumPy call it.
final class TypeArgument {
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("boolean", "bool"),
            Map.entry("tinyint", "int8"),
            Map.entry("smallint", "int16"),
            Map.entry("int", "int32"),
            Map.entry("integer", "int32"),
            Map.entry("bigint", "int64"),
            Map.entry("float16", "halffloat"),
            Map.entry("float32", "float"),
            Map.entry("real", "float"),
            Map.entry("float64", "double"),
            Map.entry("text", "string"),
            Map.entry("varchar", "string"),
            Map.entry("utf8", "string"),
            Map.entry("large_utf8", "large_string"),
            Map.entry("date", "date32:day"),
            Map.entry("date32", "date32:day"),
            Map.entry("date32[day]", "date32:day"),
            Map.entry("date64", "date64:ms"),
            Map.entry("date64[ms]", "date64:ms"));
    private static final Pattern TIMESTAMP = Pattern.compile("timestamp\\[(s|ms|us|ns)(?:, *tz=([^\\]]+))?\\]");
    private static final Pattern UNIT = Pattern.compile("(time32|time64|duration)\\[(s|ms|us|ns)\\]");
    private static final Pattern DECIMAL = Pattern.compile("decimal(128|256)?\\((\\d+)(?:, *(\\d+))?\\)");
    private static final Pattern VECTOR = Pattern.compile("fixed_size_list<(?:item: *)?(.+)>\\[(\\d+)\\]");
    private static final Pattern LIST = Pattern.compile("(large_)?list<(?:item: *)?(.+)>");

    private TypeArgument() {}

    /// @return a field whose type, and fields below it, count
    static Field parse(String text) {
        String type = text.strip();
        Matcher list = LIST.matcher(type);
        if (list.matches()) {
            Field item = parse(list.group(2));
            Field named = new Field(Field.UNASSIGNED, "item", item.type(), true, item.children(), Map.of());
            return new Field(
                    Field.UNASSIGNED, "type", new LogicalType.List(list.group(1) != null, false), true, List.of(named),
                    Map.of());
        }
        try {
            return Field.nullable("type", LogicalTypes.parse(logical(type)));
        } catch (IllegalArgumentException | UnsupportedFormatException e) {
            throw new UsageException("'" + text + "' is no type that columns can be cast to, such as int32, float, "
                    + "large_string, timestamp[ms], decimal128(10, 2), list<int64>");
        }
    }

    private static String logical(String type) {
        Matcher timestamp = TIMESTAMP.matcher(type);
        if (timestamp.matches()) {
            return "timestamp:" + timestamp.group(1) + ":" + (timestamp.group(2) == null ? "-" : timestamp.group(2));
        }
        Matcher unit = UNIT.matcher(type);
        if (unit.matches()) {
            return unit.group(1) + ":" + unit.group(2);
        }
        Matcher decimal = DECIMAL.matcher(type);
        if (decimal.matches()) {
            return "decimal:" + (decimal.group(1) == null ? "128" : decimal.group(1)) + ":" + decimal.group(2) + ":"
                    + (decimal.group(3) == null ? "0" : decimal.group(3));
        }
        Matcher vector = VECTOR.matcher(type);
        if (vector.matches()) {
            return "fixed_size_list:" + logical(vector.group(1).strip()) + ":" + vector.group(2);
        }
        return NAMES.getOrDefault(type.toLowerCase(Locale.ROOT), type);
    }
}
