// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.file.FileVersion;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;
import dev.joust.format.schema.Schema;

/// One physical column: a leaf of the schema, and the way to it from a top-level field (spec: file format 1.4).
///
/// @param topLevelIndex which top-level field it lies in
/// @param steps         from that field down to the leaf's parent
public record LeafColumn(int topLevelIndex, List<Step> steps, Field leaf) {
    /// One level of nesting.
    public sealed interface Step {
        /// Into a struct's child of that number.
        record IntoStruct(int childIndex) implements Step {}

        /// Into the items of a list or the entries of a map.
        ///
        /// @param offsetBytes width of its offsets
        record IntoList(int offsetBytes) implements Step {}
    }

    public LeafColumn {
        steps = List.copyOf(steps);
    }

    /// The columns of a file with that schema, in order.
    ///
    /// @param version 2.1 or 2.2
    /// @throws UnsupportedFormatException naming the field that is not written
    public static List<LeafColumn> of(Schema schema, FileVersion version) {
        List<LeafColumn> columns = new ArrayList<>();
        for (int i = 0; i < schema.fields().size(); i++) {
            addLeaves(i, List.of(), schema.fields().get(i), version, columns);
        }
        return columns;
    }

    private static void addLeaves(
            int topLevelIndex, List<Step> steps, Field field, FileVersion version, List<LeafColumn> target) {
        requireWritten(field, steps.isEmpty());
        switch (field.type()) {
            case LogicalType.Struct _ -> {
                if (field.children().isEmpty()) {
                    throw unsupported(field, "structs without fields");
                }
                for (int child = 0; child < field.children().size(); child++) {
                    addLeaves(topLevelIndex, with(steps, new Step.IntoStruct(child)), field.children().get(child),
                            version, target);
                }
            }
            case LogicalType.List(boolean large, boolean _) ->
                addLeaves(topLevelIndex, with(steps, new Step.IntoList(large ? 8 : 4)), onlyChild(field), version, target);
            case LogicalType.Map _ -> {
                if (version == FileVersion.V2_1) {
                    throw unsupported(field, "maps in files of version 2.1");
                }
                addLeaves(topLevelIndex, with(steps, new Step.IntoList(4)), onlyChild(field), version, target);
            }
            case LogicalType.Dictionary(LogicalType value, LogicalType.Int _) -> {
                if (!isDictionaryValue(value)) {
                    throw unsupported(field, "dictionaries of " + LogicalTypes.format(value));
                }
                target.add(new LeafColumn(topLevelIndex, steps, field));
            }
            case LogicalType.FixedSizeList f -> {
                if (f.item() == null) {
                    throw unsupported(field, "fixed-size lists of structs");
                }
                target.add(new LeafColumn(topLevelIndex, steps, field));
            }
            case LogicalType.Null _, LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _,
                    LogicalType.Decimal _, LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.FixedSizeBinary _,
                    LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _,
                    LogicalType.Json _, LogicalType.BFloat16 _ ->
                target.add(new LeafColumn(topLevelIndex, steps, field));
        }
    }

    /// The format names a dictionary's type by those of its values and indices, parted by colons: a type that has one
    /// in its own name does not read back.
    private static boolean isDictionaryValue(LogicalType type) {
        return switch (type) {
            case LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Utf8 _,
                    LogicalType.Binary _ ->
                true;
            case LogicalType.Null _, LogicalType.Decimal _, LogicalType.FixedSizeBinary _, LogicalType.Date _,
                    LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _, LogicalType.Dictionary _,
                    LogicalType.FixedSizeList _, LogicalType.Struct _, LogicalType.List _, LogicalType.Map _,
                    LogicalType.Json _, LogicalType.BFloat16 _ ->
                false;
        };
    }

    private static List<Step> with(List<Step> steps, Step last) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(last);
        return longer;
    }

    private static Field onlyChild(Field field) {
        if (field.children().size() != 1) {
            throw new IllegalArgumentException("field '" + field.name() + "' of type "
                    + LogicalTypes.format(field.type()) + " has " + field.children().size() + " children, needs one");
        }
        return field.children().getFirst();
    }

    private static void requireWritten(Field field, boolean topLevel) {
        Map<String, String> metadata = field.metadata();
        if (isTruthy(metadata.get("lance-encoding:blob"))) {
            throw unsupported(field, "blob columns");
        }
        if (isTruthy(metadata.get("lance-encoding:packed")) || isTruthy(metadata.get("packed"))) {
            throw unsupported(field, "packed structs");
        }
        if (topLevel && field.name().isEmpty()) {
            throw new IllegalArgumentException("a column without a name");
        }
    }

    private static boolean isTruthy(@org.jspecify.annotations.Nullable String value) {
        return value != null && switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes", "on" -> true;
            default -> false;
        };
    }

    private static UnsupportedFormatException unsupported(Field field, String what) {
        return new UnsupportedFormatException("column '" + field.name() + "' of type "
                + LogicalTypes.format(field.type()) + ": " + what + " are not written");
    }
}
