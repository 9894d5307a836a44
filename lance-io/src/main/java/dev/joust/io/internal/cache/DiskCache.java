// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.NavigableMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

import dev.joust.io.ByteRange;

/// Ranges of files in a folder, which outlive the process and which several processes share. A range is a file of its own
/// ({@link CacheEntry}), written under a temporary name and renamed, in a folder for the file that it is a part of:
///
///     12/34567890abcdef.../4096-65536
///
/// An entry that is torn or damaged is deleted and counts as not there. When all of them together are too large the ones
/// not used for longest go. A disk that is full, or a folder that may not be written to, ends the writing, nothing else.
/// Thread-safe.
public final class DiskCache implements AutoCloseable {
    private static final Logger LOG = System.getLogger(DiskCache.class.getName());
    /// Bytes that wait to be written; what comes when there are more is not kept.
    private static final int MAX_WAITING_BYTES = 64 << 20;
    private static final int KNOWN_FILES = 100_000;
    /// An entry used again within that time need not be marked as used.
    private static final long TOUCH_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final long CLOSE_SECONDS = 10;
    private static final int LOOKED_AT = 8;

    private final CacheFolder folder;
    private final Semaphore waitingBytes = new Semaphore(MAX_WAITING_BYTES);
    private final ExecutorService writers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("joust-cache-", 0).factory());
    /// What is known of each file: its ranges by offset.
    private final Cache<FileKey, NavigableMap<Long, Entry>> known =
            Caffeine.newBuilder().maximumSize(KNOWN_FILES).executor(Runnable::run).build();

    private volatile boolean writable = true;

    private static final class Entry {
        final long length;
        volatile long usedAtNanos;

        Entry(long length, long usedAtNanos) {
            this.length = length;
            this.usedAtNanos = usedAtNanos;
        }
    }

    /// A range that holds the one asked for.
    @SuppressWarnings("ArrayRecordComponent")
    record Found(long offset, byte[] bytes) {}

    /// @param path          made where it is missing
    /// @param capacityBytes of all entries together, about
    public DiskCache(Path path, long capacityBytes) {
        this.folder = new CacheFolder(path, capacityBytes);
        writers.execute(() -> guarded(folder::measure));
    }

    @Nullable Found find(FileKey file, ByteRange range) {
        int lookedAt = 0;
        for (Map.Entry<Long, Entry> candidate :
                ranges(file).headMap(range.offset(), true).descendingMap().entrySet()) {
            if (range.end() <= candidate.getKey() + candidate.getValue().length) {
                Found found = read(file, candidate.getKey(), candidate.getValue());
                if (found != null) {
                    return found;
                }
            }
            if (++lookedAt == LOOKED_AT) {
                break;
            }
        }
        return null;
    }

    /// The longest range that ends where the file does.
    @Nullable Found findTail(FileKey file, long fileSizeBytes) {
        for (Map.Entry<Long, Entry> candidate : ranges(file).entrySet()) {
            if (candidate.getKey() + candidate.getValue().length == fileSizeBytes) {
                Found found = read(file, candidate.getKey(), candidate.getValue());
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /// The range that begins where the file does.
    @Nullable Found findFirst(FileKey file) {
        Entry first = ranges(file).get(0L);
        return first == null ? null : read(file, 0, first);
    }

    private NavigableMap<Long, Entry> ranges(FileKey file) {
        return known.get(file, this::list);
    }

    private NavigableMap<Long, Entry> list(FileKey file) {
        NavigableMap<Long, Entry> ranges = new ConcurrentSkipListMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.of(file))) {
            for (Path entry : entries) {
                ByteRange range = CacheFolder.rangeOf(entry);
                if (range != null) {
                    ranges.merge(
                            range.offset(),
                            new Entry(range.length(), System.nanoTime() - TOUCH_NANOS),
                            (one, other) -> one.length >= other.length ? one : other);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            LOG.log(Level.TRACE, "nothing is kept of {0}", file.path());
        } catch (IOException | UncheckedIOException | java.nio.file.DirectoryIteratorException e) {
            LOG.log(Level.DEBUG, "cache of {0}: {1}", file.path(), e);
        }
        return ranges;
    }

    private @Nullable Found read(FileKey file, long offset, Entry entry) {
        Path path = folder.of(file).resolve(CacheFolder.name(offset, entry.length));
        try {
            byte[] bytes = CacheEntry.parse(ByteBuffer.wrap(Files.readAllBytes(path)), file, offset, entry.length);
            if (bytes != null) {
                touch(path, entry);
                return new Found(offset, bytes);
            }
            LOG.log(Level.WARNING, "{0} is damaged: deleted, and got again", path);
            folder.delete(path);
        } catch (NoSuchFileException e) {
            LOG.log(Level.TRACE, "{0} was evicted by another process", path);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "{0} can''t be read: {1}", path, e);
        }
        ranges(file).remove(offset, entry);
        return null;
    }

    private void touch(Path path, Entry entry) {
        long now = System.nanoTime();
        if (now - entry.usedAtNanos >= TOUCH_NANOS) {
            entry.usedAtNanos = now;
            execute(() -> folder.touch(path));
        }
    }

    /// Writes an entry, some time soon. The bytes must not change any more.
    void keep(FileKey file, long offset, byte[] bytes) {
        Entry present = ranges(file).get(offset);
        if (!writable || (present != null && present.length >= bytes.length) || !waitingBytes.tryAcquire(bytes.length)) {
            return;
        }
        if (!execute(() -> {
            try {
                write(file, offset, bytes);
            } finally {
                waitingBytes.release(bytes.length);
            }
        })) {
            waitingBytes.release(bytes.length);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private boolean execute(Work work) {
        try {
            writers.execute(() -> guarded(work));
            return true;
        } catch (java.util.concurrent.RejectedExecutionException e) {
            return false; // closed meanwhile
        }
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            if (writable) {
                writable = false;
                LOG.log(Level.WARNING, "nothing more is written to the cache folder {0}: {1}", folder, e);
            }
        }
    }

    private void write(FileKey file, long offset, byte[] bytes) throws IOException {
        if (!writable) {
            return;
        }
        Path directory = folder.made(file);
        Path temporary = directory.resolve(CacheFolder.TEMPORARY + UUID.randomUUID());
        ByteBuffer entry = CacheEntry.toBytes(file, offset, bytes);
        long sizeBytes = entry.remaining();
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                while (entry.hasRemaining()) {
                    channel.write(entry);
                }
            }
            folder.publish(temporary, directory.resolve(CacheFolder.name(offset, bytes.length)), sizeBytes);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            if (e instanceof NoSuchFileException) {
                return; // another process evicted the last other entry, and the folder with it
            }
            throw e;
        }
        ranges(file)
                .merge(
                        offset,
                        new Entry(bytes.length, System.nanoTime()),
                        (one, other) -> one.length >= other.length ? one : other);
    }

    /// Waits for what is being written.
    @Override
    public void close() {
        writers.shutdown();
        try {
            if (!writers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                writers.shutdownNow();
            }
        } catch (InterruptedException e) {
            writers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
