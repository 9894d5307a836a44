// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.joust.format.CorruptFileException;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.sink.LayerSink;
import dev.joust.format.internal.encoding.sink.LeafSink;
import dev.joust.format.internal.encoding.sink.NullColumns;
import dev.joust.format.internal.encoding.sink.OffsetSink;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.io.ObjectPath;

/// Puts the columns of a batch together from what was gathered of each leaf. Leaves below one struct must agree on
/// how many slots it has. One per batch, not thread-safe.
final class ColumnAssembler {
    private final ObjectPath file;
    private final List<LeafSink> leaves;
    private final BufferSource memory;

    ColumnAssembler(ObjectPath file, List<LeafSink> leaves, BufferSource memory) {
        this.file = file;
        this.leaves = leaves;
        this.memory = memory;
    }

    List<ColumnBuffers> columns(List<FieldReader> fields, int rowCount) {
        List<ColumnBuffers> columns = new ArrayList<>(fields.size());
        for (FieldReader field : fields) {
            columns.add(column(field, rowCount));
        }
        return columns;
    }

    private ColumnBuffers column(FieldReader reader, int slotCount) {
        return switch (reader) {
            case FieldReader.Absent(Field field) -> NullColumns.of(field, slotCount, memory);
            case FieldReader.Leaf(Field field, int leaf) -> {
                LeafSink sink = leaves.get(leaf);
                check(field, sink.slotCount(), slotCount);
                if (field.type() instanceof LogicalType.Struct && field.children().isEmpty()) {
                    // a struct without fields is stored as nulls, and is none
                    yield new ColumnBuffers(field, slotCount, 0, null, null, null, List.of());
                }
                check(field, sink.values().count(), slotCount);
                yield sink.finish(field, slotCount);
            }
            case FieldReader.Struct(Field field, List<FieldReader> fields, FieldReader.LayerOf source) ->
                container(field, source, slotCount, columns(fields, slotCount));
            case FieldReader.FixedSizeListOf(
                    Field field, FieldReader item, int dimension, FieldReader.LayerOf source) ->
                container(
                        field,
                        source,
                        slotCount,
                        List.of(column(item, Math.multiplyExact(slotCount, dimension))));
            case FieldReader.ListOf(Field field, FieldReader item, FieldReader.LayerOf source) -> {
                LayerSink layer = layer(source);
                check(field, layer.count(), slotCount);
                OffsetSink offsets = Objects.requireNonNull(layer.offsets());
                if (offsets.itemCount() > Integer.MAX_VALUE) {
                    throw new dev.joust.format.UnsupportedFormatException("column '" + field.name() + "': "
                            + offsets.itemCount() + " items in one batch: read fewer rows at a time");
                }
                yield new ColumnBuffers(
                        field,
                        slotCount,
                        layer.validity().nullCount(),
                        layer.validity().bitmap(),
                        offsets.finish(),
                        null,
                        List.of(column(item, (int) offsets.itemCount())));
            }
        };
    }

    private ColumnBuffers container(
            Field field, FieldReader.LayerOf source, int slotCount, List<ColumnBuffers> children) {
        LayerSink layer = layer(source);
        check(field, layer.count(), slotCount);
        return new ColumnBuffers(
                field, slotCount, layer.validity().nullCount(), layer.validity().bitmap(), null, null, children);
    }

    private LayerSink layer(FieldReader.LayerOf source) {
        return Objects.requireNonNull(leaves.get(source.leaf()).layer(source.layer()));
    }

    private void check(Field field, long found, long expected) {
        if (found != expected) {
            throw new CorruptFileException(file + ": column '" + field.name() + "' has " + found + " slots where "
                    + expected + " are expected: the levels of its leaves differ, or those of a page from its rows");
        }
    }
}
