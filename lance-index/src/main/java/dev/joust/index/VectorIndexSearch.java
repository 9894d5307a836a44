// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.index.internal.vector.IvfModel;
import dev.joust.index.internal.vector.Partition;
import dev.joust.index.internal.vector.PartitionSearch;
import dev.joust.index.internal.vector.ProbeCount;
import dev.joust.index.internal.vector.Workers;

/// Searches the segments of an index for the rows near a query, nearest partitions first (spec: index format B.9).
/// Immutable; a search may be run by any thread.
///
/// @param k            rows wanted in the end
/// @param candidates   rows to find, `k` times the refine factor, at least k
/// @param minimumProbes partitions of a segment to look at in any case, at least 1
/// @param maximumProbes partitions of a segment to look at, 0 for all
/// @param ef           width of a search in a graph, 0 for one and a half times the candidates
/// @param threads      1 for the caller's alone, 0 for as many as pay
/// @param lower        distances from here on count
/// @param upper        distances from here on do not count
public record VectorIndexSearch(
        int k, int candidates, int minimumProbes, int maximumProbes, int ef, int threads, float lower, float upper) {
    /// Partitions that are read at a time, so that a search of many neither waits for them one by one nor holds them all.
    private static final int MOST_AT_ONCE = 64;

    private static final long MOST_BYTES_AT_ONCE = 64L << 20;
    /// A search of fewer bytes takes well under a millisecond, and stays on the caller's thread.
    private static final long MIN_BYTES_TO_SHARE = 8L << 20;

    public VectorIndexSearch {
        if (k < 1 || candidates < k || minimumProbes < 1 || maximumProbes < 0 || ef < 0 || threads < 0
                || (maximumProbes > 0 && maximumProbes < minimumProbes)) {
            throw new IllegalArgumentException("k " + k + ", " + candidates + " candidates, probes " + minimumProbes + " to "
                    + maximumProbes + ", ef " + ef);
        }
    }

    /// A segment, and which of its rows count.
    ///
    /// @param mask null where all count
    public record Segment(VectorIndex index, @Nullable RowMask mask) {}

    /// The candidates, nearest first, with distances as the index reports them; of equally near ones the smaller id first.
    ///
    /// @param query     as the caller gave it
    /// @param acceptedCount rows that count, if that is known; else -1
    public List<Neighbor> run(float[] query, List<Segment> segments, long acceptedCount) throws IOException {
        TopK nearest = new TopK(candidates);
        List<Probing> probings = new ArrayList<>(segments.size());
        for (Segment segment : segments) {
            if (segment.index.dimension() != query.length) {
                throw new IllegalArgumentException("the query vector has " + query.length + " elements, the index has "
                        + segment.index.dimension());
            }
            Probing probing = new Probing(segment, query);
            probings.add(probing);
            int initial = ProbeCount.initial(
                    segment.index.metric(), probing.ranking, k, minimumProbes, maximumProbes);
            probing.probe(initial, nearest);
        }
        long wanted = acceptedCount < 0 ? k : Math.min(k, acceptedCount);
        boolean more = true;
        int ahead = 1;
        while (more && nearest.size() < wanted) {
            more = false;
            for (Probing probing : probings) {
                more |= probing.probeNext(ahead, nearest);
            }
            // one after the other they are looked at, but more and more of them are read together
            ahead = Math.min(2 * ahead, MOST_AT_ONCE);
        }
        probings.forEach(Probing::close);
        return nearest.toSortedList();
    }

    private int beam() {
        if (ef > 0 && ef < candidates) {
            throw new IllegalArgumentException("ef must be greater than or equal to k, but is " + ef + " for k " + candidates);
        }
        return ef > 0 ? ef : (int) Math.min(Integer.MAX_VALUE - 8, candidates + candidates / 2L);
    }

    /// A partition that was read before it is known whether it has to be looked at.
    private record Late(int id, Partition rows) {}

    /// How far a search of one segment is.
    private final class Probing {
        private final Segment segment;
        private final VectorIndex index;
        private final float[] compared;
        private final IvfModel.Ranking ranking;
        private final ArrayDeque<Late> late = new ArrayDeque<>();
        private @Nullable PartitionSearch search;
        private int done;

        Probing(Segment segment, float[] query) {
            this.segment = segment;
            index = segment.index;
            compared = index.compared(query);
            ranking = index.model().rank(compared);
        }

        void probe(int count, TopK nearest) throws IOException {
            int end = Math.min(done + count, ranking.count());
            while (done < end) {
                int[] ids = next(end, MOST_AT_ONCE);
                if (ids.length > 0) {
                    search(ids, nearest);
                }
            }
        }

        /// Looks at one more partition.
        ///
        /// @param ahead so many are read together if it is not read yet
        /// @return whether there was one
        boolean probeNext(int ahead, TopK nearest) throws IOException {
            if (late.isEmpty()) {
                int end = maximumProbes == 0 ? ranking.count() : Math.min(maximumProbes, ranking.count());
                int[] ids = next(end, ahead);
                List<Partition> partitions = index.partitions(ids);
                for (int i = 0; i < ids.length; i++) {
                    late.add(new Late(ids[i], partitions.get(i)));
                }
            }
            Late partition = late.poll();
            if (partition == null) {
                return false;
            }
            own().search(partition.id, partition.rows, nearest);
            return true;
        }

        /// The next partitions with rows, as many as may be read together.
        private int[] next(int end, int most) {
            int[] ids = new int[Math.min(end - done, most)];
            int found = 0;
            long bytes = 0;
            for (; done < end && found < ids.length && bytes < MOST_BYTES_AT_ONCE; done++) {
                int partition = ranking.partition(done);
                if (index.partitionSize(partition) > 0) {
                    ids[found++] = partition;
                    bytes += index.partitionBytes(partition);
                }
            }
            return found == ids.length ? ids : Arrays.copyOf(ids, found);
        }

        private void search(int[] ids, TopK nearest) throws IOException {
            List<Partition> partitions = index.partitions(ids);
            long bytes = 0;
            for (int id : ids) {
                bytes += index.partitionBytes(id);
            }
            Workers workers = threads == 1 || ids.length == 1 ? Workers.callerOnly() : Workers.of(index.session());
            if (workers.threadCount() == 1 || (threads == 0 && bytes < MIN_BYTES_TO_SHARE)) {
                PartitionSearch own = own();
                for (int i = 0; i < ids.length; i++) {
                    own.search(ids[i], partitions.get(i), nearest);
                }
                return;
            }
            int blockSize = Math.ceilDiv(ids.length, 2 * workers.threadCount());
            workers.forEachBlock(ids.length, blockSize, (from, to) -> {
                TopK found = new TopK(candidates);
                try (PartitionSearch own = newSearch()) {
                    for (int i = from; i < to; i++) {
                        own.search(ids[i], partitions.get(i), found);
                    }
                }
                synchronized (nearest) {
                    nearest.offerAll(found);
                }
            });
        }

        private PartitionSearch own() {
            PartitionSearch known = search;
            if (known == null) {
                known = newSearch();
                search = known;
            }
            return known;
        }

        void close() {
            if (search != null) {
                search.close();
            }
        }

        private PartitionSearch newSearch() {
            return new PartitionSearch(index.storage().scan(compared), segment.mask, lower, upper, candidates, beam());
        }
    }
}
