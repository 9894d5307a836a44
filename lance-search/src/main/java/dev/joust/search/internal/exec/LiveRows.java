// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongUnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.RowAddressSet;
import dev.joust.index.RowMask;

/// Which rows of an index segment are rows of a version of the table: those that are live, in fragments that the segment
/// covers (spec: index format A.4). Worked out once for each partition that is searched. Thread-safe.
final class LiveRows implements RowMask {
    /// Stands for a partition all of whose rows count.
    private static final long[] ALL = {};

    private final LongUnaryOperator addresses;
    private final BitSet fragments;
    private final Map<Integer, DeletionVector> deletions;
    private final AtomicReferenceArray<long[]> masks;

    /// @param addresses      row ids to addresses
    /// @param fragments      that the segment covers and the table has
    /// @param deletions      of those of them where rows are deleted
    /// @param partitionCount of the segment
    LiveRows(LongUnaryOperator addresses, BitSet fragments, Map<Integer, DeletionVector> deletions, int partitionCount) {
        this.addresses = addresses;
        this.fragments = fragments;
        this.deletions = deletions;
        masks = new AtomicReferenceArray<>(partitionCount);
    }

    LongUnaryOperator addresses() {
        return addresses;
    }

    @Override
    public long @Nullable [] of(int partition, long[] rowIds) {
        long[] mask = masks.get(partition);
        if (mask == null) {
            long[] made = RowMask.where(rowIds, this::isLive);
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

    private boolean isLive(long rowId) {
        long address = addresses.applyAsLong(rowId);
        int fragment = RowAddress.fragmentId(address);
        if (fragment < 0 || !fragments.get(fragment)) {
            return false;
        }
        DeletionVector deleted = deletions.get(fragment);
        return deleted == null || !deleted.isDeleted(RowAddress.rowOffset(address));
    }

    /// Of these rows only those of a set of live ones.
    ///
    /// @param passing null for all
    RowMask among(@Nullable RowAddressSet passing) {
        if (passing == null) {
            return this;
        }
        return (_, rowIds) -> RowMask.where(rowIds, rowId -> {
            long address = addresses.applyAsLong(rowId);
            int fragment = RowAddress.fragmentId(address);
            return fragment >= 0 && fragments.get(fragment) && passing.contains(address);
        });
    }
}
