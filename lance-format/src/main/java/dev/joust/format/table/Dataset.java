// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongUnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.commit.CommitOptions;
import dev.joust.format.commit.Committer;
import dev.joust.format.commit.Operation;
import dev.joust.format.commit.Proposal;
import dev.joust.format.commit.Redo;
import dev.joust.format.commit.Transaction;
import dev.joust.format.file.FileVersion;
import dev.joust.format.file.FixedRows;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.internal.blob.WritableRows;
import dev.joust.format.internal.refs.BranchFolders;
import dev.joust.format.internal.refs.TableClones;
import dev.joust.format.internal.table.BlobTake;
import dev.joust.format.internal.table.FragmentReader;
import dev.joust.format.internal.table.FragmentWriter;
import dev.joust.format.internal.table.KnownManifest;
import dev.joust.format.internal.table.ManifestStore;
import dev.joust.format.internal.table.ManifestStore.Loaded;
import dev.joust.format.internal.table.ManifestStore.Location;
import dev.joust.format.internal.table.ReservedNames;
import dev.joust.format.internal.table.RowCounts;
import dev.joust.format.internal.table.RowDeletion;
import dev.joust.format.internal.table.RowIdIndex;
import dev.joust.format.internal.table.RowNumbers;
import dev.joust.format.internal.table.RowReplacement;
import dev.joust.format.internal.table.RowTake;
import dev.joust.format.internal.table.ScanPlanner;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.internal.table.TablePaths;
import dev.joust.format.internal.table.cleanup.AutoCleanup;
import dev.joust.format.internal.table.evolve.FieldPath;
import dev.joust.format.refs.Ref;
import dev.joust.format.refs.RefNames;
import dev.joust.format.refs.Refs;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;

/// One version of a table, and the way to the next ones. Immutable: what changes the table answers the version that
/// came of it, and leaves this one as it was. A change goes on top of what others committed meanwhile, where it can
/// ({@link dev.joust.format.CommitConflictException} where it can't). Thread-safe.
///
/// Holds no resources of its own; store and session are the caller's, and outlive it.
public final class Dataset {
    /// Rows of a batch that holds the bytes of blobs, which may be large.
    private static final int BLOB_BATCH_ROWS = 8;

    private final TableContext table;
    private final Committer.Base base;
    private final WriteOptions options;

    // Worked out when first asked for: a version may have a hundred thousand fragments.
    private volatile boolean countsKnown;
    private volatile @Nullable RowNumbers rowNumbers;

    private Dataset(TableContext table, Committer.Base base, WriteOptions options) {
        this.table = table;
        this.base = base;
        this.options = options;
    }

    /// The newest version. One listing, and one get where the manifest is short.
    ///
    /// @param tableStore rooted at the table
    /// @throws NoSuchFileException if there is no table
    public static Dataset open(Session session, ObjectStore tableStore) throws IOException {
        TableContext table = new TableContext(session, tableStore);
        Location latest = table.manifests().latest().orElseThrow(() -> noTable(tableStore));
        return of(table, latest, WriteOptions.DEFAULT);
    }

    /// Whether there is a table. One listing.
    public static boolean exists(ObjectStore tableStore) throws IOException {
        return new ManifestStore(tableStore).latest().isPresent();
    }

    /// An older version. What is changed goes on top of the newest one all the same.
    ///
    /// @throws NoSuchFileException if there is no such version
    public static Dataset openAt(Session session, ObjectStore tableStore, long version) throws IOException {
        return at(new TableContext(session, tableStore), version, WriteOptions.DEFAULT);
    }

    private static Dataset at(TableContext table, long version, WriteOptions options) throws IOException {
        for (ManifestNaming naming : List.of(ManifestNaming.V2, ManifestNaming.V1)) {
            try {
                Location location = new Location(version, naming);
                Manifest manifest = RowCounts.corrected(table, table.manifests().readManifest(location));
                return new Dataset(table, Committer.Base.maybeOld(location, manifest), options);
            } catch (NoSuchFileException e) {
                // the other naming, then
            }
        }
        throw new NoSuchFileException(
                "version " + version + " of " + table.store().root());
    }

    /// A version by its number, by a tag, or on a branch. What is changed goes on top of the newest version of the same
    /// branch.
    ///
    /// @param tableStore rooted at the table
    /// @throws dev.joust.format.refs.NoSuchRefException if there is no such tag or branch
    /// @throws NoSuchFileException if there is no such version
    public static Dataset open(Session session, ObjectStore tableStore, Ref ref) throws IOException {
        return open(session, tableStore, ref, null, WriteOptions.DEFAULT);
    }

    private static Dataset open(
            Session session, ObjectStore root, Ref ref, @Nullable String branch, WriteOptions options)
            throws IOException {
        Refs.Resolved resolved = new Refs(session, root).resolve(ref, branch);
        TableContext table = TableContext.ofBranch(session, root, resolved.branch());
        if (resolved.version() != null) {
            return at(table, resolved.version(), options);
        }
        Location latest = table.manifests().latest().orElseThrow(() -> noTable(table.store()));
        return of(table, latest, options);
    }

    /// Another version of the table, of this one's branch or another, written to as this one is.
    ///
    /// @throws dev.joust.format.refs.NoSuchRefException if there is no such tag or branch
    /// @throws NoSuchFileException if there is no such version
    public Dataset checkout(Ref ref) throws IOException {
        return open(table.session(), table.root(base.manifest()), ref, branch(), options);
    }

    /// Makes this version's content the newest again, in a version of its own.
    public Dataset restore() throws IOException {
        // Made from the newest version: what was done since this one is what it undoes, and no conflict
        return refresh().commit(new Operation.Restore(version(), Bytes.EMPTY));
    }

    /// The branch that this version is of; null for the main one.
    public @Nullable String branch() {
        return base.manifest().branch();
    }

    /// What made this version; empty if that can't be read any more. A get or two.
    public Optional<Transaction> transaction() throws IOException {
        return table.manifests().transactionOf(table.manifests().read(base.location()));
    }

    /// The deleted rows of a fragment of this version. A get where there are some.
    public DeletionVector deletions(Fragment fragment) throws IOException {
        return table.deletions(base.manifest(), fragment);
    }

    /// Tags and branches of the table.
    public Refs refs() throws IOException {
        return new Refs(table.session(), table.root(base.manifest()));
    }

    /// Makes a branch that starts from a version of this table: the files stay where they are, and the branch's own go to
    /// its folder.
    ///
    /// @param from a {@link Ref.VersionNumber} is of this version's branch
    /// @return the first version of the branch, which has the number of the one it starts from
    /// @throws dev.joust.format.refs.RefConflictException if there is a branch of that name
    /// @throws dev.joust.format.refs.NoSuchRefException   if there is no such tag or branch
    public Dataset createBranch(String name, Ref from) throws IOException {
        RefNames.checkNewBranch(name);
        ObjectStore root = table.root(base.manifest());
        Committer.Base first = new BranchFolders(table.session(), root)
                .create(name, checkout(from).manifest(), options.transactionFile());
        return new Dataset(TableContext.ofBranch(table.session(), root, name), first, options);
    }

    /// Makes another table out of this version, which uses the files where they are. Nothing here tells that they are used:
    /// a tag keeps this version, and with it them.
    ///
    /// @param target rooted at the new table
    /// @throws IllegalArgumentException if there is a table already
    public Dataset shallowClone(ObjectStore target) throws IOException {
        TableContext cloned = new TableContext(table.session(), target);
        Committer.Base first = new TableClones(table, base.manifest()).shallow(cloned, options.transactionFile());
        return new Dataset(cloned, first, options);
    }

    /// Makes another table out of this version, with a copy of all its files, wherever they lie.
    ///
    /// @param target rooted at the new table
    /// @throws IllegalArgumentException if there is a table already
    public Dataset deepClone(ObjectStore target) throws IOException {
        TableContext cloned = new TableContext(table.session(), target);
        Committer.Base first = new TableClones(table, base.manifest()).deep(cloned, options.transactionFile());
        return new Dataset(cloned, first, options);
    }

    /// Creates the table with its first rows.
    ///
    /// @param schema of the table; field ids are assigned here
    /// @param rows   with those columns; closed here
    /// @throws IllegalArgumentException if there is a table already
    /// @throws dev.joust.format.CommitConflictException if somebody else creates it at the same time
    public static Dataset create(
            Session session, ObjectStore tableStore, Schema schema, BatchReader rows, WriteOptions options)
            throws IOException {
        try (rows) {
            ReservedNames.check(schema);
            if (exists(tableStore)) {
                throw new IllegalArgumentException("there is a table at " + tableStore.root() + " already");
            }
            TableContext table = new TableContext(session, tableStore);
            WriteOptions complete = options.withFileVersion(options.newTableVersion());
            Schema assigned = BlobFields.ofNewTable(schema, options.newTableVersion()).withAssignedIds(0);
            List<Fragment> fragments = new FragmentWriter(table, options.newTableVersion(), options)
                    .write(FragmentWriter.matched(assigned, rows.schema()), rows);
            Operation operation = new Operation.Overwrite(fragments, StoredSchema.of(assigned));
            Committer.Base base = new Committer(table, complete.commitOptions())
                    .create(Transaction.of(0, operation, options.properties()));
            return new Dataset(table, base, options);
        }
    }

    private static Dataset of(TableContext table, Location newest, WriteOptions options) throws IOException {
        return new Dataset(table, Committer.Base.newest(newest, table.manifest(newest)), options);
    }

    private static NoSuchFileException noTable(ObjectStore store) {
        return new NoSuchFileException("no table at " + store.root());
    }

    private static BufferSources memory(Session session) {
        return ArrowMemory.of(session);
    }

    /// The same version, written to as `newOptions` say.
    public Dataset withOptions(WriteOptions newOptions) {
        return new Dataset(table, base, newOptions);
    }

    public Manifest manifest() {
        return base.manifest();
    }

    public long version() {
        return base.manifest().version();
    }

    public Schema schema() {
        return base.manifest().schema();
    }

    /// Rows that are not deleted. Costs nothing: the manifest knows.
    public long countRows() {
        return counted().liveRowCount();
    }

    Manifest counted() {
        if (!countsKnown) {
            RowCounts.checkKnown(base.manifest());
            countsKnown = true;
        }
        return base.manifest();
    }

    private RowNumbers rowNumbers() {
        RowNumbers known = rowNumbers;
        if (known == null) {
            known = new RowNumbers(base.manifest());
            rowNumbers = known;
        }
        return known;
    }

    /// The newest version: this one if there is no newer. If the table was dropped and created again, the newest version of
    /// that one, which may have a lower number. One listing, and one get if there is something new.
    public Dataset refresh() throws IOException {
        Location latest = table.manifests()
                .latest()
                .orElseThrow(() -> noTable(table.store()));
        if (latest.version() == version()) {
            return sameVersion(latest);
        }
        if (latest.version() < version() && isThere(base.location())) {
            return this; // committed since the listing
        }
        return of(table, latest, options);
    }

    /// This version, unless another table has taken the place of this one.
    private Dataset sameVersion(Location latest) throws IOException {
        String identity = latest.identity();
        if (identity == null || identity.equals(base.location().identity())) {
            return new Dataset(table, Committer.Base.newest(base.location(), base.manifest()), options);
        }
        // Written by this process, which was not told the identity; or by another, as another table
        Manifest found = table.manifest(latest);
        boolean isSame = KnownManifest.isSameCommit(base.manifest(), found);
        return new Dataset(table, Committer.Base.newest(latest, isSame ? base.manifest() : found), options);
    }

    private boolean isThere(Location location) throws IOException {
        Optional<ObjectMeta> found = table.manifests().find(location.version());
        if (found.isEmpty() || location.identity() == null || location.identity().equals(found.get().identity())) {
            return found.isPresent();
        }
        Location there = new Location(location.version(), location.naming(), found.get().identity());
        return KnownManifest.isSameCommit(base.manifest(), table.manifest(there));
    }

    /// Every version that is kept, ascending. One listing, and a get for each.
    public List<VersionInfo> versions() throws IOException {
        List<Loaded> all = table.manifests()
                .readAll(table.manifests().list(), table.session().ioExecutor());
        List<VersionInfo> versions = new ArrayList<>();
        for (Loaded loaded : all) {
            versions.add(versionInfo(RowCounts.corrected(table, loaded.manifest()), loaded.transaction()));
        }
        return versions;
    }

    /// The numbers of the versions that are kept, ascending. One listing.
    public List<Long> versionNumbers() throws IOException {
        return table.manifests().list().stream().map(Location::version).sorted().toList();
    }

    /// What this version is. One get, of its transaction.
    public VersionInfo versionInfo() throws IOException {
        return versionInfo(counted(), transaction().orElse(null));
    }

    private static VersionInfo versionInfo(Manifest manifest, @Nullable Transaction transaction) {
        return new VersionInfo(
                manifest.version(),
                manifest.timestamp(),
                manifest.liveRowCount(),
                manifest.fragments().size(),
                transaction == null ? "Unknown" : transaction.operation().name());
    }

    /// Rows in the order of fragments and offsets. Several fragments are read at once.
    public BatchReader scan(ScanOptions scan) {
        return ScanPlanner.plan(table, counted(), scan, memory());
    }

    /// The rows at these addresses, in the order asked; a row may be asked for again.
    ///
    /// @param columns as in a scan, {@link ScanOptions#ROW_COLUMNS} among them, but fields of a struct come in the struct
    /// @throws IllegalArgumentException for an address where no live row is
    public Batch take(long[] rowAddresses, List<String> columns) throws IOException {
        return take(rowAddresses, columns, BlobHandling.DESCRIPTORS);
    }

    /// The physical rows of a fragment, deleted ones too, of one column whose values have all one width, out of the mapped
    /// file: for who looks at single rows of it again and again. Null where the file is not local, or the column is stored
    /// otherwise, or has no file there: then {@link #take} has them.
    public @Nullable FixedRows fixedRows(Fragment fragment, Field column) throws IOException {
        try (FragmentReader reader = new FragmentReader(table, base.manifest(), fragment, memory())) {
            return reader.fixedRows(column);
        }
    }

    /// As the other, with a choice for blob columns.
    public Batch take(long[] rowAddresses, List<String> columns, BlobHandling blobs) throws IOException {
        return new RowTake(table, counted(), this::rowNumbers, columns, blobs, memory()).take(rowAddresses);
    }

    /// As a scan, for rows that are to be written again, to this table or another: blobs come with their bytes, in the
    /// form in which writers give them. Those of files outside the table come with their bytes too.
    public BatchReader scanToWrite(ScanOptions options) throws IOException {
        boolean hasBlobs = schema().preOrder().stream().anyMatch(BlobFields::isBlob);
        int rowCount = hasBlobs ? Math.min(options.batchRowCount(), BLOB_BATCH_ROWS) : options.batchRowCount();
        return WritableRows.of(
                scan(options.withBlobs(BlobHandling.BYTES).withBatchRowCount(rowCount)), schema());
    }

    /// As a take, for rows that are to be written again: blobs as {@link #scanToWrite} has them.
    public Batch takeToWrite(long[] rowAddresses, List<String> columns) throws IOException {
        return WritableRows.of(take(rowAddresses, columns, BlobHandling.BYTES), schema());
    }

    /// Blobs of the rows at these addresses, in the order asked, as files of which nothing is read yet; null where a row
    /// has none.
    ///
    /// @param column of blobs; names joined by dots where it is in structs
    /// @throws IllegalArgumentException for an address where no live row is, and for a column that holds no blobs
    public List<@Nullable BlobFile> takeBlobs(long[] rowAddresses, String column) throws IOException {
        return new BlobTake(table, counted(), column, memory()).take(rowAddresses);
    }

    /// The rows with these ids, in the order asked: stable ones where the table has them, else addresses. Where rows are
    /// is worked out once for a version and kept in the session's cache.
    ///
    /// @param columns as in {@link #take}
    /// @throws IllegalArgumentException for an id that no live row has
    public Batch takeRowIds(long[] rowIds, List<String> columns) throws IOException {
        Manifest manifest = counted();
        if (!manifest.hasStableRowIds()) {
            return take(rowIds, columns);
        }
        RowIdIndex index = RowIdIndex.of(table, base.location(), manifest, memory());
        return take(index.addressesOf(rowIds, manifest.version()), columns);
    }

    /// The rows with these numbers, counted from 0 among those that are not deleted, in the order asked.
    ///
    /// @throws IllegalArgumentException for a number that no row has
    public Batch takePositions(long[] positions, List<String> columns) throws IOException {
        return takePositions(positions, columns, BlobHandling.DESCRIPTORS);
    }

    /// As the other, with a choice for blob columns.
    public Batch takePositions(long[] positions, List<String> columns, BlobHandling blobs) throws IOException {
        RowTake take = new RowTake(table, counted(), this::rowNumbers, columns, blobs, memory());
        return take.take(take.addressesOf(positions));
    }

    /// Where rows are, by id: answers the address, or -1 where no live row has the id. Worked out as for {@link #takeRowIds}.
    /// In tables without stable ids, ids are addresses and are answered as they are, live or not. May be asked by any thread.
    public LongUnaryOperator addressesByRowId() throws IOException {
        Manifest manifest = counted();
        return manifest.hasStableRowIds()
                ? RowIdIndex.of(table, base.location(), manifest, memory())::addressOrMissing
                : id -> id;
    }

    /// Where the files of an index are. No request.
    public IndexFolder indexFolder(IndexMetadata index) throws IOException {
        TableContext.FileLocation folder = table.folder(base.manifest(), index.baseId(), TablePaths.INDICES);
        return new IndexFolder(folder.store(), folder.path().resolve(index.uuid().toString()));
    }

    /// Where the files of an index that is being made go.
    public IndexFolder newIndexFolder(UUID uuid) {
        return new IndexFolder(table.store(), TablePaths.INDICES.resolve(uuid.toString()));
    }

    /// The version that the files of a new index are written in: that of the table's data files, or the oldest that can be.
    public FileVersion indexFileVersion() {
        return base.manifest().isLegacy() ? FileVersion.V2_0 : tableFileVersion();
    }

    /// Where the table, or the branch of it, lies.
    public URI uri() {
        return table.store().root();
    }

    /// What all handles share.
    public Session session() {
        return table.session();
    }

    /// Adds rows. Columns are matched by name; a nullable one may be left out.
    ///
    /// @param rows closed here
    /// @throws IllegalArgumentException if a column does not fit the table's
    public Dataset append(BatchReader rows) throws IOException {
        return commit(new Operation.Append(writeFragments(rows)));
    }

    /// Adds rows, unless others have added some that these would have had to know of.
    ///
    /// @param rows     closed here
    /// @param phantoms as in {@link RowChange#withPhantoms}
    public Dataset append(BatchReader rows, RowPredicate phantoms) throws IOException {
        return commit(new Operation.Append(writeFragments(rows)), null, phantoms);
    }

    /// Replaces schema and rows, and the version of files where the options name one. Older versions keep theirs.
    ///
    /// @param rows closed here
    public Dataset overwrite(Schema schema, BatchReader rows) throws IOException {
        try (rows) {
            ReservedNames.check(schema);
            FeatureFlags.checkWritable(base.manifest());
            Integer allocated = base.manifest().maxAllocatedFieldId();
            FileVersion asked = options.fileVersion();
            FileVersion version = asked == null ? tableFileVersion() : asked;
            Schema assigned = BlobFields.ofNewTable(schema, version)
                    .withAssignedIds(allocated == null ? 0 : allocated + 1);
            List<Fragment> fragments = writer(version)
                    .write(FragmentWriter.matched(assigned, rows.schema()), rows);
            return commit(new Operation.Overwrite(fragments, StoredSchema.of(assigned)));
        }
    }

    /// The columns that files of such rows have: matched by name, in the table's order, with its field ids.
    ///
    /// @throws IllegalArgumentException if a column does not fit the table's
    public Schema writtenSchema(Schema rows) {
        FeatureFlags.checkWritable(base.manifest());
        return FragmentWriter.matched(schema(), rows);
    }

    /// Whether rows fit, nulls included: for who wants to know before they are written together with others.
    ///
    /// @param rows stay the caller's
    /// @throws IllegalArgumentException naming what does not fit
    public void checkRows(Batch rows) {
        FragmentWriter.named(rows, FragmentWriter.matched(schema(), rows.schema()));
    }

    /// Writes rows without adding them to the table: for {@link Operation.Append} and the like, to be committed later.
    ///
    /// @param rows closed here
    public List<Fragment> writeFragments(BatchReader rows) throws IOException {
        try (rows) {
            FeatureFlags.checkWritable(base.manifest());
            return writer(tableFileVersion()).write(FragmentWriter.matched(schema(), rows.schema()), rows);
        }
    }

    private FragmentWriter writer(FileVersion version) {
        return new FragmentWriter(table, version, options);
    }

    /// The version that the table wants its files in.
    FileVersion tableFileVersion() {
        String label = base.manifest().dataFormatVersion();
        FileVersion version;
        try {
            version = FileVersion.fromLabel(label);
        } catch (IllegalArgumentException e) {
            throw new UnsupportedFormatException("the table wants files of version " + label, e);
        }
        return switch (version) {
            case V2_0, V2_1, V2_2 -> version;
            case V0_1, V2_3 ->
                throw new UnsupportedFormatException("the table's files are of version " + label
                        + ", in which none are written: 2.0, 2.1 and 2.2 are");
        };
    }

    /// Deletes rows. Those that are deleted already stay so.
    ///
    /// @param rows          by their address in this version
    /// @param predicateText what is deleted, in words or SQL; for people who read the transaction
    /// @throws IllegalArgumentException for an address outside the table
    public Dataset deleteRows(RowAddressSet rows, String predicateText) throws IOException {
        FeatureFlags.checkWritable(base.manifest());
        RowDeletion deletion = RowDeletion.of(table, base.manifest(), rows);
        Operation operation =
                new Operation.Delete(deletion.updatedFragments(), deletion.removedFragmentIds(), predicateText);
        return commit(operation, deletion.deletedRows(), null);
    }

    /// Deletes every row, without a look at any and without reading or writing data: fragments that others add meanwhile
    /// stay.
    public Dataset deleteAllRows() throws IOException {
        FeatureFlags.checkWritable(base.manifest());
        List<Long> all =
                base.manifest().fragments().stream().map(Fragment::id).toList();
        return commit(new Operation.Delete(List.of(), all, "true"));
    }

    /// Deletes rows and adds others, new ones, in one version.
    ///
    /// @param deleted by their address in this version
    /// @param newRows closed here
    public Dataset replaceRows(RowAddressSet deleted, BatchReader newRows) throws IOException {
        return replaceRows(RowChange.of(new long[0], deleted, base.manifest()), newRows);
    }

    /// Writes rows again, deletes some and adds others, in one version: what an update or merge does.
    ///
    /// @param rows first the rows that are written again, then new ones; closed here
    /// @throws IllegalArgumentException for an address where no live row is
    public Dataset replaceRows(RowChange change, BatchReader rows) throws IOException {
        return replaceRows(change, writeFragments(rows));
    }

    /// As the other, for rows that are written already: what `change` says may be known only then.
    ///
    /// @param written by {@link #writeFragments}, of this version
    public Dataset replaceRows(RowChange change, List<Fragment> written) throws IOException {
        FeatureFlags.checkWritable(base.manifest());
        RowReplacement replacement = RowReplacement.of(table, counted(), change, written, memory());
        return commit(replacement.operation(), replacement.deletedRows(), change.phantoms());
    }

    /// Columns added, changed and dropped.
    public SchemaEvolution evolution() {
        return new SchemaEvolution(this);
    }

    /// Compaction and cleanup.
    public Upkeep upkeep() {
        return new Upkeep(this);
    }

    /// Changes the table's config ({@link #config}).
    public Dataset updateConfig(MetadataUpdate update) throws IOException {
        return commit(new Operation.UpdateConfig(update.toOperation(), null, null, Map.of(), Bytes.EMPTY));
    }

    /// Changes the table's metadata for users ({@link Manifest#tableMetadata}).
    public Dataset updateTableMetadata(MetadataUpdate update) throws IOException {
        return commit(new Operation.UpdateConfig(null, update.toOperation(), null, Map.of(), Bytes.EMPTY));
    }

    /// Changes the metadata of the schema ({@link Schema#metadata}).
    public Dataset updateSchemaMetadata(MetadataUpdate update) throws IOException {
        return redone(version -> version.commit(
                new Operation.UpdateConfig(null, null, update.toOperation(), Map.of(), Bytes.EMPTY)));
    }

    /// Changes the metadata of fields ({@link Field#metadata}), each by its path.
    ///
    /// @throws IllegalArgumentException for a field that is not there
    public Dataset updateFieldMetadata(Map<String, MetadataUpdate> updatesByPath) throws IOException {
        return redone(version -> {
            Map<Integer, Operation.UpdateConfig.MapUpdate> updates = new HashMap<>();
            updatesByPath.forEach((path, update) ->
                    updates.put(FieldPath.of(version.schema(), path).field().id(), update.toOperation()));
            return version.commit(new Operation.UpdateConfig(null, null, null, updates, Bytes.EMPTY));
        });
    }

    /// A change that does not ask how often it was tried.
    @FunctionalInterface
    interface Change<T> {
        T on(Dataset version) throws IOException;
    }

    /// Does a change again from a newer version where that helps, unless it is to go on top of this one only.
    <T> T redone(Change<T> change) throws IOException {
        FeatureFlags.checkWritable(base.manifest());
        int maxAttempts = options.onlyOnReadVersion() ? 1 : Redo.MAX_ATTEMPTS;
        return Redo.run(this, maxAttempts, (version, _) -> change.on(version));
    }

    TableContext context() {
        return table;
    }

    WriteOptions options() {
        return options;
    }

    BufferSources memory() {
        return memory(table.session());
    }

    /// Commits a change that was made from this version.
    public Dataset commit(Operation operation) throws IOException {
        return commit(operation, null, null);
    }

    /// Commits a change that depends on every row of this version: it fails, retryably, if anything at all was
    /// committed since, even what would go together with it.
    public Dataset commitOnlyOnThis(Operation operation) throws IOException {
        Transaction transaction = Transaction.of(version(), operation, options.properties());
        Committer.Base committed = new Committer(table, CommitOptions.ONLY_ON_READ_VERSION)
                .commit(base, new Proposal(transaction, null));
        return afterCommit(committed);
    }

    private Dataset commit(
            Operation operation, @Nullable RowAddressSet affectedRows, @Nullable RowPredicate phantoms)
            throws IOException {
        Transaction transaction = Transaction.of(version(), operation, options.properties());
        Committer.Base committed = new Committer(table, options.commitOptions())
                .commit(base, new Proposal(transaction, affectedRows, phantoms));
        return afterCommit(committed);
    }

    private Dataset afterCommit(Committer.Base committed) {
        Dataset next = new Dataset(table, committed, options);
        if (AutoCleanup.isDue(committed.manifest())) {
            AutoCleanup.run(table, committed.manifest());
        }
        return next;
    }

    /// `table at version 3`
    @Override
    public String toString() {
        return table.store().root() + " at version " + version();
    }

    /// Config of the table.
    public Map<String, String> config() {
        return base.manifest().config();
    }
}
