// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CommitConflictException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.commit.Operation;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.ColumnAlteration;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.RowAddressSet;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.search.Database;
import dev.joust.search.NoSuchTableException;
import dev.joust.search.Table;
import dev.joust.search.TableExistsException;

/// Puts rows into the picture table and takes them out, so that no id ever has two rows.
///
/// An append is committed only on top of the very version whose ids were looked at. If anybody, in this process or
/// another, committed first, the ids that came are read, rows that have become superfluous are dropped, and the rest
/// is tried again. Threads that come while a commit is under way wait for the next one, which takes the rows of all
/// of them. Thread-safe.
public final class PictureWriter {
    private static final System.Logger LOG = System.getLogger(PictureWriter.class.getName());
    private static final int MAX_ATTEMPTS = 200;
    private static final int MAX_ATTEMPTS_TO_WIDEN = 10;
    private static final int MAX_BACKOFF_MILLIS = 100;
    /// Rows of one commit at most, so that its memory is bounded however many threads wait.
    private static final int MAX_GROUP_ROWS = 10_000;
    private static final ObjectPath DATA_FOLDER = ObjectPath.of("data");

    /// What became of a row.
    ///
    /// @param added   false if there was one of that id
    /// @param version in which the row is there
    public record Outcome(boolean added, long version) {}

    /// A row on its way. Everything but the row is guarded by {@link #lock}.
    private static final class Pending {
        private final PictureRow row;
        private @Nullable Outcome outcome;
        private @Nullable Exception failure;

        private Pending(PictureRow row) {
            this.row = row;
        }

        private boolean isDone() {
            return outcome != null || failure != null;
        }
    }

    private final Database database;
    private final String tableName;
    private final ObjectStore tableStore;
    private final ColumnModels models;
    private final PictureIndex index = new PictureIndex();
    private final ConcurrentLinkedQueue<Pending> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    /// Null while there is none. Written under {@link #lock}.
    private volatile @Nullable Table table;
    /// The version that the index stands at. Written under {@link #lock}.
    private volatile @Nullable Dataset dataset;

    /// @param database   stays the caller's
    /// @param tableStore the table's folder
    public PictureWriter(Database database, String tableName, ObjectStore tableStore, ColumnModels models) {
        this.database = database;
        this.tableName = tableName;
        this.tableStore = tableStore;
        this.models = models;
    }

    /// The table at its newest version, whoever wrote it; empty while there is none.
    ///
    /// @throws IllegalArgumentException if it is a table of another kind, or of vectors of another dimension
    public Optional<Table> latest() {
        Table known = table;
        return known == null ? openIfPresent() : Optional.of(known.refresh());
    }

    /// Whether there may be a row of that id, as far as this process knows. Costs nothing; {@link #find} tells.
    public boolean mayHold(String id) {
        return dataset == null || index.contains(id);
    }

    /// The version in which a row of that id is there now; empty if none is.
    public Optional<Long> find(String id) throws IOException {
        lock.lock();
        try {
            Table present = latest().orElse(null);
            if (present == null) {
                return Optional.empty();
            }
            Dataset latest = refresh(present);
            return index.contains(id) ? Optional.of(latest.version()) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// Whether the version that this process stood at last has a row of that id. Costs nothing.
    public boolean knows(String id) {
        return index.contains(id);
    }

    /// The version that this process stood at last; 0 where there is none.
    public long knownVersion() {
        Dataset known = dataset;
        return known == null ? 0 : known.version();
    }

    /// Learns the ids of the newest version, so that {@link #knows} knows them.
    public void catchUp() throws IOException {
        lock.lock();
        try {
            Table present = latest().orElse(null);
            if (present != null) {
                refresh(present);
            }
        } finally {
            lock.unlock();
        }
    }

    /// A row as it is in a version.
    ///
    /// @param row all its columns, by name
    public record FoundRow(long version, Map<String, @Nullable Object> row) {}

    /// The row of an id in the newest version.
    public Optional<FoundRow> row(String id) throws IOException {
        lock.lock();
        try {
            Table present = latest().orElse(null);
            if (present == null) {
                return Optional.empty();
            }
            Dataset latest = refresh(present);
            long[] rows = index.rowAddresses(id);
            return rows.length == 0
                    ? Optional.empty()
                    : Optional.of(new FoundRow(latest.version(), row(latest, rows[0])));
        } finally {
            lock.unlock();
        }
    }

    /// Adds a row unless there is one of its id. When it returns, the row is as durable as the store was asked to be.
    public Outcome add(PictureRow row) throws IOException {
        return addAll(List.of(row)).getFirst();
    }

    /// Adds the rows of which there is none of their id, many in a version.
    ///
    /// @return what became of each, in order
    public List<Outcome> addAll(List<PictureRow> rows) throws IOException {
        List<Pending> own = rows.stream().map(Pending::new).toList();
        waiting.addAll(own);
        lock.lock();
        try {
            for (Pending pending : own) {
                while (!pending.isDone()) {
                    commitGroup();
                }
            }
        } finally {
            lock.unlock();
        }
        List<Outcome> outcomes = new ArrayList<>(own.size());
        for (Pending pending : own) {
            outcomes.add(outcome(pending));
        }
        return outcomes;
    }

    private static Outcome outcome(Pending pending) throws IOException {
        return switch (pending.failure) {
            case null -> Objects.requireNonNull(pending.outcome);
            case IOException e -> throw new IOException(e.getMessage(), e);
            case Exception e -> throw e instanceof RuntimeException known ? known : new IllegalStateException(e);
        };
    }

    private void commitGroup() {
        List<Pending> group = new ArrayList<>();
        for (Pending next = waiting.poll(); next != null; next = waiting.poll()) {
            group.add(next);
            if (group.size() == MAX_GROUP_ROWS) {
                break;
            }
        }
        try {
            commit(group);
        } catch (IOException | RuntimeException e) {
            for (Pending pending : group) {
                if (!pending.isDone()) {
                    pending.failure = e;
                }
            }
        }
    }

    private void commit(List<Pending> group) throws IOException {
        List<Fragment> written = List.of();
        List<String> writtenIds = List.of();
        @Nullable Schema writtenSchema = null;
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Table present = table == null ? openOrCreate() : table;
            Dataset current = widened(present, dataset == null ? refresh(present) : dataset);
            Map<String, Pending> firstOfId = settleThoseThatAreThere(group, current.version());
            if (firstOfId.isEmpty()) {
                deleteFiles(written);
                return;
            }
            List<String> ids = List.copyOf(firstOfId.keySet());
            // Files name columns by number: those of a column that was dropped and came again are of nothing any more
            if (!ids.equals(writtenIds) || !current.schema().equals(writtenSchema)) {
                deleteFiles(written);
                List<PictureRow> rows = firstOfId.values().stream().map(pending -> pending.row).toList();
                written = current.writeFragments(PictureTable.reader(database.session(), current.schema(), rows));
                writtenIds = ids;
                writtenSchema = current.schema();
            }
            try {
                Dataset committed = current.commitOnlyOnThis(new Operation.Append(written));
                adopt(present, current, committed, ids);
                firstOfId.values().forEach(pending -> pending.outcome = new Outcome(true, committed.version()));
                settleThoseThatAreThere(group, committed.version());
                return;
            } catch (CommitConflictException e) {
                if (!e.retryable()) {
                    throw e;
                }
                backOff(attempt);
                refresh(present);
            }
        }
        throw new CommitConflictException("pictures could not be added to " + tableStore.root() + ": others were first "
                + MAX_ATTEMPTS + " times", true);
    }

    /// The rows still to be written: those whose id the table does not hold, the first of each id.
    private Map<String, Pending> settleThoseThatAreThere(List<Pending> group, long version) {
        Map<String, Pending> firstOfId = new LinkedHashMap<>();
        for (Pending pending : group) {
            if (pending.isDone()) {
                continue;
            }
            if (index.contains(pending.row.id())) {
                pending.outcome = new Outcome(false, version);
            } else {
                firstOfId.putIfAbsent(pending.row.id(), pending);
            }
        }
        return firstOfId;
    }

    /// Takes over a version that this process made by appending those ids to `before`.
    private void adopt(Table present, Dataset before, Dataset committed, List<String> ids) throws IOException {
        List<Fragment> added = committed.manifest().fragments().stream()
                .filter(fragment -> before.manifest().fragment(fragment.id()).isEmpty())
                .toList();
        if (added.size() == 1 && added.getFirst().physicalRowCount() == ids.size()) {
            index.add(added.getFirst(), ids);
            stand(present, committed);
        } else {
            adopt(present, committed);
        }
    }

    /// Takes over a version that this process made.
    private void adopt(Table present, Dataset committed) throws IOException {
        index.advanceTo(committed);
        stand(present, committed);
    }

    private void stand(Table present, Dataset committed) {
        dataset = committed;
        present.adopt(committed);
    }

    /// The table, with the columns of metadata; empty while there is none.
    Optional<Table> widen() throws IOException {
        lock.lock();
        try {
            Optional<Table> present = latest();
            if (present.isPresent()) {
                widened(present.get(), refresh(present.get()));
            }
            return present;
        } finally {
            lock.unlock();
        }
    }

    /// Gives a table that was made without them the columns of metadata, and lets columns of other programs be null, of
    /// which the library knows nothing to say: otherwise no picture could be added any more.
    private Dataset widened(Table present, Dataset start) throws IOException {
        Dataset current = start;
        for (int attempt = 0; ; attempt++) {
            Optional<Schema> missing = PictureTable.missingColumns(current.schema());
            List<ColumnAlteration> relaxed = PictureTable.requiredColumnsOfOthers(current.schema()).stream()
                    .map(column -> ColumnAlteration.of(column).setNullable(true))
                    .toList();
            if (missing.isEmpty() && relaxed.isEmpty()) {
                return current;
            }
            try {
                Dataset changed = relaxed.isEmpty() ? current : current.evolution().alterColumns(relaxed);
                if (missing.isPresent()) {
                    changed = changed.evolution().addNullColumns(missing.get());
                }
                adopt(present, changed);
                current = changed;
            } catch (IllegalArgumentException | CommitConflictException e) {
                // Somebody else may have been quicker, with the same or another change of the columns
                if (attempt == MAX_ATTEMPTS_TO_WIDEN) {
                    throw e;
                }
                backOff(attempt);
                current = refresh(present);
            }
        }
    }

    /// Deletes the rows of an id.
    ///
    /// @return whether there was one
    public boolean delete(String id) throws IOException {
        return onRowsOf(id, "deleted from", this::refresh, (present, latest, rows) -> {
                    adopt(present, latest.deleteRows(RowAddressSet.of(rows), "id = '" + id + "'"));
                    return true;
                })
                .isPresent();
    }

    /// Changes the row of an id.
    ///
    /// @param change of all its columns, by name; asked again where others were in the way
    /// @return the row as it is now; empty if there was none
    public Optional<Map<String, @Nullable Object>> replace(String id, Consumer<Map<String, @Nullable Object>> change)
            throws IOException {
        return onRowsOf(id, "changed in", present -> widened(present, refresh(present)), (present, latest, rows) -> {
            Map<String, @Nullable Object> row = row(latest, rows[0]);
            change.accept(row);
            adopt(present, latest.replaceRows(
                    RowAddressSet.of(rows), PictureTable.reader(database.session(), latest.schema(), row)));
            return row;
        });
    }

    /// The version that a change is made from.
    private interface Start {
        Dataset of(Table present) throws IOException;
    }

    /// A change of the rows at some addresses of a version.
    private interface RowWork<T> {
        T on(Table present, Dataset latest, long[] rows) throws IOException;
    }

    /// Does the work on the rows of an id, again where others were first; empty if there are none.
    private <T> Optional<T> onRowsOf(String id, String done, Start start, RowWork<T> work) throws IOException {
        lock.lock();
        try {
            for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
                Table present = latest().orElse(null);
                if (present == null) {
                    return Optional.empty();
                }
                Dataset latest = start.of(present);
                long[] rows = index.rowAddresses(id);
                if (rows.length == 0) {
                    return Optional.empty();
                }
                try {
                    return Optional.of(work.on(present, latest, rows));
                } catch (CommitConflictException e) {
                    if (!e.retryable()) {
                        throw e;
                    }
                    backOff(attempt);
                }
            }
            throw new CommitConflictException("'" + id + "' could not be " + done + " " + tableStore.root()
                    + ": others were first " + MAX_ATTEMPTS + " times", true);
        } finally {
            lock.unlock();
        }
    }

    private static Map<String, @Nullable Object> row(Dataset dataset, long address) throws IOException {
        List<String> columns = dataset.schema().fields().stream().map(Field::name).toList();
        try (Batch batch = dataset.takeToWrite(new long[] {address}, columns)) {
            return ColumnValues.rows(batch).getFirst();
        }
    }

    /// Brings index and dataset to the newest version; to be called under {@link #lock}.
    private Dataset refresh(Table present) throws IOException {
        Dataset latest = present.refresh().dataset();
        index.advanceTo(latest);
        table = present;
        dataset = latest;
        return latest;
    }

    private Table openOrCreate() {
        Optional<Table> present = openIfPresent();
        if (present.isEmpty()) {
            try {
                return database.createTable(tableName, newSchema());
            } catch (CommitConflictException | TableExistsException e) {
                // Somebody else was quicker
                present = openIfPresent();
                if (present.isEmpty()) {
                    throw e;
                }
            }
        }
        return present.get();
    }

    private Schema newSchema() {
        return PictureTable.schema(
                models.main().dimension(), ModelMark.of(models.main()).toMetadata());
    }

    private Optional<Table> openIfPresent() {
        Table opened;
        try {
            opened = database.openTable(tableName);
        } catch (NoSuchTableException e) {
            return Optional.empty();
        }
        int found = PictureTable.dimension(opened.schema());
        int dimension = models.main().dimension();
        if (found != dimension) {
            throw new IllegalArgumentException("the table " + tableStore.root() + " holds vectors of " + found
                    + " floats, the model gives " + dimension + ": it was made with another model");
        }
        models.check(opened.schema());
        return Optional.of(opened);
    }

    /// Best effort: files that no version names are in nobody's way.
    private void deleteFiles(List<Fragment> fragments) {
        for (Fragment fragment : fragments) {
            for (DataFile file : fragment.files()) {
                try {
                    tableStore.delete(DATA_FOLDER.resolve(file.path()));
                } catch (IOException e) {
                    LOG.log(Level.DEBUG, "a superfluous file stays", e);
                }
            }
        }
    }

    private static void backOff(int attempt) throws InterruptedIOException {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(1 + Math.min(MAX_BACKOFF_MILLIS, 2 << Math.min(attempt, 6))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a commit waited to try again");
        }
    }
}
