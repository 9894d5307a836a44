// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.joust.io.internal.cache.ByteCache;
import dev.joust.io.internal.cache.CachedFile;
import dev.joust.io.internal.cache.DiskCache;
import dev.joust.io.internal.cache.FileKey;
import dev.joust.io.internal.read.MergingFileScheduler;
import dev.joust.io.internal.read.ReadPlan;

/// What all handles of a program share: executors, memory budgets, caches. Thread-safe. Close it after everything
/// that was opened with it; closing interrupts what still runs on its threads, and waits for it, but not for long.
public final class Session implements AutoCloseable {
    private static final int READ_AHEAD_SHARE = 8;
    /// A request that does not heed an interrupt may take as long as its store has patience.
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    private final ExecutorService ioExecutor;
    private final ExecutorService computeExecutor;
    private final int workerCount;
    private final Semaphore ioPermits;
    private final long mergeGapBytes;
    private final long batchMemoryBytes;
    private final boolean reuseTails;
    private final ByteCache byteCache;
    private final FileTails fileTails;
    private final MetadataCache metadataCache;
    private final Map<Class<?>, AutoCloseable> resources = new LinkedHashMap<>();
    private boolean closed;

    private Session(Builder builder) {
        workerCount = builder.workerCount;
        ioPermits = new Semaphore(builder.ioConcurrency);
        mergeGapBytes = builder.mergeGapBytes;
        batchMemoryBytes = builder.batchMemoryBytes;
        reuseTails = builder.reuseTails;
        byteCache = new ByteCache(
                builder.pageCacheBytes,
                builder.cacheFolder == null ? null : new DiskCache(builder.cacheFolder, builder.cacheFolderBytes));
        fileTails = new FileTails(ioPermits, byteCache);
        metadataCache = new MetadataCache(builder.cacheBytes);
        ioExecutor = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("joust-io-", 0).factory());
        var workerNumber = new AtomicInteger();
        computeExecutor = Executors.newFixedThreadPool(
                workerCount,
                task -> Thread.ofPlatform()
                        .name("joust-compute-" + workerNumber.getAndIncrement())
                        .daemon()
                        .unstarted(task));
    }

    /// A session with the defaults of {@link Builder}.
    public static Session create() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /// Virtual threads, for tasks that wait for reads and writes.
    public ExecutorService ioExecutor() {
        return ioExecutor;
    }

    /// {@link #workerCount()} daemon threads, for tasks that decode and compute and do not wait for each other.
    public ExecutorService computeExecutor() {
        return computeExecutor;
    }

    public int workerCount() {
        return workerCount;
    }

    /// Limit of the native memory that batches of this session take together.
    public long batchMemoryBytes() {
        return batchMemoryBytes;
    }

    /// What one scan may take of that memory for what it reads ahead: other scans and caches share it.
    ///
    /// @param most more is of no use to it
    public long readAheadBytes(long most) {
        return Math.min(most, batchMemoryBytes / READ_AHEAD_SHARE);
    }

    public MetadataCache metadataCache() {
        return metadataCache;
    }

    /// Reads of one object, planned.
    ///
    /// @param sizeBytes of the object, as known from a listing or its tail; -1 asks the store (one request)
    public FileScheduler openFile(ObjectStore store, ObjectPath path, long sizeBytes) throws IOException {
        return openFile(store, path, sizeBytes >= 0 ? sizeBytes : store.head(path).sizeBytes(), null, null);
    }

    /// Reads of one object that is written once, of which the end is there: what lies in it is not got again, and what
    /// is got of a remote store's object is kept.
    ///
    /// @param tail in memory that lives as long as what is read
    public FileScheduler openFile(ObjectStore store, ObjectPath path, ObjectTail tail) {
        CachedFile cached = store.isRemote() && byteCache.isEnabled()
                ? new CachedFile(byteCache, FileKey.ofSize(store, path, tail.objectSizeBytes()))
                : null;
        return openFile(store, path, tail.objectSizeBytes(), reuseTails ? tail : null, cached);
    }

    private FileScheduler openFile(
            ObjectStore store,
            ObjectPath path,
            long sizeBytes,
            @Nullable ObjectTail tail,
            @Nullable CachedFile cached) {
        long gapBytes = mergeGapBytes >= 0 ? mergeGapBytes : ReadPlan.defaultGapBytes(store.root().getScheme());
        return new MergingFileScheduler(store, path, sizeBytes, tail, cached, gapBytes, ioPermits, ioExecutor);
    }

    /// Whether there is a folder that outlives the session.
    public boolean hasCacheFolder() {
        return byteCache.hasFolder();
    }

    /// The whole of an object, from the cache folder if it is there. One request otherwise.
    ///
    /// @param identity tells it from others that had or will have its name
    public byte[] readWhole(ObjectStore store, ObjectPath path, String identity, int maxSizeBytes) throws IOException {
        try {
            ioPermits.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(path + ": interrupted while reading");
        }
        try {
            return byteCache.readWhole(store, path, identity, maxSizeBytes);
        } finally {
            ioPermits.release();
        }
    }

    /// The whole of an object whose name is used once, from the cache folder if it is there. One request otherwise.
    public byte[] readOnceWritten(ObjectStore store, ObjectPath path, int maxSizeBytes) throws IOException {
        return readWhole(store, path, "written once", maxSizeBytes);
    }

    /// The ends of files.
    public FileTails fileTails() {
        return fileTails;
    }

    /// The session's one object of that type, made by `create` when first asked for and closed with the session.
    /// `create` may ask for other resources, which are then closed after it.
    public <T extends AutoCloseable> T resource(Class<T> type, Function<Session, T> create) {
        synchronized (resources) {
            if (closed) {
                throw new IllegalStateException("the session is closed");
            }
            AutoCloseable present = resources.get(type);
            if (present == null) {
                present = create.apply(this);
                resources.put(type, present);
            }
            return type.cast(present);
        }
    }

    /// Stops the executors and closes the resources, last made first. A second close does nothing.
    @Override
    public void close() {
        List<AutoCloseable> toClose;
        synchronized (resources) {
            if (closed) {
                return;
            }
            closed = true;
            toClose = new ArrayList<>(resources.values());
        }
        ioExecutor.shutdownNow();
        computeExecutor.shutdown(); // what is queued runs: somebody may wait for it
        awaitRunning();
        metadataCache.clear();
        byteCache.close();
        RuntimeException failure = null;
        for (AutoCloseable resource : toClose.reversed()) {
            try {
                resource.close();
            } catch (Exception e) {
                failure = failure == null ? new IllegalStateException("closing the session failed", e) : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /// Reads that nobody waits for any more, of a scan that was closed early, still hold memory.
    private void awaitRunning() {
        long deadlineNanos = System.nanoTime() + LONGEST_CLOSE.toNanos();
        try {
            for (ExecutorService executor : List.of(ioExecutor, computeExecutor)) {
                if (!executor.awaitTermination(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Settings of a {@link Session}.
    public static final class Builder {
        private static final long DEFAULT_CACHE_FOLDER_BYTES = 4L << 30;

        private int workerCount = Runtime.getRuntime().availableProcessors();
        private long cacheBytes = Runtime.getRuntime().maxMemory() / 8;
        private long batchMemoryBytes = Runtime.getRuntime().maxMemory();
        private int ioConcurrency = 64;
        private long mergeGapBytes = -1;
        private long pageCacheBytes = Runtime.getRuntime().maxMemory() / 8;
        private @Nullable Path cacheFolder;
        private long cacheFolderBytes;
        private boolean reuseTails = true;

        private Builder() {}

        /// Threads that decode and compute; default: one per core.
        public Builder workerCount(int count) {
            workerCount = atLeast(1, count, "worker count");
            return this;
        }

        /// Budget of the metadata cache, 0 for none; default: an eighth of the heap.
        public Builder cacheBytes(long bytes) {
            cacheBytes = atLeast(0, bytes, "cache bytes");
            return this;
        }

        /// Limit of the native memory of batches; default: as much as the heap may grow to.
        public Builder batchMemoryBytes(long bytes) {
            batchMemoryBytes = atLeast(1, bytes, "batch memory bytes");
            return this;
        }

        /// Read requests of planned reads under way at once; default: 64.
        public Builder ioConcurrency(int count) {
            ioConcurrency = atLeast(1, count, "I/O concurrency");
            return this;
        }

        /// Ranges at most this far apart are read as one; default: 4 KiB on local files, 64 KiB elsewhere.
        public Builder mergeGapBytes(long bytes) {
            mergeGapBytes = atLeast(0, bytes, "merge gap");
            return this;
        }

        /// Budget of the bytes of remote stores' files that are kept in memory, 0 for none; default: an eighth of the heap.
        public Builder pageCacheBytes(long bytes) {
            pageCacheBytes = atLeast(0, bytes, "page cache bytes");
            return this;
        }

        /// As the other, with a capacity of 4 GiB.
        public Builder cacheFolder(Path folder) {
            return cacheFolder(folder, DEFAULT_CACHE_FOLDER_BYTES);
        }

        /// Keeps what is got of remote stores' files in a folder, too, where later sessions and other processes find it;
        /// default: none.
        ///
        /// @param folder        made where it is missing
        /// @param capacityBytes of what is kept in it; the longest unused goes first
        public Builder cacheFolder(Path folder, long capacityBytes) {
            cacheFolder = folder;
            cacheFolderBytes = atLeast(0, capacityBytes, "cache folder bytes");
            return this;
        }

        /// Whether pages of which the bytes came along with their file's metadata are taken from there; default: yes. A
        /// no is for who counts what pages cost.
        public Builder reuseTails(boolean reuse) {
            reuseTails = reuse;
            return this;
        }

        public Session build() {
            return new Session(this);
        }

        private static int atLeast(int least, int value, String name) {
            return (int) atLeast((long) least, value, name);
        }

        private static long atLeast(long least, long value, String name) {
            if (value < least) {
                throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
            }
            return value;
        }
    }
}
