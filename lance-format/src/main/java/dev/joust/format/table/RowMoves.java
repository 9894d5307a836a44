// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where compaction puts rows: the live rows of old fragments, in order, are those of new ones, in order. Immutable,
/// thread-safe.
public final class RowMoves {
    /// Stands for a row that is nowhere any more.
    public static final long GONE = -1;

    /// Fragments of one group.
    private record Group(long[] firstRows, List<Fragment> newFragments) {}

    /// An old fragment.
    private record Source(Group group, long firstRow, long rowCount, DeletionVector deletions) {}

    private final Map<Long, Source> sources;

    private RowMoves(Map<Long, Source> sources) {
        this.sources = sources;
    }

    /// Collects moves. Not thread-safe.
    public static final class Builder {
        private final Map<Long, Source> sources = new HashMap<>();

        /// Adds the fragments of one group.
        ///
        /// @param deletions    of the old fragments, one each
        /// @param newFragments with their ids, as many rows as live ones in the old fragments
        public Builder add(List<Fragment> oldFragments, List<DeletionVector> deletions, List<Fragment> newFragments) {
            long[] firstRows = new long[newFragments.size()];
            long row = 0;
            for (int i = 0; i < firstRows.length; i++) {
                firstRows[i] = row;
                row += newFragments.get(i).physicalRowCount();
            }
            Group group = new Group(firstRows, List.copyOf(newFragments));
            long first = 0;
            for (int i = 0; i < oldFragments.size(); i++) {
                Fragment old = oldFragments.get(i);
                sources.put(old.id(), new Source(group, first, old.physicalRowCount(), deletions.get(i)));
                first += old.liveRowCount();
            }
            if (first != row) {
                throw new IllegalArgumentException(first + " rows became " + row);
            }
            return this;
        }

        public RowMoves build() {
            return new RowMoves(Map.copyOf(sources));
        }
    }

    /// Fragments whose rows move.
    public Set<Long> movedFragmentIds() {
        return Set.copyOf(sources.keySet());
    }

    /// The new address of a row: the same if it stays, {@link #GONE} if it was deleted.
    public long newAddressOf(long rowAddress) {
        Source source = sources.get(Integer.toUnsignedLong(RowAddress.fragmentId(rowAddress)));
        if (source == null) {
            return rowAddress;
        }
        long offset = Integer.toUnsignedLong(RowAddress.rowOffset(rowAddress));
        if (offset >= source.rowCount() || source.deletions().isDeleted((int) offset)) {
            return GONE;
        }
        long row = source.firstRow() + offset - source.deletions().deletedRowsBefore(offset);
        int found = java.util.Arrays.binarySearch(source.group().firstRows(), row);
        int target = found >= 0 ? found : -found - 2;
        Fragment fragment = source.group().newFragments().get(target);
        return RowAddress.of(fragment.id(), (int) (row - source.group().firstRows()[target]));
    }

    /// New addresses of many rows, without those that are gone.
    public long[] newAddressesOf(long[] rowAddresses) {
        List<Long> moved = new ArrayList<>(rowAddresses.length);
        for (long address : rowAddresses) {
            long after = newAddressOf(address);
            if (after != GONE) {
                moved.add(after);
            }
        }
        return moved.stream().mapToLong(Long::longValue).toArray();
    }
}
