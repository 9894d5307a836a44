// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.hnsw;

import dev.joust.index.DistanceType;
import dev.joust.index.internal.kernel.SqKernels;
import dev.joust.index.internal.kernel.VectorKernels;
import dev.joust.index.internal.vector.sq.ScalarQuantizer;
import dev.joust.index.internal.vector.sq.SqQuery;

/// Scalar-quantized rows, `byte[count * dimension]`.
///
/// @param codes not copied, so not to be changed
/// @param type  DOT; any other for L2
public record SqRows(byte[] codes, int count, int dimension, ScalarQuantizer quantizer, DistanceType type)
        implements HnswRows {
    private static final int ROWS_OF_A_SEARCH = 1000;
    private static final int LINE_BYTES = 64;

    public SqRows {
        HnswRows.requireLength(Math.multiplyFull(count, dimension), codes.length);
    }

    @Override
    public Scorer newScorer() {
        return new SqScorer(this, VectorKernels.sq((long) dimension * Math.min(count, ROWS_OF_A_SEARCH)));
    }

    @Override
    public Scorer newBuildScorer() {
        return new SqScorer(this, VectorKernels.bulkSq((long) dimension * count * ROWS_OF_A_SEARCH));
    }

    private static final class SqScorer implements Scorer {
        private final byte[] codes;
        private final SqKernels kernels;
        private final SqQuery query;

        /// Keeps what was read from being left out.
        private int touched;

        SqScorer(SqRows rows, SqKernels kernels) {
            codes = rows.codes;
            this.kernels = kernels;
            query = new SqQuery(rows.quantizer, rows.dimension, rows.type);
        }

        @Override
        public void query(float[] vector) {
            query.target(vector);
        }

        @Override
        public void row(int id) {
            query.targetRow(codes, id * query.dimension());
        }

        @Override
        public void score(int[] ids, int count, float[] distances) {
            touched = touch(ids, count);
            query.distancesOf(kernels, codes, ids, count, distances);
        }

        /// Reads a byte of every line of memory that the rows lie in: these reads wait for memory all at once, those of the
        /// sums a few rows at a time.
        private int touch(int[] ids, int count) {
            int dimension = query.dimension();
            int sum = touched;
            for (int i = 0; i < count; i++) {
                int start = ids[i] * dimension;
                for (int at = start; at < start + dimension; at += LINE_BYTES) {
                    sum += codes[at];
                }
                sum += codes[start + dimension - 1];
            }
            return sum;
        }
    }
}
