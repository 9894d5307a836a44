// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import org.roaringbitmap.RoaringBitmap;

/// The deleted rows of one fragment, as physical row offsets (unsigned 32 bits). Immutable.
public final class DeletionVector {
    public static final DeletionVector EMPTY = new DeletionVector(new RoaringBitmap());

    private final RoaringBitmap offsets;

    private DeletionVector(RoaringBitmap offsets) {
        this.offsets = offsets;
    }

    /// @param offsets a copy is kept
    public static DeletionVector of(RoaringBitmap offsets) {
        RoaringBitmap copy = offsets.clone();
        copy.runOptimize();
        return new DeletionVector(copy);
    }

    public boolean isDeleted(int rowOffset) {
        return offsets.contains(rowOffset);
    }

    public long deletedRowCount() {
        return offsets.getLongCardinality();
    }

    public boolean isEmpty() {
        return offsets.isEmpty();
    }

    /// Deleted rows with an offset below `rowOffset`.
    public long deletedRowsBefore(long rowOffset) {
        return rowOffset == 0 ? 0 : offsets.rankLong((int) (rowOffset - 1));
    }

    /// Physical offset of the live row that has `liveRowIndex` live rows before it.
    public long offsetOfLiveRow(long liveRowIndex) {
        // The smallest offset with liveRowIndex + 1 live rows up to and including it.
        long low = liveRowIndex;
        long high = liveRowIndex + deletedRowCount();
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (middle + 1 - offsets.rankLong((int) middle) >= liveRowIndex + 1) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// These rows and the others.
    public DeletionVector union(DeletionVector other) {
        return DeletionVector.of(RoaringBitmap.or(offsets, other.offsets));
    }

    public boolean intersects(DeletionVector other) {
        return RoaringBitmap.intersects(offsets, other.offsets);
    }

    /// Highest deleted offset, -1 if there is none.
    public long last() {
        return offsets.isEmpty() ? -1 : Integer.toUnsignedLong(offsets.last());
    }

    /// The offsets, a copy.
    public RoaringBitmap toBitmap() {
        return offsets.clone();
    }

    /// The offsets, ascending, each unsigned 32 bits.
    public long[] offsetsAscending() {
        long[] ascending = new long[Math.toIntExact(deletedRowCount())];
        int[] next = {0};
        offsets.forEach((int offset) -> ascending[next[0]++] = Integer.toUnsignedLong(offset));
        return ascending;
    }

    /// Estimate of the memory held.
    public long sizeBytes() {
        return offsets.getLongSizeInBytes();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DeletionVector that && offsets.equals(that.offsets);
    }

    @Override
    public int hashCode() {
        return offsets.hashCode();
    }

    @Override
    public String toString() {
        return deletedRowCount() + " deleted rows";
    }
}
