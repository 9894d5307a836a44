// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.store;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import dev.joust.io.Durability;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.ObjectTail;
import dev.joust.io.ObjectWriter;
import dev.joust.io.ReadStats;
import dev.joust.io.internal.StoreCounters;

/// Files below a folder. Thread-safe; any number of processes may use the same folder, the reference among them.
///
/// An object appears whole: it is written under a temporary name in its own folder (`.tmp-joust-...`, never listed),
/// then renamed ({@link #put}, {@link #create}) or linked ({@link #putIfAbsent}) to its name. With
/// {@link Durability#FSYNC} the bytes and the folder's entry are on disk before a call returns.
/// Symbolic links are followed as long as they lead to somewhere below the root. A folder that holds nothing any more
/// goes with its last object.
public final class LocalObjectStore implements ObjectStore {
    private final Path givenRoot;
    private final URI root;
    private final Durability durability;
    private final LocalFiles files;
    private final StoreCounters counters;

    /// The files below `root`, which need not exist before the first write.
    public LocalObjectStore(Path root, Durability durability) {
        this(root, durability, new StoreCounters());
    }

    private LocalObjectStore(Path root, Durability durability, StoreCounters counters) {
        this.counters = counters;
        this.givenRoot = root.toAbsolutePath().normalize();
        this.durability = durability;
        this.files = new LocalFiles(givenRoot);
        String uri = givenRoot.toUri().toString();
        this.root = URI.create(uri.endsWith("/") ? uri : uri + "/");
    }

    /// The files below `root`; writes are durable when they return.
    public LocalObjectStore(Path root) {
        this(root, Durability.FSYNC);
    }

    @Override
    public URI root() {
        return root;
    }

    @Override
    public ObjectMeta head(ObjectPath path) throws IOException {
        counters.head();
        return LocalListing.meta(path, files.attributes(path));
    }

    @Override
    public void read(ObjectPath path, long offsetInFile, MemorySegment target) throws IOException {
        if (offsetInFile < 0) {
            throw new IllegalArgumentException("offset " + offsetInFile);
        }
        counters.get();
        try (FileChannel channel = files.openForRead(path)) {
            files.readFully(channel, path, offsetInFile, target);
        }
        counters.read(target.byteSize());
    }

    @Override
    public Optional<MemorySegment> mapped(ObjectPath path) throws IOException {
        return files.map(path);
    }

    @Override
    public ObjectTail readTail(ObjectPath path, int maxSizeBytes, SegmentAllocator allocator) throws IOException {
        counters.get();
        try (FileChannel channel = files.openForRead(path)) {
            long fileSizeBytes = channel.size();
            if (fileSizeBytes == 0) {
                files.requireFile(path);
            }
            long sizeBytes = Math.min(maxSizeBytes, fileSizeBytes);
            MemorySegment tail = allocator.allocate(sizeBytes).asSlice(0, sizeBytes);
            files.readFully(channel, path, fileSizeBytes - sizeBytes, tail);
            counters.read(sizeBytes);
            return new ObjectTail(fileSizeBytes, tail);
        }
    }

    @Override
    public byte[] readAll(ObjectPath path, int maxSizeBytes) throws IOException {
        counters.get();
        try (FileChannel channel = files.openForRead(path)) {
            long sizeBytes = channel.size();
            if (sizeBytes == 0) {
                files.requireFile(path);
            }
            if (sizeBytes > maxSizeBytes) {
                throw new IOException(path + ": " + sizeBytes + " bytes, at most " + maxSizeBytes + " expected");
            }
            byte[] bytes = new byte[(int) sizeBytes];
            files.readFully(channel, path, 0, MemorySegment.ofArray(bytes));
            counters.read(bytes.length);
            return bytes;
        }
    }

    @Override
    public List<ObjectMeta> list(ObjectPath prefix) throws IOException {
        counters.list();
        return LocalListing.list(files.folder(prefix), prefix);
    }

    @Override
    public List<ObjectMeta> unfinished(ObjectPath folder) throws IOException {
        return LocalListing.unfinished(files.folder(folder), folder);
    }

    @Override
    public List<String> listNames(ObjectPath folder) throws IOException {
        counters.list();
        return LocalListing.names(files.folder(folder), folder);
    }

    @Override
    public Optional<ObjectMeta> firstObject(ObjectPath folder, Predicate<String> wanted) throws IOException {
        counters.list();
        for (String name : LocalListing.names(files.folder(folder), folder)) {
            if (wanted.test(name)) {
                Optional<ObjectMeta> found = objectIfThere(folder.resolve(name));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /// Empty for a folder, and for what is gone since it was listed.
    private Optional<ObjectMeta> objectIfThere(ObjectPath path) throws IOException {
        try {
            return Optional.of(LocalListing.meta(path, files.attributes(path)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void put(ObjectPath path, byte[] bytes) throws IOException {
        put(path, bytes, durability);
    }

    @Override
    public void putDerived(ObjectPath path, byte[] bytes) throws IOException {
        put(path, bytes, Durability.NONE);
    }

    private void put(ObjectPath path, byte[] bytes, Durability putDurability) throws IOException {
        counters.put();
        try (TemporaryFile temporary = files.createTemporary(path, putDurability)) {
            temporary.write(ByteBuffer.wrap(bytes));
            temporary.renameToTarget();
        }
        counters.wrote(bytes.length);
    }

    @Override
    public boolean putIfAbsent(ObjectPath path, byte[] bytes) throws IOException {
        counters.put();
        if (Files.exists(files.file(path), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (TemporaryFile temporary = files.createTemporary(path, durability)) {
            temporary.write(ByteBuffer.wrap(bytes));
            temporary.linkToTarget();
        } catch (FileAlreadyExistsException e) {
            return false;
        }
        counters.wrote(bytes.length);
        return true;
    }

    @Override
    public ObjectWriter create(ObjectPath path) throws IOException {
        return new LocalObjectWriter(path, files.createTemporary(path, durability), counters);
    }

    @Override
    public void delete(ObjectPath path) throws IOException {
        counters.delete();
        files.delete(path, durability);
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public boolean listsInOrder() {
        return true;
    }

    @Override
    public ReadStats stats() {
        return counters.stats();
    }

    @Override
    public Optional<ObjectStore> sibling(String uriOrPath) {
        return ObjectStores.localFolder(uriOrPath).map(folder -> new LocalObjectStore(folder, durability, counters));
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return givenRoot.toString();
    }
}
