// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.hnsw;

/// The rows of a partition, numbered from 0, as a graph's nodes. Immutable and thread-safe.
public sealed interface HnswRows permits FloatRows, SqRows, PqRows, BinaryRows {
    int count();

    /// Distances for a search, for one thread.
    Scorer newScorer();

    /// Distances for building a graph, for one thread: between rows, for long.
    default Scorer newBuildScorer() {
        return newScorer();
    }

    /// Distances of one row or query after another to other rows, smaller is nearer.
    interface Scorer {
        /// Measures from this vector from now on; for rows of bytes see {@link BinaryRows}.
        ///
        /// @param query `float[dimension]`; for product-quantized residuals the residual of the query
        void query(float[] query);

        /// Measures from a row from now on.
        void row(int id);

        /// Fills `distances[i]` with the distance of row `ids[i]`.
        void score(int[] ids, int count, float[] distances);
    }

    /// The caller's mistakes, told before any work is done.
    static void requireLength(long needed, long length) {
        if (needed > length) {
            throw new IllegalArgumentException("rows need " + needed + " elements, the array has " + length);
        }
    }
}
