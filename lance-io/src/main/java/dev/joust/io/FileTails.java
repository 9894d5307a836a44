// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.concurrent.Semaphore;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.joust.io.internal.cache.ByteCache;
import dev.joust.io.internal.cache.FileKey;

/// Gets the ends of files, which say what the rest is: so much at once that no second request is needed, told by what
/// other files of the same folder needed. A small file of a remote store is got whole. Thread-safe.
public final class FileTails {
    /// Of a folder of which no file is known yet: enough for all metadata of most files.
    static final int DEFAULT_BYTES = 64 << 10;
    /// Below, a request costs more than the bytes.
    private static final int LEAST_BYTES = 16 << 10;
    private static final int MOST_BYTES = 8 << 20;
    /// Up to here the whole file costs hardly more than its end.
    private static final int WHOLE_FILE_BYTES = 128 << 10;
    private static final int KNOWN_FOLDERS = 10_000;

    private final Semaphore permits;
    private final ByteCache cache;
    private final Cache<String, Integer> bytesByFolder =
            Caffeine.newBuilder().maximumSize(KNOWN_FOLDERS).executor(Runnable::run).build();

    FileTails(Semaphore permits, ByteCache cache) {
        this.permits = permits;
        this.cache = cache;
    }

    /// The end of the file. One request, or none where a cache folder has it.
    ///
    /// @param expectedSizeBytes of the file, or -1 where it is not known
    public ObjectTail read(ObjectStore store, ObjectPath path, long expectedSizeBytes, SegmentAllocator allocator)
            throws IOException {
        if (!store.isRemote() || expectedSizeBytes <= 0) {
            return get(store, path, expectedSizeBytes, allocator);
        }
        FileKey file = FileKey.ofSize(store, path, expectedSizeBytes);
        MemorySegment kept = cache.findTailOnDisk(file, expectedSizeBytes);
        if (kept != null) {
            MemorySegment bytes = allocator.allocate(kept.byteSize()).asSlice(0, kept.byteSize());
            return new ObjectTail(expectedSizeBytes, bytes.copyFrom(kept));
        }
        ObjectTail got = get(store, path, expectedSizeBytes, allocator);
        if (got.objectSizeBytes() == expectedSizeBytes) {
            cache.keepOnDisk(file, got.startInFile(), got.bytes());
        }
        return got;
    }

    private ObjectTail get(ObjectStore store, ObjectPath path, long expectedSizeBytes, SegmentAllocator allocator)
            throws IOException {
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(path + ": interrupted while reading");
        }
        try {
            return store.readTail(path, tailBytes(store, path, expectedSizeBytes), allocator);
        } finally {
            permits.release();
        }
    }

    /// How much of a file's end to get, as far as other files of its folder tell.
    public int bytesFor(ObjectStore store, ObjectPath path) {
        Integer learned = bytesByFolder.getIfPresent(folder(store, path));
        return learned == null ? DEFAULT_BYTES : Math.clamp(learned + (long) learned / 4, LEAST_BYTES, MOST_BYTES);
    }

    private int tailBytes(ObjectStore store, ObjectPath path, long expectedSizeBytes) {
        int bytes = bytesFor(store, path);
        if (store.isRemote() && expectedSizeBytes > 0 && expectedSizeBytes <= WHOLE_FILE_BYTES) {
            return Math.max(bytes, (int) expectedSizeBytes);
        }
        return bytes;
    }

    /// Tells what all a file says about itself took, for the next file of the folder.
    public void learn(ObjectStore store, ObjectPath path, long metadataBytes) {
        int bytes = (int) Math.min(metadataBytes, MOST_BYTES);
        String folder = folder(store, path);
        Integer known = bytesByFolder.getIfPresent(folder);
        if (known == null || known < bytes) {
            bytesByFolder.put(folder, bytes);
        }
    }

    private static String folder(ObjectStore store, ObjectPath path) {
        String name = path.value();
        return store.root() + " " + name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }
}
