// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
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
import dev.joust.format.table.FeatureFlags;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.ManifestNaming;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectTail;

/// The versions of one table: finds, reads and writes manifests (spec: table format 1.2, 1.5). Thread-safe.
public final class ManifestStore {
    private static final Logger LOG = System.getLogger(ManifestStore.class.getName());

    /// Got with the first request; most manifests are shorter.
    private static final int TAIL_SIZE_BYTES = 64 * 1024;
    /// Longer ones are not read; a table of ten million fragments stays below.
    private static final int MAX_MANIFEST_BYTES = 1 << 30;
    private static final int MAX_TRANSACTION_BYTES = 1 << 30;
    private static final int READ_AT_ONCE = 32;

    private final ObjectStore store;

    public ManifestStore(ObjectStore store) {
        this.store = store;
    }

    /// One version found in the folder.
    public record Location(long version, ManifestNaming naming) {
        ObjectPath path() {
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

    /// The newest version. One request.
    public Optional<Location> latest() throws IOException {
        List<Location> all = list();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
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

    /// Reads one manifest: one request where it is short, two otherwise.
    ///
    /// @throws NoSuchFileException        if there is no such version
    /// @throws UnsupportedFormatException if the table needs its readers to know something that we don't
    public Loaded read(Location location) throws IOException {
        ObjectPath path = location.path();
        try (Arena arena = Arena.ofConfined()) {
            ObjectTail tail = store.readTail(path, TAIL_SIZE_BYTES, arena);
            MemorySegment whole = tail.bytes();
            if (tail.startInFile() > 0) {
                // Checked before the rest is fetched: a file that is no manifest is not worth a gigabyte.
                ManifestFile.manifestPosition(path, tail.objectSizeBytes(), whole);
                if (tail.objectSizeBytes() > MAX_MANIFEST_BYTES) {
                    throw new UnsupportedFormatException(
                            path + ": manifest file of " + tail.objectSizeBytes() + " bytes");
                }
                whole = arena.allocate(tail.objectSizeBytes());
                store.read(path, 0, whole.asSlice(0, tail.startInFile()));
                MemorySegment.copy(tail.bytes(), 0, whole, tail.startInFile(), tail.bytes().byteSize());
            }
            ManifestFile.Parsed parsed = ManifestFile.parse(path, whole);
            Manifest manifest = parsed.manifest();
            if (manifest.version() != location.version()) {
                throw new CorruptFileException(
                        path, 0, "manifest", "says it is version " + Long.toUnsignedString(manifest.version()));
            }
            FeatureFlags.checkReadable(manifest, path.toString());
            return new Loaded(location, manifest, inlineTransaction(path, whole, parsed));
        }
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

    private static @Nullable Transaction inlineTransaction(
            ObjectPath path, MemorySegment whole, ManifestFile.Parsed parsed) {
        if (parsed.transactionOffset() == null) {
            return null;
        }
        try {
            return ManifestFile.parseTransaction(path, whole, parsed.transactionOffset());
        } catch (CorruptFileException | UnsupportedFormatException e) {
            // The version is what it is without: only who commits after it needs the transaction, and asks for it.
            LOG.log(Level.DEBUG, "transaction inside {0} can''t be read: {1}", path, e.getMessage());
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
    public boolean putIfAbsent(Location location, Manifest manifest, byte[] transaction) throws IOException {
        return store.putIfAbsent(location.path(), ManifestFile.toBytes(manifest, transaction));
    }

    /// Leaves word of the newest version where the reference does: on local folders, and where listing is slow. Only a
    /// hint: who reads it looks for newer ones, so a failure is nobody's loss.
    public void writeHint(long version) {
        if (store.listsInOrder() && !"file".equals(store.root().getScheme())) {
            return;
        }
        try {
            store.put(TablePaths.VERSION_HINT, ("{\"version\":" + version + "}").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "version hint not written", e);
        }
    }
}
