// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.format.table.Dataset;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.TestRows;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.Durability;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.Fault;
import dev.joust.io.internal.wrap.FaultyObjectStore;
import dev.joust.io.internal.wrap.StoreRequest;
import dev.joust.io.internal.wrap.StoreRequest.Kind;
import dev.joust.io.store.LocalObjectStore;
import dev.joust.io.store.MemoryObjectStore;

/// Whatever single request of a change fails: afterwards the table is at the old or the new version, and the caller
/// was told which.
class FaultyCommitTest {
    private Session session;

    @BeforeEach
    void open() {
        session = Session.create();
    }

    @AfterEach
    void close() {
        session.close();
    }

    @FunctionalInterface
    private interface Change {
        Dataset apply(ObjectStore store) throws IOException;
    }

    private Dataset create(ObjectStore store) throws IOException {
        return Dataset.create(session, store, TestRows.SCHEMA, TestRows.reader(session, 0, 5), WriteOptions.DEFAULT);
    }

    private static List<Long> ids(long... ids) {
        return LongStream.of(ids).boxed().toList();
    }

    @Test
    void createIsWholeOrNotThere() throws IOException {
        driveEveryRequest(null, ids(0, 1, 2, 3, 4), this::create);
    }

    @Test
    void appendIsWholeOrNotThere() throws IOException {
        driveEveryRequest(
                ids(0, 1, 2, 3, 4),
                ids(0, 1, 2, 3, 4, 5, 6),
                store -> Dataset.open(session, store).append(TestRows.reader(session, 5, 2)));
    }

    @Test
    void deleteIsWholeOrNotThere() throws IOException {
        driveEveryRequest(
                ids(0, 1, 2, 3, 4),
                ids(0, 4),
                store -> Dataset.open(session, store).deleteRows(RowAddressSet.of(1, 2, 3), "three"));
    }

    @Test
    void updateIsWholeOrNotThere() throws IOException {
        driveEveryRequest(
                ids(0, 1, 2, 3, 4),
                ids(1, 2, 3, 4, 9),
                store -> Dataset.open(session, store)
                        .replaceRows(RowAddressSet.of(0), TestRows.reader(session, 9, 1)));
    }

    @Test
    void rebasedAppendIsWholeOrNotThere() throws IOException {
        driveEveryRequest(ids(0, 1, 2, 3, 4), ids(0, 1, 2, 3, 4, 7, 8), store -> {
            Dataset table = Dataset.openAt(session, store, 1);
            if (table.refresh().version() == 1) {
                table.append(TestRows.reader(session, 7, 1));
            }
            return table.append(TestRows.reader(session, 8, 1));
        });
    }

    /// @param before rows of the table before the change, null for no table
    private void driveEveryRequest(
            @org.jspecify.annotations.Nullable List<Long> before, List<Long> after, Change change)
            throws IOException {
        Fault[] faults = {
            new Fault.Fail(), new Fault.LoseAnswer(), new Fault.Duplicate(), new Fault.Delay(java.time.Duration.ofMillis(1))
        };
        for (Fault fault : faults) {
            long requests;
            long struck = 0;
            do {
                struck++;
                long n = struck;
                MemoryObjectStore store = new MemoryObjectStore();
                if (before != null) {
                    create(store);
                }
                FaultyObjectStore faulty = new FaultyObjectStore(
                        store, request -> request.number() == n ? fault : new Fault.None());
                String what = fault + " at request " + n;
                boolean done = false;
                try {
                    change.apply(faulty);
                    done = true;
                } catch (CommitStatusUnknownException e) {
                    throw new AssertionError(what + ": one failure leaves nothing open", e);
                } catch (IOException e) {
                    assertTrue(String.valueOf(e.getMessage()).contains("injected"), what + ": " + e);
                }
                requests = faulty.requestCount();
                List<Long> found = Dataset.exists(store) ? TestRows.ids(Dataset.open(session, store)) : null;
                if (done) {
                    assertEquals(after, found, what);
                } else {
                    assertTrue(
                            java.util.Objects.equals(before, found) || after.containsAll(found),
                            what + ": told that it failed, and found " + found);
                    assertTrue(!after.equals(found), what + ": told that it failed, and it is there");
                }
            } while (struck <= requests);
            assertTrue(struck > 4, fault + ": " + struck + " requests");
        }
    }

    @Test
    void whatTheStoreDoesNotTellIsReportedAsUnknown() throws IOException {
        MemoryObjectStore store = new MemoryObjectStore();
        create(store);
        boolean[] lost = {false};
        Function<StoreRequest, Fault> plan = request -> {
            if (request.kind() == Kind.PUT_IF_ABSENT) {
                lost[0] = true;
                return new Fault.LoseAnswer();
            }
            return lost[0] && Set.of(Kind.READ, Kind.LIST).contains(request.kind()) ? new Fault.Fail() : new Fault.None();
        };
        Dataset table = Dataset.open(session, new FaultyObjectStore(store, plan));
        assertThrows(
                CommitStatusUnknownException.class, () -> table.append(TestRows.reader(session, 5, 1)));
        assertEquals(ids(0, 1, 2, 3, 4, 5), TestRows.ids(Dataset.open(session, store)));
    }

    @Test
    void theVersionHintIsNobodysLoss(@TempDir Path folder) throws IOException {
        ObjectStore store = new LocalObjectStore(folder, Durability.NONE);
        create(store);
        Path hint = folder.resolve("_versions/latest_version_hint.json");
        assertEquals("{\"version\":1}", Files.readString(hint));
        FaultyObjectStore faulty = new FaultyObjectStore(
                store,
                request -> request.path().fileName().startsWith("latest_version")
                        ? new Fault.Fail()
                        : new Fault.None());
        assertEquals(2, Dataset.open(session, faulty).append(TestRows.reader(session, 5, 1)).version());
        assertEquals("{\"version\":1}", Files.readString(hint));
        assertEquals(2, Dataset.open(session, store).version());
    }
}
