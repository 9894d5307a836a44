// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongUnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.RowAddressSet;
import dev.joust.index.RowMask;
import dev.joust.io.ObjectPath;

/// Which rows of an index segment are rows of a version of the table: those that are live, in fragments that the segment
/// covers (spec: index format A.4). Worked out once for each partition that is searched. Thread-safe.
final class LiveRows implements RowMask {
    /// Stands for a partition all of whose rows count.
    private static final long[] ALL = {};

    private final LongUnaryOperator addresses;
    private final Map<Integer, Covered> fragments;
    private final ObjectPath segment;
    private final AtomicReferenceArray<long[]> masks;

    /// A fragment that the segment covers and the table has.
    record Covered(long physicalRowCount, DeletionVector deleted) {}

    /// @param addresses      row ids to addresses
    /// @param fragments      that the segment covers and the table has, by their ids
    /// @param partitionCount of the segment
    /// @param segment        the file that holds the row ids, for errors
    LiveRows(LongUnaryOperator addresses, Map<Integer, Covered> fragments, int partitionCount, ObjectPath segment) {
        this.addresses = addresses;
        this.fragments = Map.copyOf(fragments);
        this.segment = segment;
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
        Covered fragment = fragments.get(RowAddress.fragmentId(address));
        if (fragment == null) {
            return false;
        }
        long offset = Integer.toUnsignedLong(RowAddress.rowOffset(address));
        if (offset >= fragment.physicalRowCount) {
            throw new CorruptFileException(segment, 0, "row ids", "row " + RowAddress.toString(address)
                    + " of a fragment of " + fragment.physicalRowCount + " rows");
        }
        return !fragment.deleted.isDeleted((int) offset);
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
            return fragments.containsKey(RowAddress.fragmentId(address)) && passing.contains(address);
        });
    }
}
