// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.util.ArrayList;
import java.util.List;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.file.FileProjection;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.blob.BlobFields;
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

        /// Into the structs of a fixed-size list.
        ///
        /// @param requiredBelow a field of theirs is declared without nulls
        record IntoFixedSizeList(int dimension, boolean requiredBelow) implements Step {}
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
        if (steps.isEmpty() && field.name().isEmpty()) {
            throw new IllegalArgumentException("a column without a name");
        }
        if (BlobFields.isBlob(field)) {
            WrittenTypes.requireBlob(field, steps, version);
            target.add(new LeafColumn(topLevelIndex, steps, field));
            return;
        }
        switch (field.type()) {
            case LogicalType.Struct _ -> {
                if (field.children().isEmpty() && !steps.isEmpty()) {
                    throw WrittenTypes.unsupported(field, "structs without fields inside others, or inside lists,");
                }
                if (field.children().isEmpty() || FileProjection.isPacked(field)) {
                    WrittenTypes.requirePackable(field, steps, version);
                    target.add(new LeafColumn(topLevelIndex, steps, field));
                    return;
                }
                for (int child = 0; child < field.children().size(); child++) {
                    addLeaves(topLevelIndex, with(steps, new Step.IntoStruct(child)), field.children().get(child),
                            version, target);
                }
            }
            case LogicalType.List(boolean large, boolean _) -> {
                requireNotIn(field, steps, Step.IntoFixedSizeList.class, "lists in fixed-size lists of structs");
                addLeaves(topLevelIndex, with(steps, new Step.IntoList(large ? 8 : 4)), onlyChild(field), version, target);
            }
            case LogicalType.Map _ -> {
                if (version == FileVersion.V2_1) {
                    throw WrittenTypes.unsupported(field, "maps in files of version 2.1");
                }
                requireNotIn(field, steps, Step.IntoFixedSizeList.class, "maps in fixed-size lists of structs");
                WrittenTypes.requireNoBlobs(field, field, "maps with blobs");
                addLeaves(topLevelIndex, with(steps, new Step.IntoList(4)), onlyChild(field), version, target);
            }
            case LogicalType.Dictionary(LogicalType value, LogicalType.Int _) -> {
                WrittenTypes.requireDictionaryValue(field, value);
                target.add(new LeafColumn(topLevelIndex, steps, field));
            }
            case LogicalType.FixedSizeList f -> {
                if (f.item() == null) {
                    if (version == FileVersion.V2_1) {
                        throw WrittenTypes.unsupported(field, "fixed-size lists of structs in files of version 2.1");
                    }
                    requireNotIn(field, steps, Step.IntoList.class, "fixed-size lists of structs in lists or maps");
                    WrittenTypes.requireNoBlobs(field, field, "fixed-size lists of structs with blobs");
                    addLeaves(topLevelIndex, with(steps, new Step.IntoFixedSizeList(f.dimension(), anyRequired(onlyChild(field)))), onlyChild(field),
                            version, target);
                    return;
                }
                WrittenTypes.requireItem(field, f.item());
                target.add(new LeafColumn(topLevelIndex, steps, field));
            }
            case LogicalType.Null _, LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _,
                    LogicalType.Decimal _, LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.FixedSizeBinary _,
                    LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _,
                    LogicalType.Json _, LogicalType.BFloat16 _ ->
                target.add(new LeafColumn(topLevelIndex, steps, field));
        }
    }

    /// The reference cannot read such a column of its own.
    private static void requireNotIn(Field field, List<Step> steps, Class<? extends Step> above, String what) {
        if (steps.stream().anyMatch(above::isInstance)) {
            throw WrittenTypes.unsupported(field, what);
        }
    }

    /// Values of the leaf per top-level row that fixed-size lists of structs make; 1 without them.
    long itemsPerRow() {
        long items = 1;
        for (Step step : steps) {
            items = step instanceof Step.IntoFixedSizeList(int dimension, boolean _) ? Math.multiplyExact(items, dimension) : items;
        }
        return items;
    }

    private static boolean anyRequired(Field struct) {
        return struct.children().stream().anyMatch(field -> !field.nullable() || anyRequired(field));
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
}
