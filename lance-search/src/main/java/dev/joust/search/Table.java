// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.refs.Branch;
import dev.joust.format.refs.Ref;
import dev.joust.format.refs.Tag;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.CleanupPlan;
import dev.joust.format.table.CleanupPolicy;
import dev.joust.format.table.CleanupStats;
import dev.joust.format.table.ColumnAlteration;
import dev.joust.format.table.Compacted;
import dev.joust.format.table.CompactionMetrics;
import dev.joust.format.table.CompactionOptions;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.MetadataUpdate;
import dev.joust.format.table.VersionInfo;
import dev.joust.index.IndexBuildOptions;
import dev.joust.index.IndexOptimization;
import dev.joust.index.VectorIndexSpec;
import dev.joust.io.ObjectStore;
import dev.joust.search.expr.ExpressionEvaluator;
import dev.joust.search.expr.ExpressionParser;
import dev.joust.search.internal.exec.ComputedColumns;
import dev.joust.search.internal.exec.DeleteExecution;
import dev.joust.search.internal.exec.QueryPlan;
import dev.joust.search.internal.exec.Scans;
import dev.joust.search.internal.exec.Unchecked;
import dev.joust.search.internal.exec.UpdateExecution;
import dev.joust.search.internal.rows.RowBatches;

/// A table, or a branch of it, at its latest version that this handle knows, or a view of an older one ({@link #at}).
/// Thread-safe.
///
/// Every write makes a version; the handle sees its own at once, and others' as
/// {@link ConnectOptions#readConsistency} says. Writes go on top of what others wrote meanwhile, and fail with
/// {@link dev.joust.format.CommitConflictException} where both do not go together.
public final class Table {
    private final Database database;
    private final String name;
    private final ObjectStore store;
    private final AtomicReference<Dataset> current;
    /// When it was last asked for newer versions.
    private volatile long askedAtNanos;

    private final boolean readOnly;
    private final TableWrites writes;

    Table(
            Database database,
            String name,
            ObjectStore store,
            Dataset dataset,
            boolean readOnly,
            TableWrites writes) {
        this.database = database;
        this.name = name;
        this.store = store;
        this.current = new AtomicReference<>(dataset);
        this.askedAtNanos = System.nanoTime();
        this.readOnly = readOnly;
        this.writes = writes;
        if (!readOnly) {
            writes.lane().found(dataset);
        }
    }

    public String name() {
        return name;
    }

    /// The version that reads see now.
    public long version() {
        return dataset().version();
    }

    public Schema schema() {
        return dataset().schema();
    }

    /// The version as the format's own object, for what is not offered here.
    public Dataset dataset() {
        boolean isDue = !readOnly
                && database.options().readConsistency().isDue(System.nanoTime() - askedAtNanos);
        return isDue ? refreshed() : current.get();
    }

    /// Takes over a version that was made of {@link #dataset} by the format's own means: reads of this handle see it, and
    /// maintenance hears of it.
    ///
    /// @return its number
    /// @throws IllegalArgumentException if it is of another table, or this is a read-only view
    public long adopt(Dataset committed) {
        if (!committed.uri().equals(writable().uri())) {
            throw new IllegalArgumentException(committed + " is no version of table '" + name + "'");
        }
        return advanced(committed);
    }

    /// Goes to the newest version. One listing, and one get if there is a newer one.
    ///
    /// @return this
    public Table refresh() {
        if (!readOnly) {
            refreshed();
        }
        return this;
    }

    private Dataset refreshed() {
        long now = System.nanoTime();
        Dataset before = current.get();
        Dataset next = Unchecked.open("table '" + name + "'", before::refresh);
        askedAtNanos = now;
        writes.lane().found(next);
        if (next.version() < before.version()) { // the table was dropped and created again
            current.compareAndSet(before, next);
            return current.get();
        }
        return advance(next);
    }

    /// Never back: another thread may have come further.
    private Dataset advance(Dataset next) {
        return current.accumulateAndGet(next, (one, other) -> one.version() > other.version() ? one : other);
    }

    /// Adds records or maps. When this returns they are there, durably. What several threads add at the same time goes into
    /// one version together, and takes about as long as what one of them adds.
    ///
    /// Columns that a row does not name are null. Vectors ({@link VectorSchemaRoot}) and batches may
    /// stand among them.
    ///
    /// @return the version that has them
    /// @throws IllegalArgumentException naming row and column, if a row does not fit; then none is added
    public long add(List<?> rows) {
        return add(rows.iterator());
    }

    /// Adds records or maps, read one after the other as they are written: they need not fit into memory. Vectors (which
    /// stay the caller's, and may be filled anew for each turn) and batches (closed here) may stand among them.
    public long add(Iterator<?> rows) {
        Dataset base = writable();
        return add(RowBatches.ofRows(rows, base.schema(), database.memory()));
    }

    /// As {@link #add(Iterator)}; the stream is closed here.
    public long add(Stream<?> rows) {
        try (rows) {
            return add(rows.iterator());
        }
    }

    /// Adds the batches of an Arrow stream or file; the reader is closed here.
    public long add(ArrowReader rows) {
        Dataset base = writable();
        return add(Unchecked.io(() -> RowBatches.ofReader(rows, base.schema(), database.memory())));
    }

    /// Adds the rows of vectors, which stay the caller's.
    public long add(VectorSchemaRoot rows) {
        Batch batch = RowBatches.ofArrow(rows, writable().schema(), database.memory());
        return add(RowBatches.of(batch.schema(), List.of(batch)));
    }

    /// Adds batches; the reader is closed here.
    public long add(BatchReader rows) {
        Dataset base = writable();
        boolean alone = database.options().writeOptions().onlyOnReadVersion();
        return advanced(Unchecked.io(
                () -> alone ? base.append(rows) : writes.lane().add(base, rows)));
    }

    /// Deletes the rows of the newest version for which the condition is true; `true` empties the table. Makes a version
    /// even where no row passes, as Python Lance does. Done again where others changed the same rows meanwhile.
    ///
    /// @param parameters for the `?` of the condition
    /// @return how many there were
    /// @throws dev.joust.format.CommitConflictException if others kept changing the same rows
    public long delete(String condition, Object... parameters) {
        QueryPlan.Condition where = new QueryPlan.Condition(condition, Arrays.asList(parameters));
        DeleteExecution execution = new DeleteExecution(where, database.options().dialect());
        DeleteExecution.Outcome outcome = Unchecked.io(() -> execution.run(writable()));
        advanced(outcome.dataset());
        return outcome.deletedCount();
    }

    /// Sets columns of all rows. See {@link #update(String, Map, Object...)}.
    public UpdateResult update(Map<String, String> set) {
        return update(null, set);
    }

    /// Sets columns of the rows of the newest version for which the condition is true. The rows move to the end of the
    /// table. Makes a version even where no row passes, as Python Lance does. Done again where others changed the same rows
    /// meanwhile.
    ///
    /// @param set        by column, an expression over the old values: `Map.of("price", "price * 2", "name", "'none'")`; its
    ///                   value is cast to the column's type
    /// @param parameters for the `?` of the condition
    /// @throws IllegalArgumentException if there is no such column, or a value does not fit it
    /// @throws dev.joust.format.CommitConflictException if others kept changing the same rows
    public UpdateResult update(@Nullable String condition, Map<String, String> set, Object... parameters) {
        QueryPlan.Condition where =
                condition == null ? null : new QueryPlan.Condition(condition, Arrays.asList(parameters));
        UpdateExecution execution = new UpdateExecution(where, set, database.options().dialect());
        UpdateExecution.Outcome outcome = Unchecked.io(() -> execution.run(writable()));
        advanced(outcome.dataset());
        return new UpdateResult(
                outcome.updatedCount(), outcome.attempts(), outcome.dataset().version());
    }

    /// Starts a merge by key: rows that are here already are updated, the others inserted, as told.
    ///
    /// @param keys columns that tell rows apart
    public Merge merge(String... keys) {
        return Merge.of(this, List.of(keys));
    }

    /// The rows nearest to a vector.
    public Query search(float[] vector) {
        return Query.of(this).nearestTo(vector);
    }

    /// The rows nearest to several vectors, in a column with several vectors a row: for each vector of the query the nearest of
    /// the row counts, and these distances are added.
    public Query search(float[][] vectors) {
        return Query.of(this).nearestTo(vectors);
    }

    /// The rows nearest to each of several vectors, as so many searches would find them, in one answer: `query_index`
    /// (int32, the first column) says which vector a row is near to. Limit and offset are those of each search; the
    /// session's workers share the searches.
    ///
    /// @param vectors at least one, all of the same length
    public Query searchEach(List<float[]> vectors) {
        return Query.of(this).nearestToEach(vectors);
    }

    /// The rows nearest to words, through the embedder registered for this table
    /// ({@link Database#registerEmbedder}).
    public Query search(String words) {
        Embedder embedder = database.embedder(name);
        if (embedder == null) {
            throw new IllegalArgumentException(
                    "no embedder is registered for table '" + name + "': words cannot be searched");
        }
        return Query.of(this).nearestTo(words, embedder.embed(List.of(words)).getFirst());
    }

    /// Rows without a vector to be near to, in the table's order.
    public Query query() {
        return Query.of(this);
    }

    /// Costs nothing: the manifest knows.
    public long countRows() {
        return dataset().countRows();
    }

    /// Rows for which the condition is true.
    public long countRows(String condition, Object... parameters) {
        Dataset dataset = dataset();
        ExpressionEvaluator predicate = predicate(dataset, condition, parameters);
        return Unchecked.io(() -> Scans.count(dataset, predicate));
    }

    /// Every version that is kept, ascending.
    public List<VersionInfo> versions() {
        return Unchecked.io(() -> current.get().versions());
    }

    /// The numbers of the versions that are kept, ascending. One listing, however many there are.
    public List<Long> versionNumbers() {
        return Unchecked.io(() -> current.get().versionNumbers());
    }

    /// What the version that reads see now is. One get, of what made it.
    public VersionInfo versionInfo() {
        Dataset dataset = dataset();
        return Unchecked.io(dataset::versionInfo);
    }

    /// A read-only view of the version that reads see now: it stays there. No request.
    public Table frozen() {
        return new Table(database, name, store, dataset(), true, writes);
    }

    /// A read-only view of a version of this table's branch.
    ///
    /// @throws NoSuchTableException if there is no such version
    public Table at(long version) {
        return view("version " + version, Ref.version(version));
    }

    /// A read-only view of the version that a tag names, on whatever branch.
    ///
    /// @throws dev.joust.format.refs.NoSuchRefException if there is no such tag
    public Table at(String tag) {
        return view("tag '" + tag + "'", Ref.tag(tag));
    }

    private Table view(String what, Ref ref) {
        return new Table(database, name, store, checkedOut(what, ref), true, writes);
    }

    private Dataset checkedOut(String what, Ref ref) {
        return Unchecked.open(
                what + " of table '" + name + "'", () -> current.get().checkout(ref));
    }

    /// All tags, of all branches, by name.
    public SortedMap<String, Tag> tags() {
        return Unchecked.io(() -> current.get().refs().tags().list());
    }

    /// Names the version that reads see now, which is then kept from being cleaned up.
    ///
    /// @throws dev.joust.format.refs.RefConflictException if the name is taken
    public Tag createTag(String tag) {
        Dataset dataset = dataset();
        return Unchecked.io(() -> dataset.refs().tags().create(tag, dataset.branch(), dataset.version()));
    }

    /// Names a version of this table's branch.
    ///
    /// @throws dev.joust.format.refs.RefConflictException if the name is taken
    /// @throws dev.joust.format.refs.NoSuchRefException   if there is no such version
    public Tag createTag(String tag, long version) {
        Dataset dataset = current.get();
        return Unchecked.io(() -> dataset.refs().tags().create(tag, dataset.branch(), version));
    }

    /// Makes a tag name another version, of this table's branch.
    ///
    /// @throws dev.joust.format.refs.NoSuchRefException if there is no such tag or version
    public Tag moveTag(String tag, long version) {
        Dataset dataset = current.get();
        return Unchecked.io(() -> dataset.refs().tags().update(tag, dataset.branch(), version));
    }

    /// Deletes a tag; the version stays until it is cleaned up.
    ///
    /// @throws dev.joust.format.refs.NoSuchRefException if there is no such tag
    public void deleteTag(String tag) {
        Unchecked.io(() -> {
            current.get().refs().tags().delete(tag);
            return null;
        });
    }

    /// All branches but the main one, by name.
    public SortedMap<String, Branch> branches() {
        return Unchecked.io(() -> current.get().refs().branches().list());
    }

    /// The name of the branch that this handle reads and writes; `main` for the main one.
    public String branch() {
        String branch = current.get().branch();
        return branch == null ? Branch.MAIN : branch;
    }

    /// A branch of this table, to read and write at its newest version.
    ///
    /// @throws dev.joust.format.refs.NoSuchRefException if there is no such branch
    public Table branch(String branch) {
        Dataset dataset = checkedOut("branch '" + branch + "'", Ref.branch(branch));
        return new Table(
                database,
                name,
                store,
                dataset.withOptions(database.options().writeOptions()),
                false,
                writes.ofBranch(branch));
    }

    /// Starts a branch from the version that reads see now; a view of an older one ({@link #at}) starts it there.
    ///
    /// @throws dev.joust.format.refs.RefConflictException if there is a branch of that name
    public Table createBranch(String branch) {
        Dataset from = dataset();
        Dataset first = Unchecked.io(() -> from.createBranch(branch, Ref.version(from.version())));
        writes.forgetBranch(branch);
        return new Table(
                database,
                name,
                store,
                first.withOptions(database.options().writeOptions()),
                false,
                writes.ofBranch(branch));
    }

    /// Deletes a branch with its versions.
    ///
    /// @throws dev.joust.format.refs.NoSuchRefException   if there is no such branch
    /// @throws dev.joust.format.refs.RefConflictException if tags name versions of it, or other branches start from it
    public void deleteBranch(String branch) {
        Unchecked.io(() -> {
            current.get().refs().branches().delete(branch);
            return null;
        });
    }

    /// Makes the content of an older version of this table's branch the newest.
    ///
    /// @return the version that has it
    /// @throws NoSuchTableException if there is no such version
    public long restore(long version) {
        return restored("version " + version, Ref.version(version));
    }

    /// As the other, for the version that a tag names.
    ///
    /// @throws dev.joust.format.refs.NoSuchRefException if there is no such tag
    /// @throws IllegalArgumentException if the tag is on another branch
    public long restore(String tag) {
        return restored("tag '" + tag + "'", Ref.tag(tag));
    }

    private long restored(String what, Ref ref) {
        Dataset base = writable();
        Dataset older = checkedOut(what, ref);
        if (!Objects.equals(older.branch(), base.branch())) {
            throw new IllegalArgumentException(
                    what + " is on another branch than '" + branch() + "', and can't be restored there");
        }
        return advanced(Unchecked.io(older::restore));
    }

    /// Adds columns computed by SQL from the others: `Map.of("total", "price * quantity")`. Rows that others add meanwhile
    /// get their values, too.
    ///
    /// @return the version that has them
    /// @throws IllegalArgumentException naming the place in the expression, or if a column is there already
    public long addColumns(Map<String, String> expressions) {
        ComputedColumns computed = new ComputedColumns(expressions, database.options().dialect());
        return advanced(Unchecked.io(() -> computed.addTo(newest())));
    }

    /// Adds columns that are null in every row. Writes no data. A struct of the table's name holds the fields to be added to
    /// it.
    ///
    /// @param newColumns nullable ones; ids do not count
    public long addColumns(Schema newColumns) {
        return advanced(Unchecked.io(() -> newest().evolution().addNullColumns(newColumns)));
    }

    /// Adds columns whose values come in the order of the newest version's rows, one for each.
    ///
    /// @param values closed here
    /// @throws IllegalArgumentException if there are fewer or more values than rows
    public long addColumns(BatchReader values) {
        return advanced(Unchecked.io(() -> {
            try (values) {
                return newest().evolution().addColumns(values);
            }
        }));
    }

    /// As the other, from an Arrow stream or file; the reader is closed here.
    public long addColumns(ArrowReader values) {
        return addColumns(Unchecked.io(() -> RowBatches.ofReader(values, database.memory())));
    }

    /// Renames columns, makes them nullable or not, or casts them, all in one version:
    /// `alterColumns(ColumnAlteration.of("price").rename("cost").castTo(new LogicalType.FloatingPoint(32)))`. Only casts write
    /// data.
    public long alterColumns(ColumnAlteration... alterations) {
        return advanced(Unchecked.io(() -> newest().evolution().alterColumns(List.of(alterations))));
    }

    /// Drops columns, or fields of structs by their path. Their space is freed by {@link #compact} and {@link #cleanup}.
    public long dropColumns(String... columns) {
        return advanced(Unchecked.io(() -> newest().evolution().dropColumns(List.of(columns))));
    }

    /// Builds an index of a column of vectors: `createIndex("vector", IvfPq.withMetric(COSINE))`. Any number of rows will do:
    /// with too few to train with, the index is a definition that covers nothing, and searches look at every row.
    ///
    /// @param column by name, in any case where that is clear
    /// @return the version that has it
    /// @throws IllegalArgumentException if the column holds no vectors, or has such an index already
    public long createIndex(String column, VectorIndexSpec<?> spec) {
        return createIndex(column, spec, null, false);
    }

    /// As the other, with choices of the caller.
    ///
    /// @param index   its name; null for `<column>_idx`, or with a number behind where that is another's
    /// @param replace whether an index of that name is replaced
    public long createIndex(String column, VectorIndexSpec<?> spec, @Nullable String index, boolean replace) {
        return advanced(Unchecked.io(() -> Indices.create(newest(), column, spec, index, replace)));
    }

    /// As the other, told how far it is, cancelled, or with less memory. A build that does not succeed leaves nothing.
    public long createIndex(
            String column,
            VectorIndexSpec<?> spec,
            @Nullable String index,
            boolean replace,
            IndexBuildOptions options) {
        return advanced(Unchecked.io(() -> Indices.create(newest(), column, spec, index, replace, options)));
    }

    /// Brings all vector indices up to date: rows that they do not cover are added to them, small segments are merged, and
    /// definitions trained for which there are enough rows now. Does nothing where there is nothing to do. Others may read
    /// and write meanwhile.
    ///
    /// @return the version that has them
    public long optimizeIndices() {
        return optimizeIndices(List.of(), IndexOptimization.DEFAULT);
    }

    /// As the other, for some indices, with choices of the caller.
    ///
    /// @param indices by name; empty means all
    /// @throws IllegalArgumentException if there is no such index of vectors
    public long optimizeIndices(List<String> indices, IndexOptimization options) {
        return advanced(Unchecked.io(() -> Indices.optimize(newest(), indices, options).dataset()));
    }

    /// Makes the table fast again: merges small fragments ({@link #compact}), then brings indices up to date
    /// ({@link #optimizeIndices}).
    ///
    /// @return the version that came of it
    public long optimize() {
        compact();
        return optimizeIndices();
    }

    /// Commits segments of an index that were built elsewhere ({@link dev.joust.index.VectorIndexBuilder}).
    ///
    /// @param index   its name
    /// @param replace whether an index of that name is replaced
    /// @return the version that has it
    public long commitIndex(String index, List<IndexMetadata> segments, boolean replace) {
        return advanced(Unchecked.io(() -> Indices.commit(newest(), index, segments, replace)));
    }

    /// All indices, as the version that reads see has them.
    public List<IndexInfo> indices() {
        return Indices.list(dataset());
    }

    /// What the files of an index say about it.
    ///
    /// @throws IllegalArgumentException if there is no such index
    public IndexStats indexStats(String index) {
        return Unchecked.io(() -> Indices.stats(dataset(), index));
    }

    /// How well an index finds the nearest rows and how fast, for some ways to search: takes seconds.
    ///
    /// @param samples rows that are looked for
    /// @param k       neighbours of each
    /// @throws IllegalArgumentException if there is no such index of vectors, or searches do not use it
    public IndexRecall indexRecall(String index, int samples, int k) {
        return Unchecked.io(() -> Indices.recall(dataset(), index, samples, k));
    }

    /// Drops an index. Its files stay until they are cleaned up.
    ///
    /// @return the version without it
    /// @throws IllegalArgumentException if there is no such index
    public long dropIndex(String index) {
        return advanced(Unchecked.io(() -> Indices.drop(newest(), index)));
    }

    /// Changes the table's config, such as `lance.auto_cleanup.interval`.
    public long updateConfig(MetadataUpdate update) {
        return advanced(Unchecked.io(() -> writable().updateConfig(update)));
    }

    /// Changes the table's metadata for users.
    public long updateMetadata(MetadataUpdate update) {
        return advanced(Unchecked.io(() -> writable().updateTableMetadata(update)));
    }

    /// Changes the metadata of the schema.
    public long updateSchemaMetadata(MetadataUpdate update) {
        return advanced(Unchecked.io(() -> writable().updateSchemaMetadata(update)));
    }

    /// Changes the metadata of a column, or of a field by its path.
    public long updateFieldMetadata(String column, MetadataUpdate update) {
        return advanced(Unchecked.io(() -> newest().updateFieldMetadata(Map.of(column, update))));
    }

    /// Deletes every row. Reads and writes no data.
    public long truncate() {
        return advanced(Unchecked.io(() -> newest().deleteAllRows()));
    }

    /// Merges small fragments and leaves deleted rows behind, as the table's config says. Does nothing where there is
    /// nothing to do. Others may read and append meanwhile.
    public CompactionMetrics compact() {
        Dataset newest = newest();
        return compact(Unchecked.io(() -> CompactionOptions.ofConfig(newest.config())));
    }

    /// As the other, with choices of the caller. Vector indices follow the rows, whether the options name what moves them or not.
    public CompactionMetrics compact(CompactionOptions options) {
        return compacted(Unchecked.io(() -> newest().upkeep().compact(Indices.remapped(options))));
    }

    private CompactionMetrics compacted(Compacted compacted) {
        advanced(compacted.dataset());
        return compacted.metrics();
    }

    /// Deletes versions that are older, and the files that no version needs. The newest version stays, and those that tags
    /// or branches need.
    ///
    /// @throws IllegalArgumentException if an older version is tagged
    public CleanupStats cleanup(Duration olderThan) {
        return cleanup(CleanupPolicy.olderThan(olderThan));
    }

    /// As the other, with choices of the caller.
    public CleanupStats cleanup(CleanupPolicy policy) {
        return Unchecked.io(() -> newest().upkeep().cleanup(policy));
    }

    /// What a cleanup would delete now.
    public CleanupPlan planCleanup(CleanupPolicy policy) {
        return Unchecked.io(() -> newest().upkeep().planCleanup(policy));
    }

    /// What a change starts from that must see all rows.
    private Dataset newest() {
        writable();
        return refreshed();
    }

    public boolean isReadOnly() {
        return readOnly;
    }

    Database database() {
        return database;
    }

    ObjectStore store() {
        return store;
    }

    Dataset writable() {
        if (readOnly) {
            throw new IllegalArgumentException(
                    "table '" + name + "' at version " + current.get().version() + " is a read-only view");
        }
        return current.get();
    }

    /// After a write of this handle.
    long advanced(Dataset next) {
        advance(next);
        writes.wrote(next);
        return next.version();
    }

    ExpressionEvaluator predicate(Dataset dataset, String condition, Object... parameters) {
        return new ExpressionEvaluator(ExpressionParser.parseFilter(
                condition,
                ExpressionParser.columnsOf(dataset.schema()),
                database.options().dialect(),
                Arrays.asList(parameters)));
    }

    @Override
    public String toString() {
        return name + " at version " + current.get().version() + " in " + database;
    }
}
