// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.index.internal.vector.IvfModel;
import dev.joust.index.internal.vector.PartitionSearch;
import dev.joust.index.internal.vector.ProbeCount;

/// Searches the segments of an index for the rows near a query, nearest partitions first (spec: index format B.9).
/// Immutable; a search may be run by any thread.
///
/// @param k            rows wanted in the end
/// @param candidates   rows to find, `k` times the refine factor, at least k
/// @param minimumProbes partitions of a segment to look at in any case, at least 1
/// @param maximumProbes partitions of a segment to look at, 0 for all
/// @param ef           width of a search in a graph, 0 for one and a half times the candidates
/// @param lower        distances from here on count
/// @param upper        distances from here on do not count
public record VectorIndexSearch(
        int k, int candidates, int minimumProbes, int maximumProbes, int ef, float lower, float upper) {
    public VectorIndexSearch {
        if (k < 1 || candidates < k || minimumProbes < 1 || maximumProbes < 0 || ef < 0
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
        List<Probing> probings = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.index.dimension() != query.length) {
                throw new IllegalArgumentException("the query vector has " + query.length + " elements, the index has "
                        + segment.index.dimension());
            }
            Probing probing = new Probing(segment, query);
            probings.add(probing);
            int initial = ProbeCount.initial(
                    segment.index.metric(), probing.ranking.distances(), k, minimumProbes, maximumProbes);
            probing.probe(initial, nearest);
        }
        long wanted = acceptedCount < 0 ? k : Math.min(k, acceptedCount);
        boolean more = true;
        while (more && nearest.size() < wanted) {
            more = false;
            for (Probing probing : probings) {
                int most = maximumProbes == 0 ? probing.ranking.partitions().length : maximumProbes;
                if (probing.done < Math.min(most, probing.ranking.partitions().length)) {
                    probing.probe(1, nearest);
                    more = true;
                }
            }
        }
        return nearest.toSortedList();
    }

    private int beam() {
        if (ef > 0 && ef < candidates) {
            throw new IllegalArgumentException("ef must be greater than or equal to k, but is " + ef + " for k " + candidates);
        }
        return ef > 0 ? ef : (int) Math.min(Integer.MAX_VALUE - 8, candidates + candidates / 2L);
    }

    /// How far a search of one segment is.
    private final class Probing {
        private final Segment segment;
        private final IvfModel.Ranking ranking;
        private final PartitionSearch search;
        private int done;

        Probing(Segment segment, float[] query) {
            this.segment = segment;
            VectorIndex index = segment.index;
            float[] compared = index.metric() == DistanceType.COSINE ? Vectors.ofLengthOne(query) : query;
            ranking = index.model().rank(compared);
            search = new PartitionSearch(index.storage().scan(compared), segment.mask, lower, upper, candidates, beam());
        }

        void probe(int count, TopK nearest) throws IOException {
            int end = Math.min(done + count, ranking.partitions().length);
            for (; done < end; done++) {
                int partition = ranking.partitions()[done];
                if (segment.index.partitionSize(partition) > 0) {
                    search.search(partition, segment.index.partition(partition), nearest);
                }
            }
        }
    }
}
