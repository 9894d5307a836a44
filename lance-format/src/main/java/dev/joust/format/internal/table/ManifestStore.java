// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.commit.Transaction;
import dev.joust.format.internal.table.ManifestFile.View;
import dev.joust.format.table.FeatureFlags;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.ManifestNaming;
import dev.joust.io.FileTails;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectTail;

/// The versions of one table: finds, reads and writes manifests (spec: table format 1.2, 1.5). Thread-safe.
public final class ManifestStore {
    private static final Logger LOG = System.getLogger(ManifestStore.class.getName());

    /// Got with the first request; most manifests are shorter.
    private static final int TAIL_SIZE_BYTES = 64 * 1024;
    /// What lies before a manifest that is not wholly in there is fetched with it, up to so much.
    private static final int FETCHED_ALONG_BYTES = 1024 * 1024;
    /// Longer ones are not read; a table of ten million fragments stays below.
    private static final int MAX_MANIFEST_BYTES = 1 << 30;
    private static final int MAX_TRANSACTION_BYTES = 1 << 30;
    private static final int READ_AT_ONCE = 32;
    /// A hint that lags further behind than this is no help: a listing is cheaper.
    private static final int PROBED_VERSIONS = 1000;

    private final ObjectStore store;
    private final @Nullable FileTails tails;

    public ManifestStore(ObjectStore store) {
        this(store, null);
    }

    /// @param tails that learn how long manifests are, so that the next one is got at once
    ManifestStore(ObjectStore store, @Nullable FileTails tails) {
        this.store = store;
        this.tails = tails;
    }

    /// One version found in the folder.
    ///
    /// @param identity of the file, as {@link ObjectMeta#identity}; null where it is not known
    public record Location(long version, ManifestNaming naming, @Nullable String identity) {
        public Location(long version, ManifestNaming naming) {
            this(version, naming, null);
        }

        public ObjectPath path() {
            return TablePaths.VERSIONS.resolve(naming.fileName(version));
        }
    }

    /// A manifest with the transaction that made it.
    ///
    /// @param transaction null if the manifest has none inside, or one that can't be read: see {@link #transactionOf}
    public record Loaded(Location location, Manifest manifest, @Nullable Transaction transaction) {}

    /// All versions, ascending. One request.
    public List<Location> list() throws IOException {
        List<Location> found = new ArrayList<>();
        List<String> names;
        try {
            names = store.listNames(TablePaths.VERSIONS);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        for (String name : names) {
            OptionalLong version = ManifestNaming.versionOf(name);
            if (version.isPresent()) {
                found.add(new Location(
                        version.getAsLong(), ManifestNaming.of(name).orElseThrow()));
            }
        }
        found.sort(java.util.Comparator.comparingLong(Location::version));
        return found;
    }

    /// The newest version. One listing, of one request where names come in order and are those of today, for the newest is
    /// first then. Where names come in no order, the version hint and a look at one version after the other from there.
    public Optional<Location> latest() throws IOException {
        Optional<Location> found = store.listsInOrder() ? firstListed() : probed();
        if (found.isPresent()) {
            return found;
        }
        List<Location> all = list();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    private Optional<Location> firstListed() throws IOException {
        try {
            return store.firstObject(TablePaths.VERSIONS, name -> ManifestNaming.versionOf(name).isPresent())
                    // Of the old naming the newest is anywhere in the listing.
                    .filter(meta -> ManifestNaming.of(meta.path().fileName()).orElseThrow() == ManifestNaming.V2)
                    .map(meta -> new Location(
                            ManifestNaming.versionOf(meta.path().fileName()).orElseThrow(),
                            ManifestNaming.V2,
                            meta.identity()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /// From the hint upward; empty if there is none, or it names what is not there.
    private Optional<Location> probed() throws IOException {
        long version = VersionHint.read(store).orElse(0);
        Location found = null;
        for (int i = 0; i < PROBED_VERSIONS && version > 0; i++, version++) {
            Location next = found == null ? locate(version) : new Location(version, found.naming());
            if (next == null || (found != null && !exists(next))) {
                return Optional.ofNullable(found);
            }
            found = next;
        }
        return Optional.empty();
    }

    private @Nullable Location locate(long version) throws IOException {
        for (ManifestNaming naming : List.of(ManifestNaming.V2, ManifestNaming.V1)) {
            Location location = new Location(version, naming);
            if (exists(location)) {
                return location;
            }
        }
        return null;
    }

    private boolean exists(Location location) throws IOException {
        try {
            store.head(location.path());
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /// The manifest file of a version; empty where there is no such version. One request, two where it is missing or
    /// of the old naming.
    public Optional<ObjectMeta> find(long version) throws IOException {
        for (ManifestNaming naming : List.of(ManifestNaming.V2, ManifestNaming.V1)) {
            try {
                return Optional.of(store.head(new Location(version, naming).path()));
            } catch (NoSuchFileException e) {
                LOG.log(Level.DEBUG, "no version {0} named as in {1}", version, naming);
            }
        }
        return Optional.empty();
    }

    /// Reads one manifest and the transaction in it: one request where both are short, two otherwise.
    ///
    /// @throws NoSuchFileException        if there is no such version
    /// @throws UnsupportedFormatException if the table needs its readers to know something that we don't
    public Loaded read(Location location) throws IOException {
        ObjectPath path = location.path();
        try (Arena arena = Arena.ofConfined()) {
            ObjectTail tail = store.readTail(path, TAIL_SIZE_BYTES, arena);
            long position = manifestPosition(path, tail);
            View whole = tail.startInFile() == 0
                    ? View.whole(path, tail.bytes())
                    : extended(path, tail, 0, arena);
            ManifestFile.Parsed parsed = parse(location, whole, position, arena);
            return new Loaded(location, parsed.manifest(), inlineTransaction(whole, parsed.transactionOffset()));
        }
    }

    /// Reads one manifest without its transaction, which may be as long as the manifest itself: one request where the
    /// manifest is short, two otherwise, and a third for the indices of a long one that has a long transaction, too.
    ///
    /// @throws NoSuchFileException        if there is no such version
    /// @throws UnsupportedFormatException if the table needs its readers to know something that we don't
    public Manifest readManifest(Location location) throws IOException {
        ObjectPath path = location.path();
        try (Arena arena = Arena.ofConfined()) {
            int tailBytes = tails == null ? 0 : tails.bytesFor(store, path);
            ObjectTail tail = store.readTail(path, Math.max(TAIL_SIZE_BYTES, tailBytes), arena);
            long position = manifestPosition(path, tail);
            if (tails != null) {
                tails.learn(store, path, tail.objectSizeBytes() - position);
            }
            View view = position >= tail.startInFile()
                    ? new View(path, tail.bytes(), tail.startInFile(), tail.objectSizeBytes())
                    : extended(path, tail, position <= FETCHED_ALONG_BYTES ? 0 : position, arena);
            return parse(location, view, position, arena).manifest();
        }
    }

    /// The manifest in a file that was read, without its transaction.
    ///
    /// @param file from its first to its last byte
    Manifest parseManifest(Location location, byte[] file) throws IOException {
        ObjectPath path = location.path();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(file.length).copyFrom(MemorySegment.ofArray(file));
            long position = ManifestFile.manifestPosition(path, file.length, bytes);
            return parse(location, View.whole(path, bytes), position, arena).manifest();
        }
    }

    /// Where the manifest starts. Checked before the rest is fetched: a file that is no manifest is not worth a gigabyte.
    private static long manifestPosition(ObjectPath path, ObjectTail tail) {
        long position = ManifestFile.manifestPosition(path, tail.objectSizeBytes(), tail.bytes());
        if (tail.objectSizeBytes() > MAX_MANIFEST_BYTES) {
            throw new UnsupportedFormatException(
                    path + ": manifest file of " + tail.objectSizeBytes() + " bytes");
        }
        return position;
    }

    /// The file from `start` on, which lies before the tail.
    private View extended(ObjectPath path, ObjectTail tail, long start, Arena arena) throws IOException {
        MemorySegment bytes = arena.allocate(tail.objectSizeBytes() - start);
        long before = tail.startInFile() - start;
        store.read(path, start, bytes.asSlice(0, before));
        MemorySegment.copy(tail.bytes(), 0, bytes, before, tail.bytes().byteSize());
        return new View(path, bytes, start, tail.objectSizeBytes());
    }

    private ManifestFile.Parsed parse(Location location, View view, long position, Arena arena) throws IOException {
        ObjectPath path = location.path();
        ManifestCodec.Parsed parsed = ManifestFile.parseManifest(view, position);
        Long indexOffset = parsed.indexSectionOffset();
        ManifestCodec.Indices indices = indexOffset == null
                ? ManifestCodec.Indices.NONE
                : ManifestFile.parseIndices(indexSection(view, indexOffset, arena), indexOffset);
        Manifest manifest = ManifestCodec.toManifest(
                parsed, indices, new MessageSource(path, position + ManifestFile.LENGTH_BYTES));
        if (manifest.version() != location.version()) {
            throw new CorruptFileException(
                    path, 0, "manifest", "says it is version " + Long.toUnsignedString(manifest.version()));
        }
        FeatureFlags.checkReadable(manifest, path.toString());
        return new ManifestFile.Parsed(manifest, parsed.transactionSectionOffset());
    }

    /// A view of the file that holds the index section: the one that is there, or another.
    private View indexSection(View view, long offset, Arena arena) throws IOException {
        long end = view.fileSizeBytes();
        if (offset < 0 || offset >= end - ManifestFile.LENGTH_BYTES || view.holds(offset, end)) {
            return view;
        }
        View found = fetched(view, offset, Math.min(end, offset + TAIL_SIZE_BYTES), arena);
        long sizeBytes = ManifestFile.sectionSizeBytes(found, offset, "index section");
        return found.holds(offset, offset + sizeBytes) ? found : fetched(view, offset, offset + sizeBytes, arena);
    }

    private View fetched(View view, long start, long end, Arena arena) throws IOException {
        MemorySegment bytes = arena.allocate(end - start);
        store.read(view.file(), start, bytes);
        return new View(view.file(), bytes, start, view.fileSizeBytes());
    }

    /// Reads several manifests, a bounded number at once. Versions that are not there any more are left out.
    public List<Loaded> readAll(List<Location> locations, ExecutorService executor) throws IOException {
        List<Loaded> loaded = new ArrayList<>();
        for (int start = 0; start < locations.size(); start += READ_AT_ONCE) {
            List<Location> some = locations.subList(start, Math.min(locations.size(), start + READ_AT_ONCE));
            if (some.size() == 1) {
                readIfThere(some.getFirst()).ifPresent(loaded::add);
                continue;
            }
            List<Future<Optional<Loaded>>> futures = new ArrayList<>();
            for (Location location : some) {
                futures.add(executor.submit(() -> readIfThere(location)));
            }
            for (Future<Optional<Loaded>> future : futures) {
                get(future).ifPresent(loaded::add);
            }
        }
        return loaded;
    }

    private Optional<Loaded> readIfThere(Location location) throws IOException {
        try {
            return Optional.of(read(location));
        } catch (NoSuchFileException e) {
            LOG.log(Level.DEBUG, "version {0} was cleaned up meanwhile", location.version());
            return Optional.empty();
        }
    }

    private static <T> T get(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while manifests were read");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IOException(e);
            }
        }
    }

    private static @Nullable Transaction inlineTransaction(View whole, @Nullable Long offset) {
        if (offset == null) {
            return null;
        }
        try {
            return ManifestFile.parseTransaction(whole.file(), whole.bytes(), offset);
        } catch (CorruptFileException | UnsupportedFormatException e) {
            // The version is what it is without: only who commits after it needs the transaction, and asks for it.
            LOG.log(Level.DEBUG, "transaction inside {0} can''t be read: {1}", whole.file(), e.getMessage());
            return null;
        }
    }

    /// The transaction that made the version: the one inside its manifest, else the one in its own file; empty if
    /// neither is there.
    public Optional<Transaction> transactionOf(Loaded loaded) throws IOException {
        if (loaded.transaction() != null) {
            return Optional.of(loaded.transaction());
        }
        if (loaded.manifest().transactionFile().isEmpty()) {
            return Optional.empty();
        }
        ObjectPath path;
        try {
            path = TablePaths.TRANSACTIONS.resolve(loaded.manifest().transactionFile());
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(
                    loaded.location().path(), 0, "manifest", "transaction file '"
                            + loaded.manifest().transactionFile() + "' is no file name");
        }
        try {
            return Optional.of(TransactionCodec.parse(
                    store.readAll(path, MAX_TRANSACTION_BYTES), new MessageSource(path, 0)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /// Makes the manifest the next version, if nobody else has made that version.
    ///
    /// @param transaction in bytes, put inside where it is not too long
    /// @return where it is now; empty if there was one already
    public Optional<Location> putIfAbsent(Location location, Manifest manifest, byte[] transaction) throws IOException {
        return store.putNew(location.path(), ManifestFile.toBytes(manifest, transaction))
                .map(made -> new Location(location.version(), location.naming(), made.identity()));
    }

    /// Leaves word of the newest version where the reference does: on local folders, and where listing is slow. Only a
    /// hint: who reads it looks for newer ones, so a failure is nobody's loss.
    public void writeHint(long version) {
        VersionHint.write(store, version);
    }
}
