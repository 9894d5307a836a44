// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.ArrowSchemas;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.io.FirstClasses;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;
import dev.joust.search.internal.exec.Unchecked;
import dev.joust.search.internal.maintain.MaintenanceService;
import dev.joust.search.internal.rows.JavaTypes;
import dev.joust.search.internal.rows.RowBatches;

/// Tables below one folder: table `docs` is the folder `docs.lance`. Thread-safe. Close it after its tables' work is
/// done; that closes session and store, if they are its own.
public final class Database implements AutoCloseable {
    private static final String FIRST_CLASSES = "dev/joust/search/first-classes.txt";
    private static final String SUFFIX = ".lance";
    private static final int SAMPLE_ROWS = 1000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,200}");

    private final ObjectStore store;
    private final Session session;
    private final boolean ownsSession;
    private final ConnectOptions options;
    private final Map<String, Embedder> embedders = new ConcurrentHashMap<>();
    private final Map<String, Object> writeLocks = new ConcurrentHashMap<>();
    private final Map<String, TableWrites> writes = new ConcurrentHashMap<>();
    private final MaintenanceService maintenance;

    private Database(ObjectStore store, Session session, boolean ownsSession, ConnectOptions options) {
        this.store = store;
        this.session = session;
        this.ownsSession = ownsSession;
        this.options = options;
        this.maintenance = new MaintenanceService(options.maintenance(), options.writeOptions());
    }

    /// As {@link dev.joust.Joust#connect(String, ConnectOptions)}.
    public static Database open(String uriOrPath, ConnectOptions options) {
        FirstClasses.load(Database.class, FIRST_CLASSES);
        ObjectStore store = Unchecked.io(() -> ObjectStores.open(uriOrPath, options.storage()));
        Session given = options.session();
        return new Database(store, given == null ? session(options) : given, given == null, options);
    }

    private static Session session(ConnectOptions options) {
        Path cacheFolder = options.cacheFolder();
        return cacheFolder == null
                ? Session.create()
                : Session.builder().cacheFolder(cacheFolder).build();
    }

    /// Over a store that is there already, and stays the caller's; `options` names the session.
    public static Database over(ObjectStore store, Session session, ConnectOptions options) {
        FirstClasses.load(Database.class, FIRST_CLASSES);
        return new Database(ObjectStores.below(store, ObjectPath.ROOT), session, false, options);
    }

    public Session session() {
        return session;
    }

    /// Names of the tables, ascending. One listing.
    public List<String> tableNames() {
        List<String> names = new ArrayList<>();
        for (String name : Unchecked.io(() -> store.listNames(ObjectPath.ROOT))) {
            String folder = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
            if (folder.endsWith(SUFFIX)) {
                names.add(folder.substring(0, folder.length() - SUFFIX.length()));
            }
        }
        return names.stream().sorted().toList();
    }

    /// @throws NoSuchTableException if there is no such table
    public Table openTable(String name) {
        ObjectStore tableStore = tableStore(name);
        Dataset dataset = Unchecked.open(
                "table '" + name + "' at " + store.root(), () -> Dataset.open(session, tableStore));
        return new Table(this, name, tableStore, dataset.withOptions(options.writeOptions()), false, writesOf(name));
    }

    /// The table of a folder that may be anywhere and be called anything. Its handle shares this database's session and
    /// options.
    ///
    /// @param folder stays the caller's
    /// @throws NoSuchTableException if there is no table
    public Table openTable(String name, ObjectStore folder) {
        Dataset dataset = Unchecked.open(
                "table '" + name + "' at " + folder.root(), () -> Dataset.open(session, folder));
        return new Table(
                this,
                name,
                folder,
                dataset.withOptions(options.writeOptions()),
                false,
                TableWrites.of(session, maintenance));
    }

    /// A read-only view of a version that was opened by other means.
    ///
    /// @param folder of the table; stays the caller's
    public Table viewOf(String name, ObjectStore folder, Dataset dataset) {
        return new Table(this, name, folder, dataset, true, TableWrites.of(session, maintenance));
    }

    /// A table with the columns and rows of records or maps, or of Arrow's vectors. All rows tell what the columns are:
    ///
    ///     boolean, byte, short, int, long      bool, int8, int16, int32, int64 (boxed ones too)
    ///     float, double, BigDecimal            float32, float64, decimal(38, most decimal places among the rows)
    ///     String, char, enums                  string
    ///     byte[], ByteBuffer, UUID             binary, binary, fixed-size binary of 16
    ///     LocalDate, LocalTime, Duration       date32, time64(ns), duration(us)
    ///     Instant, OffsetDateTime, LocalDateTime   timestamp(us), with the zone UTC but for the last
    ///     float[], double[]                    fixed-size list, all of one length
    ///     short[], int[], long[], boolean[]    fixed-size list if all have one length, else list
    ///     List, Set, other arrays              list (of numbers, all of one length, in a column whose name contains
    ///                                          `vector` or `embedding`: fixed-size list of float32)
    ///     Map, records, Optional               map (struct, as the value of a row that is a map), struct, its value
    ///
    /// {@link Column} on a record's component says what its Java type does not.
    ///
    /// @param rows all records of one class, or all maps, or all vectors
    /// @throws TableExistsException if there is a table of that name
    public Table createTable(String name, List<?> rows) {
        Schema schema = JavaTypes.schemaOf(rows);
        return createTable(name, schema, rows.iterator());
    }

    /// An empty table for records of a class; vectors need {@link Column#dimension}.
    public Table createTable(String name, Class<? extends Record> rows) {
        return createTable(name, JavaTypes.schemaOf(rows));
    }

    /// A table of rows that need not fit into memory: records, maps, or Arrow's vectors. The first thousand tell what the
    /// columns are.
    public Table createTable(String name, Iterator<?> rows) {
        List<Object> first = new ArrayList<>();
        while (first.size() < SAMPLE_ROWS && rows.hasNext()) {
            first.add(rows.next());
            if (first.getLast() instanceof VectorSchemaRoot || first.getLast() instanceof Batch) {
                break; // vectors may be filled anew when the iterator is asked again
            }
        }
        Schema schema = JavaTypes.schemaOf(first);
        Iterator<Object> sample = first.iterator();
        return createTable(name, schema, new Iterator<Object>() {
            @Override
            public boolean hasNext() {
                return sample.hasNext() || rows.hasNext();
            }

            @Override
            public Object next() {
                return sample.hasNext() ? sample.next() : rows.next();
            }
        });
    }

    /// As the other; the stream is closed here.
    public Table createTable(String name, Stream<?> rows) {
        try (rows) {
            return createTable(name, rows.iterator());
        }
    }

    /// A table of the batches of an Arrow stream or file; the reader is closed here.
    public Table createTable(String name, ArrowReader rows) {
        return Unchecked.io(() -> {
            try (rows) {
                Schema schema = ArrowSchemas.fromArrow(rows.getVectorSchemaRoot().getSchema(), rows);
                return createTable(name, schema, RowBatches.ofReader(rows, schema, memory()));
            }
        });
    }

    /// An empty table.
    public Table createTable(String name, Schema schema) {
        return createTable(name, schema, List.of().iterator());
    }

    /// A table of rows that need not fit into memory: records or maps.
    public Table createTable(String name, Schema schema, Iterator<?> rows) {
        return createTable(name, schema, RowBatches.ofRows(rows, schema, memory()));
    }

    /// A table with columns and rows of Arrow's; the vectors stay the caller's.
    public Table createTable(String name, VectorSchemaRoot rows) {
        Schema schema = ArrowSchemas.fromArrow(rows.getSchema());
        Batch batch = RowBatches.ofArrow(rows, schema, memory());
        return createTable(name, schema, RowBatches.of(schema, List.of(batch)));
    }

    /// A table of batches; the reader is closed here.
    public Table createTable(String name, Schema schema, BatchReader rows) {
        ObjectStore tableStore = tableStore(name);
        Dataset dataset = Unchecked.io(() -> {
            try (rows) {
                if (Dataset.exists(tableStore)) {
                    throw new TableExistsException("there is a table '" + name + "' at " + store.root() + " already");
                }
                return Dataset.create(session, tableStore, schema, rows, options.writeOptions());
            }
        });
        writes.remove(name);
        return new Table(this, name, tableStore, dataset, false, writesOf(name));
    }

    /// Makes another table out of the version of a table, a view or a branch that reads see now. It uses the files where
    /// they are; nothing tells the source so, but a tag there keeps them from being cleaned up.
    ///
    /// @param name of the new table, in this database
    /// @throws TableExistsException if there is a table of that name
    public Table shallowClone(Table source, String name) {
        return clone(source, name, true);
    }

    /// As the other, with a copy of all the files.
    public Table deepClone(Table source, String name) {
        return clone(source, name, false);
    }

    private Table clone(Table source, String name, boolean isShallow) {
        ObjectStore tableStore = tableStore(name);
        Dataset clone = Unchecked.io(() -> {
            if (Dataset.exists(tableStore)) {
                throw new TableExistsException("there is a table '" + name + "' at " + store.root() + " already");
            }
            Dataset dataset = source.dataset();
            return isShallow ? dataset.shallowClone(tableStore) : dataset.deepClone(tableStore);
        });
        writes.remove(name);
        return new Table(this, name, tableStore, clone.withOptions(options.writeOptions()), false, writesOf(name));
    }

    /// Deletes the table, its older versions too.
    ///
    /// @throws NoSuchTableException if there is no such table
    public void dropTable(String name) {
        ObjectPath folder = folder(name);
        Unchecked.io(() -> {
            List<ObjectMeta> objects = store.list(folder);
            if (objects.isEmpty()) {
                throw new NoSuchTableException("table '" + name + "' at " + store.root() + " is not there");
            }
            // Without manifests nobody opens a table that is half gone.
            deleteAll(objects, true);
            deleteAll(objects, false);
            session.metadataCache().invalidateBelow(store, folder);
            return null;
        });
        embedders.remove(name);
        writes.remove(name);
    }

    private void deleteAll(List<ObjectMeta> objects, boolean manifests) throws IOException {
        store.deleteAll(objects.stream()
                .map(ObjectMeta::path)
                .filter(path -> path.value().contains("/_versions/") == manifests)
                .toList());
    }

    /// Words given to {@link Table#search(String)} of this table become vectors by `embedder`, for all handles of
    /// this database.
    public void registerEmbedder(String tableName, Embedder embedder) {
        embedders.put(tableName, embedder);
    }

    @Nullable Embedder embedder(String tableName) {
        return embedders.get(tableName);
    }

    private TableWrites writesOf(String name) {
        return writes.computeIfAbsent(name, _ -> TableWrites.of(session, maintenance));
    }

    /// What was done in the background so far, as {@link ConnectOptions#maintenance} says.
    public MaintenanceStats maintenanceStats() {
        return maintenance.stats();
    }

    /// Waits until nothing is done in the background: before a benchmark, say, or an orderly end.
    ///
    /// @return whether that was within the time
    /// @throws InterruptedException if the thread is interrupted
    public boolean awaitMaintenance(Duration atMost) throws InterruptedException {
        return maintenance.await(atMost);
    }

    /// Held by merges of one table, which are done one after the other.
    Object mergeLock(String tableName) {
        return writeLocks.computeIfAbsent(tableName, _ -> new Object());
    }

    ConnectOptions options() {
        return options;
    }

    ArrowMemory memory() {
        return ArrowMemory.of(session);
    }

    private ObjectStore tableStore(String name) {
        return ObjectStores.below(store, folder(name));
    }

    private static ObjectPath folder(String name) {
        if (!NAME.matcher(name).matches() || name.startsWith(".")) {
            throw new IllegalArgumentException(
                    "table names are made of letters, digits, '_', '-' and '.', not '" + name + "'");
        }
        return ObjectPath.of(name + SUFFIX);
    }

    @Override
    public void close() {
        maintenance.close();
        Unchecked.io(() -> {
            store.close();
            return null;
        });
        if (ownsSession) {
            session.close();
        }
    }

    @Override
    public String toString() {
        return store.root().toString();
    }
}
