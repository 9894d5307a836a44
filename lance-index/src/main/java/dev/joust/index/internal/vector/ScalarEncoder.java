// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.List;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.index.QuantizerMetadata;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.index.DistanceType;
import dev.joust.index.internal.vector.hnsw.HnswRows;
import dev.joust.index.internal.vector.hnsw.SqRows;
import dev.joust.index.internal.vector.sq.ScalarQuantizer;

/// A byte for each element of a vector.
record ScalarEncoder(DistanceType metric, ScalarQuantizer quantizer, int dimension) implements VectorEncoder {
    private static final int BITS = 8;

    @Override
    public int rowBytes() {
        return dimension;
    }

    @Override
    public void encode(float[] rows, int rowCount, int[] partitions, byte[] target, Workers workers) {
        quantizer.encode(rows, 0, rowCount, dimension, target, 0, workers);
    }

    @Override
    public List<Field> fields() {
        return List.of(Field.required(
                ScalarStorage.COLUMN, new LogicalType.FixedSizeList(new LogicalType.Int(BITS, false), dimension)));
    }

    @Override
    public boolean isByRow() {
        return true;
    }

    @Override
    public List<ColumnBuffers> columns(List<Field> fields, byte[] rows, int start, int rowCount, BufferSource memory) {
        return List.of(CodeColumns.column(fields.getFirst(), rows, start, rowCount, dimension, dimension, memory));
    }

    @Override
    public byte[] rows(Batch partition, QuantizerMetadata stored) {
        return CodeColumns.bytes(partition, ScalarStorage.COLUMN, dimension, 0);
    }

    @Override
    public QuantizerMetadata metadata(int tensorBuffer) {
        return new QuantizerMetadata.Scalar(dimension, BITS, quantizer.low(), quantizer.high());
    }

    @Override
    public HnswRows nodes(byte[] rows, int rowCount) {
        return new SqRows(rows, rowCount, dimension, quantizer, metric == DistanceType.DOT ? DistanceType.DOT : DistanceType.L2);
    }
}
