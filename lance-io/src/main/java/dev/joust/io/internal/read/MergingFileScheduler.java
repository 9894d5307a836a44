// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.read;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

import org.jspecify.annotations.Nullable;

import dev.joust.io.ByteRange;
import dev.joust.io.FileScheduler;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectTail;
import dev.joust.io.internal.ReadRounds;
import dev.joust.io.internal.cache.CachedFile;

/// Fetches ranges of one object by a {@link ReadPlan}. One request runs on the caller, without a change of thread;
/// of several, the caller does its share beside virtual threads, as many at once as the session's permits allow.
public final class MergingFileScheduler implements FileScheduler {
    /// Stands for "some other thread" when asking whether memory is confined to this one.
    private static final Thread OTHER_THREAD = Thread.ofPlatform().unstarted(() -> {});

    private final ObjectStore store;
    private final ObjectPath path;
    private final long sizeBytes;
    private final @Nullable ObjectTail tail;
    private final @Nullable CachedFile cached;
    private final long gapBytes;
    private final Semaphore permits;
    private final ExecutorService executor;

    /// @param tail   bytes that are there already; ranges in them are not fetched
    /// @param cached where ranges are looked for first, and kept; null for a file that may change, or is near
    public MergingFileScheduler(
            ObjectStore store,
            ObjectPath path,
            long sizeBytes,
            @Nullable ObjectTail tail,
            @Nullable CachedFile cached,
            long gapBytes,
            Semaphore permits,
            ExecutorService executor) {
        this.store = store;
        this.path = path;
        this.sizeBytes = sizeBytes;
        this.tail = tail;
        this.cached = cached;
        this.gapBytes = gapBytes;
        this.permits = permits;
        this.executor = executor;
    }

    @Override
    public ObjectPath path() {
        return path;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public long mergeGapBytes() {
        return gapBytes;
    }

    @Override
    public List<MemorySegment> read(List<ByteRange> ranges, SegmentAllocator allocator) throws IOException {
        for (ByteRange range : ranges) {
            if (range.end() > sizeBytes) {
                throw new EOFException(path + " @ " + range.offset() + ": " + range.length() + " bytes asked for, the object has "
                        + sizeBytes);
            }
        }
        MemorySegment[] there = new MemorySegment[ranges.size()];
        ReadPlan plan = ReadPlan.of(toFetch(ranges, there, allocator), gapBytes);
        var blocks = new ArrayList<MemorySegment>(plan.blocks().size());
        var requests = new ArrayList<ReadRequest>(plan.blocks().size());
        for (ByteRange block : plan.blocks()) {
            MemorySegment memory = allocator.allocate(block.length());
            blocks.add(memory);
            for (ByteRange request : ReadPlan.requests(block)) {
                requests.add(new ReadRequest(
                        request.offset(), memory.asSlice(request.offset() - block.offset(), request.length())));
            }
        }
        fetch(requests);
        if (cached != null) {
            for (int i = 0; i < blocks.size(); i++) {
                cached.keep(plan.blocks().get(i).offset(), blocks.get(i).asSlice(0, plan.blocks().get(i).length()));
            }
        }
        var answer = new ArrayList<MemorySegment>(ranges.size());
        for (int i = 0; i < ranges.size(); i++) {
            ByteRange range = ranges.get(i);
            int block = plan.blockOfRange(i);
            answer.add(block < 0
                    ? there[i]
                    : blocks.get(block).asSlice(range.offset() - plan.blocks().get(block).offset(), range.length()));
        }
        return answer;
    }

    /// The ranges, empty where the bytes need not be fetched; `there` gets those.
    private List<ByteRange> toFetch(List<ByteRange> ranges, MemorySegment[] there, SegmentAllocator allocator) {
        List<ByteRange> missing = new ArrayList<>(ranges.size());
        for (int i = 0; i < there.length; i++) {
            ByteRange range = ranges.get(i);
            if (range.length() == 0) {
                there[i] = MemorySegment.NULL;
                missing.add(range);
            } else if (tail != null && range.offset() >= tail.startInFile()) {
                there[i] = tail.bytes().asSlice(range.offset() - tail.startInFile(), range.length());
                missing.add(new ByteRange(range.offset(), 0));
            } else {
                MemorySegment kept = cached == null ? null : cached.find(range);
                if (kept != null) {
                    there[i] = allocator.allocate(range.length()).asSlice(0, range.length()).copyFrom(kept);
                }
                missing.add(kept == null ? range : new ByteRange(range.offset(), 0));
            }
        }
        return missing;
    }

    private void fetch(List<ReadRequest> requests) throws IOException {
        if (requests.isEmpty()) {
            return;
        }
        ReadRounds rounds = store instanceof ReadRounds counting ? counting : null;
        if (rounds != null) {
            rounds.beginRound();
        }
        try {
            boolean confined = !requests.getFirst().target().isAccessibleBy(OTHER_THREAD);
            new RequestGroup(store, path, requests, permits).run(confined || requests.size() == 1 ? null : executor);
        } finally {
            if (rounds != null) {
                rounds.endRound();
            }
        }
    }
}
