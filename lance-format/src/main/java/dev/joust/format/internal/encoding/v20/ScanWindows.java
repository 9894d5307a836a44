// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.internal.encoding.schedule.Waiting;
import dev.joust.io.ByteRange;
import dev.joust.io.FileScheduler;
import dev.joust.io.Session;

/// {@link Windows} of a file that the batches of one scan share: fetched by the first batch that wants one, kept while
/// batches use it and a few batches longer, within a share of the session's memory. Where that has no room, batches
/// read for themselves. Thread-safe.
final class ScanWindows implements AutoCloseable {
    private static final long MAX_LIMIT_BYTES = 64 << 20;
    /// A window is freed when so many batches after its last user have finished without it, or one if batches are at
    /// the window behind it: some batches have nothing in a buffer, all their lists being empty, say.
    private static final int IDLE_BATCHES = 64;

    private final FileScheduler scheduler;
    private final BufferSources sources;
    private final long limitBytes;
    private final long batchCount;
    private final Map<ByteRange, Window> windows = new HashMap<>();
    /// Behind which an earlier one is under way.
    private final Set<Long> finished = new HashSet<>();

    private long firstUnfinished;
    private long bytes;
    private boolean closed;

    /// @param batchCount of the scan
    ScanWindows(FileScheduler scheduler, BufferSources sources, long limitBytes, long batchCount) {
        this.scheduler = scheduler;
        this.sources = sources;
        this.limitBytes = limitBytes;
        this.batchCount = batchCount;
    }

    /// What the windows of one scan take at most.
    static long limitBytes(Session session) {
        return session.readAheadBytes(2 * MAX_LIMIT_BYTES) / 2; // the rest is for batches
    }

    /// What a batch reads through; closed when it is decoded or given up.
    ///
    /// @param index of the batch in the scan
    Use use(long index) {
        return new Use(index);
    }

    /// No more batches are to come; those under way read for themselves what is not there yet.
    @Override
    public synchronized void close() {
        closed = true;
        evict(1);
    }

    /// A window for one more use, made and added to `created` if there is none; null if there is no room for it.
    private synchronized @Nullable Window acquire(
            ByteRange range, long sizeBytes, long batch, List<Window> created) {
        Window window = windows.get(range);
        if (window == null) {
            if (bytes + range.length() > limitBytes) {
                evict(1);
            }
            if (closed || bytes + range.length() > limitBytes) {
                return null;
            }
            window = new Window(range);
            windows.put(range, window);
            bytes += range.length();
            created.add(window);
        }
        Window before = windows.get(new ByteRange(Math.max(0, range.offset() - sizeBytes), sizeBytes));
        if (before != null) {
            before.passed = true;
        }
        window.users++;
        window.lastBatch = Math.max(window.lastBatch, batch);
        return window;
    }

    private synchronized void finish(long batch, List<Window> used) {
        used.forEach(window -> window.users--);
        finished.add(batch);
        while (finished.remove(firstUnfinished)) {
            firstUnfinished++;
        }
        evict(IDLE_BATCHES);
    }

    private void evict(int idleBatches) {
        boolean all = closed || firstUnfinished >= batchCount;
        for (Iterator<Window> iterator = windows.values().iterator(); iterator.hasNext(); ) {
            Window window = iterator.next();
            long idle = window.passed ? 1 : idleBatches;
            if (window.users == 0 && (all || window.lastBatch + idle < firstUnfinished)) {
                iterator.remove();
                bytes -= window.range.length();
                if (window.block != null) {
                    window.block.release();
                }
            }
        }
    }

    /// Guarded by the outer object, but for `loading`.
    private static final class Window {
        private final ByteRange range;
        private final CompletableFuture<MemorySegment> loading = new CompletableFuture<>();
        private @Nullable Block block;
        private int users;
        private long lastBatch;
        private boolean passed;

        Window(ByteRange range) {
            this.range = range;
        }
    }

    /// Memory of ranges that one request fetched; freed when nobody holds it.
    private static final class Block {
        private final BufferSource memory;
        private final MemorySegment segment;
        private final AtomicInteger holders = new AtomicInteger(1);

        Block(BufferSource memory, MemorySegment segment) {
            this.memory = memory;
            this.segment = segment;
        }

        boolean contains(MemorySegment part) {
            long offset = part.address() - segment.address();
            return offset >= 0 && offset + part.byteSize() <= segment.byteSize();
        }

        void release() {
            if (holders.decrementAndGet() == 0) {
                memory.close();
            }
        }
    }

    /// One batch's reads. Not thread-safe.
    final class Use implements Round.Source, AutoCloseable {
        private final long batch;
        private final List<Window> used = new ArrayList<>();
        private final List<Block> held = new ArrayList<>();
        private final BufferSource copies = sources.open();

        private Use(long batch) {
            this.batch = batch;
        }

        @Override
        public List<MemorySegment> read(List<Round.Asked> asked) throws IOException {
            List<Window> created = new ArrayList<>();
            try {
                List<List<Window>> shared = new ArrayList<>();
                List<ByteRange> alone = new ArrayList<>();
                for (Round.Asked asking : asked) {
                    List<Window> acquired = acquire(asking, created);
                    shared.add(acquired);
                    if (acquired.isEmpty()) {
                        alone.add(asking.range());
                    }
                }
                Iterator<MemorySegment> aloneBytes = fetch(alone, created).iterator();
                List<MemorySegment> all = new ArrayList<>();
                for (int i = 0; i < asked.size(); i++) {
                    List<Window> parts = shared.get(i);
                    all.add(parts.isEmpty() ? aloneBytes.next() : bytes(asked.get(i).range(), parts));
                }
                return all;
            } catch (Throwable e) {
                created.forEach(window -> window.loading.completeExceptionally(e)); // others may wait for them
                throw e;
            }
        }

        /// Windows that hold what is asked for; none if it is to be read alone.
        private List<Window> acquire(Round.Asked asked, List<Window> created) {
            List<Window> acquired = new ArrayList<>();
            Windows wanted = asked.windows();
            for (ByteRange range : wanted.ranges()) {
                Window window = ScanWindows.this.acquire(range, wanted.sizeBytes(), batch, created);
                if (window == null) {
                    return List.of();
                }
                used.add(window);
                acquired.add(window);
            }
            return acquired;
        }

        /// Reads in one round what no other batch reads, and hands `created` to those who wait for it.
        ///
        /// @return the bytes of `alone`
        private List<MemorySegment> fetch(List<ByteRange> alone, List<Window> created) throws IOException {
            List<ByteRange> ranges = new ArrayList<>(alone);
            created.forEach(window -> ranges.add(window.range));
            if (ranges.isEmpty()) {
                return List.of();
            }
            List<MemorySegment> read = scheduler.read(ranges, holding());
            for (int i = 0; i < created.size(); i++) {
                loaded(created.get(i), read.get(alone.size() + i));
            }
            return read.subList(0, alone.size());
        }

        /// Memory of its own for each request, held by this batch.
        private SegmentAllocator holding() {
            return (sizeBytes, _) -> {
                BufferSource memory = sources.open();
                try {
                    Block block = new Block(memory, memory.allocate(sizeBytes));
                    held.add(block);
                    return block.segment;
                } catch (Throwable e) {
                    memory.close();
                    throw e;
                }
            };
        }

        private void loaded(Window window, MemorySegment bytes) {
            // in none, if it came along with the file's metadata
            held.stream()
                    .filter(candidate -> candidate.contains(bytes))
                    .findFirst()
                    .ifPresent(block -> {
                        block.holders.incrementAndGet();
                        synchronized (ScanWindows.this) {
                            window.block = block;
                        }
                    });
            window.loading.complete(bytes);
        }

        /// A part of a window, or a copy where the range lies in two.
        private MemorySegment bytes(ByteRange range, List<Window> parts) throws IOException {
            Window first = parts.getFirst();
            long offset = range.offset() - first.range.offset();
            if (parts.size() == 1) {
                return await(first).asSlice(offset, range.length());
            }
            MemorySegment copy = copies.allocate(range.length());
            long filled = 0;
            for (Window part : parts) {
                long from = Math.max(range.offset(), part.range.offset());
                long length = Math.min(range.end(), part.range.end()) - from;
                MemorySegment.copy(await(part), from - part.range.offset(), copy, filled, length);
                filled += length;
            }
            return copy;
        }

        private static MemorySegment await(Window window) throws IOException {
            try {
                return Waiting.forResult(window.loading);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while reading");
            }
        }

        @Override
        public void close() {
            finish(batch, used);
            held.forEach(Block::release);
            copies.close();
        }
    }
}
