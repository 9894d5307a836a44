// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.file.FileProjection;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.encoding.page.LeafColumn;
import dev.joust.format.internal.encoding.sink.Nesting;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.file.FileMetadata;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// What a projection reads of a file: its physical columns, and how fields are put together from them. Immutable.
///
/// @param fields top-level, in the order of the projection
/// @param leaves physical columns, each once
record FileLeaves(List<FieldReader> fields, List<LeafReader> leaves) {
    FileLeaves {
        fields = List.copyOf(fields);
        leaves = List.copyOf(leaves);
    }

    /// A physical column, and which layers around it are taken from it.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record LeafReader(ColumnPages pages, boolean[] wantedLayers) {
        LeafColumn column() {
            return pages.column();
        }
    }

    static FileLeaves of(FileMetadata file, FileProjection projection) {
        Builder builder = new Builder(file, projection);
        List<FieldReader> fields = new ArrayList<>();
        for (Field field : projection.fields()) {
            fields.add(builder.read(field));
        }
        return new FileLeaves(fields, builder.leaves);
    }

    /// A list, a struct or a fixed-size list around the field that is looked at.
    private static final class Container {
        final Nesting.Layer layer;
        FieldReader.@Nullable LayerOf source;

        Container(Nesting.Layer layer) {
            this.layer = layer;
        }

        FieldReader.LayerOf source() {
            return java.util.Objects.requireNonNull(source);
        }
    }

    private static final class Builder {
        private final FileMetadata file;
        private final FileProjection projection;
        private final List<LeafReader> leaves = new ArrayList<>();
        /// Outermost first.
        private final List<Container> around = new ArrayList<>();

        Builder(FileMetadata file, FileProjection projection) {
            this.file = file;
            this.projection = projection;
        }

        FieldReader read(Field field) {
            Integer columnIndex = projection.columnIndexByFieldId().get(field.id());
            // a column of its own makes a leaf of a struct too: a blob is one, whatever fields it shows
            if (columnIndex != null || FileProjection.ownsColumn(field)) {
                return columnIndex == null ? new FieldReader.Absent(field) : leaf(field, columnIndex);
            }
            checkChildren(field);
            Container container = new Container(layer(field));
            around.addLast(container);
            List<FieldReader> children = field.children().stream().map(this::read).toList();
            around.removeLast();
            if (container.source == null) {
                return new FieldReader.Absent(field);
            }
            return switch (container.layer) {
                case Nesting.Layer.Item _ -> new FieldReader.Struct(field, children, container.source());
                case Nesting.Layer.ListOf _ ->
                    new FieldReader.ListOf(field, children.getFirst(), container.source());
                case Nesting.Layer.FixedSizeList(int dimension) ->
                    new FieldReader.FixedSizeListOf(field, children.getFirst(), dimension, container.source());
            };
        }

        /// Structs name their fields apart. Lists have one child, and a map's is a struct of a key and a value; neither
        /// that nor the key is ever null.
        private void checkChildren(Field field) {
            Field child = field.children().getFirst();
            long names = field.children().stream().map(Field::name).distinct().count();
            boolean fits = field.type() instanceof LogicalType.Struct
                    ? names == field.children().size()
                    : field.children().size() == 1;
            if (field.type() instanceof LogicalType.Map) {
                fits = fits
                        && child.type() instanceof LogicalType.Struct
                        && !child.nullable()
                        && child.children().size() == 2
                        && !child.children().getFirst().nullable();
            }
            if (!fits) {
                throw new CorruptFileException(file.path() + ": column '" + field.name() + "' of type " + field.type()
                        + " with the fields " + field.children() + " below it");
            }
        }

        private static Nesting.Layer layer(Field field) {
            return switch (field.type()) {
                case LogicalType.Struct _ -> new Nesting.Layer.Item();
                case LogicalType.List(boolean large, boolean _) -> new Nesting.Layer.ListOf(large ? 8 : 4);
                case LogicalType.Map _ -> new Nesting.Layer.ListOf(4);
                case LogicalType.FixedSizeList(LogicalType _, int dimension) -> {
                    if (dimension < 1) {
                        throw notRead("of " + dimension + " structs", field);
                    }
                    yield new Nesting.Layer.FixedSizeList(dimension);
                }
                case LogicalType.Null _, LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _,
                        LogicalType.Decimal _, LogicalType.Utf8 _, LogicalType.Binary _,
                        LogicalType.FixedSizeBinary _, LogicalType.Date _, LogicalType.Time _,
                        LogicalType.Timestamp _, LogicalType.Duration _, LogicalType.Dictionary _,
                        LogicalType.Json _, LogicalType.BFloat16 _ ->
                    throw new UnsupportedFormatException(
                            "column '" + field.name() + "' of type " + field.type() + " with fields below it");
            };
        }

        private FieldReader leaf(Field field, int columnIndex) {
            Nesting nesting = Nesting.FLAT;
            for (Container container : around.reversed()) {
                nesting = nesting.within(container.layer);
            }
            if (nesting.hasFixedSizeListsInLists() && file.version() != FileVersion.V2_3) {
                // as by the reference, which cannot read them
                throw notRead("of struct in a list", field);
            }
            boolean[] wanted = new boolean[nesting.layers().size()];
            wanted[0] = true;
            for (int layer = 1; layer < wanted.length; layer++) {
                Container container = around.get(around.size() - layer);
                if (container.source == null) {
                    container.source = new FieldReader.LayerOf(leaves.size(), layer);
                    wanted[layer] = true;
                }
            }
            LeafColumn column = new LeafColumn(field, shape(field), nesting, file.version());
            leaves.add(new LeafReader(ColumnPages.of(file, columnIndex, column), wanted));
            return new FieldReader.Leaf(field, leaves.size() - 1);
        }

        private ValueShape shape(Field field) {
            boolean isEmptyStruct = field.type() instanceof LogicalType.Struct
                    && field.children().isEmpty()
                    && !FileProjection.isPacked(field);
            return isEmptyStruct ? new ValueShape.None() : ValueShape.of(field, stored(field));
        }

        /// The field as the file has it.
        private Field stored(Field field) {
            for (Field candidate : file.descriptor().schema().preOrder()) {
                boolean sameType = candidate.type().equals(field.type()) || FileProjection.isBlob(candidate);
                if (candidate.id() == field.id() && sameType) {
                    return candidate;
                }
            }
            return field;
        }

        private static UnsupportedFormatException notRead(String what, Field field) {
            return new UnsupportedFormatException(
                    "fixed_size_list " + what + ", at column '" + field.name() + "', is not read");
        }
    }
}
