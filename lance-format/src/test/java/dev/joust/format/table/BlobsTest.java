// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.LogicalType;
import dev.joust.io.Durability;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.CountingObjectStore;
import dev.joust.io.store.LocalObjectStore;
import dev.joust.testdata.ExpectedRows;
import dev.joust.testdata.GoldenTable;
import dev.joust.testdata.GoldenTables;

/// Blob columns of the reference, read as bytes and as files: v1 in two data files, also in structs; v2 inline, packed
/// and dedicated.
class BlobsTest {
    private final Session session = Session.create();

    @AfterEach
    void close() {
        session.close();
    }

    private static CountingObjectStore store(GoldenTable golden) {
        return new CountingObjectStore(new LocalObjectStore(golden.table(), Durability.NONE));
    }

    /// The bytes that the reference reads, by column; null where it reads null.
    private static List<byte @Nullable []> expected(GoldenTable golden, String column) {
        List<byte @Nullable []> values = new ArrayList<>();
        try (ExpectedRows rows = golden.expectedBytes()) {
            for (int row = 0; row < rows.root().getRowCount(); row++) {
                String[] path = column.split("\\.");
                Object value = rows.root().getVector(path[0]).getObject(row);
                if (path.length == 2 && value != null) {
                    value = ((Map<?, ?>) value).get(path[1]);
                }
                values.add((byte[]) value);
            }
        }
        return values;
    }

    private static void assertSame(List<byte @Nullable []> expected, int first, ColumnBuffers column, String what) {
        assertEquals(new LogicalType.Binary(true), column.field().type());
        for (int i = 0; i < column.rowCount(); i++) {
            byte[] value = column.isNull(i) ? null : Columns.bytes(column, i);
            assertArrayEquals(expected.get(first + i), value, what + ", row " + (first + i));
        }
    }

    @ParameterizedTest
    @CsvSource({"blob-2.0, blob", "blobs-v1, blob", "blobs-v1, none", "blobs-v2, blob"})
    void scanAnswersBytesIfAsked(String name, String column) throws IOException {
        GoldenTable golden = GoldenTables.named(name);
        List<byte @Nullable []> expected = expected(golden, column);
        Dataset dataset = Dataset.open(session, store(golden));
        int row = 0;
        try (BatchReader reader = dataset.scan(ScanOptions.ALL
                .withColumns(column)
                .withBlobs(BlobHandling.BYTES)
                .withBatchRowCount(17))) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                try (Batch open = batch) {
                    assertSame(expected, row, open.columns().getFirst(), name);
                    row += open.rowCount();
                }
            }
        }
        assertEquals(expected.size(), row);
    }

    @Test
    void blobsInStructsAreReadAsBytes() throws IOException {
        GoldenTable golden = GoldenTables.named("blobs-v1");
        Dataset dataset = Dataset.open(session, store(golden));
        List<byte @Nullable []> expected = expected(golden, "struct.blob");
        long[] rows = {0, 3, 119, 64, 3, 7};
        long[] addresses = LongStream.of(rows)
                .map(row -> RowAddress.of(row < 60 ? 0 : 1, (int) (row % 60)))
                .toArray();
        try (Batch batch = dataset.take(addresses, List.of("struct"), BlobHandling.BYTES)) {
            ColumnBuffers struct = batch.columns().getFirst();
            ColumnBuffers blobs = struct.children().get(1);
            for (int i = 0; i < rows.length; i++) {
                byte[] value = struct.isNull(i) || blobs.isNull(i) ? null : Columns.bytes(blobs, i);
                assertArrayEquals(expected.get((int) rows[i]), value, "row " + rows[i]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"blobs-v1, blob, 60", "blobs-v1, struct.blob, 60", "blobs-v1, none, 60", "blobs-v2, blob, 50", "blobs-v2, struct.blob, 50"})
    void everyBlobIsAFile(String name, String column, int rowsOfFragment) throws IOException {
        GoldenTable golden = GoldenTables.named(name);
        List<byte @Nullable []> expected = expected(golden, column);
        Dataset dataset = Dataset.open(session, store(golden));
        long[] addresses = LongStream.range(0, expected.size())
                .map(row -> RowAddress.of(row / rowsOfFragment, (int) (row % rowsOfFragment)))
                .toArray();
        List<@Nullable BlobFile> blobs = dataset.takeBlobs(addresses, column);
        for (int row = 0; row < expected.size(); row++) {
            byte[] wanted = expected.get(row);
            try (BlobFile blob = blobs.get(row)) {
                if (wanted == null || blob == null) {
                    assertNull(wanted, "row " + row);
                    assertNull(blob, "row " + row);
                } else {
                    assertEquals(wanted.length, blob.size());
                    assertArrayEquals(wanted, blob.inputStream().readAllBytes(), "row " + row);
                }
            }
        }
    }

    @Test
    void fileReadsWhatItIsAskedForAndNothingElse() throws IOException {
        GoldenTable golden = GoldenTables.named("blobs-v2");
        List<byte @Nullable []> expected = expected(golden, "blob");
        int row = 0;
        while (expected.get(row) == null || Objects.requireNonNull(expected.get(row)).length != 2000) {
            row++;
        }
        byte[] wanted = Objects.requireNonNull(expected.get(row));
        CountingObjectStore store = store(golden);
        Dataset dataset = Dataset.open(session, store);
        try (BlobFile blob = Objects.requireNonNull(
                dataset.takeBlobs(new long[] {RowAddress.of(row / 50, row % 50)}, "blob").getFirst())) {
            ReadStats before = store.stats();
            assertEquals(2000, blob.size());
            assertEquals(0, store.stats().since(before).requestCount());
            ByteBuffer target = ByteBuffer.allocate(7);
            blob.position(1990);
            assertEquals(7, blob.read(target));
            assertEquals(1, store.stats().since(before).requestCount());
            assertEquals(7, store.stats().since(before).bytesRead());
            assertEquals(1997, blob.position());
            target.clear();
            assertEquals(3, blob.read(target));
            assertEquals(-1, blob.read(target));
            assertArrayEquals(new byte[] {wanted[5], wanted[6]}, blob.readRange(5, 2));
            assertEquals(3, store.stats().since(before).requestCount());
            assertEquals(12, store.stats().since(before).bytesRead());
            assertThrows(IndexOutOfBoundsException.class, () -> blob.readRange(1999, 2));
            blob.close();
            assertThrows(ClosedChannelException.class, () -> blob.read(target));
        }
    }

    @Test
    void descriptorsAloneReadNoBlob() throws IOException {
        GoldenTable golden = GoldenTables.named("blobs-v1");
        CountingObjectStore store = store(golden);
        Dataset dataset = Dataset.open(session, store);
        dataset.take(new long[] {0, RowAddress.of(1, 0)}, List.of("id")).close(); // opens the files
        try (BatchReader reader = dataset.scan(ScanOptions.ALL.withColumns("blob"))) {
            ReadStats before = store.stats();
            long blobBytes = 0;
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                try (Batch open = batch) {
                    assertEquals(2, open.columns().getFirst().children().size());
                }
            }
            for (byte[] value : expected(golden, "blob")) {
                blobBytes += value == null ? 0 : value.length;
            }
            assertTrue(blobBytes > 100_000);
            assertTrue(store.stats().since(before).bytesRead() < 10_000, store.stats().toString());
        }
    }

    @Test
    void otherColumnsHoldNoBlobs() throws IOException {
        Dataset dataset = Dataset.open(session, store(GoldenTables.named("blobs-v1")));
        assertThrows(IllegalArgumentException.class, () -> dataset.takeBlobs(new long[] {0}, "id"));
        assertThrows(IllegalArgumentException.class, () -> dataset.takeBlobs(new long[] {0}, "struct.name"));
        assertThrows(IllegalArgumentException.class, () -> dataset.takeBlobs(new long[] {0}, "nothing"));
    }
}
