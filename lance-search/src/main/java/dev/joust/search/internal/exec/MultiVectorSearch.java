// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

import dev.joust.index.Neighbor;
import dev.joust.index.SummedSimilarities;
import dev.joust.index.VectorIndexSearch;
import dev.joust.search.VectorQuery;

/// Finds the rows of several vectors that are near to a query of several vectors, by an index of all vectors: each vector of
/// the query is searched by itself, and what is found of a row is added. Distances are estimates, unless the query has one
/// vector (spec: index format B.9).
final class MultiVectorSearch {
    /// Each vector of the query finds so many times the rows wanted, as other vectors of those rows are found, too.
    private static final int MORE = 10;

    private MultiVectorSearch() {}

    /// The `candidates` nearest, by row id, nearest first.
    static List<Neighbor> run(
            VectorQuery query, int dimension, List<VectorIndexSearch.Segment> segments, int candidates, long acceptedCount)
            throws IOException {
        int most = Math.max(candidates, (int) Math.min((long) query.k() * MORE, Integer.MAX_VALUE / 2));
        VectorIndexSearch search = new VectorIndexSearch(
                query.k(),
                most,
                query.minimumProbes(),
                query.maximumProbes(),
                query.ef() == 0 ? 0 : Math.max(query.ef(), most),
                query.threads(),
                Float.NEGATIVE_INFINITY,
                Float.POSITIVE_INFINITY);
        SummedSimilarities sums = new SummedSimilarities();
        for (int start = 0; start < query.vector().length; start += dimension) {
            float[] vector = Arrays.copyOfRange(query.vector(), start, start + dimension);
            sums.add(search.run(vector, segments, acceptedCount));
        }
        return sums.nearest(candidates, query.lower(), query.upper());
    }
}
