// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

/// How far a row of several vectors is from a query of several vectors: for each of the query the distance of the nearest
/// of the row, added (spec: index format B.9).
final class MaxSim {
    private MaxSim() {}

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
}
