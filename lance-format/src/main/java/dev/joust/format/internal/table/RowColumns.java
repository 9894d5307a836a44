// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.RowIdSequence;
import dev.joust.format.table.ScanOptions;

/// The columns that no file holds: row ids and row addresses, and what a scan or take answers with them.
///
/// @param paths columns of the table, in order
record RowColumns(List<ColumnPath> paths, boolean withRowId, boolean withRowAddress) {
    static final Field ROW_ID = Field.nullable(ScanOptions.ROW_ID, new LogicalType.Int(64, false));
    static final Field ROW_ADDRESS = Field.nullable(ScanOptions.ROW_ADDRESS, new LogicalType.Int(64, false));

    /// Columns of the table as batches show them.
    List<Field> fields() {
        return paths.stream().map(ColumnPath::field).toList();
    }

    /// Schema of the batches, row columns last.
    Schema schema(Map<String, String> metadata) {
        List<Field> all = new ArrayList<>(fields());
        if (withRowId) {
            all.add(ROW_ID);
        }
        if (withRowAddress) {
            all.add(ROW_ADDRESS);
        }
        return new Schema(all, metadata);
    }

    /// The batch with the row columns added; takes it over.
    ///
    /// @param offsets of its rows in the fragment; asked for only if a row column is wanted
    Batch complete(
            Batch batch, Schema schema, long fragmentId, Supplier<long[]> offsets, @Nullable RowIdSequence rowIds) {
        List<ColumnBuffers> columns = new ArrayList<>(batch.columns());
        BufferSource memory = batch.memory();
        long[] rowOffsets = withRowId || withRowAddress ? offsets.get() : new long[0];
        if (withRowId) {
            MemorySegment values = memory.allocate(8L * rowOffsets.length);
            for (int i = 0; i < rowOffsets.length; i++) {
                long id = rowIds == null
                        ? RowAddress.of(fragmentId, (int) rowOffsets[i])
                        : rowIds.idAt(rowOffsets[i]);
                values.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, id);
            }
            columns.add(column(ROW_ID, rowOffsets.length, values));
        }
        if (withRowAddress) {
            MemorySegment values = memory.allocate(8L * rowOffsets.length);
            for (int i = 0; i < rowOffsets.length; i++) {
                values.set(
                        ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, RowAddress.of(fragmentId, (int) rowOffsets[i]));
            }
            columns.add(column(ROW_ADDRESS, rowOffsets.length, values));
        }
        return new Batch(schema, batch.rowCount(), columns, memory);
    }

    private static ColumnBuffers column(Field field, int rowCount, MemorySegment values) {
        return new ColumnBuffers(field, rowCount, 0, null, null, values, List.of());
    }
}
