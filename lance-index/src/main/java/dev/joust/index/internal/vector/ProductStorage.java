// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.index.DistanceType;
import dev.joust.index.TopK;
import dev.joust.index.internal.vector.hnsw.HnswRows;
import dev.joust.index.internal.vector.hnsw.PqRows;
import dev.joust.index.internal.vector.pq.PqCodebook;
import dev.joust.index.internal.vector.pq.PqCodes;
import dev.joust.index.internal.vector.pq.PqScan;
import dev.joust.index.internal.vector.pq.ProductQuantizer;

/// Codes of sub-vectors: of what a vector is away from its centroid for L2 and cosine, of itself for dot
/// (spec: index format B.6).
final class ProductStorage implements VectorStorage {
    static final String COLUMN = "__pq_code";

    private final DistanceType type;
    private final PqCodebook codebook;
    private final boolean transposed;
    private final IvfModel model;

    /// @param transposed whether the file has the codes of a partition column by column
    ProductStorage(DistanceType type, PqCodebook codebook, boolean transposed, IvfModel model) {
        this.type = type == DistanceType.DOT ? DistanceType.DOT : DistanceType.L2;
        this.codebook = codebook;
        this.transposed = transposed;
        this.model = model;
    }

    private record Codes(PqCodes codes) implements Vectors {
        @Override
        public long sizeBytes() {
            return codes.bytes().length;
        }
    }

    @Override
    public List<String> columns() {
        return List.of(COLUMN);
    }

    @Override
    public Vectors read(Batch rows) {
        int columns = codebook.codeBytes();
        byte[] bytes = CodeColumns.bytes(rows, COLUMN, columns, PqCodes.PADDING_BYTES);
        return new Codes(
                transposed
                        ? new PqCodes(bytes, 0, rows.rowCount(), columns)
                        : PqCodes.transposed(bytes, 0, rows.rowCount(), columns));
    }

    @Override
    public Scan scan(float[] query) {
        PqScan scan = new PqScan(codebook, type);
        if (type == DistanceType.DOT) {
            scan.target(query);
        }
        return new Scan() {
            @Override
            public void search(
                    int partitionId, Vectors vectors, long[] rowIds, long @Nullable [] mask, float lower, float upper, TopK nearest) {
                if (type != DistanceType.DOT) {
                    scan.target(target(partitionId));
                }
                scan.search(((Codes) vectors).codes, rowIds, 0, mask, lower, upper, nearest);
            }

            @Override
            public float[] target(int partitionId) {
                return type == DistanceType.DOT ? query : model.residual(query, partitionId);
            }
        };
    }

    @Override
    public HnswRows nodes(Vectors vectors) {
        PqCodes codes = ((Codes) vectors).codes;
        byte[] rowMajor = new byte[codes.rowCount() * codes.columns()];
        ProductQuantizer.transposeBack(codes.bytes(), codes.start(), codes.rowCount(), codes.columns(), rowMajor, 0);
        return new PqRows(rowMajor, codes.rowCount(), codebook, type);
    }
}
