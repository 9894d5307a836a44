// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectTail;
import dev.joust.io.ObjectWriter;
import dev.joust.io.ReadStats;

/// A bucket's objects below one prefix. Thread-safe.
///
/// Each attempt counts as a request. What can be tried again is (see {@link Retries}), and what was begun is gone on with;
/// an {@link IOException} means that neither helped. No message or log holds a key, token or signature.
public final class S3ObjectStore implements ObjectStore {
    private final S3Address address;
    private final URI root;
    private final S3Connection connection;
    private final boolean ownsConnection;
    private final S3Reads reads;
    private final S3Writes writes;
    private final S3Deletes deletes;
    private final S3Listing listing;

    private S3ObjectStore(S3Address address, S3Connection connection, boolean ownsConnection) {
        this.address = address;
        this.root = address.uri();
        this.connection = connection;
        this.ownsConnection = ownsConnection;
        this.reads = new S3Reads(connection, address);
        this.writes = new S3Writes(connection, address, reads);
        this.deletes = new S3Deletes(connection, address);
        this.listing = new S3Listing(connection, address);
    }

    static S3ObjectStore open(URI uri, S3Options options) {
        S3Address address = S3Address.of(uri);
        return new S3ObjectStore(address, S3Connection.open(options, S3Clients.create(options)), true);
    }

    /// Over a connection that stays the caller's.
    static S3ObjectStore over(S3Address address, S3Connection connection) {
        return new S3ObjectStore(address, connection, false);
    }

    @Override
    public URI root() {
        return root;
    }

    @Override
    public ObjectMeta head(ObjectPath path) throws IOException {
        HeadObjectResponse answer = writes.head(path);
        return new ObjectMeta(path, answer.contentLength(), answer.lastModified(), answer.eTag());
    }

    @Override
    public void read(ObjectPath path, long offsetInFile, MemorySegment target) throws IOException {
        if (offsetInFile < 0) {
            throw new IllegalArgumentException("offset " + offsetInFile);
        }
        if (target.byteSize() > 0) {
            reads.read(path, offsetInFile, target);
        } else if (offsetInFile > head(path).sizeBytes()) { // no range is empty: whether the object reaches so far is all there is
            throw S3Reads.pastEnd(path, offsetInFile, 0, 0);
        }
    }

    @Override
    public ObjectTail readTail(ObjectPath path, int maxSizeBytes, SegmentAllocator allocator) throws IOException {
        return maxSizeBytes == 0
                ? new ObjectTail(head(path).sizeBytes(), allocator.allocate(0))
                : reads.readTail(path, maxSizeBytes, allocator);
    }

    @Override
    public byte[] readAll(ObjectPath path, int maxSizeBytes) throws IOException {
        return reads.readAll(path, maxSizeBytes);
    }

    @Override
    public List<ObjectMeta> list(ObjectPath folder) throws IOException {
        return listing.list(folder);
    }

    /// One request per thousand names.
    @Override
    public List<String> listNames(ObjectPath folder) throws IOException {
        return listing.names(folder);
    }

    @Override
    public Optional<ObjectMeta> firstObject(ObjectPath folder, Predicate<String> wanted) throws IOException {
        return listing.firstObject(folder, wanted);
    }

    @Override
    public void put(ObjectPath path, byte[] bytes) throws IOException {
        requireName(path);
        writes.put(path, bytes);
    }

    @Override
    public boolean putIfAbsent(ObjectPath path, byte[] bytes) throws IOException {
        return putNew(path, bytes).isPresent();
    }

    @Override
    public Optional<Made> putNew(ObjectPath path, byte[] bytes) throws IOException {
        requireName(path);
        return writes.putIfAbsent(path, bytes);
    }

    @Override
    public ObjectWriter create(ObjectPath path) throws IOException {
        requireName(path);
        connection.probe().requireSafe(address);
        return new S3ObjectWriter(connection, address, path, writes);
    }

    @Override
    public void delete(ObjectPath path) throws IOException {
        deletes.delete(path);
    }

    @Override
    public void deleteAll(List<ObjectPath> paths) throws IOException {
        deletes.deleteAll(paths);
    }

    /// Byte order, except in S3 Express.
    @Override
    public boolean listsInOrder() {
        return listing.isInOrder();
    }

    @Override
    public ReadStats stats() {
        return connection.counters().stats();
    }

    @Override
    public Optional<ObjectStore> sibling(String uriOrPath) {
        if (!uriOrPath.startsWith("s3://")) {
            return Optional.empty();
        }
        return Optional.of(over(S3Address.of(URI.create(uriOrPath)), connection));
    }

    @Override
    public void close() {
        if (ownsConnection) {
            connection.close();
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }

    private static void requireName(ObjectPath path) {
        if (path.equals(ObjectPath.ROOT)) {
            throw new IllegalArgumentException("an object needs a name");
        }
    }
}
