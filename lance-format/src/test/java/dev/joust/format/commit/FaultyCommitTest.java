// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.format.internal.table.ManifestStore;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.table.Bytes;
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

/// Whatever single request of a change fails, is lost, doubled, late or cut short: afterwards the table is at the old
/// or the new version, and the caller was told which.
class FaultyCommitTest {
    private Session session;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void open() {
        session = Session.create();
    }

    @AfterEach
    void close() {
        session.close();
    }

    private Dataset create(ObjectStore store) throws IOException {
        return Dataset.create(session, store, TestRows.SCHEMA, TestRows.reader(session, 0, 5), WriteOptions.DEFAULT);
    }

    private static List<Long> ids(long... ids) {
        return LongStream.of(ids).boxed().toList();
    }

    @Test
    void createIsWholeOrNotThere() throws IOException {
        driver().drive(null, this::create);
    }

    @Test
    void appendIsWholeOrNotThere() throws IOException {
        driver().drive(this::create, store -> open(store).append(TestRows.reader(session, 5, 2)));
    }

    @Test
    void deleteIsWholeOrNotThere() throws IOException {
        driver().drive(this::create, store -> open(store).deleteRows(RowAddressSet.of(1, 2, 3), "three"));
    }

    @Test
    void deleteOnTopOfADeleteIsWholeOrNotThere() throws IOException {
        driver().drive(
                        store -> create(store).deleteRows(RowAddressSet.of(0), "one"),
                        store -> open(store).deleteRows(RowAddressSet.of(1, 2, 3), "three"));
    }

    @Test
    void updateIsWholeOrNotThere() throws IOException {
        driver().drive(
                        this::create,
                        store -> open(store).replaceRows(RowAddressSet.of(0), TestRows.reader(session, 9, 1)));
    }

    @Test
    void overwriteIsWholeOrNotThere() throws IOException {
        driver().drive(
                        this::create,
                        store -> open(store).overwrite(TestRows.SCHEMA, TestRows.reader(session, 20, 3)));
    }

    @Test
    void restoreIsWholeOrNotThere() throws IOException {
        driver().drive(
                        store -> create(store).deleteRows(RowAddressSet.of(0, 1), "two"),
                        store -> open(store).commit(new Operation.Restore(1, Bytes.EMPTY)));
    }

    @Test
    void severalChangesAreWholeOneAfterTheOther() throws IOException {
        driver().drive(
                        this::create,
                        List.of(
                                store -> open(store).append(TestRows.reader(session, 7, 1)),
                                store -> open(store).deleteRows(RowAddressSet.of(0), "one")));
    }

    /// The handle is of a version that was followed by another: the change goes on top of that.
    @Test
    void rebasedChangesAreWholeOrNotThere() throws IOException {
        FaultDriver.Change before = store -> create(store).append(TestRows.reader(session, 7, 1));
        driver().drive(
                        before,
                        store -> Dataset.openAt(session, store, 1).append(TestRows.reader(session, 8, 1)));
        driver().drive(
                        store -> create(store).deleteRows(RowAddressSet.of(0), "one"),
                        store -> Dataset.openAt(session, store, 1).deleteRows(RowAddressSet.of(3), "another"));
    }

    private Dataset open(ObjectStore store) throws IOException {
        return Dataset.open(session, store);
    }

    private FaultDriver driver() {
        return new FaultDriver(session, folder);
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

    /// A store that tries again by itself answers "exists" when its first try has arrived: nobody but we has won.
    @Test
    void aCommitThatIsAnsweredAsLostIsFoundEvenWhenTheTimeIsUp() throws IOException {
        for (int maxAttempts : new int[] {1, 20}) {
            MemoryObjectStore store = new MemoryObjectStore();
            Dataset table = create(store);
            FaultyObjectStore faulty = new FaultyObjectStore(
                    store,
                    request -> request.kind() == Kind.PUT_IF_ABSENT ? new Fault.Duplicate() : new Fault.None());
            TableContext context = new TableContext(session, faulty);
            ManifestStore.Location location = context.manifests().latest().orElseThrow();
            Operation append = new Operation.Append(table.writeFragments(TestRows.reader(session, 5, 1)));
            Committer.Base committed = new Committer(
                            context, new CommitOptions(maxAttempts, true, null, false, Map.of()), Duration.ZERO)
                    .commit(
                            Committer.Base.newest(location, table.manifest()),
                            new Proposal(Transaction.of(1, append, Map.of()), null));
            assertEquals(2, committed.manifest().version());
            assertEquals(ids(0, 1, 2, 3, 4, 5), TestRows.ids(Dataset.open(session, store)));
        }
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
