// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.HashMap;
import java.util.Map;

import dev.joust.index.Neighbor;
import dev.joust.index.TopK;

/// How far a row of several vectors is from a query of several vectors: for each of the query the distance of the
/// nearest of the row, added (spec: index format B.9). Without all distances, as after searches of an index, similarities
/// that were not seen are taken to be those of the last row that was. For one thread.
public final class MaxSim {
    private final Map<Long, double[]> sums = new HashMap<>();
    private int queries;
    private double lastSimilarities;

    /// The exact distance of a row.
    ///
    /// @param distances `[query vector][vector]`, of which those of the row are `from` to, not including, `to`
    /// @return NaN for a row without vectors
    public static float exact(float[][] distances, int from, int to) {
        if (from == to) {
            return Float.NaN;
        }
        float sum = 0;
        for (float[] ofQuery : distances) {
            float nearest = Float.NaN;
            for (int i = from; i < to; i++) {
                // the distance of a vector that has none counts only if no other has one
                nearest = nearest <= ofQuery[i] ? nearest : Float.isNaN(ofQuery[i]) ? nearest : ofQuery[i];
            }
            sum += nearest;
        }
        return sum;
    }

    /// Adds what the search of one of the query's vectors found: rows may come again and again, nearest first.
    public void add(Iterable<Neighbor> found) {
        double last = 0;
        for (Neighbor neighbor : found) {
            double similarity = 1.0 - neighbor.distance();
            last = similarity;
            // similarity and what the last one was for this query vector, which others get in its place
            double[] known = sums.computeIfAbsent(neighbor.rowAddress(), row -> new double[] {0, 0, -1});
            if (known[2] != queries) {
                known[0] += similarity;
                known[2] = queries;
            }
        }
        lastSimilarities += last;
        for (double[] known : sums.values()) {
            if (known[2] == queries) {
                known[1] += last;
            }
        }
        queries++;
    }

    /// The k nearest rows: the number of query vectors less the sum of similarities.
    public TopK nearest(int k) {
        TopK nearest = new TopK(k);
        for (Map.Entry<Long, double[]> row : sums.entrySet()) {
            double total = row.getValue()[0] + lastSimilarities - row.getValue()[1];
            nearest.offer((float) (queries - total), row.getKey());
        }
        return nearest;
    }
}
