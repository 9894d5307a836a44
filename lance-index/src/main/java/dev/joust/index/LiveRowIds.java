// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongUnaryOperator;

import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.commit.IndexSegments;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.RowAddress;

/// Which rows of a segment are rows of a version: those that are live, in fragments that it answers for (spec: index
/// format A.4). Immutable, thread-safe.
final class LiveRowIds implements LongUnaryOperator {
    private final LongUnaryOperator addresses;
    private final RoaringBitmap fragments;
    private final Map<Integer, DeletionVector> deletions;

    private LiveRowIds(LongUnaryOperator addresses, RoaringBitmap fragments, Map<Integer, DeletionVector> deletions) {
        this.addresses = addresses;
        this.fragments = fragments;
        this.deletions = deletions;
    }

    static LiveRowIds of(Dataset version, RoaringBitmap fragments) throws IOException {
        Map<Integer, DeletionVector> deletions = new HashMap<>();
        for (int id : fragments) {
            DeletionVector deleted =
                    version.deletions(version.manifest().fragment(id).orElseThrow());
            if (!deleted.isEmpty()) {
                deletions.put(id, deleted);
            }
        }
        return new LiveRowIds(version.addressesByRowId(), fragments, Map.copyOf(deletions));
    }

    /// Fragments of the version that a segment says it covers; null where it does not say.
    static @Nullable RoaringBitmap liveFragments(Dataset version, IndexMetadata segment) {
        RoaringBitmap claimed = IndexSegments.fragmentsOf(segment);
        if (claimed == null) {
            return null;
        }
        RoaringBitmap live = new RoaringBitmap();
        for (Fragment fragment : version.manifest().fragments()) {
            int id = (int) fragment.id();
            if (id >= 0 && claimed.contains(id)) {
                live.add(id);
            }
        }
        return live;
    }

    /// The same id, or -1.
    @Override
    public long applyAsLong(long rowId) {
        return addressOf(rowId) == -1 ? -1 : rowId;
    }

    /// Where the row is, or -1.
    long addressOf(long rowId) {
        long address = addresses.applyAsLong(rowId);
        int fragment = RowAddress.fragmentId(address);
        if (fragment < 0 || !fragments.contains(fragment)) {
            return -1;
        }
        DeletionVector deleted = deletions.get(fragment);
        return deleted == null || !deleted.isDeleted(RowAddress.rowOffset(address)) ? address : -1;
    }
}
