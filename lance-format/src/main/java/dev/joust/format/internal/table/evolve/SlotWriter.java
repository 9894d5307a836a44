// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.evolve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.table.DataFileWriter;
import dev.joust.format.internal.table.FragmentWriter;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.DeletionVector;

/// Writes a file of further columns of a fragment: given values for its live rows, in order, it puts them where these
/// rows are, and nulls (or zeros, where there are no nulls) where deleted ones are. Not thread-safe.
final class SlotWriter implements AutoCloseable {
    private static final int SLOTS_AT_ONCE = 8192;

    private final DataFileWriter file;
    private final Schema fileSchema;
    private final DeletionVector deletions;
    private final long slotCount;
    private final boolean hasNullStructs;
    private final BufferSources memory;
    private long nextSlot;
    private long writtenRows;

    /// @param file      taken over
    /// @param slotCount physical rows of the fragment
    SlotWriter(
            DataFileWriter file,
            FileVersion version,
            Schema fileSchema,
            DeletionVector deletions,
            long slotCount,
            BufferSources memory) {
        this.file = file;
        this.fileSchema = fileSchema;
        this.deletions = deletions;
        this.slotCount = slotCount;
        this.hasNullStructs = version != FileVersion.V2_0;
        this.memory = memory;
    }

    /// Live rows that have no value yet.
    long remainingRows() {
        return slotCount - deletions.deletedRowCount() - writtenRows;
    }

    /// The values of the next live rows.
    ///
    /// @param values with the file's columns, by name
    /// @throws IllegalArgumentException for a null in a column without nulls
    void write(Batch values, int startRow, int endRow) throws IOException {
        Batch named = FragmentWriter.named(values, fileSchema);
        if (deletions.isEmpty()) {
            file.write(named, startRow, endRow);
            nextSlot += endRow - startRow;
            writtenRows += endRow - startRow;
            return;
        }
        int row = startRow;
        while (row < endRow) {
            int[] rows = new int[(int) Math.min(SLOTS_AT_ONCE, slotCount - nextSlot)];
            int count = 0;
            while (count < rows.length && row < endRow) {
                boolean deleted = deletions.isDeleted((int) (nextSlot + count));
                rows[count++] = deleted ? -1 : row++;
            }
            writeSlots(named, java.util.Arrays.copyOf(rows, count));
        }
        writtenRows += endRow - startRow;
    }

    private void writeSlots(Batch values, int[] rows) throws IOException {
        try (BufferSource source = memory.open()) {
            List<ColumnBuffers> columns = new ArrayList<>();
            for (ColumnBuffers column : values.columns()) {
                columns.add(filled(Columns.take(column, rows, source)));
            }
            file.write(new Batch(fileSchema, rows.length, columns, source), 0, rows.length);
        }
        nextSlot += rows.length;
    }

    /// Nulls of deleted rows as zeros, where a column has no nulls. Below a null struct they stay; but in files of 2.0 no
    /// struct is null.
    private ColumnBuffers filled(ColumnBuffers column) {
        boolean isStruct = column.field().type() instanceof LogicalType.Struct;
        if (column.field().nullable() && !(isStruct && !hasNullStructs)) {
            return column;
        }
        List<ColumnBuffers> children = isStruct || column.field().type() instanceof LogicalType.FixedSizeList
                ? column.children().stream().map(this::filled).toList()
                : column.children();
        return column.withNulls(0, null).with(column.field(), children);
    }

    /// Fills the slots after the last live row and ends the file.
    DataFile finish() throws IOException {
        if (remainingRows() != 0) {
            throw new IllegalStateException(remainingRows() + " rows have got no value");
        }
        if (nextSlot < slotCount) {
            try (BufferSource source = memory.open()) {
                int count = (int) Math.min(SLOTS_AT_ONCE, slotCount - nextSlot);
                Batch empty = empty(source);
                while (nextSlot < slotCount) {
                    int[] rows = new int[(int) Math.min(count, slotCount - nextSlot)];
                    java.util.Arrays.fill(rows, -1);
                    writeSlots(empty, rows);
                }
            }
        }
        return file.finish();
    }

    private Batch empty(BufferSource source) {
        List<ColumnBuffers> columns = new ArrayList<>();
        for (Field field : fileSchema.fields()) {
            columns.add(Columns.allNull(field, 0, source));
        }
        return new Batch(fileSchema, 0, columns, source);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
