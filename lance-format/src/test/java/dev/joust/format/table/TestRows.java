// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.io.Session;

/// Rows whose values follow from their id, so that a test can tell which row it sees.
public final class TestRows {
    public static final Schema SCHEMA = Schema.of(
            Field.required("id", new LogicalType.Int(64, true)),
            Field.nullable("name", new LogicalType.Utf8(false)),
            Field.nullable("vector", new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), 4)));

    private TestRows() {}

    /// Rows `firstId`, `firstId + 1`, ... in batches of `batchRowCount`.
    public static BatchReader reader(Session session, long firstId, int count, int batchRowCount) {
        List<Batch> batches = new ArrayList<>();
        for (int done = 0; done < count; done += batchRowCount) {
            List<Object[]> rows = new ArrayList<>();
            for (int i = done; i < Math.min(count, done + batchRowCount); i++) {
                rows.add(row(firstId + i));
            }
            batches.add(ColumnBuilder.batch(SCHEMA, rows, ArrowMemory.of(session)));
        }
        return reader(SCHEMA, batches);
    }

    public static BatchReader reader(Session session, long firstId, int count) {
        return reader(session, firstId, count, Math.max(1, count));
    }

    /// One batch of these rows.
    public static BatchReader reader(Session session, Schema schema, List<Object[]> rows) {
        return reader(schema, List.of(ColumnBuilder.batch(schema, rows, ArrowMemory.of(session))));
    }

    public static BatchReader reader(Schema schema, List<Batch> batches) {
        Deque<Batch> left = new ArrayDeque<>(batches);
        return new BatchReader() {
            @Override
            public Schema schema() {
                return schema;
            }

            @Override
            public @Nullable Batch next() {
                return left.pollFirst();
            }

            @Override
            public void close() {
                left.forEach(Batch::close);
                left.clear();
            }
        };
    }

    private static Object[] row(long id) {
        float[] vector = {id, id + 0.5f, -id, 1};
        return new Object[] {id, id % 7 == 0 ? null : "name " + id, vector};
    }

    /// Every row, as maps by column; closes the reader.
    public static List<Map<String, @Nullable Object>> rows(BatchReader reader) throws IOException {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        try (reader) {
            for (Batch next = reader.next(); next != null; next = reader.next()) {
                try (Batch batch = next) {
                    rows.addAll(ColumnValues.rows(batch));
                }
            }
        }
        return rows;
    }

    /// The ids in a scan that reads them.
    public static List<Long> ids(BatchReader reader) throws IOException {
        List<Long> ids = new ArrayList<>();
        for (Map<String, @Nullable Object> row : rows(reader)) {
            ids.add((Long) row.get("id"));
        }
        return ids;
    }

    public static List<Long> ids(Dataset dataset) throws IOException {
        return ids(dataset.scan(ScanOptions.ALL.withColumns("id")));
    }

    /// Rows whose id passes.
    public static RowPredicate whereId(LongPredicate test) {
        return new RowPredicate() {
            @Override
            public Set<String> columns() {
                return Set.of("id");
            }

            @Override
            public BitSet select(Batch batch) {
                BitSet selected = new BitSet();
                ColumnBuffers ids = batch.column("id");
                for (int i = 0; i < batch.rowCount(); i++) {
                    selected.set(i, test.test((Long) ColumnValues.get(ids, i)));
                }
                return selected;
            }
        };
    }
}
