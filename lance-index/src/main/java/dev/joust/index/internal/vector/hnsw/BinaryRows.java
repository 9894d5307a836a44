// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.hnsw;

import java.util.Arrays;

import dev.joust.index.internal.vector.BinaryKMeans;

/// Rows of bits, `byte[count * dimension]` with eight in a byte; the distance is how many bits differ.
///
/// @param values not copied, so not to be changed
public record BinaryRows(byte[] values, int count, int dimension) implements HnswRows {
    public BinaryRows {
        HnswRows.requireLength(Math.multiplyFull(count, dimension), values.length);
    }

    @Override
    public BinaryScorer newScorer() {
        return new BinaryScorer(this);
    }

    /// Measures from bytes, or from floats that are numbers from 0 to 255.
    public static final class BinaryScorer implements Scorer {
        private final byte[] rows;
        private final int dimension;
        private byte[] query;
        private int queryStart;

        private BinaryScorer(BinaryRows rows) {
            this.rows = rows.values;
            this.dimension = rows.dimension;
            query = this.rows;
        }

        /// Measures from these bytes from now on.
        public void query(byte[] bytes) {
            query = Arrays.copyOf(bytes, dimension);
            queryStart = 0;
        }

        @Override
        public void query(float[] vector) {
            byte[] bytes = new byte[dimension];
            for (int i = 0; i < dimension; i++) {
                bytes[i] = (byte) (int) vector[i];
            }
            query(bytes);
        }

        @Override
        public void row(int id) {
            query = rows;
            queryStart = id * dimension;
        }

        @Override
        public void score(int[] ids, int count, float[] distances) {
            for (int i = 0; i < count; i++) {
                distances[i] = BinaryKMeans.hamming(query, queryStart, rows, ids[i] * dimension, dimension);
            }
        }
    }
}
