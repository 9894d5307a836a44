// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.wrap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectTail;
import dev.joust.io.ObjectWriter;
import dev.joust.io.ReadStats;
import dev.joust.io.internal.ReadRounds;
import dev.joust.io.internal.StoreCounters;

/// Counts, apart from the store's own counters, what is asked through this wrapper: requests, bytes, and dependent
/// rounds. A round is a time during which requests are under way or a planned read is; what begins after it has ended
/// had to wait for its answer, or at least did.
public final class CountingObjectStore implements ObjectStore, ReadRounds {
    private final ObjectStore base;
    private final StoreCounters counters = new StoreCounters();
    private int underWay;
    private long roundCount;

    public CountingObjectStore(ObjectStore base) {
        this.base = base;
    }

    /// Dependent rounds of requests so far.
    public synchronized long roundCount() {
        return roundCount;
    }

    @Override
    public synchronized void beginRound() {
        if (underWay++ == 0) {
            roundCount++;
        }
    }

    @Override
    public synchronized void endRound() {
        underWay--;
    }

    @Override
    public URI root() {
        return base.root();
    }

    @Override
    public ObjectMeta head(ObjectPath path) throws IOException {
        counters.head();
        return inRound(() -> base.head(path));
    }

    @Override
    public void read(ObjectPath path, long offsetInFile, MemorySegment target) throws IOException {
        counters.get();
        inRound(() -> {
            base.read(path, offsetInFile, target);
            return target;
        });
        counters.read(target.byteSize());
    }

    @Override
    public ObjectTail readTail(ObjectPath path, int maxSizeBytes, SegmentAllocator allocator) throws IOException {
        counters.get();
        ObjectTail tail = inRound(() -> base.readTail(path, maxSizeBytes, allocator));
        counters.read(tail.bytes().byteSize());
        return tail;
    }

    @Override
    public byte[] readAll(ObjectPath path, int maxSizeBytes) throws IOException {
        counters.get();
        byte[] bytes = inRound(() -> base.readAll(path, maxSizeBytes));
        counters.read(bytes.length);
        return bytes;
    }

    @Override
    public List<ObjectMeta> list(ObjectPath prefix) throws IOException {
        counters.list();
        return inRound(() -> base.list(prefix));
    }

    @Override
    public List<ObjectMeta> unfinished(ObjectPath folder) throws IOException {
        return base.unfinished(folder);
    }

    @Override
    public List<String> listNames(ObjectPath folder) throws IOException {
        counters.list();
        return inRound(() -> base.listNames(folder));
    }

    @Override
    public Optional<ObjectMeta> firstObject(ObjectPath folder, Predicate<String> wanted) throws IOException {
        counters.list();
        return inRound(() -> base.firstObject(folder, wanted));
    }

    /// One of the ways to write a whole object.
    private interface Put {
        void put(ObjectPath path, byte[] bytes) throws IOException;
    }

    @Override
    public void put(ObjectPath path, byte[] bytes) throws IOException {
        put(base::put, path, bytes);
    }

    @Override
    public void putDerived(ObjectPath path, byte[] bytes) throws IOException {
        put(base::putDerived, path, bytes);
    }

    private void put(Put how, ObjectPath path, byte[] bytes) throws IOException {
        counters.put();
        inRound(() -> {
            how.put(path, bytes);
            return path;
        });
        counters.wrote(bytes.length);
    }

    @Override
    public boolean putIfAbsent(ObjectPath path, byte[] bytes) throws IOException {
        return putNew(path, bytes).isPresent();
    }

    @Override
    public Optional<Made> putNew(ObjectPath path, byte[] bytes) throws IOException {
        counters.put();
        Optional<Made> made = inRound(() -> base.putNew(path, bytes));
        counters.wrote(made.isPresent() ? bytes.length : 0);
        return made;
    }

    @Override
    public ObjectWriter create(ObjectPath path) throws IOException {
        return new CountingWriter(base.create(path));
    }

    @Override
    public void delete(ObjectPath path) throws IOException {
        counters.delete();
        inRound(() -> {
            base.delete(path);
            return path;
        });
    }

    @Override
    public boolean isRemote() {
        return base.isRemote();
    }

    @Override
    public boolean listsInOrder() {
        return base.listsInOrder();
    }

    @Override
    public Optional<ObjectStore> sibling(String uriOrPath) {
        return base.sibling(uriOrPath);
    }

    @Override
    public ReadStats stats() {
        return counters.stats();
    }

    @Override
    public void close() throws IOException {
        base.close();
    }

    @FunctionalInterface
    private interface Request<T> {
        T send() throws IOException;
    }

    private <T> T inRound(Request<T> request) throws IOException {
        beginRound();
        try {
            return request.send();
        } finally {
            endRound();
        }
    }

    private final class CountingWriter implements ObjectWriter {
        private final ObjectWriter writer;

        CountingWriter(ObjectWriter writer) {
            this.writer = writer;
        }

        @Override
        public void write(MemorySegment bytes) throws IOException {
            writer.write(bytes);
        }

        @Override
        public long position() {
            return writer.position();
        }

        @Override
        public void finish() throws IOException {
            counters.put();
            inRound(() -> {
                writer.finish();
                return writer;
            });
            counters.wrote(writer.position());
        }

        @Override
        public void close() throws IOException {
            writer.close();
        }
    }
}
