// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.joust.index.internal.vector.EncodedRows;
import dev.joust.index.internal.vector.PartitionSource;
import dev.joust.index.internal.vector.VectorRows;
import dev.joust.index.internal.vector.VectorTraining;

/// Splits partitions that have become too large and joins those that have become too small to others: rows of both are
/// encoded again around other centroids, and rows of all others stay as they are.
///
/// @param segments whose rows are concerned, all encoded alike
/// @param parts    how many partitions each partition becomes
record Reshaping(List<VectorIndexOptimizer.Segment> segments, int[] parts, VectorIndexParameters parameters) {
    /// As the reference has it: partitions above four times the target size are split, those below a quarter are joined.
    private static final int TOO_LARGE = 4;

    private static final int TOO_SMALL = 4;
    private static final int ROWS_PER_PART = 256;

    /// Null where partitions can stay as they are. Where nobody asked for a size of partitions none is joined: their number
    /// was chosen.
    ///
    /// @param addedRowCount rows that will come
    static @Nullable Reshaping of(
            List<VectorIndexOptimizer.Segment> live,
            VectorTraining training,
            VectorIndexParameters parameters,
            long addedRowCount) {
        int count = training.model().count();
        long[] sizes = new long[count];
        List<VectorIndexOptimizer.Segment> alike = new ArrayList<>();
        for (VectorIndexOptimizer.Segment segment : live) {
            if (segment.training().encodesLike(training)) {
                alike.add(segment);
                int[] own = segment.index().partitionSizes();
                IntStream.range(0, count).forEach(i -> sizes[i] += own[i]);
            }
        }
        long rowCount = Arrays.stream(sizes).sum();
        double growth = 1 + (double) addedRowCount / Math.max(1, rowCount);
        long target = parameters.effectivePartitionSize();
        int[] parts = new int[count];
        boolean changed = false;
        for (int i = 0; i < count; i++) {
            double expected = sizes[i] * growth;
            parts[i] = expected > (double) TOO_LARGE * target
                    ? (int) Math.clamp(Math.round(expected / target), 2, Math.max(2, sizes[i] / 2))
                    : 1;
            changed |= parts[i] > 1;
        }
        if (parameters.targetPartitionSize() > 0) {
            int droppable = count - Math.clamp(Math.round(rowCount * growth / target), 1, count);
            int[] small = IntStream.range(0, count)
                    .filter(i -> sizes[i] * growth * TOO_SMALL < target)
                    .boxed()
                    .sorted(Comparator.comparingLong(i -> sizes[i]))
                    .limit(droppable)
                    .mapToInt(i -> i)
                    .toArray();
            for (int i : small) {
                parts[i] = 0;
                changed = true;
            }
        }
        return changed ? new Reshaping(alike, parts, parameters) : null;
    }

    /// Partitions as they are.
    static Result none(VectorTraining training) {
        int count = training.model().count();
        return new Result(training, training, IntStream.range(0, count).toArray(), new long[0]);
    }

    /// What comes of it.
    ///
    /// @param before    how rows that are there are encoded
    /// @param training  how they will be
    /// @param sources   which partition each new one was; -1 for new ones
    /// @param addresses of rows that are encoded again
    @SuppressWarnings("ArrayRecordComponent") // of one change
    record Result(VectorTraining before, VectorTraining training, int[] sources, long[] addresses) {
        Kept kept(VectorIndexOptimizer.Segment segment) {
            return new Kept(new SegmentRows(segment.index(), segment.training().encoder(), _ -> true, segment.rows()), sources);
        }
    }

    /// Rows of a segment under the new numbers of their partitions.
    @SuppressWarnings("ArrayRecordComponent") // of one change
    record Kept(SegmentRows rows, int[] sources) implements PartitionSource {
        private static final EncodedRows NONE = new EncodedRows(new long[0], new byte[0], null);

        @Override
        public int partitionCount() {
            return sources.length;
        }

        @Override
        public EncodedRows read(int partition) throws IOException {
            return sources[partition] < 0 ? NONE : rows.read(sources[partition]);
        }
    }

    Result apply(SegmentBuild build, VectorTraining training) throws IOException {
        int dimension = training.model().dimension();
        float[] before = training.centroids().toFloats();
        float[] centroids = new float[Math.multiplyExact(Arrays.stream(parts).sum(), dimension)];
        int[] sources = new int[centroids.length / dimension];
        int next = 0;
        long[] moved = new long[0];
        for (int i = 0; i < parts.length; i++) {
            if (parts[i] == 1) {
                System.arraycopy(before, i * dimension, centroids, next * dimension, dimension);
                sources[next++] = i;
                continue;
            }
            long[] addresses = addresses(i);
            int start = moved.length;
            moved = Arrays.copyOf(moved, start + addresses.length);
            System.arraycopy(addresses, 0, moved, start, addresses.length);
            if (parts[i] > 1) {
                float[] found = split(build, addresses, parts[i], Arrays.copyOfRange(before, i * dimension, (i + 1) * dimension));
                System.arraycopy(found, 0, centroids, next * dimension, found.length);
                Arrays.fill(sources, next, next + found.length / dimension, -1);
                next += found.length / dimension;
            }
        }
        Arrays.sort(moved);
        VectorTraining changed = training.withCentroids(
                parameters.metric(), Arrays.copyOf(centroids, next * dimension), next);
        return new Result(training, changed, Arrays.copyOf(sources, next), moved);
    }

    private long[] addresses(int partition) throws IOException {
        long[] all = new long[0];
        for (VectorIndexOptimizer.Segment segment : segments) {
            long[] found = Arrays.stream(segment.index().encoded(partition, segment.training().encoder()).rowIds())
                    .map(segment.rows()::addressOf)
                    .filter(address -> address != -1)
                    .toArray();
            int start = all.length;
            all = Arrays.copyOf(all, start + found.length);
            System.arraycopy(found, 0, all, start, found.length);
        }
        return Arrays.stream(all).distinct().sorted().toArray();
    }

    /// Centroids of the parts; the one that was there if there are too few rows left.
    private float[] split(SegmentBuild build, long[] addresses, int count, float[] before) throws IOException {
        int most = Math.min(addresses.length, ROWS_PER_PART * count);
        long[] some = new long[most];
        for (int i = 0; i < most; i++) {
            some[i] = addresses[(int) ((long) i * addresses.length / most)];
        }
        VectorRows rows = build.vectors(some);
        if (rows.count() < count) {
            return before;
        }
        return VectorTraining.centroids(parameters, rows, count, build.workers());
    }
}
