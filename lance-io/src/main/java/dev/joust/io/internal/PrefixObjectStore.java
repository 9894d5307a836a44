// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectTail;
import dev.joust.io.ObjectWriter;
import dev.joust.io.ReadStats;

/// The objects of another store below one folder. Owns nothing: closing it leaves the other store open.
public final class PrefixObjectStore implements ObjectStore, ReadRounds {
    private final ObjectStore base;
    private final ObjectPath prefix;
    private final URI root;

    public PrefixObjectStore(ObjectStore base, ObjectPath prefix) {
        this.base = base;
        this.prefix = prefix;
        this.root = below(base.root(), prefix);
    }

    @Override
    public URI root() {
        return root;
    }

    @Override
    public ObjectMeta head(ObjectPath path) throws IOException {
        return inView(base.head(objectInBase(path)));
    }

    @Override
    public void read(ObjectPath path, long offsetInFile, MemorySegment target) throws IOException {
        base.read(objectInBase(path), offsetInFile, target);
    }

    @Override
    public Optional<MemorySegment> mapped(ObjectPath path) throws IOException {
        return base.mapped(objectInBase(path));
    }

    @Override
    public ObjectTail readTail(ObjectPath path, int maxSizeBytes, SegmentAllocator allocator) throws IOException {
        return base.readTail(objectInBase(path), maxSizeBytes, allocator);
    }

    @Override
    public byte[] readAll(ObjectPath path, int maxSizeBytes) throws IOException {
        return base.readAll(objectInBase(path), maxSizeBytes);
    }

    @Override
    public List<ObjectMeta> list(ObjectPath folder) throws IOException {
        return inView(base.list(folderInBase(folder)));
    }

    @Override
    public List<ObjectMeta> unfinished(ObjectPath folder) throws IOException {
        return inView(base.unfinished(folderInBase(folder)));
    }

    private List<ObjectMeta> inView(List<ObjectMeta> inBase) {
        var inView = new ArrayList<ObjectMeta>();
        for (ObjectMeta meta : inBase) {
            inView.add(inView(meta));
        }
        return inView;
    }

    @Override
    public List<String> listNames(ObjectPath folder) throws IOException {
        return base.listNames(folderInBase(folder));
    }

    @Override
    public Optional<ObjectMeta> firstObject(ObjectPath folder, Predicate<String> wanted) throws IOException {
        return base.firstObject(folderInBase(folder), wanted).map(this::inView);
    }

    @Override
    public void put(ObjectPath path, byte[] bytes) throws IOException {
        base.put(objectInBase(path), bytes);
    }

    @Override
    public void putDerived(ObjectPath path, byte[] bytes) throws IOException {
        base.putDerived(objectInBase(path), bytes);
    }

    @Override
    public boolean putIfAbsent(ObjectPath path, byte[] bytes) throws IOException {
        return base.putIfAbsent(objectInBase(path), bytes);
    }

    @Override
    public Optional<Made> putNew(ObjectPath path, byte[] bytes) throws IOException {
        return base.putNew(objectInBase(path), bytes);
    }

    @Override
    public ObjectWriter create(ObjectPath path) throws IOException {
        return base.create(objectInBase(path));
    }

    @Override
    public void delete(ObjectPath path) throws IOException {
        base.delete(objectInBase(path));
    }

    @Override
    public boolean isRemote() {
        return base.isRemote();
    }

    @Override
    public void deleteAll(List<ObjectPath> paths) throws IOException {
        base.deleteAll(paths.stream().map(this::objectInBase).toList());
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
        return base.stats();
    }

    @Override
    public void beginRound() {
        if (base instanceof ReadRounds rounds) {
            rounds.beginRound();
        }
    }

    @Override
    public void endRound() {
        if (base instanceof ReadRounds rounds) {
            rounds.endRound();
        }
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return root.toString();
    }

    private ObjectMeta inView(ObjectMeta meta) {
        int prefixLength = prefix.value().isEmpty() ? 0 : prefix.value().length() + 1;
        ObjectPath path = ObjectPath.of(meta.path().value().substring(prefixLength));
        return new ObjectMeta(path, meta.sizeBytes(), meta.lastModified(), meta.identity());
    }

    private ObjectPath objectInBase(ObjectPath path) {
        if (path.equals(ObjectPath.ROOT)) {
            throw new IllegalArgumentException("an object needs a name");
        }
        return prefix.resolve(path.value());
    }

    private ObjectPath folderInBase(ObjectPath folder) {
        return folder.equals(ObjectPath.ROOT) ? prefix : prefix.resolve(folder.value());
    }

    private static URI below(URI root, ObjectPath prefix) {
        String folder = root.getPath() == null ? "" : root.getPath();
        folder = folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
        String path = prefix.value().isEmpty() ? folder : folder + "/" + prefix.value();
        try {
            return new URI(root.getScheme(), root.getAuthority(), path + "/", null, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no URI for '" + prefix + "' below " + root, e);
        }
    }
}
