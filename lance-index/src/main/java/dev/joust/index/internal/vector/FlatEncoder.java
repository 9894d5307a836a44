// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.index.QuantizerMetadata;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.index.DistanceType;
import dev.joust.index.VectorElement;
import dev.joust.index.internal.vector.hnsw.BinaryRows;
import dev.joust.index.internal.vector.hnsw.FloatRows;
import dev.joust.index.internal.vector.hnsw.HnswRows;

/// Keeps vectors as they are.
///
/// @param element in which they are stored
record FlatEncoder(DistanceType metric, int dimension, VectorElement element) implements VectorEncoder {
    @Override
    public int rowBytes() {
        return Math.multiplyExact(dimension, element.widthBytes());
    }

    @Override
    public void encode(VectorRows rows, int[] partitions, byte[] target, Workers workers) {
        double[] exact = rows.exact();
        if (exact == null || element != VectorElement.FLOAT64) {
            encode(rows.values(), rows.count(), partitions, target, workers);
        } else {
            ByteBuffer.wrap(target)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asDoubleBuffer()
                    .put(exact, 0, rows.count() * dimension);
        }
    }

    @Override
    public void encode(float[] rows, int rowCount, int[] partitions, byte[] target, Workers workers) {
        ByteBuffer bytes = ByteBuffer.wrap(target).order(ByteOrder.LITTLE_ENDIAN);
        int count = rowCount * dimension;
        switch (element) {
            case FLOAT32 -> bytes.asFloatBuffer().put(rows, 0, count);
            case FLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    bytes.putShort(Float.floatToFloat16(rows[i]));
                }
            }
            case FLOAT64 -> {
                for (int i = 0; i < count; i++) {
                    bytes.putDouble(rows[i]);
                }
            }
            case INT8, UINT8 -> {
                for (int i = 0; i < count; i++) {
                    bytes.put((byte) (int) rows[i]);
                }
            }
        }
    }

    @Override
    public List<Field> fields() {
        return List.of(Field.required(FlatStorage.COLUMN, new LogicalType.FixedSizeList(element.type(), dimension)));
    }

    @Override
    public boolean isByRow() {
        return true;
    }

    @Override
    public List<ColumnBuffers> columns(List<Field> fields, byte[] rows, int start, int rowCount, BufferSource memory) {
        return List.of(CodeColumns.column(fields.getFirst(), rows, start, rowCount, dimension, rowBytes(), memory));
    }

    @Override
    public byte[] rows(Batch partition, QuantizerMetadata stored) {
        return CodeColumns.bytesOfItems(partition, FlatStorage.COLUMN, rowBytes());
    }

    @Override
    public QuantizerMetadata metadata(int tensorBuffer) {
        return new QuantizerMetadata.Flat(dimension);
    }

    @Override
    public HnswRows nodes(byte[] rows, int rowCount) {
        if (metric == DistanceType.HAMMING) {
            return new BinaryRows(rows, rowCount, dimension);
        }
        float[] values = new float[Math.multiplyExact(rowCount, dimension)];
        ByteBuffer bytes = ByteBuffer.wrap(rows).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (element) {
                case FLOAT32 -> bytes.getFloat();
                case FLOAT16 -> Float.float16ToFloat(bytes.getShort());
                case FLOAT64 -> (float) bytes.getDouble();
                case INT8 -> bytes.get();
                case UINT8 -> Byte.toUnsignedInt(bytes.get());
            };
        }
        return new FloatRows(values, rowCount, dimension, FlatStorage.typeOfNodes(metric));
    }
}
