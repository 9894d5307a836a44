// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.index.DistanceType;
import dev.joust.index.TopK;
import dev.joust.index.internal.vector.hnsw.HnswRows;
import dev.joust.index.internal.vector.hnsw.SqRows;
import dev.joust.index.internal.vector.sq.ScalarQuantizer;
import dev.joust.index.internal.vector.sq.SqScan;

/// A byte for each element of a vector (spec: index format B.5).
final class ScalarStorage implements VectorStorage {
    static final String COLUMN = "__sq_code";

    private final DistanceType type;
    private final ScalarQuantizer quantizer;
    private final int dimension;

    ScalarStorage(DistanceType type, ScalarQuantizer quantizer, int dimension) {
        this.type = type == DistanceType.DOT ? DistanceType.DOT : DistanceType.L2;
        this.quantizer = quantizer;
        this.dimension = dimension;
    }

    /// @param bytes `byte[rowCount * dimension]`
    @SuppressWarnings("ArrayRecordComponent") // for scans
    private record Codes(byte[] bytes, int rowCount) implements Vectors {
        @Override
        public long sizeBytes() {
            return bytes.length;
        }
    }

    @Override
    public List<String> columns() {
        return List.of(COLUMN);
    }

    @Override
    public Vectors read(Batch rows) {
        return new Codes(CodeColumns.bytes(rows, COLUMN, dimension, 0), rows.rowCount());
    }

    @Override
    public Scan scan(float[] query) {
        SqScan scan = new SqScan(quantizer, dimension, type);
        scan.target(query);
        return new Scan() {
            @Override
            public void search(
                    int partitionId, Vectors vectors, long[] rowIds, long @Nullable [] mask, float lower, float upper, TopK nearest) {
                Codes codes = (Codes) vectors;
                scan.search(codes.bytes, 0, codes.rowCount, rowIds, 0, mask, lower, upper, nearest);
            }

            @Override
            public float[] target(int partitionId) {
                return query;
            }
        };
    }

    @Override
    public HnswRows nodes(Vectors vectors) {
        Codes codes = (Codes) vectors;
        return new SqRows(codes.bytes, codes.rowCount, dimension, quantizer, type);
    }
}
