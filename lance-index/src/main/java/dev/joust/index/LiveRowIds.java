// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongUnaryOperator;

import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.CorruptFileException;
import dev.joust.format.commit.IndexSegments;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.RowAddress;
import dev.joust.io.ObjectPath;

/// Which rows of a segment are rows of a version: those that are live, in fragments that it answers for (spec: index
/// format A.4). Immutable, thread-safe.
public final class LiveRowIds implements LongUnaryOperator {
    private final LongUnaryOperator addresses;
    private final Map<Integer, Covered> fragments;
    private final ObjectPath file;

    /// A fragment that the segment covers and the version has.
    private record Covered(long physicalRowCount, DeletionVector deleted) {}

    private LiveRowIds(LongUnaryOperator addresses, Map<Integer, Covered> fragments, ObjectPath file) {
        this.addresses = addresses;
        this.fragments = Map.copyOf(fragments);
        this.file = file;
    }

    /// @param fragments that the segment answers for and the version has
    public static LiveRowIds of(Dataset version, RoaringBitmap fragments, VectorIndex segment) throws IOException {
        Map<Integer, Covered> covered = new HashMap<>();
        for (int id : fragments) {
            Fragment fragment = version.manifest().fragment(id).orElseThrow();
            covered.put(id, new Covered(fragment.physicalRowCount(), version.deletions(fragment)));
        }
        return new LiveRowIds(version.addressesByRowId(), covered, segment.rowIdFile());
    }

    /// Fragments of the version that a segment says it covers; null where it does not say.
    public static @Nullable RoaringBitmap liveFragments(Dataset version, IndexMetadata segment) {
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
    ///
    /// @throws CorruptFileException if the fragment has no such row
    public long addressOf(long rowId) {
        long address = addresses.applyAsLong(rowId);
        Covered fragment = fragments.get(RowAddress.fragmentId(address));
        if (fragment == null) {
            return -1;
        }
        long offset = Integer.toUnsignedLong(RowAddress.rowOffset(address));
        if (offset >= fragment.physicalRowCount) {
            throw new CorruptFileException(file, 0, "row ids", "row " + RowAddress.toString(address)
                    + " of a fragment of " + fragment.physicalRowCount + " rows");
        }
        return fragment.deleted.isDeleted((int) offset) ? -1 : address;
    }

    /// Row ids to addresses, whatever fragments they are in.
    public LongUnaryOperator addresses() {
        return addresses;
    }

    /// Whether the address is in a fragment that the segment covers.
    public boolean covers(long address) {
        return fragments.containsKey(RowAddress.fragmentId(address));
    }
}
