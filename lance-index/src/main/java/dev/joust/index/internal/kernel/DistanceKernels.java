// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

import java.lang.foreign.MemorySegment;

import dev.joust.index.DistanceType;

/// Distances from one query to many vectors. Stateless.
public interface DistanceKernels {
    /// Fills `distances[0 .. rowCount)`.
    ///
    /// @param query   `float[dimension]`
    /// @param vectors native or mapped memory, never of the heap; from `offsetBytes` on it holds
    ///                `float32[rowCount * dimension]`, row-major, little-endian, of any alignment
    void distances(
            DistanceType type, float[] query, MemorySegment vectors, long offsetBytes, int rowCount, float[] distances);

    /// Writes the indices of the values that are at most `threshold`, ascending, and returns how many there are.
    /// NaN is never at most anything.
    ///
    /// @param indices room for `count`
    int selectAtMost(float[] values, int count, float threshold, int[] indices);
}
