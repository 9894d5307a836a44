// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongUnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.joust.format.table.RowAddressSet;
import dev.joust.index.LiveRowIds;
import dev.joust.index.RowMask;

/// Which rows of an index segment are rows of a version of the table: those that are live, in fragments that the segment
/// covers (spec: index format A.4). Worked out once for each partition that is searched. Thread-safe.
final class LiveRows implements RowMask {
    /// Stands for a partition all of whose rows count.
    private static final long[] ALL = {};

    private final LiveRowIds live;
    private final AtomicReferenceArray<long[]> masks;

    /// @param partitionCount of the segment
    LiveRows(LiveRowIds live, int partitionCount) {
        this.live = live;
        masks = new AtomicReferenceArray<>(partitionCount);
    }

    LongUnaryOperator addresses() {
        return live.addresses();
    }

    @Override
    public long @Nullable [] of(int partition, long[] rowIds) {
        long[] mask = masks.get(partition);
        if (mask == null) {
            long[] made = RowMask.where(rowIds, rowId -> live.addressOf(rowId) != -1);
            mask = count(made) == rowIds.length ? ALL : made;
            masks.set(partition, mask);
        }
        return mask.length == 0 ? null : mask;
    }

    private static long count(long[] mask) {
        long count = 0;
        for (long word : mask) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /// Of these rows only those of a set of live ones.
    ///
    /// @param passing null for all
    RowMask among(@Nullable RowAddressSet passing) {
        if (passing == null) {
            return this;
        }
        return (_, rowIds) -> RowMask.where(rowIds, rowId -> {
            long address = live.addresses().applyAsLong(rowId);
            return live.covers(address) && passing.contains(address);
        });
    }
}
