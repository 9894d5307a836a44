// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.hnsw;

import dev.joust.index.DistanceType;
import dev.joust.index.internal.kernel.ArrayDistanceKernels;
import dev.joust.index.internal.kernel.VectorKernels;

/// Rows as they are, `float[count * dimension]`. The distance is squared L2, or `1 - q.v` for dot and for cosine, whose
/// rows and queries have a norm of 1.
///
/// @param values not copied, so not to be changed
public record FloatRows(float[] values, int count, int dimension, DistanceType type) implements HnswRows {
    private static final int ROWS_OF_A_SEARCH = 1000;

    public FloatRows {
        HnswRows.requireLength(Math.multiplyFull(count, dimension), values.length);
    }

    @Override
    public Scorer newScorer() {
        return new FloatScorer(this, VectorKernels.arrayDistances((long) dimension * Math.min(count, ROWS_OF_A_SEARCH)));
    }

    @Override
    public Scorer newBuildScorer() {
        return new FloatScorer(
                this, VectorKernels.bulkArrayDistances((long) dimension * count * ROWS_OF_A_SEARCH));
    }

    private static final class FloatScorer implements Scorer {
        private final float[] rows;
        private final int dimension;
        private final boolean l2;
        private final ArrayDistanceKernels kernels;
        private float[] query;
        private int queryStart;

        FloatScorer(FloatRows rows, ArrayDistanceKernels kernels) {
            this.rows = rows.values;
            this.dimension = rows.dimension;
            this.l2 = rows.type == DistanceType.L2;
            this.kernels = kernels;
            query = this.rows;
        }

        @Override
        public void query(float[] vector) {
            query = vector;
            queryStart = 0;
        }

        @Override
        public void row(int id) {
            query = rows;
            queryStart = id * dimension;
        }

        @Override
        public void score(int[] ids, int count, float[] distances) {
            if (l2) {
                kernels.squaredL2Of(query, queryStart, rows, dimension, ids, count, distances);
            } else {
                kernels.dotsOf(query, queryStart, rows, dimension, ids, count, distances);
                for (int i = 0; i < count; i++) {
                    distances[i] = 1 - distances[i];
                }
            }
        }
    }
}
