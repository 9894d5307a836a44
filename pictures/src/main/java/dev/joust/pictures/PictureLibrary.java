// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.joust.embed.ClipModel;
import dev.joust.embed.image.PictureException;
import dev.joust.format.table.VersionInfo;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;
import dev.joust.pictures.internal.BulkAddition;
import dev.joust.pictures.internal.ColumnModels;
import dev.joust.pictures.internal.PictureAddition;
import dev.joust.pictures.internal.PictureFiles;
import dev.joust.pictures.internal.PictureName;
import dev.joust.pictures.internal.PictureSearch;
import dev.joust.pictures.internal.PictureTable;
import dev.joust.pictures.internal.PictureWriter;
import dev.joust.pictures.internal.TableVersions;
import dev.joust.search.ConnectOptions;
import dev.joust.search.Database;
import dev.joust.search.IndexInfo;
import dev.joust.search.Table;

/// Pictures in a folder or bucket, found by words or by other pictures.
///
///     images/{sha256}.{ext}     the bytes, stored once, named by their hash
///     thumbnails/{sha256}.jpg   a small JPEG of each
///     images.lance/             a table of `id`, `path`, `vector` and {@link PictureMetadata}, one row per picture
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

    private PictureLibrary(
            String address, Session session, ObjectStore store, ClipModel model, LibraryOptions options) {
        this.address = address;
        this.session = session;
        this.store = store;
        models = new ColumnModels(model, options.models());
        files = new PictureFiles(store);
        search = new PictureSearch(models);
        database = Database.over(store, session, ConnectOptions.DEFAULT);
        writer = new PictureWriter(database, TABLE, ObjectStores.below(store, TABLE_FOLDER), model.dimension());
        addition = new PictureAddition(address, models, files, writer);
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
    private static String addressOf(String dataUri) {
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
        try {
            return addition.add(upload);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Adds many pictures: read and decoded by several threads, embedded in batches, and with the rows of many in one
    /// version of the table. A picture that is there already costs a hash; one that is refused does not stop the rest,
    /// so what was interrupted is completed by adding all again.
    ///
    /// @param sources asked for the next one by one thread at a time
    /// @return how it ended
    public BulkProgress addAll(Iterator<? extends PictureSource> sources, BulkOptions options, BulkListener listener) {
        try {
            return new BulkAddition(addition, models, files, writer, options, listener).run(sources);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
                PictureAddition.checkSize(sample.bytes().length);
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
        Optional<PictureName> parsed = PictureName.parse(name);
        return parsed.isEmpty()
                ? Optional.empty()
                : writer.latest().flatMap(table -> PictureSearch.find(table, parsed.get().id()));
    }

    /// Says something else about a picture.
    ///
    /// @param caption null for none
    /// @return what its row says now; empty if there is none of that name
    /// @throws IllegalArgumentException if caption or tags are longer than {@link PictureUpload} allows
    public Optional<Picture> edit(String name, @Nullable String caption, List<String> tags) {
        Optional<PictureName> parsed = PictureName.parse(name);
        if (parsed.isEmpty()) {
            return Optional.empty();
        }
        String checkedCaption = PictureUpload.checkedCaption(caption);
        List<String> checkedTags = PictureUpload.checkedTags(tags);
        try {
            return writer.replace(parsed.get().id(), row -> models.edit(row, checkedCaption, checkedTags))
                    .map(PictureTable::picture);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        Optional<PictureName> parsed = PictureName.parse(name);
        if (parsed.isEmpty()) {
            return Optional.empty();
        }
        try {
            return files.read(parsed.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A small JPEG of a picture, by its name, of at most 320 pixels along an edge. Made, and kept, where there is none
    /// yet. Empty where {@link #read} is, and where the bytes are no picture any more.
    public Optional<byte[]> thumbnail(String name) {
        Optional<PictureName> parsed = PictureName.parse(name);
        if (parsed.isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<byte[]> kept = files.readThumbnail(parsed.get());
            if (kept.isPresent()) {
                return kept;
            }
            Optional<byte[]> picture = files.read(parsed.get());
            if (picture.isEmpty()) {
                return Optional.empty();
            }
            byte[] made = models.thumbnail(picture.get());
            files.storeThumbnail(parsed.get(), made);
            return Optional.of(made);
        } catch (PictureException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Deletes a picture, row first. Older versions of the table keep the row. It can be added again.
    ///
    /// @return whether there was one of that name
    public boolean delete(String name) {
        Optional<PictureName> parsed = PictureName.parse(name);
        if (parsed.isEmpty()) {
            return false;
        }
        Optional<byte[]> bytes = read(name);
        try {
            if (!writer.delete(parsed.get().id())) {
                return false;
            }
            files.delete(parsed.get());
            if (bytes.isPresent() && writer.find(parsed.get().id()).isPresent()) {
                // Somebody has added it again meanwhile and found the bytes still there
                files.store(parsed.get(), bytes.get());
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
