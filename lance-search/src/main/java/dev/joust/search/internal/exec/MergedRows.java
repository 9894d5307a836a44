// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;

/// The rows that a merge writes: those that are updated, in the order of the source, then those that are inserted.
/// Columns that the source lacks are the table's in the former and null in the latter.
final class MergedRows implements BatchReader {
    private static final int ROWS_AT_ONCE = 8192;

    private final MergeSource source;
    private final Dataset current;
    private final Schema schema;
    private final @Nullable MergeMatches updated;
    private final int[] inserted;
    private final BufferSources memory;
    private final List<String> kept;

    private MergeSource.@Nullable Pass pass;
    private @Nullable Batch batch;
    /// Next pair of `updated`, then next of `inserted`.
    private int at;
    private boolean inserting;

    /// @param updated  which rows of the source go over which of the table; null for none
    /// @param inserted rows of the source, ascending
    MergedRows(
            MergeSource source,
            Dataset current,
            Schema schema,
            @Nullable MergeMatches updated,
            int[] inserted,
            BufferSources memory) {
        this.source = source;
        this.current = current;
        this.schema = schema;
        this.updated = updated;
        this.inserted = inserted;
        this.memory = memory;
        this.inserting = updated == null;
        this.kept = schema.fields().stream()
                .map(Field::name)
                .filter(name -> !source.has(name))
                .toList();
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public @Nullable Batch next() throws IOException {
        while (true) {
            if (at == count()) {
                if (inserting) {
                    return null;
                }
                inserting = true;
                at = 0;
                closePass();
                continue;
            }
            int row = row(at);
            while (batch == null || row - pass().firstRow >= batch.rowCount()) {
                batch = pass().next();
                if (batch == null) {
                    throw new IOException("the rows of the source have become fewer");
                }
            }
            return chunk(batch, pass().firstRow);
        }
    }

    private int count() {
        return inserting ? inserted.length : updated == null ? 0 : updated.count();
    }

    private int row(int index) {
        return inserting || updated == null ? inserted[index] : updated.row(index);
    }

    private MergeSource.Pass pass() throws IOException {
        if (pass == null) {
            pass = source.open();
        }
        return pass;
    }

    /// The next rows that are of this batch.
    private Batch chunk(Batch from, int firstRow) throws IOException {
        int[] rows = new int[Math.min(ROWS_AT_ONCE, count() - at)];
        long[] addresses = new long[rows.length];
        int count = 0;
        while (count < rows.length && row(at + count) - firstRow < from.rowCount()) {
            rows[count] = row(at + count) - firstRow;
            addresses[count] = inserting || updated == null ? 0 : updated.address(at + count);
            count++;
        }
        at += count;
        Batch fresh = taken(from, source.names(), Arrays.copyOf(rows, count), memory);
        try {
            if (inserting || kept.isEmpty()) {
                return complete(fresh, null);
            }
            try (Batch old = current.takeToWrite(Arrays.copyOf(addresses, count), kept)) {
                return complete(fresh, old);
            }
        } catch (RuntimeException | Error | IOException e) {
            fresh.close();
            throw e;
        }
    }

    /// Rows of some columns of a batch, which stays the caller's.
    static Batch taken(Batch batch, List<String> columns, int[] rows, BufferSources memory) {
        BufferSource owned = memory.open();
        try {
            List<ColumnBuffers> taken = new ArrayList<>();
            for (String name : columns) {
                taken.add(Columns.take(batch.column(name), rows, owned));
            }
            return Batch.of(rows.length, taken, owned);
        } catch (RuntimeException | Error e) {
            owned.close();
            throw e;
        }
    }

    /// All columns of the schema: of `fresh`, which is taken over, else copied from `old`, else null.
    private Batch complete(Batch fresh, @Nullable Batch old) {
        BufferSource owned = fresh.memory();
        List<ColumnBuffers> columns = new ArrayList<>();
        for (Field field : schema.fields()) {
            if (source.has(field.name())) {
                columns.add(fresh.column(field.name()));
            } else if (old != null) {
                ColumnBuffers column = old.column(field.name());
                columns.add(Columns.slice(column, 0, column.rowCount(), owned));
            } else if (field.nullable()) {
                columns.add(Columns.allNull(field, fresh.rowCount(), owned));
            } else {
                throw new IllegalArgumentException(
                        "column '" + field.name() + "' takes no nulls, and rows to insert do not have it");
            }
        }
        return new Batch(schema, fresh.rowCount(), columns, owned);
    }

    private void closePass() throws IOException {
        batch = null;
        if (pass != null) {
            pass.close();
            pass = null;
        }
    }

    @Override
    public void close() throws IOException {
        closePass();
    }
}
