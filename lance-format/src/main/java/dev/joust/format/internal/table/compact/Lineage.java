// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.compact;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.table.MessageSource;
import dev.joust.format.internal.table.RowIdSequenceCodec;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.internal.table.TablePaths;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.RowIdSequence;
import dev.joust.format.table.RowVersions;
import dev.joust.format.table.StoredSequence;

/// Stable row ids, and the versions that rows were made and last changed in, of rows that move from old fragments to new
/// ones: each surviving row keeps its own (spec: table format 2.4, 8.1).
final class Lineage {
    private final TableContext table;
    private final Manifest manifest;
    private final MessageSource source;

    Lineage(TableContext table, Manifest manifest) {
        this.table = table;
        this.manifest = manifest;
        this.source = new MessageSource(TablePaths.VERSIONS.resolve("version " + manifest.version()), 0);
    }

    /// Live rows of an old fragment.
    private record OldRows(
            Fragment fragment,
            DeletionVector deletions,
            RowIdSequence ids,
            @Nullable RowVersions created,
            @Nullable RowVersions updated) {}

    /// The new fragments with what their rows bring along.
    ///
    /// @param written hold the live rows of `old`, in order
    List<Fragment> carriedOver(List<Fragment> old, List<Fragment> written) throws IOException {
        List<OldRows> sources = new ArrayList<>();
        for (Fragment fragment : old) {
            sources.add(read(fragment));
        }
        boolean hasCreated = sources.stream().anyMatch(rows -> rows.created() != null);
        boolean hasUpdated = sources.stream().anyMatch(rows -> rows.updated() != null);
        Cursor cursor = new Cursor(sources);
        List<Fragment> carried = new ArrayList<>();
        for (Fragment fragment : written) {
            List<RowIdSequence.Segment> ids = new ArrayList<>();
            RowVersions.Builder created = new RowVersions.Builder();
            RowVersions.Builder updated = new RowVersions.Builder();
            long remaining = fragment.physicalRowCount();
            while (remaining > 0) {
                Cursor.Run run = cursor.next(remaining);
                addIds(run, ids);
                addVersions(run, OldRows::created, created);
                addVersions(run, OldRows::updated, updated);
                remaining -= run.offsets().length;
            }
            carried.add(fragment.withLineage(
                    new StoredSequence.Inline(RowIdSequenceCodec.toBytes(new RowIdSequence(ids))),
                    hasUpdated ? new StoredSequence.Inline(RowIdSequenceCodec.toBytes(updated.build())) : null,
                    hasCreated ? new StoredSequence.Inline(RowIdSequenceCodec.toBytes(created.build())) : null));
        }
        return carried;
    }

    private OldRows read(Fragment fragment) throws IOException {
        String structure = "row ids of fragment " + fragment.id();
        RowIdSequence ids = switch (fragment.rowIds()) {
            case null -> throw source.corrupt(structure, "are not there, in a table with stable row ids");
            case StoredSequence.Inline inline ->
                RowIdSequenceCodec.parse(inline.message(), fragment.physicalRowCount(), source, structure);
            case StoredSequence.InColumn _ -> throw inColumn(structure);
        };
        return new OldRows(
                fragment,
                table.deletions(manifest, fragment),
                ids,
                versions(fragment, fragment.createdAtVersions(), "created versions"),
                versions(fragment, fragment.lastUpdatedAtVersions(), "last-updated versions"));
    }

    private @Nullable RowVersions versions(Fragment fragment, @Nullable StoredSequence stored, String what) {
        String structure = what + " of fragment " + fragment.id();
        return switch (stored) {
            case null -> null;
            case StoredSequence.Inline inline ->
                RowIdSequenceCodec.parseVersions(inline.message(), fragment.physicalRowCount(), source, structure);
            case StoredSequence.InColumn _ -> throw inColumn(structure);
        };
    }

    private static UnsupportedFormatException inColumn(String structure) {
        return new UnsupportedFormatException(structure + " are in a column of its files, and can't be carried over");
    }

    /// Goes through the live rows of all old fragments.
    private static final class Cursor {
        /// Rows looked at one by one.
        private static final int MAX_RUN = 1 << 16;

        private final List<OldRows> sources;
        private int source;
        private long nextOffset;

        Cursor(List<OldRows> sources) {
            this.sources = sources;
        }

        /// @param offsets ascending
        record Run(OldRows rows, long[] offsets) {}

        /// The next live rows, of one old fragment.
        Run next(long maxRowCount) {
            while (true) {
                OldRows rows = sources.get(source);
                long[] offsets = new long[(int) Math.min(maxRowCount, MAX_RUN)];
                int count = 0;
                while (count < offsets.length && nextOffset < rows.fragment().physicalRowCount()) {
                    if (!rows.deletions().isDeleted((int) nextOffset)) {
                        offsets[count++] = nextOffset;
                    }
                    nextOffset++;
                }
                if (count > 0) {
                    return new Run(rows, Arrays.copyOf(offsets, count));
                }
                source++;
                nextOffset = 0;
            }
        }
    }

    private static void addIds(Cursor.Run run, List<RowIdSequence.Segment> target) {
        long[] ids = new long[run.offsets().length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = run.rows().ids().idAt(run.offsets()[i]);
        }
        RowIdSequence.Segment segment = RowIdSequence.Segment.of(ids);
        boolean continues = !target.isEmpty()
                && target.getLast() instanceof RowIdSequence.Segment.Range(long _, long end)
                && segment instanceof RowIdSequence.Segment.Range(long start, long _)
                && start == end;
        if (continues) {
            long start = target.removeLast().idAt(0);
            target.add(new RowIdSequence.Segment.Range(start, ids[ids.length - 1] + 1));
        } else {
            target.add(segment);
        }
    }

    private static void addVersions(
            Cursor.Run run, Function<OldRows, @Nullable RowVersions> which, RowVersions.Builder target) {
        RowVersions versions = which.apply(run.rows());
        for (long offset : run.offsets()) {
            target.add(1, versions == null ? RowVersions.UNRECORDED : versions.versionAt(offset));
        }
    }
}
