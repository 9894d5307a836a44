// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CommitConflictException;
import dev.joust.format.CorruptFileException;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.ScanOptions;
import dev.joust.format.table.TestRows;
import dev.joust.format.table.VersionInfo;
import dev.joust.io.Durability;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.Fault;
import dev.joust.io.internal.wrap.FaultyObjectStore;
import dev.joust.io.internal.wrap.StoreRequest;
import dev.joust.io.internal.wrap.StoreRequest.Kind;
import dev.joust.io.store.LocalObjectStore;
import dev.joust.io.store.MemoryObjectStore;

/// Lets each single request of a change to a table go wrong, in every way, one after the other, and looks each time
/// whether the table is as before or as after, and whether the caller was told which.
///
/// What it looks at is everything there is: every version's rows, the schema, config, and the references. What it
/// can't see, files that no version refers to, is what a failure may leave behind.
public final class FaultDriver {
    /// Folder below the table's where a clone of it is looked for.
    public static final String CLONE = "clone";

    private static final int FEWEST_REQUESTS = 3;
    private static final List<Fault> FAULTS = List.of(
            new Fault.Fail(),
            new Fault.LoseAnswer(),
            new Fault.Duplicate(),
            new Fault.Delay(Duration.ofMillis(1)),
            new Fault.Truncate(0),
            new Fault.Truncate(21));
    /// The local store differs in how it finds versions, not in how it fails; S3 in what a request takes.
    private static final List<Fault> LOCAL_FAULTS = List.of(new Fault.Fail(), new Fault.LoseAnswer(), new Fault.Truncate(21));

    private static final @Nullable String S3_ENDPOINT = System.getProperty("joust.s3.endpoint");

    private final Session session;
    private final Path folder;
    private boolean inParts;

    /// @param folder for tables of a local store; each is another folder in it
    public FaultDriver(Session session, Path folder) {
        this.session = session;
        this.folder = folder;
    }

    /// Something done to the table at the root of a store.
    @FunctionalInterface
    public interface Change {
        void apply(ObjectStore store) throws IOException;
    }

    /// Drives a change in a store that lists in order, and in one that does not, where a hint names the latest version.
    ///
    /// @param before makes the table, or null for none
    /// @param change what is to be whole or not there; when it has done its work at its last request, it returns
    public void drive(@Nullable Change before, Change change) throws IOException {
        for (boolean local : new boolean[] {false, true}) {
            drive(before, List.of(change), local);
        }
    }

    /// Drives changes that follow one another: the table may also be as it is between them.
    public void drive(@Nullable Change before, List<Change> changes) throws IOException {
        for (boolean local : new boolean[] {false, true}) {
            drive(before, changes, local);
        }
    }

    /// Drives a change that may be seen in parts, but changes no row: versions may have come or gone when it failed. Those
    /// that are there are whole.
    public void driveInParts(Change before, Change change) throws IOException {
        inParts = true;
        drive(before, change);
    }

    private void drive(@Nullable Change before, List<Change> changes, boolean local) throws IOException {
        List<Object> states = new ArrayList<>();
        ObjectStore untouched = newStore(local);
        if (before != null) {
            before.apply(untouched);
        }
        states.add(look(untouched));
        for (Change change : changes) {
            change.apply(untouched);
            states.add(look(untouched));
        }
        for (Fault fault : local || S3_ENDPOINT != null ? LOCAL_FAULTS : FAULTS) {
            long struck = 0;
            long requests;
            do {
                struck++;
                requests = strike(before, changes, local, fault, struck, states);
            } while (struck <= requests);
            assertTrue(struck > FEWEST_REQUESTS, fault + ": " + struck + " requests");
        }
    }

    /// Requests that the changes made.
    private long strike(@Nullable Change before, List<Change> changes, boolean local, Fault fault, long number, List<Object> states)
            throws IOException {
        ObjectStore store = newStore(local);
        if (before != null) {
            before.apply(store);
        }
        String[] struck = {"nothing"};
        FaultyObjectStore faulty = new FaultyObjectStore(store, request -> {
            if (request.number() != number || isAtomic(request, fault)) {
                return new Fault.None();
            }
            struck[0] = request.kind() + " " + request.path();
            return fault;
        });
        int done = 0;
        Exception failure = null;
        try {
            for (Change change : changes) {
                change.apply(faulty);
                done++;
            }
        } catch (IOException | UncheckedIOException | CorruptFileException e) {
            failure = e;
        }
        String what = (local ? "local, " : "") + fault + " at request " + number + " (" + struck[0] + ")";
        check(store, states, done, failure, what);
        if (failure != null) {
            for (Change change : changes.subList(done, changes.size())) {
                again(store, change, what);
            }
            assertEquals(rowsOf(states.getLast()), rowsOf(look(store)), what + ", and done again: " + failure);
        }
        long requests = faulty.requestCount();
        store.close();
        return requests;
    }

    private void check(ObjectStore store, List<Object> states, int done, @Nullable Exception failure, String what)
            throws IOException {
        Object found = look(store);
        if (failure == null) {
            assertEquals(states.getLast(), found, what);
            return;
        }
        if (failure instanceof CommitStatusUnknownException) {
            throw new AssertionError(what + ": one failure leaves nothing open", failure);
        }
        if (inParts) {
            assertEquals(rowsOf(states.get(done)), rowsOf(found), what + ": told that it failed: " + failure);
            return;
        }
        assertEquals(states.get(done), found, what + ": told that it failed: " + failure);
        assertNotEquals(states.get(done + 1), found, what + ": told that it failed, and it is there");
        assertTrue(failure instanceof CorruptFileException || saysWhy(failure), what + ": " + failure);
    }

    /// Whether it is the fault that was injected, or a read that was cut short by it.
    private static boolean saysWhy(Throwable failure) {
        return failure instanceof EOFException
                || String.valueOf(failure.getMessage()).contains("injected")
                || (failure.getCause() != null && saysWhy(failure.getCause()));
    }

    private static void again(ObjectStore store, Change change, String what) throws IOException {
        try {
            change.apply(store);
        } catch (CommitConflictException e) {
            throw new AssertionError(what + ": can't be done again", e);
        }
    }

    /// A put-if-absent makes a whole object or none, and a put leaves the old or the new one: that is what a store promises.
    /// Of new files, which nobody knows yet, less is expected.
    private static boolean isAtomic(StoreRequest request, Fault fault) {
        return fault instanceof Fault.Truncate
                && (request.kind() == Kind.PUT_IF_ABSENT
                        || (request.kind() == Kind.PUT && request.path().value().startsWith("_refs")));
    }

    /// With `-Djoust.s3.endpoint=http://host:port` (`.ci/s3-tests`) a bucket's folder stands in for memory.
    private ObjectStore newStore(boolean local) throws IOException {
        if (!local && S3_ENDPOINT != null) {
            return ObjectStores.open("s3://joust-test/faults-" + UUID.randomUUID(), Map.of(
                    "endpoint", S3_ENDPOINT, "allow_http", "true", "region", "us-east-1",
                    "access_key_id", "test", "secret_access_key", "test-secret"));
        }
        return local
                ? new LocalObjectStore(Files.createTempDirectory(folder, "table"), Durability.NONE)
                : new MemoryObjectStore();
    }

    private static @Nullable Object rowsOf(Object state) {
        return ((Map<?, ?>) state).get("rows");
    }

    /// What a table holds: its versions with their rows, and its references.
    private Map<String, Object> look(ObjectStore store) throws IOException {
        Map<String, Object> state = new LinkedHashMap<>();
        if (!Dataset.exists(store)) {
            return state;
        }
        Dataset latest = Dataset.open(session, store);
        state.put("rows", rows(latest));
        state.put("schema", latest.schema().toString());
        state.put("config", new TreeMap<>(latest.config()));
        for (VersionInfo version : latest.versions()) {
            state.put("version " + version.version() + " " + version.operation(), rows(Dataset.openAt(session, store, version.version())));
        }
        for (ObjectMeta reference : store.list(ObjectPath.of("_refs"))) {
            state.put(reference.path().toString(), "reference");
        }
        latest.refs().tags().list().forEach((name, tag) -> state.put("tag " + name, tag.version()));
        ObjectStore clone = ObjectStores.below(store, ObjectPath.of(CLONE));
        if (Dataset.exists(clone)) {
            look(clone).forEach((what, value) -> state.put("clone: " + what, value));
        }
        return state;
    }

    private static List<String> rows(Dataset dataset) throws IOException {
        List<String> rows = new ArrayList<>();
        for (Map<String, @Nullable Object> row : TestRows.rows(dataset.scan(ScanOptions.ALL))) {
            rows.add(new TreeMap<>(printable(row)).toString());
        }
        return rows;
    }

    private static Map<String, String> printable(Map<String, @Nullable Object> row) {
        Map<String, String> printable = new TreeMap<>();
        row.forEach((name, value) -> printable.put(
                name, value instanceof Object[] array ? List.of(array).toString() : value instanceof float[] floats ? java.util.Arrays.toString(floats) : String.valueOf(value)));
        return printable;
    }
}
