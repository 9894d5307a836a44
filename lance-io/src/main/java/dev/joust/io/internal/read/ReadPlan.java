// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.io.ByteRange;

/// Which bytes to fetch for the ranges asked for: near or overlapping ranges become one block, and a large block
/// several requests of about equal size. Pure arithmetic.
public final class ReadPlan {
    /// A larger block is split: several requests at once are faster than one, everywhere.
    public static final long MAX_REQUEST_BYTES = 8 << 20;

    private static final long LOCAL_GAP_BYTES = 4 << 10;
    private static final long REMOTE_GAP_BYTES = 64 << 10;

    private final List<ByteRange> blocks;
    private final int[] blockOfRange;

    private ReadPlan(List<ByteRange> blocks, int[] blockOfRange) {
        this.blocks = blocks;
        this.blockOfRange = blockOfRange;
    }

    /// What to fetch, ascending, apart from each other by more than the gap.
    public List<ByteRange> blocks() {
        return blocks;
    }

    /// Index of the block that holds the range asked for at `rangeIndex`; -1 for an empty range.
    public int blockOfRange(int rangeIndex) {
        return blockOfRange[rangeIndex];
    }

    /// The gap that is cheaper to read than to skip, by the scheme of the store's root.
    public static long defaultGapBytes(@Nullable String scheme) {
        return "file".equals(scheme) ? LOCAL_GAP_BYTES : REMOTE_GAP_BYTES;
    }

    /// Merges ranges that overlap or lie at most `gapBytes` apart.
    public static ReadPlan of(List<ByteRange> ranges, long gapBytes) {
        Integer[] order = new Integer[ranges.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingLong(i -> ranges.get(i).offset()));
        int[] blockOfRange = new int[ranges.size()];
        var blocks = new ArrayList<ByteRange>();
        long blockStart = 0;
        long blockEnd = -1;
        for (int rangeIndex : order) {
            ByteRange range = ranges.get(rangeIndex);
            if (range.length() == 0) {
                blockOfRange[rangeIndex] = -1;
                continue;
            }
            if (blockEnd < 0 || range.offset() - blockEnd > gapBytes) {
                if (blockEnd >= 0) {
                    blocks.add(ByteRange.between(blockStart, blockEnd));
                }
                blockStart = range.offset();
                blockEnd = range.end();
            } else {
                blockEnd = Math.max(blockEnd, range.end());
            }
            blockOfRange[rangeIndex] = blocks.size();
        }
        if (blockEnd >= 0) {
            blocks.add(ByteRange.between(blockStart, blockEnd));
        }
        return new ReadPlan(blocks, blockOfRange);
    }

    /// A block as requests of at most {@link #MAX_REQUEST_BYTES}, of about equal size.
    public static List<ByteRange> requests(ByteRange block) {
        long count = Math.ceilDiv(block.length(), MAX_REQUEST_BYTES);
        if (count <= 1) {
            return List.of(block);
        }
        // multiples of a page, so that no page is read twice
        long requestBytes = Math.ceilDiv(Math.ceilDiv(block.length(), count), 4096) * 4096;
        var requests = new ArrayList<ByteRange>((int) count);
        for (long start = block.offset(); start < block.end(); start += requestBytes) {
            requests.add(ByteRange.between(start, Math.min(block.end(), start + requestBytes)));
        }
        return requests;
    }
}
