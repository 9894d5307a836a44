// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.joust.embed.ClipModel;
import dev.joust.embed.TextModel;
import dev.joust.embed.image.PictureException;
import dev.joust.format.table.VersionInfo;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;
import dev.joust.pictures.internal.BulkAddition;
import dev.joust.pictures.internal.ColumnModels;
import dev.joust.pictures.internal.FirstIndices;
import dev.joust.pictures.internal.LibraryRefill;
import dev.joust.pictures.internal.LibraryUpkeep;
import dev.joust.pictures.internal.PictureAddition;
import dev.joust.pictures.internal.PictureFiles;
import dev.joust.pictures.internal.PictureRemoval;
import dev.joust.pictures.internal.PictureSearch;
import dev.joust.pictures.internal.PictureTable;
import dev.joust.pictures.internal.PictureWriter;
import dev.joust.pictures.internal.TableVersions;
import dev.joust.pictures.internal.Trash;
import dev.joust.pictures.internal.VectorColumns;
import dev.joust.search.ConnectOptions;
import dev.joust.search.Database;
import dev.joust.search.IndexInfo;
import dev.joust.search.Maintenance;
import dev.joust.search.Table;

/// Pictures in a folder or bucket, found by words or by other pictures.
///
///     images/{sha256}.{ext}     the bytes, stored once, named by their hash
///     thumbnails/{sha256}.jpg   a small JPEG of each
///     trash/{sha256}.{ext}      the bytes of deleted pictures, until they are purged
///     images.lance/             a table of `id`, `path`, `vector` and metadata, one row per picture
///
/// A picture is added in two steps, bytes first. Whatever happens between the two, adding it again completes it, and
/// an add that has returned is there for good, once, however many clients and processes add the same picture.
/// Every method looks at the newest version of the table, so rows that other programs append or delete count at once.
///
/// Thread-safe. The model is the caller's to close, after the library. I/O errors come as {@link UncheckedIOException}.
public final class PictureLibrary implements AutoCloseable {
    private static final String TABLE = "images";
    private static final ObjectPath TABLE_FOLDER = ObjectPath.of(TABLE + ".lance");

    private final String address;
    private final Session session;
    private final ObjectStore store;
    private final Database database;
    private final ColumnModels models;
    private final PictureFiles files;
    private final PictureSearch search;
    private final PictureWriter writer;
    private final PictureAddition addition;
    private final PictureRemoval removal;
    private final LibraryUpkeep upkeep;
    private final LibraryRefill refill;
    private final VectorColumns vectorColumns;

    private PictureLibrary(
            String address, Session session, ObjectStore store, ClipModel model, LibraryOptions options) {
        this.address = address;
        this.session = session;
        this.store = store;
        models = new ColumnModels(model, options.models());
        files = new PictureFiles(store);
        search = new PictureSearch(models, options.cacheBytes());
        database = Database.over(store, session, ConnectOptions.DEFAULT.withMaintenance(maintenance(options)));
        writer = new PictureWriter(database, TABLE, ObjectStores.below(store, TABLE_FOLDER), models);
        addition = new PictureAddition(address, models, files, writer);
        removal = new PictureRemoval(models, files, new Trash(store), writer, addition);
        upkeep = new LibraryUpkeep(store, removal, writer);
        refill = new LibraryRefill(models, files, writer);
        vectorColumns = new VectorColumns(models, files, writer);
    }

    private static Maintenance maintenance(LibraryOptions options) {
        return options.leastIndexed() == 0
                ? Maintenance.DEFAULT
                : Maintenance.DEFAULT.withTask(new FirstIndices(options.leastIndexed()));
    }

    /// Opens the library at a path or URI. Nothing is created before the first picture.
    ///
    /// @throws IllegalArgumentException if there is a table of another kind, or one made with a model of another
    ///                                  dimension
    public static PictureLibrary open(String dataUri, ClipModel model) {
        return open(dataUri, Map.of(), model);
    }

    /// As the other.
    ///
    /// @param storage options of the store at that URI
    public static PictureLibrary open(String dataUri, Map<String, String> storage, ClipModel model) {
        return open(dataUri, storage, model, LibraryOptions.DEFAULT);
    }

    /// As the other, with more choices.
    public static PictureLibrary open(
            String dataUri, Map<String, String> storage, ClipModel model, LibraryOptions options) {
        try {
            return open(addressOf(dataUri), ObjectStores.open(dataUri, storage), model, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Opens the library in a store, which is closed with it.
    ///
    /// @param address what stands before ids in paths
    public static PictureLibrary open(String address, ObjectStore store, ClipModel model) {
        return open(address, store, model, LibraryOptions.DEFAULT);
    }

    /// As the other, with more choices.
    public static PictureLibrary open(String address, ObjectStore store, ClipModel model, LibraryOptions options) {
        PictureLibrary library = new PictureLibrary(address, Session.create(), store, model, options);
        try {
            library.writer.latest(); // refuses a table of another kind
            return library;
        } catch (RuntimeException e) {
            library.close();
            throw e;
        }
    }

    /// A URI without its last `/`, or an absolute path: rows are read by programs that run elsewhere.
    public static String addressOf(String dataUri) {
        String address = dataUri.matches("(?s)[A-Za-z][A-Za-z0-9+.-]+:.*")
                ? dataUri : Path.of(dataUri).toAbsolutePath().normalize().toString();
        return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    }

    /// Adds a picture, if it is not there yet.
    ///
    /// @throws dev.joust.embed.image.PictureException if the bytes are not taken as a picture; nothing is stored then
    public StoredPicture add(byte[] encoded) {
        return add(PictureUpload.of(encoded));
    }

    /// As the other, with what is said about the picture. Of one that is there already, what is said about it stays.
    public StoredPicture add(PictureUpload upload) {
        return io(() -> addition.add(upload));
    }

    /// Refuses what is larger than a picture may be, before it is read.
    ///
    /// @throws IllegalArgumentException saying so
    public static void checkSize(long sizeBytes) {
        PictureAddition.checkSize(sizeBytes);
    }

    /// Adds many pictures: read and decoded by several threads, embedded in batches, and with the rows of many in one
    /// version of the table. A picture that is there already costs a hash; one that is refused does not stop the rest,
    /// so what was interrupted is completed by adding all again.
    ///
    /// @param sources asked for the next one by one thread at a time
    /// @return how it ended
    public BulkProgress addAll(Iterator<? extends PictureSource> sources, BulkOptions options, BulkListener listener) {
        return io(() -> new BulkAddition(addition, models, files, writer, options, listener).run(sources));
    }

    /// What is done with the store.
    private interface Work<T> {
        T run() throws IOException;
    }

    /// What is done with a picture of a name.
    private interface NamedWork<T> {
        T run(PictureName name) throws IOException;
    }

    private static <T> T io(Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Nothing is done for what is no name of a picture.
    private static <T> Optional<T> named(String name, NamedWork<T> work) {
        return PictureName.parse(name).map(parsed -> io(() -> work.run(parsed)));
    }

    private String pathOf(String id) {
        return address + "/" + id;
    }

    /// The `k` pictures nearest to what the words say, nearest first; fewer where there are fewer.
    ///
    /// @throws IllegalArgumentException if there are no words, or `k` is not in 1 to 10,000
    public List<PictureHit> search(String words, int k) {
        return search(PictureQuery.ofWords(words).k(k)).hits();
    }

    /// The `k` pictures nearest to a picture, which need not be in the library.
    ///
    /// @throws dev.joust.embed.image.PictureException if the bytes are not taken as a picture
    /// @throws IllegalArgumentException               if `k` is not in 1 to 10,000
    public List<PictureHit> searchByPicture(byte[] encoded, int k) {
        return search(PictureQuery.ALL.sample(encoded, 1).k(k)).hits();
    }

    /// The pictures nearest to what a query names.
    ///
    /// @throws dev.joust.embed.image.PictureException    if bytes are not taken as a picture
    /// @throws NoSuchPictureException                    if a picture to be like or unlike is not there
    /// @throws dev.joust.search.NoSuchTableException     if the version is not there
    /// @throws IllegalArgumentException                  if there is nothing to search for, a condition is wrong, or
    ///                                                   there is no such column
    public PictureResults search(PictureQuery query) {
        for (PictureQuery.Target target : query.targets()) {
            if (target instanceof PictureQuery.Sample sample) {
                checkSize(sample.bytes().length);
            }
        }
        return search.search(writer.latest(), query);
    }

    /// The pictures that meet a query's conditions, which is near to nothing, in the order of the table.
    ///
    /// @throws dev.joust.search.NoSuchTableException if the version is not there
    /// @throws IllegalArgumentException              if a condition is wrong, or something is to be searched for
    public PicturePage list(PictureQuery query) {
        return search.list(writer.latest(), query);
    }

    /// What the newest version of the table says about a picture, by its name ({@link #read}).
    public Optional<Picture> find(String name) {
        return PictureName.parse(name)
                .flatMap(parsed -> writer.latest().flatMap(table -> PictureSearch.find(table, parsed.id())));
    }

    /// Says something else about a picture.
    ///
    /// @param caption null for none
    /// @return what its row says now; empty if there is none of that name
    /// @throws IllegalArgumentException if caption or tags are longer than {@link PictureUpload} allows
    public Optional<Picture> edit(String name, @Nullable String caption, List<String> tags) {
        PictureWords words = new PictureWords(caption, tags);
        return edit(name, _ -> words);
    }

    /// As the other, going by what is said by then: where several edit at a time, none undoes what another said.
    ///
    /// @param change of what the row says; asked again where somebody else was first
    public Optional<Picture> edit(String name, UnaryOperator<PictureWords> change) {
        return named(name, parsed -> writer.replace(parsed.id(), row -> {
                    PictureMetadata before = PictureTable.picture(row).metadata();
                    PictureWords after = change.apply(new PictureWords(before.caption(), before.tags()));
                    models.edit(row, after.caption(), after.tags());
                }))
                .flatMap(row -> row)
                .map(PictureTable::picture);
    }

    /// Adds a column with vectors by a further model: of pictures by a {@link ClipModel}, of captions by a sentence model.
    /// Rows that are there get theirs, some thousands in a version; rows that come get theirs at once, as long as
    /// the library is open, and later when it is opened with the model ({@link LibraryOptions}). Called again, it goes on
    /// where it was, and gives vectors to rows that have none yet.
    ///
    /// @param model stays the caller's to close, after the library
    /// @throws IllegalArgumentException if there is no table yet, the name is taken, or the column was made by another model
    public FilledColumn addVectorColumn(String column, TextModel model, FillListener listener) {
        return io(() -> vectorColumns.add(column, model, listener));
    }

    /// Gives rows that other programs wrote what they lack and their pictures tell: size, format, time and camera, so that
    /// conditions find them, and vectors of the models that are open. Some thousands in a version; called again, it goes on
    /// where it was.
    public RefilledLibrary refill(FillListener listener) {
        return io(() -> refill.run(listener));
    }

    /// The columns of vectors, in the order of the table.
    public List<VectorColumnInfo> vectorColumns() {
        return vectorColumns.list();
    }

    /// The newest versions of the table, newest first.
    ///
    /// @param most how many of them
    public List<VersionInfo> versions(int most) {
        return writer.latest().map(table -> TableVersions.newest(table, most)).orElse(List.of());
    }

    /// The bytes of a picture, by its name: what stands behind `images/` in its id. Empty if there is none of that
    /// name, and for everything that is no such name.
    public Optional<byte[]> read(String name) {
        return named(name, parsed -> {
                    Optional<byte[]> bytes = files.read(parsed);
                    return bytes.isPresent() ? bytes : removal.bringBackBytes(parsed);
                })
                .flatMap(bytes -> bytes);
    }

    /// A small JPEG of a picture, by its name, of at most 320 pixels along an edge. Made, and kept, where there is none
    /// yet. Empty where {@link #read} is, and where the bytes are no picture any more.
    public Optional<byte[]> thumbnail(String name) {
        return named(name, files::readThumbnail).flatMap(kept -> kept).or(() -> madeThumbnail(name));
    }

    private Optional<byte[]> madeThumbnail(String name) {
        try {
            Optional<byte[]> made = read(name).map(models::thumbnail);
            made.ifPresent(jpeg -> named(name, parsed -> {
                files.storeThumbnail(parsed, jpeg);
                return jpeg;
            }));
            return made;
        } catch (PictureException e) {
            return Optional.empty();
        }
    }

    /// Deletes a picture, row first. Older versions of the table keep the row, and its bytes are kept aside until
    /// {@link #purge}: it can be restored, and can be added again.
    ///
    /// @return whether there was one of that name
    public boolean delete(String name) {
        return named(name, removal::delete).orElse(false);
    }

    /// Brings a deleted picture back with everything its row said; one that is there stays as it is.
    ///
    /// @return empty if none of that name is kept
    public Optional<StoredPicture> restore(String name) {
        return named(name, removal::restore).flatMap(restored -> restored);
    }

    /// The deleted pictures that can be restored, latest first. A listing, and a get for each.
    public List<DeletedPicture> deleted() {
        return io(removal::deleted);
    }

    /// Lets deleted pictures go for good.
    ///
    /// @param deletedBefore those deleted later stay
    /// @return how many went
    public int purge(Instant deletedBefore) {
        return io(() -> removal.purge(deletedBefore));
    }

    /// Takes away what grows otherwise as long as a library is used; to be called now and then. Two listings, and all
    /// manifests of the table are read.
    public CleanedLibrary cleanup(LibraryCleanup policy) {
        return io(() -> upkeep.cleanup(policy));
    }

    /// As {@link #read}, also for a picture that is deleted and kept: older versions of the table have its row.
    public Optional<byte[]> readKept(String name) {
        return named(name, removal::readKept).flatMap(bytes -> bytes);
    }

    /// As {@link #thumbnail}, also for a picture that is deleted and kept.
    public Optional<byte[]> thumbnailOfKept(String name) {
        Optional<byte[]> present = thumbnail(name);
        return present.isPresent() ? present : named(name, removal::thumbnailOfKept).flatMap(jpeg -> jpeg);
    }

    /// What the table holds. Before the first picture it says what the table will be.
    public PictureStats stats() {
        Optional<Table> latest = writer.latest();
        Map<String, String> columns = PictureTable.columnTypes(
                latest.map(Table::schema).orElseGet(() -> PictureTable.schema(models.main().dimension())));
        List<String> indices = latest.stream()
                .flatMap(table -> table.indices().stream())
                .map(IndexInfo::name)
                .toList();
        return new PictureStats(
                latest.map(Table::countRows).orElse(0L),
                columns.size(),
                columns,
                models.main().dimension(),
                pathOf(TABLE_FOLDER.value()),
                indices,
                latest.map(Table::version).orElse(0L));
    }

    /// Begins, in the background, what a write would begin: merging small fragments, making and growing indices. For who
    /// opens a library that others wrote to, and goes on to serve it.
    public void maintain() {
        writer.latest().ifPresent(table -> table.adopt(table.dataset()));
    }

    /// Waits until nothing is done in the background: what is under way when a library is closed is lost.
    ///
    /// @return whether that was within the time
    /// @throws InterruptedException if the thread is interrupted
    public boolean awaitMaintenance(Duration atMost) throws InterruptedException {
        return database.awaitMaintenance(atMost);
    }

    /// The model that pictures and words are embedded with.
    public ClipModel model() {
        return models.main();
    }

    @Override
    public void close() {
        database.close();
        session.close();
        try {
            store.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
