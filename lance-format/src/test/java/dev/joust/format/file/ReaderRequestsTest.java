// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.proto.filev2.ColumnMetadata;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.io.ObjectPath;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.CountingObjectStore;
import dev.joust.io.store.MemoryObjectStore;
import dev.joust.testdata.GoldenTables;

/// How many requests, bytes and dependent rounds reading costs.
class ReaderRequestsTest {
    private static final ObjectPath PATH = ObjectPath.of("data/a.lance");

    private final Session session = Session.builder().mergeGapBytes(0).reuseTails(false).build();
    private final CountingObjectStore store = new CountingObjectStore(new MemoryObjectStore());
    private final ArrowMemory memory = new ArrowMemory(1L << 30);
    private ReadStats before = ReadStats.NONE;
    private long roundsBefore;

    @AfterEach
    void close() {
        session.close();
        memory.close();
    }

    private LanceFileReader open(String golden) throws IOException {
        return LanceFileReader.open(session, store, PATH, put(golden).length);
    }

    private byte[] put(String golden) throws IOException {
        try (Stream<Path> data = Files.list(GoldenTables.named(golden).table().resolve("data"))) {
            byte[] bytes = Files.readAllBytes(data.findFirst().orElseThrow());
            store.put(PATH, bytes);
            start();
            return bytes;
        }
    }

    private void start() {
        before = store.stats();
        roundsBefore = store.roundCount();
    }

    private ReadStats since() {
        return store.stats().since(before);
    }

    private long rounds() {
        return store.roundCount() - roundsBefore;
    }

    @Test
    void openingReadsTheTailOnce() throws IOException {
        open("rows-7-2.2");
        assertEquals(1, since().requestCount());
        assertTrue(since().bytesRead() <= 64 << 10);
    }

    @Test
    void metadataThatDoesNotFitTheTailIsOneMoreRead() throws IOException {
        Schema wide = new Schema(
                        IntStream.range(0, 800)
                                .mapToObj(i -> Field.nullable("column " + i, new LogicalType.Int(32, true)))
                                .toList(),
                        Map.of())
                .withAssignedIds(0);
        try (LanceFileWriter writer = LanceFileWriter.create(session, store, PATH, wide, FileWriteOptions.DEFAULT)) {
            writer.write(TestColumns.batch(wide.fields().stream()
                    .map(field -> TestColumns.int32(field, 1, null, 3))
                    .toArray(ColumnBuffers[]::new)));
            writer.finish();
        }
        start();
        LanceFileReader reader = LanceFileReader.open(session, store, PATH, -1);
        assertEquals(2, since().requestCount());
        assertEquals(wide, reader.schema());
        byte[] bytes = store.readAll(PATH, 1 << 20);
        store.put(ObjectPath.of("data/b.lance"), bytes);
        store.put(ObjectPath.of("elsewhere/c.lance"), bytes);
        start();
        LanceFileReader.open(session, store, ObjectPath.of("data/b.lance"), bytes.length);
        assertEquals(1, since().requestCount()); // a file of the same folder taught how much to get
        LanceFileReader.open(session, store, ObjectPath.of("elsewhere/c.lance"), bytes.length);
        assertEquals(3, since().requestCount());
        FileProjection last = reader.projection().select(List.of("column 799"));
        try (Batch batch = reader.take(last, new long[] {1, 2}, memory)) {
            assertTrue(batch.columns().getFirst().isNull(0));
            assertFalse(batch.columns().getFirst().isNull(1));
        }
    }

    @Test
    void fileThatTheSessionKnowsIsOpenedWithoutARequest() throws IOException {
        open("rows-7-2.2");
        start();
        LanceFileReader.open(session, store, PATH, -1);
        assertEquals(0, since().requestCount());
    }

    @Test
    void columnIsReadWithoutTheOthers() throws IOException {
        LanceFileReader reader = open("several-pages-2.2");
        for (var field : reader.schema().fields()) {
            FileProjection one = reader.projection().select(List.of(field.name()));
            int column = one.columnIndexByFieldId().get(field.id());
            Pages pages = pages(column);
            start();
            try (BatchReader scan = reader.scan(one, 0, reader.rowCount(), 1000, memory)) {
                for (Batch batch = scan.next(); batch != null; batch = scan.next()) {
                    batch.close();
                }
            }
            assertEquals(pages.bytes, since().bytesRead(), field.name());
            assertTrue(since().getCount() <= pages.buffers, since() + " for " + pages);
        }
    }

    private record Pages(int pages, int buffers, long bytes) {}

    /// What the column's pages hold, read from the file by the message's own classes.
    private Pages pages(int column) throws IOException {
        byte[] file = store.readAll(PATH, 1 << 30);
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int entry = (int) bytes.getLong(file.length - 32) + 16 * column;
        ColumnMetadata metadata = ColumnMetadata.parseFrom(
                bytes.slice((int) bytes.getLong(entry), (int) bytes.getLong(entry + 8)));
        int buffers = 0;
        long size = 0;
        for (var page : metadata.getPagesList()) {
            for (long bufferSize : page.getBufferSizesList()) {
                buffers += bufferSize > 0 ? 1 : 0;
                size += bufferSize;
            }
        }
        return new Pages(metadata.getPagesCount(), buffers, size);
    }

    @Test
    void takingRowsReadsTheirChunksInTwoRoundsAndThenInOne() throws IOException {
        LanceFileReader reader = open("integers-2.2");
        FileProjection one = reader.projection().select(List.of("int64_wide_none"));
        long[] rows = {3, 5, 7, 100, 101, 102, 103, 1000, 1001, 1099};
        start();
        reader.take(one, rows, memory).close();
        assertEquals(2, rounds());
        start();
        reader.take(one, rows, memory).close();
        assertEquals(1, rounds());
        // 1100 rows in chunks of 512: the first, the second and the third hold these rows, side by side
        assertEquals(1, since().getCount());
        start();
        reader.take(one, new long[] {1099}, memory).close();
        assertEquals(1, since().getCount());
        assertTrue(since().bytesRead() < 1024, since().toString());
    }

    @Test
    void takingWideVectorsReadsNothingButTheRows() throws IOException {
        LanceFileReader reader = open("vectors-wide-2.2");
        FileProjection one = reader.projection().select(List.of("fsl_float_x96_wide_none"));
        start();
        reader.take(one, new long[] {30, 3, 17, 3}, memory).close();
        assertEquals(1, rounds());
        assertEquals(3, since().getCount());
        assertEquals(3 * 96 * 4, since().bytesRead());
    }

    @Test
    void takingLongStringsReadsTheRowIndexOnceAndThenTheRows() throws IOException {
        LanceFileReader reader = open("strings-long-2.2");
        FileProjection one = reader.projection().select(List.of("string_long_some"));
        start();
        reader.take(one, new long[] {1, 50, 99}, memory).close();
        assertEquals(2, rounds());
        start();
        reader.take(one, new long[] {2, 60, 98}, memory).close();
        assertEquals(1, rounds());
        assertTrue(since().getCount() <= 3, since().toString());
    }

    @Test
    void takingListsReadsTheirChunksAlone() throws IOException {
        LanceFileReader reader = open("lists-chunks-2.2");
        FileProjection one = reader.projection().select(List.of("ints"));
        start();
        reader.take(one, new long[] {3, 5, 100}, memory).close();
        assertEquals(2, rounds());
        // chunk words and repetition index, and one chunk of 1024 values
        assertTrue(since().bytesRead() < 200 + 4800, since().toString());
        start();
        reader.take(one, new long[] {100, 3, 3, 250}, memory).close();
        assertEquals(1, rounds());
        assertEquals(1, since().getCount());
        assertTrue(since().bytesRead() < 4800, since().toString());
        // one row of the first chunk and one of the last, of ten
        start();
        reader.take(one, new long[] {1999, 0}, memory).close();
        assertEquals(2, since().getCount());
        assertTrue(since().bytesRead() < 2 * 4800, since().toString());
        // 3500 items from the middle of a chunk on: side by side, so one request
        start();
        reader.take(one, new long[] {1500}, memory).close();
        assertEquals(1, since().getCount());
        assertTrue(since().bytesRead() > 3500 * 4 && since().bytesRead() < 5 * 4800, since().toString());
    }

    @Test
    void takingListsOfStructsReadsEachLeafOnce() throws IOException {
        LanceFileReader reader = open("lists-chunks-2.2");
        FileProjection one = reader.projection().select(List.of("points"));
        reader.take(one, new long[] {0}, memory).close();
        start();
        reader.take(one, new long[] {1, 2}, memory).close();
        assertEquals(1, rounds());
        assertEquals(2, since().getCount());
        assertTrue(since().bytesRead() < 2 * 4600, since().toString());
    }

    @Test
    void takingListsOfWideVectorsReadsNothingButTheRows() throws IOException {
        LanceFileReader reader = open("lists-chunks-2.2");
        FileProjection one = reader.projection().select(List.of("vectors"));
        start();
        reader.take(one, new long[] {1}, memory).close();
        assertEquals(2, rounds());
        start();
        try (Batch batch = reader.take(one, new long[] {40, 3, 1960}, memory)) {
            int vectors = batch.columns().getFirst().children().getFirst().rowCount();
            assertEquals(3, since().getCount());
            // a control word for each vector, and one for the empty list
            assertEquals(vectors * (96 * 4 + 1) + 1, since().bytesRead());
        }
    }

    @Test
    void closedScanLeavesNoMemory() throws Exception {
        LanceFileReader reader = open("several-pages-2.2");
        BatchReader scan = reader.scan(reader.projection(), 0, reader.rowCount(), 100, memory);
        Batch first = scan.next();
        scan.close();
        first.close();
        for (int i = 0; i < 500 && memory.allocatedBytes() > 0; i++) {
            Thread.sleep(10);
        }
        assertEquals(0, memory.allocatedBytes());
    }

    @Test
    void takingNumbersOf20ReadsNothingButTheRowsInOneRound() throws IOException {
        LanceFileReader reader = open("types-2.0");
        FileProjection two = reader.projection().select(List.of("int64_wide_none", "decimal128_5__2_wide_none"));
        start();
        reader.take(two, new long[] {50, 3, 17, 3}, memory).close();
        assertEquals(1, rounds());
        assertEquals(3 * 8 + 3 * 16, since().bytesRead());
    }

    @Test
    void takingStringsOf20ReadsTheirEndsAndThenTheirBytes() throws IOException {
        LanceFileReader reader = open("storage-2.0");
        FileProjection one = reader.projection().select(List.of("string_short_none"));
        start();
        reader.take(one, new long[] {7, 200}, memory).close();
        assertEquals(2, rounds());
        // two ends each, and no string of this column is longer
        assertTrue(since().bytesRead() <= 2 * 16 + 2 * 40, since().toString());
        start();
        reader.take(one, new long[] {0, 1, 2, 3}, memory).close();
        assertEquals(2, rounds());
        assertEquals(2, since().getCount());
    }

    @Test
    void takingListsOf20IsOneRoundMorePerLevel() throws IOException {
        LanceFileReader reader = open("nested-2.0");
        long[] rows = IntStream.range(40, 60).asLongStream().toArray();
        start();
        reader.take(reader.projection().select(List.of("ints")), rows, memory).close();
        assertEquals(2, rounds());
        // few words: a dictionary, which is read with the indices
        start();
        reader.take(reader.projection().select(List.of("words")), rows, memory).close();
        assertEquals(2, rounds());
        start();
        reader.take(reader.projection().select(List.of("deep")), rows, memory).close();
        assertEquals(3, rounds());
        start();
        reader.take(reader.projection().select(List.of("deeper")), rows, memory).close();
        assertEquals(4, rounds());
        // columns share their rounds
        start();
        reader.take(reader.projection(), rows, memory).close();
        assertEquals(4, rounds());
    }

    @Test
    void scanOfAWholePageOf20ReadsItAtOnce() throws IOException {
        LanceFileReader reader = open("storage-2.0");
        start();
        try (BatchReader batches = reader.scan(reader.projection(), 0, reader.rowCount(), 1000, memory)) {
            java.util.Objects.requireNonNull(batches.next()).close();
        }
        assertEquals(1, rounds());
    }

    @Test
    void takingOfASparsePageReadsTheValuesOfItsRowsAlone() throws IOException {
        LanceFileReader reader = open("sparse-2.3");
        FileProjection one = reader.projection().select(List.of("long"));
        start();
        reader.take(one, new long[] {1, 2, 3, 4}, memory).close();
        assertTrue(rounds() <= 2, "rounds " + rounds());
        start();
        reader.take(one, new long[] {1, 2, 3, 4}, memory).close();
        assertTrue(rounds() <= 1, "rounds " + rounds());
        assertTrue(since().bytesRead() <= 4 * 400, since().toString());
    }
}
