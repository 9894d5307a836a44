// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

import dev.joust.format.CorruptFileException;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.RowIdSequence;
import dev.joust.format.table.StoredSequence;
import dev.joust.io.ObjectPath;

/// Where the live rows of one version are, by stable row id (spec: table format 6). Runs of ids that lie side by side in a
/// fragment take one entry. Immutable, thread-safe.
public final class RowIdIndex {
    private static final int RUN_BYTES = 20;
    /// No row has this address: fragments are fewer.
    private static final long MISSING = -1;

    /// Says which table and commit it is of: a path may be another table's by now.
    private final String commit;
    /// Unsigned, with the sign bit flipped so that they ascend as signed ones.
    private final long[] firstIds;
    private final long[] firstAddresses;
    private final int[] lengths;

    private RowIdIndex(String commit, ObjectPath manifest, List<Run> runs) {
        this.commit = commit;
        runs.sort(Comparator.comparingLong(run -> ascending(run.firstId)));
        for (int i = 1; i < runs.size(); i++) {
            Run before = runs.get(i - 1);
            long distance = runs.get(i).firstId - before.firstId;
            if (Long.compareUnsigned(distance, before.length) < 0) {
                throw new CorruptFileException(
                        manifest, 0, "row ids", "two rows have id " + Long.toUnsignedString(runs.get(i).firstId) + ": "
                                + RowAddress.toString(before.firstAddress + distance) + " and "
                                + RowAddress.toString(runs.get(i).firstAddress));
            }
        }
        firstIds = runs.stream().mapToLong(run -> ascending(run.firstId)).toArray();
        firstAddresses = runs.stream().mapToLong(Run::firstAddress).toArray();
        lengths = runs.stream().mapToInt(Run::length).toArray();
    }

    private static long ascending(long unsigned) {
        return unsigned ^ Long.MIN_VALUE;
    }

    private record Run(long firstId, long firstAddress, int length) {}

    /// The index of a version: remembered by the session, or made now from the sequences in the manifest. Reads the
    /// deletion files that are not remembered.
    ///
    /// @param location of the manifest
    /// @throws CorruptFileException if two live rows have one id
    public static RowIdIndex of(
            TableContext table, ManifestStore.Location location, Manifest manifest, BufferSources memory)
            throws IOException {
        ObjectPath path = location.path();
        String commit = manifest.timestamp() + " " + manifest.transactionFile();
        RowIdIndex known = table.session().metadataCache().getIfPresent(table.store(), path, RowIdIndex.class);
        if (known != null && known.commit.equals(commit)) {
            return known;
        }
        List<Run> runs = new ArrayList<>();
        for (Fragment fragment : manifest.fragments()) {
            if (addSingleRun(fragment, runs)) {
                continue;
            }
            try (FragmentReader reader = new FragmentReader(table, manifest, fragment, memory)) {
                addRuns(fragment.id(), Objects.requireNonNull(reader.rowIds()), reader.deletions(), runs);
            }
        }
        RowIdIndex index = new RowIdIndex(commit, path, runs);
        table.session().metadataCache().put(table.store(), path, RowIdIndex.class, index, index.sizeBytes());
        return index;
    }

    /// Whether the fragment's rows, none of which is deleted, are one run.
    private static boolean addSingleRun(Fragment fragment, List<Run> target) {
        long rowCount = fragment.physicalRowCount();
        if (fragment.deletionFile() != null
                || rowCount > Integer.MAX_VALUE
                || !(fragment.rowIds() instanceof StoredSequence.Inline(Bytes message))) {
            return false;
        }
        OptionalLong firstId = SingleRange.firstId(message, rowCount);
        firstId.ifPresent(id -> target.add(new Run(id, RowAddress.of(fragment.id(), 0), (int) rowCount)));
        return firstId.isPresent();
    }

    private static void addRuns(
            long fragmentId, RowIdSequence sequence, DeletionVector deletions, List<Run> target) {
        long offset = 0;
        for (RowIdSequence.Segment segment : sequence.segments()) {
            long count = segment.rowCount();
            boolean isRange = segment instanceof RowIdSequence.Segment.Range && deletions.isEmpty();
            for (long i = 0; i < count; ) {
                if (deletions.isDeleted((int) (offset + i))) {
                    i++;
                    continue;
                }
                long firstId = segment.idAt(i);
                long length = isRange ? Math.min(count, Integer.MAX_VALUE) : 1;
                while (!isRange
                        && i + length < count
                        && length < Integer.MAX_VALUE
                        && !deletions.isDeleted((int) (offset + i + length))
                        && segment.idAt(i + length) == firstId + length) {
                    length++;
                }
                length = Math.min(length, count - i);
                target.add(new Run(firstId, RowAddress.of(fragmentId, (int) (offset + i)), (int) length));
                i += length;
            }
            offset += count;
        }
    }

    /// Addresses of rows, in the order asked.
    ///
    /// @throws IllegalArgumentException for an id that no live row has
    public long[] addressesOf(long[] rowIds, long version) {
        long[] addresses = new long[rowIds.length];
        for (int i = 0; i < rowIds.length; i++) {
            addresses[i] = addressOrMissing(rowIds[i]);
            if (addresses[i] == MISSING) {
                throw new IllegalArgumentException(
                        "no row has id " + Long.toUnsignedString(rowIds[i]) + " in version " + version);
            }
        }
        return addresses;
    }

    /// Address of a row; -1 where no live row has the id.
    public long addressOrMissing(long rowId) {
        long id = ascending(rowId);
        int found = Arrays.binarySearch(firstIds, id);
        int run = found >= 0 ? found : -found - 2;
        boolean isThere = run >= 0 && Long.compareUnsigned(id - firstIds[run], lengths[run]) < 0;
        return isThere ? firstAddresses[run] + (id - firstIds[run]) : MISSING;
    }

    /// Memory held, about.
    long sizeBytes() {
        return (long) RUN_BYTES * lengths.length + 256;
    }
}
