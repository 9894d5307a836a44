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
import dev.joust.index.internal.vector.hnsw.FloatRows;
import dev.joust.index.internal.vector.hnsw.HnswRows;

/// Keeps vectors as they are, in the column's own width.
record FlatEncoder(DistanceType metric, int dimension, int bitWidth) implements VectorEncoder {
    @Override
    public int rowBytes() {
        return Math.multiplyExact(dimension, bitWidth / Byte.SIZE);
    }

    @Override
    public void encode(float[] rows, int rowCount, int[] partitions, byte[] target, Workers workers) {
        ByteBuffer bytes = ByteBuffer.wrap(target).order(ByteOrder.LITTLE_ENDIAN);
        int count = rowCount * dimension;
        switch (bitWidth) {
            case 32 -> bytes.asFloatBuffer().put(rows, 0, count);
            case 16 -> {
                for (int i = 0; i < count; i++) {
                    bytes.putShort(Float.floatToFloat16(rows[i]));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    bytes.putDouble(rows[i]);
                }
            }
        }
    }

    @Override
    public List<Field> fields() {
        LogicalType item = new LogicalType.FloatingPoint(bitWidth);
        return List.of(Field.required(FlatStorage.COLUMN, new LogicalType.FixedSizeList(item, dimension)));
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
        float[] values = new float[Math.multiplyExact(rowCount, dimension)];
        ByteBuffer bytes = ByteBuffer.wrap(rows).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (bitWidth) {
                case 32 -> bytes.getFloat();
                case 16 -> Float.float16ToFloat(bytes.getShort());
                default -> (float) bytes.getDouble();
            };
        }
        return new FloatRows(values, rowCount, dimension, FlatStorage.typeOfNodes(metric));
    }
}
