// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.index.VectorIndexDetails;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.index.IndexOptimization.Retrain;
import dev.joust.index.internal.vector.VectorTraining;

/// Brings the segments of a vector index up to date with a version: rows that none covers are encoded as those of the newest
/// segment are, segments are merged, definitions trained (spec: index format B.2). Builds files and commits nothing. Used once.
public final class VectorIndexOptimizer {
    /// A segment with a larger share of rows that are gone is written anew.
    private static final double MOST_GONE = 0.2;

    private final Dataset dataset;
    private final VectorColumn column;
    private final List<IndexMetadata> entries;
    private final IndexOptimization options;

    /// @param entries all segments of the index, as the manifest has them
    /// @throws IllegalArgumentException if the column holds no vectors
    public VectorIndexOptimizer(
            Dataset dataset, VectorColumn column, List<IndexMetadata> entries, IndexOptimization options) {
        this.dataset = dataset;
        this.column = column;
        this.entries = List.copyOf(entries);
        this.options = options;
    }

    /// What is to be committed.
    ///
    /// @param added   a segment that was built
    /// @param removed those that it takes the place of
    public record Change(IndexMetadata added, List<IndexMetadata> removed) {}

    /// A segment that covers something.
    ///
    /// @param training  that its rows were encoded with
    /// @param fragments that it answers for
    record Segment(
            IndexMetadata entry,
            VectorIndex index,
            VectorTraining training,
            RoaringBitmap fragments,
            LiveRowIds rows,
            long liveRowCount) {
        double goneShare() {
            return index.rowCount() == 0 ? 0 : 1 - (double) liveRowCount / index.rowCount();
        }
    }

    /// Builds what is missing.
    ///
    /// @return empty if there is nothing to do
    /// @throws dev.joust.format.UnsupportedFormatException if a segment is of a layout that is not known here; it can be
    ///     built anew
    public Optional<Change> run() throws IOException {
        boolean movedElsewhere = dataset.manifest().indices().stream()
                .anyMatch(entry -> entry.name().equals(IndexMetadata.FRAGMENT_REUSE));
        List<Segment> live = options.retrain() == Retrain.ALWAYS || movedElsewhere ? List.of() : open();
        if (live.isEmpty()) {
            return rebuilt(0);
        }
        RoaringBitmap covered = new RoaringBitmap();
        live.forEach(segment -> covered.or(segment.fragments()));
        List<Fragment> added = dataset.manifest().fragments().stream()
                .filter(fragment -> !covered.contains((int) fragment.id()))
                .toList();
        Segment last = live.getLast();
        VectorIndexParameters parameters = parametersOf(last);
        SegmentBuild build = new SegmentBuild(dataset, column, parameters, options.build());
        VectorTraining training = last.training();
        boolean asNeeded = options.segmentsToMerge() == IndexOptimization.AS_NEEDED;
        if (asNeeded) {
            if (options.retrain() == Retrain.IF_MOVED
                    && parameters.metric() != DistanceType.HAMMING
                    && new Drift(dataset, build, training).hasMoved(fragmentsOf(covered), added)) {
                return rebuilt(last.index().partitionCount());
            }
            // a row with several vectors has them in several partitions: it could not be taken out of one
            Reshaping reshaping = column.isMulti()
                    ? null
                    : Reshaping.of(live, training, parameters, SegmentBuild.rowCount(added));
            if (reshaping != null) {
                return Optional.of(merged(build, live, added, reshaping.apply(build, training)));
            }
        }
        Set<Segment> sources = asNeeded ? asNeeded(live, SegmentBuild.rowCount(added)) : newest(live, options.segmentsToMerge());
        boolean changes = !added.isEmpty() || sources.size() > 1 || sources.stream().anyMatch(s -> s.goneShare() > MOST_GONE);
        if (!changes) {
            return Optional.empty();
        }
        List<Segment> ordered = live.stream().filter(sources::contains).toList();
        return Optional.of(merged(build, ordered, added, Reshaping.none(training)));
    }

    private static VectorIndexParameters parametersOf(Segment segment) {
        return VectorIndexParameters.of(
                segment.index().kind(),
                segment.index().metric(),
                VectorIndexDetails.parse(segment.entry().details()));
    }

    private List<Segment> open() throws IOException {
        List<Segment> segments = new ArrayList<>();
        RoaringBitmap covered = new RoaringBitmap();
        for (IndexMetadata entry : entries) {
            RoaringBitmap fragments = LiveRowIds.liveFragments(dataset, entry);
            if (fragments == null) {
                continue;
            }
            fragments.andNot(covered);
            if (fragments.isEmpty()) {
                continue;
            }
            covered.or(fragments);
            VectorIndex index =
                    VectorIndex.open(IndexDirectory.of(dataset.session(), dataset.indexFolder(entry), entry));
            segments.add(new Segment(
                    entry,
                    index,
                    index.training(),
                    fragments,
                    LiveRowIds.of(dataset, fragments, index),
                    SegmentBuild.rowCount(fragmentsOf(fragments))));
        }
        return segments;
    }

    private List<Fragment> fragmentsOf(RoaringBitmap ids) {
        return dataset.manifest().fragments().stream()
                .filter(fragment -> ids.contains((int) fragment.id()))
                .toList();
    }

    /// The newest ones, as long as each is not much larger than those after it, so that there are few and each row is
    /// written again only now and then; and those that have many rows that are gone.
    private static Set<Segment> asNeeded(List<Segment> live, long addedRowCount) {
        Set<Segment> sources = new HashSet<>();
        long rows = addedRowCount;
        for (Segment segment : live.reversed()) {
            if (segment.liveRowCount() > 2 * rows) {
                break;
            }
            rows += segment.liveRowCount();
            sources.add(segment);
        }
        live.stream().filter(segment -> segment.goneShare() > MOST_GONE).forEach(sources::add);
        return sources;
    }

    private static Set<Segment> newest(List<Segment> live, int count) {
        return new HashSet<>(live.subList(Math.max(0, live.size() - count), live.size()));
    }

    /// One segment of several and of rows that none covers. Rows of segments that were encoded otherwise than now are encoded
    /// again.
    private Change merged(SegmentBuild build, List<Segment> sources, List<Fragment> added, Reshaping.Result reshaped)
            throws IOException {
        RoaringBitmap covered = SegmentBuild.idsOf(added);
        RoaringBitmap scanned = covered.clone();
        List<Reshaping.Kept> kept = new ArrayList<>();
        for (Segment segment : sources) {
            covered.or(segment.fragments());
            if (segment.training().encodesLike(reshaped.before())) {
                kept.add(reshaped.kept(segment));
            } else {
                scanned.or(segment.fragments());
            }
        }
        IndexMetadata last = entries.getLast();
        IndexMetadata segment = build.write(
                last.name(),
                covered,
                fragmentsOf(scanned),
                reshaped.addresses(),
                kept,
                reshaped.training(),
                sources.isEmpty() ? last.details() : sources.getLast().entry().details());
        List<IndexMetadata> removed = new ArrayList<>();
        for (IndexMetadata entry : entries) {
            RoaringBitmap live = LiveRowIds.liveFragments(dataset, entry);
            if (live == null || live.isEmpty() || sources.stream().anyMatch(source -> source.entry().equals(entry))) {
                removed.add(entry);
            }
        }
        return new Change(segment, removed);
    }

    /// The index trained and built anew, of the kind that its newest definition says.
    ///
    /// @param partitionCount that it had; 0 where it does not matter
    private Optional<Change> rebuilt(int partitionCount) throws IOException {
        IndexMetadata last = entries.getLast();
        VectorIndexDetails details = VectorIndexDetails.parse(last.details());
        VectorIndexParameters parameters = VectorIndexParameters.of(
                VectorIndexKind.fromName(details.kind()), DistanceType.fromCode(details.metric()), details);
        List<Fragment> fragments = dataset.manifest().fragments();
        long rowCount = SegmentBuild.rowCount(fragments);
        int partitions = partitionCount > 0 ? partitionCount : partitionsOf(last);
        if (details.targetPartitionSize() == 0 && partitions > 0) {
            parameters = parameters.withPartitions(Math.max(partitions, parameters.effectivePartitions(rowCount, rowCount)));
        }
        SegmentBuild build = new SegmentBuild(dataset, column, parameters, options.build());
        @Nullable VectorTraining training = rowCount == 0 ? null : build.train(fragments);
        if (training == null) {
            return Optional.empty(); // what there is stays: it covers nothing, or few rows that it still finds
        }
        Bytes kept = last.details();
        IndexMetadata built = build.write(
                last.name(), SegmentBuild.idsOf(fragments), fragments, new long[0], List.of(), training, kept);
        return Optional.of(new Change(built, entries));
    }

    /// How many partitions somebody chose, or 0.
    private int partitionsOf(IndexMetadata entry) throws IOException {
        RoaringBitmap fragments = LiveRowIds.liveFragments(dataset, entry);
        if (fragments == null || fragments.isEmpty()) {
            return 0;
        }
        return VectorIndex.open(IndexDirectory.of(dataset.session(), dataset.indexFolder(entry), entry))
                .partitionCount();
    }
}
