// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.table.MessageSource;
import dev.joust.format.internal.table.RowIdSequenceCodec;
import dev.joust.format.internal.table.TablePaths;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.RowIdSequence;
import dev.joust.format.table.RowVersions;
import dev.joust.format.table.StoredSequence;

/// Stable row ids of a version that is being made, and the versions that its rows were made and last changed in
/// (spec: table format 2.4, 3.2, 3.3). Not thread-safe.
final class RowLineage {
    private final long version;
    private long nextRowId;

    /// @param version   that is being made
    /// @param nextRowId first id not given yet
    RowLineage(long version, long nextRowId) {
        this.version = version;
        this.nextRowId = nextRowId;
    }

    long nextRowId() {
        return nextRowId;
    }

    void raiseNextRowId(long least) {
        nextRowId = Math.max(nextRowId, least);
    }

    /// A fragment of new rows: ids from the next one on, made and last changed now.
    Fragment ofNewRows(Fragment fragment) {
        if (fragment.rowIds() != null) {
            throw new IllegalArgumentException("new rows bring row ids: these are given when they are committed");
        }
        StoredSequence now = inline(RowVersions.uniform(fragment.physicalRowCount(), version));
        return fragment.withLineage(inline(fresh(fragment.physicalRowCount())), now, now);
    }

    private RowIdSequence fresh(long rowCount) {
        RowIdSequence ids = RowIdSequence.ofRange(nextRowId, Math.addExact(nextRowId, rowCount));
        nextRowId += rowCount;
        return ids;
    }

    /// Fragments of an update: ids they bring are of rows that moved there, in order, the rows after them are new.
    ///
    /// @param sources fragments that the moved rows were in
    List<Fragment> ofUpdate(List<Fragment> sources, List<Fragment> added) {
        List<@Nullable RowIdSequence> moved = new ArrayList<>();
        long movedRowCount = 0;
        for (Fragment fragment : added) {
            RowIdSequence ids = movedIds(fragment);
            moved.add(ids);
            movedRowCount += ids == null ? 0 : ids.rowCount();
        }
        CreatedVersions created = new CreatedVersions(moved, Math.toIntExact(movedRowCount));
        sources.forEach(source -> created.lookUp(sequenceOf(source), createdOf(source)));
        List<Fragment> result = new ArrayList<>();
        for (int i = 0; i < added.size(); i++) {
            Fragment fragment = added.get(i);
            RowIdSequence ids = moved.get(i);
            result.add(ids == null ? ofNewRows(fragment) : ofMovedRows(fragment, ids, created));
        }
        return result;
    }

    private Fragment ofMovedRows(Fragment fragment, RowIdSequence moved, CreatedVersions created) {
        RowVersions.Builder versions = new RowVersions.Builder();
        for (long row = 0; row < moved.rowCount(); row++) {
            versions.add(1, created.of(moved.idAt(row)));
        }
        long newRowCount = fragment.physicalRowCount() - moved.rowCount();
        versions.add(newRowCount, version);
        RowIdSequence ids = newRowCount == 0 ? moved : moved.followedBy(fresh(newRowCount));
        return fragment.withLineage(
                inline(ids), inline(RowVersions.uniform(fragment.physicalRowCount(), version)), inline(versions.build()));
    }

    /// Whether every row of a new fragment moved there from another one, with its id.
    static boolean holdsMovedRowsOnly(Fragment added) {
        RowIdSequence ids = movedIds(added);
        return ids != null && ids.rowCount() == added.physicalRowCount();
    }

    private static @Nullable RowIdSequence movedIds(Fragment added) {
        return switch (added.rowIds()) {
            case null -> null;
            case StoredSequence.Inline inline ->
                RowIdSequenceCodec.parseUpTo(
                        inline.message(), added.physicalRowCount(), source(), "row ids of a new fragment");
            case StoredSequence.InColumn _ -> throw inColumn(added, "row ids");
        };
    }

    /// A rewritten fragment, which brings the ids of all its rows.
    void checkComplete(Fragment rewritten) {
        if (rewritten.rowIds() == null || sequenceOf(rewritten).rowCount() != rewritten.physicalRowCount()) {
            throw new IllegalArgumentException(
                    "rewritten fragment " + rewritten.id() + " does not bring the stable ids of its rows");
        }
    }

    /// A fragment all of whose rows changed where they are.
    Fragment updated(Fragment fragment) {
        return fragment.withLineage(
                fragment.rowIds(),
                inline(RowVersions.uniform(fragment.physicalRowCount(), version)),
                fragment.createdAtVersions());
    }

    /// A fragment some of whose rows changed where they are. Without any versions recorded it stays so: the other rows'
    /// would have to be made up.
    Fragment updated(Fragment fragment, RoaringBitmap rowOffsets) {
        if (rowOffsets.isEmpty() || fragment.lastUpdatedAtVersions() == null) {
            return fragment;
        }
        if (Integer.toUnsignedLong(rowOffsets.last()) >= fragment.physicalRowCount()) {
            throw new IllegalArgumentException("changed row " + Integer.toUnsignedString(rowOffsets.last())
                    + " of fragment " + fragment.id() + ", which has " + fragment.physicalRowCount() + " rows");
        }
        RowVersions before = versionsOf(
                fragment, fragment.lastUpdatedAtVersions(), "last-updated versions of fragment " + fragment.id());
        RowVersions.Builder after = new RowVersions.Builder();
        long row = 0;
        for (int run = 0; run < before.runCount(); run++) {
            for (long end = row + before.runRowCount(run); row < end; row++) {
                after.add(1, rowOffsets.contains((int) row) ? version : before.runVersion(run));
            }
        }
        return fragment.withLineage(fragment.rowIds(), inline(after.build()), fragment.createdAtVersions());
    }

    private static RowIdSequence sequenceOf(Fragment fragment) {
        String structure = "row ids of fragment " + fragment.id();
        return switch (fragment.rowIds()) {
            case null -> throw source().corrupt(structure, "are not there, in a table with stable row ids");
            case StoredSequence.Inline inline ->
                RowIdSequenceCodec.parse(inline.message(), fragment.physicalRowCount(), source(), structure);
            case StoredSequence.InColumn _ -> throw inColumn(fragment, "row ids");
        };
    }

    private static RowVersions createdOf(Fragment fragment) {
        return versionsOf(
                fragment, fragment.createdAtVersions(), "created versions of fragment " + fragment.id());
    }

    private static RowVersions versionsOf(Fragment fragment, @Nullable StoredSequence stored, String structure) {
        return switch (stored) {
            case null -> RowVersions.uniform(fragment.physicalRowCount(), RowVersions.UNRECORDED);
            case StoredSequence.Inline inline ->
                RowIdSequenceCodec.parseVersions(
                        inline.message(), fragment.physicalRowCount(), source(), structure);
            case StoredSequence.InColumn _ -> throw inColumn(fragment, structure);
        };
    }

    private static UnsupportedFormatException inColumn(Fragment fragment, String what) {
        return new UnsupportedFormatException(
                "fragment " + fragment.id() + ": " + what + " in a column of its files can't be changed");
    }

    private static MessageSource source() {
        return new MessageSource(TablePaths.VERSIONS.resolve("the version that is committed to"), 0);
    }

    private static StoredSequence inline(RowIdSequence ids) {
        return new StoredSequence.Inline(RowIdSequenceCodec.toBytes(ids));
    }

    private static StoredSequence inline(RowVersions versions) {
        return new StoredSequence.Inline(RowIdSequenceCodec.toBytes(versions));
    }

    /// The versions that moved rows were made in, by id.
    private static final class CreatedVersions {
        /// Ascending, as signed numbers.
        private final long[] ids;
        private final long[] versions;
        private final boolean[] found;

        CreatedVersions(List<@Nullable RowIdSequence> moved, int count) {
            ids = new long[count];
            int next = 0;
            for (RowIdSequence sequence : moved) {
                for (long row = 0; sequence != null && row < sequence.rowCount(); row++) {
                    ids[next++] = sequence.idAt(row);
                }
            }
            Arrays.sort(ids);
            for (int i = 1; i < count; i++) {
                if (ids[i] == ids[i - 1]) {
                    throw new IllegalArgumentException(
                            "row " + Long.toUnsignedString(ids[i]) + " moved to two places");
                }
            }
            versions = new long[count];
            found = new boolean[count];
        }

        void lookUp(RowIdSequence sequence, RowVersions created) {
            long row = 0;
            for (RowIdSequence.Segment segment : sequence.segments()) {
                if (segment instanceof RowIdSequence.Segment.Range(long start, long end) && start >= 0 && end >= 0) {
                    int from = Arrays.binarySearch(ids, start);
                    for (int i = from < 0 ? -from - 1 : from; i < ids.length && ids[i] < end; i++) {
                        set(i, created.versionAt(row + ids[i] - start));
                    }
                } else {
                    for (long i = 0; i < segment.rowCount(); i++) {
                        int at = Arrays.binarySearch(ids, segment.idAt(i));
                        if (at >= 0) {
                            set(at, created.versionAt(row + i));
                        }
                    }
                }
                row += segment.rowCount();
            }
        }

        private void set(int index, long version) {
            versions[index] = version;
            found[index] = true;
        }

        long of(long id) {
            int index = Arrays.binarySearch(ids, id);
            if (index < 0 || !found[index]) {
                throw new IllegalArgumentException("row id " + Long.toUnsignedString(id)
                        + " is said to have moved, but no fragment that the change takes rows from has it");
            }
            return versions[index];
        }
    }
}
