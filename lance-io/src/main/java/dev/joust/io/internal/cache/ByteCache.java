// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.cache;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

import dev.joust.io.ByteRange;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;

/// Ranges of files as they were got, on the heap, bounded by bytes; below it, where there is one, a {@link DiskCache}
/// that gets what is kept here, too. A range is found in any one that holds it. Thread-safe.
public final class ByteCache implements AutoCloseable {
    /// What an entry takes beside its bytes.
    private static final int ENTRY_OVERHEAD_BYTES = 200;
    /// A longer range would push out too much else.
    private static final int CAPACITY_SHARE = 8;
    private static final long MAX_RANGE_BYTES = 32 << 20;
    /// Ranges that begin before the one looked for, and are looked at.
    private static final int LOOKED_AT = 8;

    private final long maxRangeBytes;
    private final @Nullable DiskCache disk;
    private final Cache<RangeKey, byte[]> bytes;
    /// What of each file is there, by offset.
    private final ConcurrentMap<FileKey, ConcurrentNavigableMap<Long, RangeKey>> rangesByFile = new ConcurrentHashMap<>();

    private record RangeKey(FileKey file, long offset, int length) {}

    /// @param capacityBytes in memory, may be 0
    public ByteCache(long capacityBytes, @Nullable DiskCache disk) {
        this.maxRangeBytes = Math.min(MAX_RANGE_BYTES, capacityBytes / CAPACITY_SHARE);
        this.disk = disk;
        this.bytes = Caffeine.newBuilder()
                .maximumWeight(capacityBytes)
                .weigher((RangeKey key, byte[] value) -> value.length + ENTRY_OVERHEAD_BYTES)
                .executor(Runnable::run)
                .removalListener((key, _, _) -> {
                    if (key != null) {
                        forget(key);
                    }
                })
                .build();
    }

    /// Whether it keeps anything.
    public boolean isEnabled() {
        return maxRangeBytes > 0 || disk != null;
    }

    /// Whether what is kept outlives the process.
    public boolean hasFolder() {
        return disk != null;
    }

    /// The bytes of a range, not to be written to; null if they are not there.
    public @Nullable MemorySegment find(FileKey file, ByteRange range) {
        MemorySegment found = findInMemory(file, range);
        if (found != null || disk == null) {
            return found;
        }
        DiskCache.Found onDisk = disk.find(file, range);
        if (onDisk == null) {
            return null;
        }
        keepInMemory(file, onDisk.offset(), onDisk.bytes());
        return MemorySegment.ofArray(onDisk.bytes()).asSlice(range.offset() - onDisk.offset(), range.length());
    }

    private @Nullable MemorySegment findInMemory(FileKey file, ByteRange range) {
        NavigableMap<Long, RangeKey> ranges = rangesByFile.get(file);
        if (ranges == null) {
            return null;
        }
        int lookedAt = 0;
        for (RangeKey candidate : ranges.headMap(range.offset(), true).descendingMap().values()) {
            if (range.end() <= candidate.offset + candidate.length) {
                byte[] held = bytes.getIfPresent(candidate);
                if (held != null) {
                    return MemorySegment.ofArray(held).asSlice(range.offset() - candidate.offset, range.length());
                }
            }
            if (++lookedAt == LOOKED_AT) {
                break;
            }
        }
        return null;
    }

    /// The whole of an object, from the folder if it is there. One request otherwise.
    ///
    /// @param version tells it from others that had or will have its name
    public byte[] readWhole(ObjectStore store, ObjectPath path, String version, int maxSizeBytes) throws IOException {
        if (disk == null || !store.isRemote()) {
            return store.readAll(path, maxSizeBytes);
        }
        FileKey file = new FileKey(store.root(), path, version);
        DiskCache.Found found = disk.findFirst(file);
        if (found != null && found.bytes().length <= maxSizeBytes) {
            return found.bytes();
        }
        byte[] got = store.readAll(path, maxSizeBytes);
        if (got.length <= MAX_RANGE_BYTES) {
            disk.keep(file, 0, got.clone());
        }
        return got;
    }

    /// The last bytes of a file, as many as are kept on disk; null if none are.
    public @Nullable MemorySegment findTailOnDisk(FileKey file, long fileSizeBytes) {
        DiskCache.Found found = disk == null ? null : disk.findTail(file, fileSizeBytes);
        return found == null ? null : MemorySegment.ofArray(found.bytes());
    }

    /// Keeps bytes that were got; the segment stays the caller's.
    public void keep(FileKey file, long offset, MemorySegment got) {
        if (got.byteSize() == 0 || got.byteSize() > Math.max(maxRangeBytes, disk == null ? 0 : MAX_RANGE_BYTES)) {
            return;
        }
        byte[] copy = got.toArray(ValueLayout.JAVA_BYTE);
        keepInMemory(file, offset, copy);
        if (disk != null) {
            disk.keep(file, offset, copy);
        }
    }

    /// Keeps bytes on disk alone, which the caller keeps in memory in another form.
    public void keepOnDisk(FileKey file, long offset, MemorySegment got) {
        if (disk != null && got.byteSize() > 0 && got.byteSize() <= MAX_RANGE_BYTES) {
            disk.keep(file, offset, got.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private void keepInMemory(FileKey file, long offset, byte[] held) {
        if (held.length > maxRangeBytes) {
            return;
        }
        RangeKey key = new RangeKey(file, offset, held.length);
        bytes.put(key, held);
        RangeKey[] shorter = new RangeKey[1];
        rangesByFile.compute(file, (_, ranges) -> {
            ConcurrentNavigableMap<Long, RangeKey> known = ranges == null ? new ConcurrentSkipListMap<>() : ranges;
            RangeKey before = known.get(offset);
            if (before == null || before.length <= held.length) {
                known.put(offset, key);
                shorter[0] = before == null || before.equals(key) ? null : before;
            } else {
                shorter[0] = key;
            }
            return known;
        });
        if (shorter[0] != null) {
            bytes.invalidate(shorter[0]);
        }
        if (bytes.getIfPresent(key) == null) {
            forget(key); // it went while it was written down
        }
    }

    private void forget(RangeKey key) {
        rangesByFile.computeIfPresent(key.file, (_, ranges) -> {
            ranges.remove(key.offset, key);
            return ranges.isEmpty() ? null : ranges;
        });
    }

    /// Bytes held in memory.
    public long sizeBytes() {
        bytes.cleanUp();
        return bytes.policy().eviction().orElseThrow().weightedSize().orElse(0);
    }

    /// Ranges held in memory, by the files they are of.
    Map<FileKey, ? extends NavigableMap<Long, ?>> ranges() {
        return rangesByFile;
    }

    @Override
    public void close() {
        bytes.invalidateAll();
        if (disk != null) {
            disk.close();
        }
    }
}
