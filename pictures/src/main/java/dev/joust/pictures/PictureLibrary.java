// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.joust.embed.ClipModel;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;
import dev.joust.pictures.internal.PictureName;
import dev.joust.pictures.internal.PictureRow;
import dev.joust.pictures.internal.PictureTable;
import dev.joust.pictures.internal.PictureWriter;
import dev.joust.search.ConnectOptions;
import dev.joust.search.Database;
import dev.joust.search.IndexInfo;
import dev.joust.search.Table;

/// Pictures in a folder or bucket, found by words or by other pictures.
///
///     images/{sha256}.{ext}   the bytes, stored once, named by their hash
///     images.lance/           a table of `id`, `path` and `vector`, one row per picture
///
/// A picture is added in two steps, bytes first. Whatever happens between the two, adding it again completes it, and
/// an add that has returned is there for good, once, however many clients and processes add the same picture.
/// Every method looks at the newest version of the table, so rows that other programs append or delete count at once.
///
/// Thread-safe. The model is the caller's to close, after the library. I/O errors come as {@link UncheckedIOException}.
public final class PictureLibrary implements AutoCloseable {
    private static final String TABLE = "images";
    private static final ObjectPath TABLE_FOLDER = ObjectPath.of(TABLE + ".lance");
    private static final int MAX_PICTURE_BYTES = 64 << 20;
    private static final int MAX_RESULT_COUNT = 10_000;

    private final String address;
    private final Session session;
    private final ObjectStore store;
    private final Database database;
    private final ClipModel model;
    private final PictureWriter writer;

    private PictureLibrary(String address, Session session, ObjectStore store, ClipModel model) {
        this.address = address;
        this.session = session;
        this.store = store;
        this.model = model;
        database = Database.over(store, session, ConnectOptions.DEFAULT);
        writer = new PictureWriter(database, TABLE, ObjectStores.below(store, TABLE_FOLDER), model.dimension());
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
        try {
            return open(addressOf(dataUri), ObjectStores.open(dataUri, storage), model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Opens the library in a store, which is closed with it.
    ///
    /// @param address what stands before ids in paths
    public static PictureLibrary open(String address, ObjectStore store, ClipModel model) {
        PictureLibrary library = new PictureLibrary(address, Session.create(), store, model);
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
        checkSize(encoded);
        PictureName name = PictureName.of(encoded);
        try {
            Optional<Long> version = writer.mayHold(name.id()) ? writer.find(name.id()) : Optional.empty();
            if (version.isPresent()) {
                storeBytesIfMissing(name, encoded);
                return new StoredPicture(name.id(), pathOf(name.id()), StoredPicture.Status.EXISTS, version.get());
            }
            float[] vector = model.embedPicture(encoded);
            boolean stored = store.putIfAbsent(name.path(), encoded);
            PictureWriter.Outcome outcome = writer.add(new PictureRow(name.id(), pathOf(name.id()), vector));
            if (!stored) {
                // They were there; a delete that was still under way may have taken them since
                storeBytesIfMissing(name, encoded);
            }
            return new StoredPicture(name.id(), pathOf(name.id()),
                    outcome.added() ? StoredPicture.Status.STORED : StoredPicture.Status.EXISTS, outcome.version());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkSize(byte[] encoded) {
        if (encoded.length > MAX_PICTURE_BYTES) {
            throw new IllegalArgumentException(
                    "a picture of " + encoded.length + " bytes; at most " + MAX_PICTURE_BYTES + " are allowed");
        }
    }

    private String pathOf(String id) {
        return address + "/" + id;
    }

    private void storeBytesIfMissing(PictureName name, byte[] encoded) throws IOException {
        try {
            store.head(name.path());
        } catch (NoSuchFileException e) {
            store.putIfAbsent(name.path(), encoded);
        }
    }

    /// The `k` pictures nearest to what the words say, nearest first; fewer where there are fewer.
    ///
    /// @throws IllegalArgumentException if there are no words, or `k` is not in 1 to 10,000
    public List<PictureHit> search(String words, int k) {
        checkResultCount(k);
        if (words.isBlank()) {
            throw new IllegalArgumentException("no words to search for");
        }
        return search(model.embedText(words), k);
    }

    /// The `k` pictures nearest to a picture, which need not be in the library.
    ///
    /// @throws dev.joust.embed.image.PictureException if the bytes are not taken as a picture
    /// @throws IllegalArgumentException               if `k` is not in 1 to 10,000
    public List<PictureHit> searchByPicture(byte[] encoded, int k) {
        checkResultCount(k);
        checkSize(encoded);
        return search(model.embedPicture(encoded), k);
    }

    private static void checkResultCount(int k) {
        if (k < 1 || k > MAX_RESULT_COUNT) {
            throw new IllegalArgumentException("k is " + k + "; it must be 1 to " + MAX_RESULT_COUNT);
        }
    }

    private List<PictureHit> search(float[] vector, int k) {
        return writer.latest().stream()
                .flatMap(table -> PictureTable.search(table, vector, k).stream())
                .toList();
    }

    /// The bytes of a picture, by its name: what stands behind `images/` in its id. Empty if there is none of that
    /// name, and for everything that is no such name.
    public Optional<byte[]> read(String name) {
        Optional<PictureName> parsed = PictureName.parse(name);
        if (parsed.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(store.readAll(parsed.get().path(), MAX_PICTURE_BYTES));
        } catch (NoSuchFileException e) {
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
            store.delete(parsed.get().path());
            if (bytes.isPresent() && writer.find(parsed.get().id()).isPresent()) {
                // Somebody has added it again meanwhile and found the bytes still there
                store.putIfAbsent(parsed.get().path(), bytes.get());
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
                latest.map(Table::schema).orElseGet(() -> PictureTable.schema(model.dimension())));
        List<String> indices = latest.stream()
                .flatMap(table -> table.indices().stream())
                .map(IndexInfo::name)
                .toList();
        return new PictureStats(
                latest.map(Table::countRows).orElse(0L),
                columns.size(),
                columns,
                model.dimension(),
                pathOf(TABLE_FOLDER.value()),
                indices,
                latest.map(Table::version).orElse(0L));
    }

    /// The model that pictures and words are embedded with.
    public ClipModel model() {
        return model;
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
