// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.store;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.ObjectTail;
import dev.joust.io.ObjectWriter;
import dev.joust.io.ReadStats;
import dev.joust.io.internal.StoreCounters;

/// Objects in the memory of this process: for tests, and for tables that need not outlive it. Thread-safe.
/// Stores of the same name share their objects, which live until the process ends or they are deleted.
public final class MemoryObjectStore implements ObjectStore {
    private static final ConcurrentMap<String, ConcurrentNavigableMap<ObjectPath, StoredObject>> NAMED =
            new ConcurrentHashMap<>();
    private static final AtomicLong UNNAMED_COUNT = new AtomicLong();
    private static final AtomicLong OBJECT_COUNT = new AtomicLong();

    private final URI root;
    private final ConcurrentNavigableMap<ObjectPath, StoredObject> objects;
    private final StoreCounters counters = new StoreCounters();

    /// Compared by nobody, so that the array does no harm.
    @SuppressWarnings("ArrayRecordComponent")
    private record StoredObject(byte[] bytes, Instant lastModified, long number) {
        StoredObject(byte[] bytes) {
            this(bytes.clone(), Instant.now(), OBJECT_COUNT.incrementAndGet());
        }

        String identity() {
            return Long.toString(number);
        }
    }

    /// An empty store that nobody else sees.
    public MemoryObjectStore() {
        this(URI.create("memory:///unnamed-" + UNNAMED_COUNT.incrementAndGet() + "/"), new ConcurrentSkipListMap<>());
    }

    private MemoryObjectStore(URI root, ConcurrentNavigableMap<ObjectPath, StoredObject> objects) {
        this.root = root;
        this.objects = objects;
    }

    /// The store of that name (letters, digits, `-`, `_`, `.`) in this process, `memory://name`.
    public static MemoryObjectStore named(String name) {
        if (!name.matches("[A-Za-z0-9._-]+")) {
            throw new IllegalArgumentException(
                    "a memory store's name is letters, digits, '-', '_' and '.', not '" + name + "'");
        }
        return new MemoryObjectStore(
                URI.create("memory://" + name + "/"),
                NAMED.computeIfAbsent(name, key -> new ConcurrentSkipListMap<>()));
    }

    @Override
    public URI root() {
        return root;
    }

    @Override
    public ObjectMeta head(ObjectPath path) throws IOException {
        counters.head();
        return meta(path, object(path));
    }

    @Override
    public void read(ObjectPath path, long offsetInFile, MemorySegment target) throws IOException {
        counters.get();
        byte[] bytes = object(path).bytes;
        if (offsetInFile < 0) {
            throw new IllegalArgumentException("offset " + offsetInFile);
        }
        if (offsetInFile > bytes.length || bytes.length - offsetInFile < target.byteSize()) {
            throw new EOFException(path + " @ " + offsetInFile + ": " + target.byteSize() + " bytes wanted, "
                    + Math.max(0, bytes.length - offsetInFile) + " there");
        }
        MemorySegment.copy(bytes, (int) offsetInFile, target, ValueLayout.JAVA_BYTE, 0, (int) target.byteSize());
        counters.read(target.byteSize());
    }

    @Override
    public ObjectTail readTail(ObjectPath path, int maxSizeBytes, SegmentAllocator allocator) throws IOException {
        counters.get();
        byte[] bytes = object(path).bytes;
        int sizeBytes = Math.min(maxSizeBytes, bytes.length);
        MemorySegment tail = allocator.allocate(sizeBytes);
        MemorySegment.copy(bytes, bytes.length - sizeBytes, tail, ValueLayout.JAVA_BYTE, 0, sizeBytes);
        counters.read(sizeBytes);
        return new ObjectTail(bytes.length, tail.asSlice(0, sizeBytes));
    }

    @Override
    public byte[] readAll(ObjectPath path, int maxSizeBytes) throws IOException {
        counters.get();
        byte[] bytes = object(path).bytes;
        if (bytes.length > maxSizeBytes) {
            throw new IOException(path + ": " + bytes.length + " bytes, at most " + maxSizeBytes + " expected");
        }
        counters.read(bytes.length);
        return bytes.clone();
    }

    @Override
    public List<ObjectMeta> list(ObjectPath prefix) {
        counters.list();
        var found = new ArrayList<ObjectMeta>();
        below(prefix).forEach((path, object) -> found.add(meta(path, object)));
        return found;
    }

    @Override
    public List<String> listNames(ObjectPath folder) {
        counters.list();
        int start = folder.value().isEmpty() ? 0 : folder.value().length() + 1;
        var names = new TreeSet<String>(ObjectPath::compareNames);
        for (ObjectPath path : below(folder).keySet()) {
            int end = path.value().indexOf('/', start);
            names.add(path.value().substring(start, end < 0 ? path.value().length() : end));
        }
        return List.copyOf(names);
    }

    @Override
    public Optional<ObjectMeta> firstObject(ObjectPath folder, Predicate<String> wanted) {
        counters.list();
        int start = folder.value().isEmpty() ? 0 : folder.value().length() + 1;
        for (var entry : below(folder).entrySet()) {
            String name = entry.getKey().value().substring(start);
            if (name.indexOf('/') < 0 && wanted.test(name)) {
                return Optional.of(meta(entry.getKey(), entry.getValue()));
            }
        }
        return Optional.empty();
    }

    @Override
    public void put(ObjectPath path, byte[] bytes) {
        counters.put();
        objects.put(named(path), new StoredObject(bytes));
        counters.wrote(bytes.length);
    }

    @Override
    public boolean putIfAbsent(ObjectPath path, byte[] bytes) {
        return putNew(path, bytes).isPresent();
    }

    @Override
    public Optional<Made> putNew(ObjectPath path, byte[] bytes) {
        counters.put();
        StoredObject object = new StoredObject(bytes);
        if (objects.putIfAbsent(named(path), object) != null) {
            return Optional.empty();
        }
        counters.wrote(bytes.length);
        return Optional.of(new Made(object.identity()));
    }

    @Override
    public ObjectWriter create(ObjectPath path) {
        return new MemoryWriter(named(path));
    }

    @Override
    public void delete(ObjectPath path) {
        counters.delete();
        objects.remove(path);
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

    /// Does nothing: the objects stay.
    @Override
    public Optional<ObjectStore> sibling(String uriOrPath) {
        String own = root.toString();
        if (!(uriOrPath + "/").startsWith(own)) {
            return Optional.empty();
        }
        String folder = uriOrPath.substring(Math.min(own.length(), uriOrPath.length()));
        return Optional.of(ObjectStores.below(
                this, ObjectPath.of(folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder)));
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return root.toString();
    }

    private StoredObject object(ObjectPath path) throws NoSuchFileException {
        StoredObject object = objects.get(path);
        if (object == null) {
            throw new NoSuchFileException(path.value());
        }
        return object;
    }

    private ConcurrentNavigableMap<ObjectPath, StoredObject> below(ObjectPath folder) {
        if (folder.equals(ObjectPath.ROOT)) {
            return objects;
        }
        // '0' is the character after '/'
        return objects.subMap(folder.resolve("\u0001"), ObjectPath.of(folder.value() + "0"));
    }

    private static ObjectMeta meta(ObjectPath path, StoredObject object) {
        return new ObjectMeta(path, object.bytes.length, object.lastModified, object.identity());
    }

    private static ObjectPath named(ObjectPath path) {
        if (path.equals(ObjectPath.ROOT)) {
            throw new IllegalArgumentException("an object needs a name");
        }
        return path;
    }

    private final class MemoryWriter implements ObjectWriter {
        private final ObjectPath path;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean open = true;

        MemoryWriter(ObjectPath path) {
            this.path = path;
        }

        @Override
        public void write(MemorySegment segment) {
            requireOpen();
            bytes.writeBytes(segment.toArray(ValueLayout.JAVA_BYTE));
        }

        @Override
        public long position() {
            return bytes.size();
        }

        @Override
        public void finish() {
            requireOpen();
            put(path, bytes.toByteArray());
            open = false;
        }

        @Override
        public void close() {
            open = false;
        }

        private void requireOpen() {
            if (!open) {
                throw new IllegalStateException(path + ": the writer is finished or closed");
            }
        }
    }
}
