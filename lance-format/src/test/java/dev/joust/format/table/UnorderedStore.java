// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

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

/// A store that lists in no order, as S3 Express.
record UnorderedStore(ObjectStore base) implements ObjectStore {
    @Override
    public URI root() {
        return base.root();
    }

    @Override
    public ObjectMeta head(ObjectPath path) throws IOException {
        return base.head(path);
    }

    @Override
    public void read(ObjectPath path, long offsetInFile, MemorySegment target) throws IOException {
        base.read(path, offsetInFile, target);
    }

    @Override
    public ObjectTail readTail(ObjectPath path, int maxSizeBytes, SegmentAllocator allocator) throws IOException {
        return base.readTail(path, maxSizeBytes, allocator);
    }

    @Override
    public byte[] readAll(ObjectPath path, int maxSizeBytes) throws IOException {
        return base.readAll(path, maxSizeBytes);
    }

    @Override
    public List<ObjectMeta> list(ObjectPath prefix) throws IOException {
        return base.list(prefix).reversed();
    }

    @Override
    public List<String> listNames(ObjectPath folder) throws IOException {
        return base.listNames(folder).reversed();
    }

    @Override
    public Optional<ObjectMeta> firstObject(ObjectPath folder, Predicate<String> wanted) throws IOException {
        return base.firstObject(folder, wanted);
    }

    @Override
    public void put(ObjectPath path, byte[] bytes) throws IOException {
        base.put(path, bytes);
    }

    @Override
    public boolean putIfAbsent(ObjectPath path, byte[] bytes) throws IOException {
        return base.putIfAbsent(path, bytes);
    }

    @Override
    public ObjectWriter create(ObjectPath path) throws IOException {
        return base.create(path);
    }

    @Override
    public void delete(ObjectPath path) throws IOException {
        base.delete(path);
    }

    @Override
    public boolean listsInOrder() {
        return false;
    }

    @Override
    public ReadStats stats() {
        return base.stats();
    }

    @Override
    public void close() throws IOException {
        base.close();
    }
}
