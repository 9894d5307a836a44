// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.table.Fragment;
import dev.joust.io.ObjectStore;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.CountingObjectStore;
import dev.joust.io.internal.wrap.Fault;
import dev.joust.io.internal.wrap.FaultyObjectStore;
import dev.joust.io.internal.wrap.StoreRequest;
import dev.joust.io.internal.wrap.StoreRequest.Kind;
import dev.joust.io.store.MemoryObjectStore;

/// Rows that many threads add to one table at once.
@Timeout(120)
class GroupedAddsTest {
    private static final int THREADS = 16;
    private static final int ADDS = 12;

    record Row(long id, String text) {}

    private final Session session = Session.create();
    private final CountingObjectStore counted = new CountingObjectStore(new MemoryObjectStore());

    @AfterEach
    void everythingIsReleased() {
        assertEquals(0, ArrowMemory.of(session).allocatedBytes());
        session.close();
    }

    /// A table in a store that does to requests what a test says.
    private Table table(Function<StoreRequest, Fault> plan) {
        Database.over(counted, session, ConnectOptions.DEFAULT).createTable("t", List.of(new Row(-1, "first")));
        ObjectStore store = new FaultyObjectStore(counted, plan);
        return Database.over(store, session, ConnectOptions.DEFAULT.withMaintenance(Maintenance.OFF)).openTable("t");
    }

    private static <T> List<Future<T>> started(ExecutorService threads, List<Callable<T>> tasks) {
        return tasks.stream().map(threads::submit).toList();
    }

    private static Set<Object> ids(Table table) {
        List<Object> ids = table.query().select("id").toMaps().stream().map(row -> row.get("id")).toList();
        Set<Object> distinct = new TreeSet<>(ids);
        assertEquals(ids.size(), distinct.size(), "rows that are there twice");
        return distinct;
    }

    @Test
    void whatThreadsAddAtOnceGoesIntoFewVersions() throws Exception {
        Table table = table(_ -> new Fault.Delay(Duration.ofMillis(5)));
        ReadStats before = counted.stats();
        List<Callable<List<Long>>> tasks = IntStream.range(0, THREADS)
                .<Callable<List<Long>>>mapToObj(thread -> () -> {
                    List<Long> versions = new ArrayList<>();
                    for (int i = 0; i < ADDS; i++) {
                        versions.add(table.add(List.of(new Row(1000L * thread + i, "by " + thread))));
                    }
                    return versions;
                })
                .toList();
        List<List<Long>> versions = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (Future<List<Long>> future : started(threads, tasks)) {
                versions.add(future.get());
            }
        }
        ReadStats spent = counted.stats().since(before);
        int rows = THREADS * ADDS;
        assertEquals(rows + 1, ids(table).size());
        assertTrue(table.version() - 1 <= rows / 4, rows + " adds made " + (table.version() - 1) + " versions");
        assertTrue(spent.requestCount() < rows, rows + " adds took " + spent);
        assertEquals(0, spent.getCount() + spent.headCount() + spent.listCount(), "nothing is to be read: " + spent);
        List<Fragment> fragments = table.dataset().manifest().fragments();
        assertEquals(table.version(), fragments.size(), "one fragment for each version");
        for (int thread = 0; thread < THREADS; thread++) {
            for (int i = 0; i < ADDS; i += 5) {
                // Each was told the version that has its row: the version before does not.
                long version = versions.get(thread).get(i);
                String condition = "id = " + (1000 * thread + i);
                assertEquals(1, table.at(version).countRows(condition), condition);
                assertEquals(0, table.at(version - 1).countRows(condition), condition);
            }
        }
    }

    @Test
    void oneAddAloneTakesThreeRequests() {
        Table table = table(_ -> new Fault.None());
        for (int i = 0; i < 3; i++) {
            ReadStats before = counted.stats();
            table.add(List.of(new Row(i, "a")));
            ReadStats spent = counted.stats().since(before);
            assertEquals(3, spent.requestCount(), spent.toString());
            assertEquals(3, spent.putCount(), spent.toString());
        }
    }

    @Test
    void handlesOfOneDatabaseAddTogether() {
        Database database = Database.over(counted, session, ConnectOptions.DEFAULT.withMaintenance(Maintenance.OFF));
        Table one = database.createTable("t", List.of(new Row(0, "first")));
        Table other = database.openTable("t");
        ReadStats before = counted.stats();
        for (int i = 1; i < 10; i++) {
            assertEquals(i + 1, (i % 2 == 0 ? one : other).add(List.of(new Row(i, "a"))));
        }
        ReadStats spent = counted.stats().since(before);
        assertEquals(27, spent.requestCount(), "each knows what the other did: " + spent);
    }

    @Test
    void aTableMadeAnewIsNotTheOneBefore() {
        Database database = Database.over(counted, session, ConnectOptions.DEFAULT);
        Table gone = database.createTable("t", List.of(new Row(0, "first")));
        gone.add(List.of(new Row(1, "a")));
        gone.add(List.of(new Row(2, "a")));
        // As another process would do it.
        Database other = Database.over(counted, session, ConnectOptions.DEFAULT);
        other.dropTable("t");
        other.createTable("t", List.of(new Row(5, "anew")));
        Table anew = database.openTable("t");
        assertEquals(2, anew.add(List.of(new Row(6, "a"))));
        assertEquals(Set.of(5L, 6L), ids(anew));
    }

    /// Holds the first write until all others wait behind it.
    private static final class Gate {
        private final CountDownLatch open = new CountDownLatch(1);
        private final CountDownLatch reached = new CountDownLatch(1);

        Fault pass(StoreRequest request) {
            if (request.kind() == Kind.PUT_IF_ABSENT) {
                reached.countDown();
                try {
                    open.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return new Fault.None();
        }
    }

    @Test
    void anErrorInTheRowsOfOneIsToldToThatOneAlone() throws Exception {
        Gate gate = new Gate();
        Table table = table(gate::pass);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            Future<Long> first = threads.submit(() -> table.add(List.of(new Row(0, "a"))));
            gate.reached.await();
            List<Future<Long>> good = new ArrayList<>();
            List<Future<Long>> bad = new ArrayList<>();
            for (int i = 1; i <= 5; i++) {
                Row row = new Row(i, "a");
                good.add(threads.submit(() -> table.add(List.of(row))));
                bad.add(threads.submit(() -> table.add(List.of(Map.of("id", 100L, "nosuch", 1)))));
                bad.add(threads.submit(() -> table.add(List.of(Map.of("id", "no number")))));
            }
            for (Future<Long> future : bad) {
                // Found by its own caller, while the first is still under way.
                assertTrue(assertThrows(Exception.class, future::get).getCause() instanceof IllegalArgumentException);
            }
            gate.open.countDown();
            assertEquals(2, first.get());
            for (Future<Long> future : good) {
                assertTrue(future.get() > 2);
            }
        }
        assertEquals(new TreeSet<>(List.of(-1L, 0L, 1L, 2L, 3L, 4L, 5L)), ids(table));
    }

    @Test
    void whatTheStoreRefusesIsToldToAllThatWereInIt() throws Exception {
        Gate gate = new Gate();
        int[] commits = {0};
        Table table = table(request -> {
            if (request.kind() == Kind.PUT_IF_ABSENT && ++commits[0] > 1) {
                return new Fault.Fail();
            }
            return gate.pass(request);
        });
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            Future<Long> first = threads.submit(() -> table.add(List.of(new Row(0, "a"))));
            gate.reached.await();
            List<Future<Long>> others = new ArrayList<>();
            for (int i = 1; i <= 5; i++) {
                Row row = new Row(i, "a");
                others.add(threads.submit(() -> table.add(List.of(row))));
            }
            gate.open.countDown();
            assertEquals(2, first.get());
            for (Future<Long> future : others) {
                assertTrue(assertThrows(Exception.class, future::get).getCause() instanceof UncheckedIOException);
            }
        }
        assertEquals(new TreeSet<>(List.of(-1L, 0L)), ids(table));
    }

    @Test
    void whoIsInterruptedWhileWaitingAddsNothing() throws Exception {
        Gate gate = new Gate();
        Table table = table(gate::pass);
        AtomicReference<Throwable> told = new AtomicReference<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Long> first = threads.submit(() -> table.add(List.of(new Row(0, "a"))));
            gate.reached.await();
            Thread waiting = Thread.ofPlatform().start(() -> {
                try {
                    table.add(List.of(new Row(1, "a")));
                } catch (RuntimeException e) {
                    told.set(e);
                }
            });
            while (waiting.getState() != Thread.State.WAITING) {
                Thread.sleep(1);
            }
            waiting.interrupt();
            waiting.join();
            gate.open.countDown();
            assertEquals(2, first.get());
        }
        assertTrue(told.get() instanceof UncheckedIOException, String.valueOf(told.get()));
        assertEquals(new TreeSet<>(List.of(-1L, 0L)), ids(table));
    }

    @Test
    void manyRowsOfOneAddAreAFragmentOfTheirOwn() throws Exception {
        Gate gate = new Gate();
        Table table = table(gate::pass);
        char[] letters = new char[1000];
        Arrays.fill(letters, 'x');
        String text = new String(letters);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            Future<Long> first = threads.submit(() -> table.add(List.of(new Row(0, "a"))));
            gate.reached.await();
            Future<Long> many = threads.submit(() -> table.add(
                    IntStream.range(1000, 11_000).mapToObj(i -> new Row(i, text)).toList()));
            List<Future<Long>> few = new ArrayList<>();
            for (int i = 1; i <= 5; i++) {
                Row row = new Row(i, "a");
                few.add(threads.submit(() -> table.add(List.of(row))));
            }
            while (counted.stats().putCount() < 6) {
                Thread.sleep(1); // until the many rows are written: they need nobody for that
            }
            Thread.sleep(50);
            gate.open.countDown();
            first.get();
            many.get();
            for (Future<Long> future : few) {
                future.get();
            }
        }
        assertEquals(10_007, ids(table).size());
        assertTrue(table.dataset().manifest().fragments().stream().anyMatch(fragment -> fragment.physicalRowCount() == 10_000));
    }
}
