// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.io.ObjectPath;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.CountingObjectStore;
import dev.joust.io.store.MemoryObjectStore;

/// How many requests and bytes a scan of a file of version 2.0 costs, in batches far smaller than its pages.
class ArrayFileScanRequestsTest {
    private static final ObjectPath PATH = ObjectPath.of("data/a.lance");
    private static final int ROW_COUNT = 100_000;
    private static final int BATCH_ROW_COUNT = 1_024;
    /// Ends, values and validity.
    private static final int BUFFERS_PER_PAGE = 3;

    private static final Schema SCHEMA = Schema.of(
                    Field.required("id", new LogicalType.Int(64, true)),
                    Field.nullable("number", new LogicalType.Int(64, true)),
                    Field.nullable("text", new LogicalType.Utf8(false)),
                    Field.nullable("flag", new LogicalType.Bool()),
                    list("ints"))
            .withAssignedIds(0);

    private final Session session = Session.builder().mergeGapBytes(0).reuseTails(false).build();
    private final CountingObjectStore store = new CountingObjectStore(new MemoryObjectStore());
    private final ArrowMemory memory = new ArrowMemory(1L << 30);

    private static Field list(String name) {
        Field item = Field.nullable("item", new LogicalType.Int(32, true));
        return Field.nullable(name, new LogicalType.List(false, false)).withChildren(List.of(item));
    }

    @BeforeEach
    void write() throws IOException {
        FileWriteOptions options =
                FileWriteOptions.DEFAULT.withVersion(FileVersion.V2_0).withPageSizeBytes(2 << 20);
        try (LanceFileWriter writer = LanceFileWriter.create(session, store, PATH, SCHEMA, options)) {
            for (int start = 0; start < ROW_COUNT; start += 10_000) {
                List<Object[]> rows = IntStream.range(start, start + 10_000)
                        .mapToObj(ArrayFileScanRequestsTest::row)
                        .toList();
                try (Batch batch = ColumnBuilder.batch(SCHEMA, rows, memory)) {
                    writer.write(batch);
                }
            }
            writer.finish();
        }
    }

    @AfterEach
    void close() {
        session.close();
        memory.close();
    }

    /// Lists lie together in every tenth batch or so, and are null or empty elsewhere.
    private static Object[] row(int i) {
        boolean someItems = i / 1_000 % 10 == 3;
        return new Object[] {
            (long) i,
            i % 7 == 0 ? null : i * 1_000_000_007L,
            i % 11 == 0 ? null : "the text of row " + i + " and more of it".repeat(i % 5),
            i % 13 == 0 ? null : i % 3 == 0,
            i % 17 == 0 ? null : someItems ? List.of(i, i + 1) : List.of()
        };
    }

    private long scan(Session reading, long start, long end, int batchRowCount, @Nullable List<String> columns)
            throws IOException {
        LanceFileReader reader = LanceFileReader.open(reading, store, PATH, -1);
        FileProjection projection =
                columns == null ? reader.projection() : reader.projection().select(columns);
        long row = start;
        try (BatchReader batches = reader.scan(projection, start, end, batchRowCount, memory)) {
            for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
                for (int i = 0; i < batch.rowCount(); i++, row++) {
                    Object[] expected = row((int) row);
                    for (int column = 0; column < batch.columns().size(); column++) {
                        Field field = projection.fields().get(column);
                        Object value = ColumnValues.get(batch.columns().get(column), i);
                        assertEquals(expected[SCHEMA.fields().indexOf(field)], value, field.name() + " of row " + row);
                    }
                }
                batch.close();
            }
        }
        assertEquals(0, memory.allocatedBytes());
        return row - start;
    }

    private long pageCount(LanceFileReader reader) {
        return reader.layout().columns().stream()
                .mapToLong(column -> column.pages().size())
                .sum();
    }

    @Test
    void batchesShareRequestsOfAMebibyte() throws IOException {
        LanceFileReader reader = LanceFileReader.open(session, store, PATH, -1);
        long sizeBytes = reader.layout().sizeBytes();
        ReadStats before = store.stats();
        assertEquals(ROW_COUNT, scan(session, 0, ROW_COUNT, BATCH_ROW_COUNT, null));
        ReadStats since = store.stats().since(before);
        long most = sizeBytes / (1 << 20) + BUFFERS_PER_PAGE * pageCount(reader);
        assertTrue(since.getCount() <= most, since + ", " + most + " expected at most");
        assertTrue(since.bytesRead() <= sizeBytes, since + " of " + sizeBytes);
    }

    @Test
    void aScanOfAFewRowsDoesNotReadMuchMore() throws IOException {
        LanceFileReader.open(session, store, PATH, -1);
        List<String> numbers = List.of("id", "number");
        ReadStats before = store.stats();
        assertEquals(3_000, scan(session, 50_000, 53_000, BATCH_ROW_COUNT, numbers));
        ReadStats since = store.stats().since(before);
        // two windows of each buffer, each of the size of what is wanted of the column
        assertTrue(since.bytesRead() <= 2 * 3 * 3_000 * 9, since.toString());
        before = store.stats();
        assertEquals(1_000, scan(session, 50_000, 51_000, BATCH_ROW_COUNT, numbers));
        assertTrue(store.stats().since(before).bytesRead() <= 2 * 1_000 * 8 + 1_000 / 8 + 1);
    }

    /// From none for windows at all, over windows that must be given up early, to enough.
    @ParameterizedTest
    @ValueSource(longs = {1 << 10, 200 << 10, 3 << 20, 16 << 20, 256 << 20})
    void valuesDoNotDependOnTheMemoryForWindows(long batchMemoryBytes) throws IOException {
        try (Session small = Session.builder()
                .mergeGapBytes(0)
                .batchMemoryBytes(batchMemoryBytes)
                .build()) {
            for (int batchRowCount : new int[] {100, 1_024, 8_192, 60_000}) {
                assertEquals(ROW_COUNT - 77 - 5, scan(small, 77, ROW_COUNT - 5, batchRowCount, null));
            }
        }
    }

    @Test
    void aScanClosedEarlyLeavesNoMemory() throws Exception {
        LanceFileReader reader = LanceFileReader.open(session, store, PATH, -1);
        for (int read = 0; read < 30; read++) {
            List<Batch> batches = new ArrayList<>();
            try (BatchReader scan = reader.scan(reader.projection(), 0, ROW_COUNT, BATCH_ROW_COUNT, memory)) {
                for (int i = 0; i < read; i++) {
                    Batch batch = scan.next();
                    assertTrue(batch != null);
                    batches.add(batch);
                }
            }
            batches.forEach(Batch::close);
            for (int i = 0; i < 500 && memory.allocatedBytes() > 0; i++) {
                Thread.sleep(10);
            }
            assertEquals(0, memory.allocatedBytes());
        }
    }
}
