// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How far rows of several vectors are from a query of several, by what searches of an index for each vector of the query
/// found: the similarities of the nearest vectors of the row are added, and those that were not seen are taken to be those of
/// the last row that was (spec: index format B.9). For one thread.
public final class SummedSimilarities {
    private final Map<Long, Sum> sums = new HashMap<>();
    private int queries;
    private double lastSimilarities;

    /// Of a row.
    private static final class Sum {
        private double seen;
        /// What the last row of those searches had that saw this one.
        private double lastOfSeen;
        private int lastQuery = -1;
    }

    /// Adds what the search of one of the query's vectors found: rows may come again and again, nearest first.
    public void add(List<Neighbor> found) {
        double last = found.isEmpty() ? 0 : 1.0 - found.getLast().distance();
        for (Neighbor neighbor : found) {
            Sum sum = sums.computeIfAbsent(neighbor.rowAddress(), _ -> new Sum());
            if (sum.lastQuery != queries) {
                sum.lastQuery = queries;
                sum.seen += 1.0 - neighbor.distance();
                sum.lastOfSeen += last;
            }
        }
        lastSimilarities += last;
        queries++;
    }

    /// The nearest rows: their distance is the number of query vectors less the sum of similarities.
    ///
    /// @param most  how many
    /// @param lower distances from here on count, up to but without `upper`
    public List<Neighbor> nearest(int most, float lower, float upper) {
        TopK nearest = new TopK(most);
        sums.forEach((row, sum) -> {
            float distance = (float) (queries - (sum.seen + lastSimilarities - sum.lastOfSeen));
            if (distance >= lower && (distance < upper || upper == Float.POSITIVE_INFINITY)) {
                nearest.offer(distance, row);
            }
        });
        return nearest.toSortedList();
    }
}
