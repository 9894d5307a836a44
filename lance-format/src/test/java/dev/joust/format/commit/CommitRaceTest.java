// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.format.CommitConflictException;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.ManifestNaming;
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.TestRows;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.Durability;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;
import dev.joust.io.store.LocalObjectStore;
import dev.joust.io.store.MemoryObjectStore;

class CommitRaceTest {
    private static final int WRITERS = 8;
    private static final int APPENDS = 6;

    private Session session;

    @BeforeEach
    void open() {
        session = Session.create();
    }

    @AfterEach
    void close() {
        session.close();
    }

    private Dataset create(ObjectStore store, int count) throws IOException {
        return Dataset.create(
                session, store, TestRows.SCHEMA, TestRows.reader(session, 0, count), WriteOptions.DEFAULT);
    }

    private static <T> List<T> together(List<Callable<T>> tasks) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            List<Future<T>> futures = tasks.stream().map(threads::submit).toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }

    @Test
    void appendsOfManyThreadsAllArriveOnce() throws Exception {
        MemoryObjectStore store = new MemoryObjectStore();
        race(List.of(store));
    }

    @Test
    void appendsThroughTwoStoresOverOneFolderAllArriveOnce(@TempDir Path folder) throws Exception {
        race(List.of(
                new LocalObjectStore(folder, Durability.NONE), new LocalObjectStore(folder, Durability.NONE)));
    }

    private void race(List<? extends ObjectStore> stores) throws Exception {
        create(stores.getFirst(), 10);
        List<Callable<Dataset>> tasks = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            Dataset opened = Dataset.open(session, stores.get(writer % stores.size()))
                    .withOptions(WriteOptions.DEFAULT.withMaxCommitAttempts(200));
            tasks.add(() -> {
                Dataset table = opened;
                for (int k = 0; k < APPENDS; k++) {
                    table = table.append(TestRows.reader(session, 1000L * (writer + 1) + k, 1));
                }
                return table;
            });
        }
        together(tasks);
        Dataset latest = Dataset.open(session, stores.getFirst());
        assertEquals(1 + WRITERS * APPENDS, latest.version());
        List<Long> ids = TestRows.ids(latest);
        assertEquals(10 + WRITERS * APPENDS, ids.size());
        assertEquals(ids.size(), new HashSet<>(ids).size());
        assertEquals(
                LongStream.range(0, ids.size() - 9).boxed().toList(),
                latest.manifest().fragments().stream().map(fragment -> fragment.id()).toList());
        // A transaction that lost took its file along.
        assertEquals(
                1 + WRITERS * APPENDS,
                stores.getFirst().listNames(ObjectPath.of("_transactions")).size());
    }

    @Test
    void ofManyCreatorsOneWins() throws Exception {
        MemoryObjectStore store = new MemoryObjectStore();
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int rows = i + 1;
            tasks.add(() -> {
                try {
                    create(store, rows);
                    return true;
                } catch (CommitConflictException | IllegalArgumentException e) {
                    return false;
                }
            });
        }
        List<Boolean> won = together(tasks);
        assertEquals(1, won.stream().filter(Boolean::booleanValue).count());
        assertEquals(won.indexOf(true) + 1, Dataset.open(session, store).countRows());
    }

    @Test
    void deletesOfDifferentRowsOfOneFragmentAllHappen() throws Exception {
        MemoryObjectStore store = new MemoryObjectStore();
        Dataset table = create(store, 100).withOptions(WriteOptions.DEFAULT.withMaxCommitAttempts(200));
        List<Callable<Dataset>> tasks = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            tasks.add(() -> table.deleteRows(
                    RowAddressSet.of(RowAddress.of(0, writer), RowAddress.of(0, 50 + writer)), "two"));
        }
        together(tasks);
        Dataset latest = table.refresh();
        assertEquals(100 - 2 * WRITERS, latest.countRows());
        List<Long> ids = TestRows.ids(latest);
        for (long i = 0; i < WRITERS; i++) {
            assertFalse(ids.contains(i));
            assertFalse(ids.contains(50 + i));
        }
        assertEquals(100 - 2 * WRITERS, ids.size());
    }

    @Test
    void deletesThatTogetherEmptyAFragmentRemoveIt() throws Exception {
        Dataset table = create(new MemoryObjectStore(), 2);
        table.deleteRows(RowAddressSet.of(0), "first");
        Dataset latest = table.deleteRows(RowAddressSet.of(1), "second");
        assertEquals(0, latest.countRows());
        assertEquals(List.of(), latest.manifest().fragments());
    }

    @Test
    void changesOfTheSameRowAreToldToTheLoser() throws Exception {
        MemoryObjectStore store = new MemoryObjectStore();
        Dataset table = create(store, 10);
        table.replaceRows(RowAddressSet.of(3), TestRows.reader(session, 300, 1));
        var error = assertThrows(
                CommitConflictException.class, () -> table.deleteRows(RowAddressSet.of(3, 4), "late"));
        assertTrue(error.retryable());
        assertTrue(error.getMessage().contains("Delete"), error.getMessage());
        Dataset replaced =
                table.replaceRows(RowAddressSet.of(5), TestRows.reader(session, 500, 1));
        assertEquals(List.of(0L, 1L, 2L, 4L, 6L, 7L, 8L, 9L, 300L, 500L), TestRows.ids(replaced));
    }

    @Test
    void appendsToAReplacedTableFail() throws Exception {
        MemoryObjectStore store = new MemoryObjectStore();
        Dataset table = create(store, 10);
        table.overwrite(TestRows.SCHEMA, TestRows.reader(session, 0, 1));
        var error = assertThrows(
                CommitConflictException.class, () -> table.append(TestRows.reader(session, 20, 1)));
        assertFalse(error.retryable());
        assertTrue(
                error.getMessage().contains("Append") && error.getMessage().contains("Overwrite"),
                error.getMessage());
    }

    @Test
    void aChangeThatMustGoOnItsOwnVersionFailsOnAnother() throws Exception {
        Dataset table = create(new MemoryObjectStore(), 1);
        table.append(TestRows.reader(session, 1, 1));
        Dataset insisting = table.withOptions(WriteOptions.DEFAULT.withOnlyOnReadVersion(true));
        var error = assertThrows(
                CommitConflictException.class, () -> insisting.append(TestRows.reader(session, 2, 1)));
        assertTrue(error.retryable());
        assertEquals(2, table.refresh().countRows());
    }

    @Test
    void versionsThatWereCleanedUpAreNotMadeAnew() throws Exception {
        MemoryObjectStore store = new MemoryObjectStore();
        Dataset old = create(store, 1);
        Dataset latest = old;
        for (int i = 1; i <= 4; i++) {
            latest = latest.append(TestRows.reader(session, i, 1));
        }
        for (long version = 2; version <= 4; version++) {
            store.delete(ObjectPath.of("_versions").resolve(ManifestNaming.V2.fileName(version)));
        }
        // Version 1 was kept, by a tag say: what goes on top of it goes on top of version 5.
        Dataset appended = Dataset.openAt(session, store, 1).append(TestRows.reader(session, 9, 1));
        assertEquals(6, appended.version());
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 9L), TestRows.ids(Dataset.open(session, store)));
    }

    /// The reference appends such rows: the column that came later shows values of the one that is gone.
    @Test
    void rowsOfAColumnWhoseIdIsAnothersNowAreNotAdded() throws Exception {
        MemoryObjectStore store = new MemoryObjectStore();
        Field first = Field.nullable("first", new LogicalType.Utf8(false));
        Field second = Field.nullable("second", new LogicalType.Utf8(false));
        Dataset known = create(store, 2).evolution().addNullColumns(Schema.of(first));
        int id = known.schema().field("first").orElseThrow().id();
        Dataset other = known.evolution().dropColumns(List.of("first"));
        List<Fragment> written = known.writeFragments(TestRows.reader(
                session,
                Schema.of(TestRows.SCHEMA.fields().get(0), first),
                List.<Object[]>of(new Object[] {9L, "a value of the first"})));
        Operation append = new Operation.Append(written);
        other = other.evolution().addNullColumns(Schema.of(second));
        assertEquals(id, other.schema().field("second").orElseThrow().id());
        var error = assertThrows(CommitConflictException.class, () -> known.commit(append));
        assertTrue(error.retryable());
        assertTrue(error.getMessage().contains("id is another's"), error.getMessage());
        assertEquals(2, Dataset.open(session, store).countRows());
    }

    @Test
    void tablesThatCleanUpAfterEveryCommitAreListedFirst() throws Exception {
        MemoryObjectStore store = new MemoryObjectStore();
        var config = new Operation.UpdateConfig(
                new Operation.UpdateConfig.MapUpdate(
                        List.of(new Operation.UpdateConfig.MapUpdate.Entry("lance.auto_cleanup.interval", "1")),
                        false,
                        Bytes.EMPTY),
                null,
                null,
                Map.of(),
                Bytes.EMPTY);
        Dataset known = create(store, 1).commit(config);
        assertEquals("1", known.config().get("lance.auto_cleanup.interval"));
        known.append(TestRows.reader(session, 1, 1)).append(TestRows.reader(session, 2, 1));
        for (long version = 1; version <= 3; version++) {
            store.delete(ObjectPath.of("_versions").resolve(ManifestNaming.V2.fileName(version)));
        }
        assertEquals(5, known.append(TestRows.reader(session, 3, 1)).version());
        assertEquals(List.of(0L, 1L, 2L, 3L), TestRows.ids(Dataset.open(session, store)));
    }
}
