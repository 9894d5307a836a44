// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.joust.format.CommitConflictException;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.ManifestNaming;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

/// What a database does in the background.
@Timeout(120)
class MaintenanceTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    record Row(long id, String text) {}

    private final Session session = Session.create();
    private final MemoryObjectStore store = new MemoryObjectStore();

    @AfterEach
    void close() {
        session.close();
    }

    private Database database(Maintenance maintenance) {
        return Database.over(store, session, ConnectOptions.DEFAULT.withMaintenance(maintenance));
    }

    private static void assertAllThere(Table table, int count) {
        List<Object> ids = table.query().select("id").toMaps().stream().map(row -> row.get("id")).toList();
        assertEquals(count, ids.size());
        assertEquals(count, new HashSet<>(ids).size());
    }

    private long manifestBytes(Table table) throws IOException {
        return store.head(ObjectPath.of("t.lance/_versions").resolve(ManifestNaming.V2.fileName(table.version()))).sizeBytes();
    }

    @Test
    void manyAddsLeaveFewFragmentsAndAShortManifest() throws Exception {
        Database database = database(Maintenance.DEFAULT);
        Table table = database.createTable("t", List.of(new Row(0, "first")));
        int mostFragments = 0;
        long mostBytes = 0;
        for (int i = 1; i < 2_000; i++) {
            table.add(List.of(new Row(i, "a")));
            if (i % 500 == 0) {
                // Waited for now and then, so that the test shows what maintenance does, not how soon.
                assertTrue(database.awaitMaintenance(LONG));
            }
            if (i % 500 == 20) {
                mostFragments = Math.max(mostFragments, table.dataset().manifest().fragments().size());
                mostBytes = Math.max(mostBytes, manifestBytes(table));
            }
        }
        assertTrue(database.awaitMaintenance(LONG));
        table.refresh();
        assertAllThere(table, 2_000);
        int fragments = table.dataset().manifest().fragments().size();
        assertTrue(Math.max(fragments, mostFragments) < 3 * 32, fragments + " fragments, " + mostFragments + " before");
        assertTrue(mostBytes < 12_000, mostBytes + " bytes of manifest");
        MaintenanceStats stats = database.maintenanceStats();
        assertTrue(stats.commitCount() > 3, stats.toString());
        assertEquals(0, stats.failureCount(), stats.toString());
        database.close();
    }

    /// What was added while others were merged lies before the result.
    @Test
    void aLargeFragmentBetweenSmallOnesIsNotWrittenAgainWithThem() throws Exception {
        Database writer = database(Maintenance.OFF);
        Table table = writer.createTable("t", rows(0, 1));
        for (int i = 1; i < 10; i++) {
            table.add(rows(i, 1));
        }
        table.add(rows(10, 400));
        Fragment large = table.dataset().manifest().fragments().getLast();
        for (int i = 410; i < 431; i++) {
            table.add(rows(i, 1));
        }
        Database keeper = database(Maintenance.DEFAULT);
        Table kept = keeper.openTable("t");
        kept.add(rows(431, 1));
        assertTrue(keeper.awaitMaintenance(LONG));
        kept.refresh();
        assertEquals(large, kept.dataset().manifest().fragment(large.id()).orElseThrow());
        assertEquals(2, kept.dataset().manifest().fragments().size());
        assertAllThere(kept, 432);
        keeper.close();
        writer.close();
    }

    private static List<Row> rows(int first, int count) {
        return IntStream.range(first, first + count).mapToObj(id -> new Row(id, "a")).toList();
    }

    @Test
    void aStreamOfAddsNeverKeepsMaintenanceFromItsTurn() throws Exception {
        Database database = database(Maintenance.DEFAULT.withMergedFragments(8));
        Table table = database.createTable("t", List.of(new Row(-1, "first")));
        int threads = 4;
        int adds = 100;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int number = thread;
                futures.add(pool.submit(() -> {
                    Table mine = database.openTable("t");
                    for (int i = 0; i < adds; i++) {
                        mine.add(List.of(new Row(1000L * number + i, "a")));
                    }
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
        assertTrue(database.awaitMaintenance(LONG));
        MaintenanceStats stats = database.maintenanceStats();
        assertEquals(0, stats.failureCount() + stats.conflictCount(), stats.toString());
        assertTrue(stats.commitCount() > 0, stats.toString());
        assertAllThere(table.refresh(), threads * adds + 1);
        database.close();
    }

    @Test
    void tablesWithStableRowIdsKeepThem() throws Exception {
        Database database = Database.over(
                store,
                session,
                ConnectOptions.DEFAULT
                        .withWriteOptions(WriteOptions.DEFAULT.withStableRowIds(true))
                        .withMaintenance(Maintenance.DEFAULT.withMergedFragments(4)));
        Table table = database.createTable("t", List.of(new Row(0, "first")));
        for (int i = 1; i < 40; i++) {
            table.add(List.of(new Row(i, "a")));
        }
        assertTrue(database.awaitMaintenance(LONG));
        table.refresh();
        assertTrue(table.dataset().manifest().fragments().size() < 20);
        for (var row : table.query().withRowId().toMaps()) {
            assertEquals(row.get("id"), ((Number) java.util.Objects.requireNonNull(row.get("_rowid"))).longValue());
        }
        database.close();
    }

    @Test
    void nothingIsDoneWhereNobodyWants() throws Exception {
        Database database = database(Maintenance.OFF);
        Table table = database.createTable("t", List.of(new Row(0, "first")));
        for (int i = 1; i < 50; i++) {
            table.add(List.of(new Row(i, "a")));
        }
        assertTrue(database.awaitMaintenance(LONG));
        assertEquals(50, table.refresh().version());
        assertEquals(new MaintenanceStats(0, 0, 0, 0), database.maintenanceStats());
        database.close();
    }

    @Test
    void oldVersionsGoWhereThatIsAskedFor() throws Exception {
        Database database = database(Maintenance.OFF.withCleanupOlderThan(Duration.ZERO));
        Table table = database.createTable("t", List.of(new Row(0, "first")));
        table.createTag("kept");
        table.add(List.of(new Row(1, "a")));
        assertTrue(database.awaitMaintenance(LONG));
        assertEquals(List.of(1L, 2L), table.versions().stream().map(version -> version.version()).toList());
        Database another = database(Maintenance.OFF.withCleanupOlderThan(Duration.ZERO));
        another.openTable("t").add(List.of(new Row(2, "a")));
        assertTrue(another.awaitMaintenance(LONG));
        assertEquals(List.of(1L, 3L), table.refresh().versions().stream().map(version -> version.version()).toList());
        assertAllThere(table, 3);
        another.close();
        database.close();
    }

    /// A task that does what a test says.
    private record Task(PrepareTask work) implements MaintenanceTask {
        interface PrepareTask {
            Optional<Outcome> prepare(Dataset version) throws IOException;
        }

        @Override
        public String name() {
            return "a task of a test";
        }

        @Override
        public boolean isDue(Dataset version) {
            return true;
        }

        @Override
        public Optional<Outcome> prepare(Dataset version) throws IOException {
            return work.prepare(version);
        }
    }

    @Test
    void writesGoOnWhileATaskIsAtWorkAndWhenItFails() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        Database database = database(Maintenance.OFF.withTask(new Task(version -> {
            running.countDown();
            try {
                written.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            throw new IOException("broken on purpose");
        })));
        Table table = database.createTable("t", List.of(new Row(0, "first")));
        table.add(List.of(new Row(1, "a")));
        running.await();
        table.add(List.of(new Row(2, "a")));
        written.countDown();
        assertTrue(database.awaitMaintenance(LONG));
        table.add(List.of(new Row(3, "a"))); // not tried again yet: it has just failed
        assertTrue(database.awaitMaintenance(LONG));
        assertEquals(new MaintenanceStats(1, 0, 0, 1), database.maintenanceStats());
        assertAllThere(table, 4);
        database.close();
    }

    @Test
    void whatLosesTwiceIsToldThatItIsNotTriedAgain() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        Database database = database(Maintenance.OFF.withTask(new Task(_ -> Optional.of(new MaintenanceTask.Outcome() {
            @Override
            public Dataset commit(Dataset version) {
                told.add("commit");
                throw new CommitConflictException("on purpose", true);
            }

            @Override
            public void giveUp(Dataset version) {
                told.add("give up");
            }
        }))));
        database.createTable("t", List.of(new Row(0, "first"))).add(List.of(new Row(1, "a")));
        assertTrue(database.awaitMaintenance(LONG));
        assertEquals(List.of("commit", "commit", "give up"), told);
        assertEquals(new MaintenanceStats(1, 0, 1, 0), database.maintenanceStats());
        database.close();
    }

    @Test
    void closingEndsWhatIsAtWork() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Database database = database(Maintenance.OFF.withTask(new Task(version -> {
            running.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new java.io.InterruptedIOException("as told");
            }
            return Optional.empty();
        })));
        Table table = database.createTable("t", List.of(new Row(0, "first")));
        table.add(List.of(new Row(1, "a")));
        running.await();
        assertFalse(database.awaitMaintenance(Duration.ofMillis(1)));
        database.close();
        assertEquals(0, database.maintenanceStats().failureCount());
    }
}
