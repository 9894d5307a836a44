// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.StoreCopies;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.ScanOptions;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.RoundObjectStore;
import dev.joust.io.store.MemoryObjectStore;

/// What reading a table from afar costs: requests, bytes, and rounds of requests that had to wait for each other.
class ReadRequestsTest {
    private static final Duration QUIET = Duration.ofMillis(300);
    private static final int FRAGMENTS = 120;
    private static final int DIMENSION = 512;

    private final MemoryObjectStore memory = new MemoryObjectStore();
    private final RoundObjectStore remote = new RoundObjectStore(memory, QUIET);
    private Session session = newSession();

    record Picture(String id, String path, float[] vector) {}

    record Row(long id, float[] vector) {}

    record Wide(long a, long b, long c, long d, long e, long f) {}

    /// So many requests at once that bounds of theirs make no rounds.
    private static Session newSession() {
        return Session.builder().ioConcurrency(256).build();
    }

    @AfterEach
    void close() {
        session.close();
    }

    private record Cost(ReadStats stats, List<List<String>> rounds) {
        long kibibytes() {
            return Math.ceilDiv(stats.bytesRead(), 1024L);
        }

        void check(int requests, int roundCount, long mostKibibytes) {
            assertTrue(stats.requestCount() <= requests, toString());
            assertTrue(rounds.size() <= roundCount, toString());
            assertTrue(kibibytes() <= mostKibibytes, toString());
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(stats.requestCount() + " requests, " + rounds.size() + " rounds, "
                    + kibibytes() + " KiB");
            rounds.forEach(round -> text.append("\n  ").append(round.size() > 12 ? round.size() : round));
            return text.toString();
        }
    }

    private Cost costOf(Runnable work) {
        ReadStats before = memory.stats();
        remote.takeRounds();
        work.run();
        return new Cost(memory.stats().since(before), remote.takeRounds());
    }

    private static void read(BatchReader rows, long expectedCount) {
        long count = 0;
        try (rows) {
            for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
                count += batch.rowCount();
                batch.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertEquals(expectedCount, count);
    }

    private static void take(Dataset dataset, long[] positions, String... columns) {
        try (Batch rows = dataset.takePositions(positions, List.of(columns))) {
            assertEquals(positions.length, rows.rowCount());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static float[] vector(Random random, int dimension) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static Picture picture(int i) {
        String name = Long.toHexString(new Random(i).nextLong());
        return new Picture(
                "images/" + name + ".jpg", "s3://bucket/images/" + name + ".jpg", vector(new Random(i), DIMENSION));
    }

    /// Written once for all tests, each of which reads or changes a copy.
    private static final class Written {
        static final MemoryObjectStore PICTURES = pictures();
        static final MemoryObjectStore ROWS = rows();
    }

    private void writePictures() {
        StoreCopies.copy(Written.PICTURES, memory);
    }

    private void writeRows() {
        StoreCopies.copy(Written.ROWS, memory);
    }

    private static MemoryObjectStore pictures() {
        MemoryObjectStore memory = new MemoryObjectStore();
        try (Session writing = Session.create();
                Database database = Database.over(memory, writing, ConnectOptions.DEFAULT.withMaintenance(Maintenance.OFF))) {
            Table table = database.createTable("images", List.of(picture(0)));
            for (int i = 1; i < FRAGMENTS; i++) {
                table.add(List.of(picture(i)));
            }
        }
        return memory;
    }

    private static MemoryObjectStore rows() {
        MemoryObjectStore memory = new MemoryObjectStore();
        try (Session writing = Session.create();
                Database database = Database.over(memory, writing, ConnectOptions.DEFAULT.withMaintenance(Maintenance.OFF))) {
            Random random = new Random(7);
            Stream<Row> rows = IntStream.range(0, 20_000).mapToObj(i -> new Row(i, vector(random, 128)));
            database.createTable("rows", rows);
        }
        return memory;
    }

    private Database database(ConnectOptions options) {
        return Database.over(remote, session, options);
    }

    private static void search(Table table, int picture) {
        List<Hit<Picture>> hits = table.search(picture(picture).vector()).hits(Picture.class);
        assertEquals(10, hits.size());
        assertEquals(picture(picture).id(), hits.getFirst().row().id());
        assertEquals(0, hits.getFirst().distance());
    }

    @Test
    void openingIsOneListingAndOneGet() {
        writePictures();
        costOf(() -> database(ConnectOptions.DEFAULT).openTable("images")).check(2, 2, 64);
    }

    @Test
    void aSearchOverSmallFragmentsGetsEachOnceAndAllTogether() {
        writePictures();
        Database database = database(ConnectOptions.DEFAULT);
        costOf(() -> search(database.openTable("images"), 17)).check(2 + FRAGMENTS, 3, 1024);
    }

    /// What the filter reads and the vectors come in the same gets: small files are read whole.
    @Test
    void aFilterOverSmallFragmentsCostsNothingMore() {
        writePictures();
        Table table = database(ConnectOptions.DEFAULT).openTable("images");
        costOf(() -> {
            Query query = table.search(picture(17).vector()).where("id != ?", picture(18).id());
            assertEquals(picture(17).id(), query.limit(3).hits(Picture.class).getFirst().row().id());
        }).check(FRAGMENTS, 1, 1024);
    }

    /// What the filter reads lies in the end of the file, which says where the vectors are.
    @Test
    void aFilterOfASmallColumnCostsALargeFileNothingMore() {
        writeRows();
        Table table = database(ConnectOptions.DEFAULT).openTable("rows");
        costOf(() -> {
            Query query = table.search(vector(new Random(3), 128)).where("id % 2 = 0").select("id").limit(3);
            assertEquals(3, query.hits().size());
        }).check(4, 2, 10_100);
    }

    @Test
    void theSameSearchAgainAsksForNothing() {
        writePictures();
        Table table = database(ConnectOptions.DEFAULT).openTable("images");
        search(table, 17);
        costOf(() -> search(table, 17)).check(0, 0, 0);
        costOf(() -> search(table, 99)).check(0, 0, 0);
    }

    @Test
    void whoMustKnowOfNewerVersionsAsksForThemAlone() {
        writePictures();
        ConnectOptions always =
                ConnectOptions.DEFAULT.withReadConsistency(ConnectOptions.ReadConsistency.ALWAYS);
        Table table = database(always).openTable("images");
        search(table, 17);
        costOf(() -> search(table, 17)).check(1, 1, 0);
    }

    @Test
    void aVersionOfOnesOwnIsNotReadAgain() {
        writePictures();
        ConnectOptions always = ConnectOptions.DEFAULT
                .withReadConsistency(ConnectOptions.ReadConsistency.ALWAYS)
                .withMaintenance(Maintenance.OFF);
        Table table = database(always).openTable("images");
        table.add(List.of(picture(FRAGMENTS)));
        long version = table.version();
        costOf(() -> assertEquals(version, table.version())).check(1, 1, 0);
    }

    @Test
    void filesAndDeletionsOfAFragmentAreReadTogether() {
        try (Session writing = Session.create();
                Database database = Database.over(memory, writing, ConnectOptions.DEFAULT)) {
            Table table = database.createTable(
                    "rows", IntStream.range(0, 1000).mapToObj(i -> new Row(i, vector(new Random(i), 128))));
            table.addColumns(Map.of("twice", "id * 2"));
            table.delete("id = 500");
        }
        // files of more than a request is worth: vectors are not got with the rest
        Dataset dataset = database(ConnectOptions.DEFAULT).openTable("rows").dataset();
        costOf(() -> read(dataset.scan(ScanOptions.ALL.withColumns("id", "twice")), 999))
                .check(5, 2, 200);
        try (Session cold = newSession();
                Database database = Database.over(remote, cold, ConnectOptions.DEFAULT)) {
            Dataset again = database.openTable("rows").dataset();
            costOf(() -> take(again, new long[] {3, 700}, "vector", "twice")).check(5, 2, 200);
        }
    }

    @Test
    void aSearchOverMergedFragmentsIsAFewRequests() {
        writePictures();
        try (Session writing = Session.create();
                Database database = Database.over(memory, writing, ConnectOptions.DEFAULT)) {
            database.openTable("images").compact();
        }
        Database database = database(ConnectOptions.DEFAULT);
        Table table = database.openTable("images");
        costOf(() -> search(table, 17)).check(4, 3, 320);
        costOf(() -> search(table, 17)).check(0, 0, 0);
        costOf(() -> search(table, 99)).check(0, 0, 0);
    }

    @Test
    void readingOneColumnGetsItsBytes() {
        writeRows();
        Database database = database(ConnectOptions.DEFAULT);
        costOf(() -> read(database.openTable("rows").dataset().scan(ScanOptions.ALL.withColumns("id")), 20_000))
                .check(3, 3, 222);
    }

    @Test
    void pagesOfSeveralColumnsThatLieSideBySideAreOneRequest() {
        try (Session writing = Session.create();
                Database database = Database.over(memory, writing, ConnectOptions.DEFAULT)) {
            Random random = new Random(3);
            Stream<Wide> rows = IntStream.range(0, 20_000)
                    .mapToObj(_ -> new Wide(
                            random.nextLong(),
                            random.nextLong(),
                            random.nextLong(),
                            random.nextLong(),
                            random.nextLong(),
                            random.nextLong()));
            database.createTable("wide", rows);
        }
        Dataset dataset = database(ConnectOptions.DEFAULT).openTable("wide").dataset();
        costOf(() -> read(dataset.scan(ScanOptions.ALL), 20_000)).check(2, 2, 1100);
        try (Session cold = newSession();
                Database database = Database.over(remote, cold, ConnectOptions.DEFAULT)) {
            Dataset again = database.openTable("wide").dataset();
            costOf(() -> read(again.scan(ScanOptions.ALL.withColumns("a", "c", "f")), 20_000))
                    .check(4, 2, 700);
        }
    }

    @Test
    void queriesAtTheSameTimeOpenAFileOnce() throws Exception {
        writeRows();
        Dataset dataset = database(ConnectOptions.DEFAULT).openTable("rows").dataset();
        Cost cost = costOf(() -> IntStream.range(0, 8)
                .mapToObj(i -> session.ioExecutor().submit(() -> take(dataset, new long[] {i}, "id")))
                .toList()
                .forEach(ReadRequestsTest::await));
        assertEquals(1, cost.rounds().getFirst().size(), cost.toString());
    }

    private static void await(Future<?> future) {
        try {
            future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void takingAFewRowsGetsThemInTwoRounds() {
        writeRows();
        Database database = database(ConnectOptions.DEFAULT);
        long[] positions = {19_000, 5, 7_000, 12_345, 3_000};
        costOf(() -> take(database.openTable("rows").dataset(), positions, "id", "vector"))
                .check(12, 4, 256);
    }
}
