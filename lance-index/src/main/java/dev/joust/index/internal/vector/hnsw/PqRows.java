// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.hnsw;

import dev.joust.index.DistanceType;
import dev.joust.index.internal.kernel.ArrayDistanceKernels;
import dev.joust.index.internal.kernel.VectorKernels;
import dev.joust.index.internal.vector.pq.PqCodebook;
import dev.joust.index.internal.vector.pq.PqDistanceTable;

/// Product-quantized rows, row after row (not column after column as they are in the file):
/// `byte[count * codeBytes]`. The distance between two rows is that of what their codes stand for.
///
/// @param codes not copied, so not to be changed
/// @param type  DOT; any other for L2
public record PqRows(byte[] codes, int count, PqCodebook codebook, DistanceType type) implements HnswRows {
    private static final int ROWS_OF_A_SEARCH = 1000;
    /// To build a graph, codes are decoded at once if that takes no larger share of the heap.
    private static final int DECODED_SHARE = 4;

    public PqRows {
        HnswRows.requireLength(Math.multiplyFull(count, codebook.codeBytes()), codes.length);
    }

    @Override
    public Scorer newScorer() {
        return new TableScorer(this);
    }

    @Override
    public Scorer newBuildScorer() {
        return new DecodingScorer(this);
    }

    /// The same rows for building a graph: what the codes stand for, if memory allows.
    HnswRows forBuilding() {
        int dimension = codebook.dimension();
        long elements = Math.multiplyFull(count, dimension);
        if (elements > Integer.MAX_VALUE - 8
                || elements * Float.BYTES > Runtime.getRuntime().maxMemory() / DECODED_SHARE) {
            return this;
        }
        float[] decoded = new float[(int) elements];
        for (int row = 0; row < count; row++) {
            codebook.decode(codes, row * codebook.codeBytes(), 1, decoded, row * dimension);
        }
        return new FloatRows(decoded, count, dimension, type == DistanceType.DOT ? type : DistanceType.L2);
    }

    /// From a query, by its tables.
    private static final class TableScorer implements Scorer {
        private final byte[] codes;
        private final PqDistanceTable table;
        private final float[] decoded;

        TableScorer(PqRows rows) {
            codes = rows.codes;
            table = new PqDistanceTable(rows.codebook, rows.type);
            decoded = new float[rows.codebook.dimension()];
        }

        @Override
        public void query(float[] query) {
            table.fill(query);
        }

        @Override
        public void row(int id) {
            table.codebook().decode(codes, id * table.codebook().codeBytes(), 1, decoded, 0);
            table.fill(decoded);
        }

        @Override
        public void score(int[] ids, int count, float[] distances) {
            int codeBytes = table.codebook().codeBytes();
            for (int i = 0; i < count; i++) {
                distances[i] = table.distance(codes, ids[i] * codeBytes, 1);
            }
        }
    }

    /// From one row after another: tables would take longer than decoding what is met.
    private static final class DecodingScorer implements Scorer {
        private static final int BLOCK_ROWS = 16;

        private final byte[] codes;
        private final PqCodebook codebook;
        private final boolean l2;
        private final ArrayDistanceKernels kernels;
        private final float[] query;
        private final float[] decoded;
        private final float[] sums = new float[BLOCK_ROWS];

        DecodingScorer(PqRows rows) {
            codes = rows.codes;
            codebook = rows.codebook;
            l2 = rows.type != DistanceType.DOT;
            kernels = VectorKernels.bulkArrayDistances(
                    (long) codebook.dimension() * rows.count * ROWS_OF_A_SEARCH);
            query = new float[codebook.dimension()];
            decoded = new float[BLOCK_ROWS * codebook.dimension()];
        }

        @Override
        public void query(float[] vector) {
            System.arraycopy(vector, 0, query, 0, query.length);
        }

        @Override
        public void row(int id) {
            codebook.decode(codes, id * codebook.codeBytes(), 1, query, 0);
        }

        @Override
        public void score(int[] ids, int count, float[] distances) {
            int dimension = codebook.dimension();
            for (int first = 0; first < count; first += BLOCK_ROWS) {
                int rows = Math.min(BLOCK_ROWS, count - first);
                for (int i = 0; i < rows; i++) {
                    codebook.decode(codes, ids[first + i] * codebook.codeBytes(), 1, decoded, i * dimension);
                }
                if (l2) {
                    kernels.squaredL2(query, 0, decoded, 0, rows, dimension, sums);
                    System.arraycopy(sums, 0, distances, first, rows);
                } else {
                    kernels.dots(query, 0, decoded, 0, rows, dimension, sums);
                    for (int i = 0; i < rows; i++) {
                        distances[first + i] = 1 - sums[i];
                    }
                }
            }
        }
    }
}
