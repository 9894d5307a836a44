// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.index.QuantizerMetadata;
import dev.joust.format.index.Tensor;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.index.internal.vector.hnsw.HnswRows;
import dev.joust.index.internal.vector.rq.RabitCodes;
import dev.joust.index.internal.vector.rq.RabitQuantizer;
import dev.joust.index.internal.vector.rq.Rotation;

/// RaBitQ codes of rows. An encoded row is its signs, three factors, and with more than one bit an element its extra bits
/// and two more factors.
///
/// @param rotation of the quantizer
/// @param tensor   the rotation as files have it, where it is a matrix
record RabitEncoder(RabitQuantizer quantizer, Rotation rotation, @Nullable Tensor tensor, IvfModel model) implements VectorEncoder {
    private static final LogicalType FLOAT = new LogicalType.FloatingPoint(Float.SIZE);

    private boolean hasExtra() {
        return quantizer.extraBits() > 0;
    }

    @Override
    public int rowBytes() {
        return quantizer.signBytes() + 3 * Float.BYTES + (hasExtra() ? quantizer.extraBytes() + 2 * Float.BYTES : 0);
    }

    @Override
    public void encode(float[] rows, int rowCount, int[] partitions, byte[] target, Workers workers) {
        RabitCodes codes = quantizer.encode(rows, 0, rowCount, partitions, model.centroids(), workers);
        ByteBuffer bytes = ByteBuffer.wrap(target).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rowCount; row++) {
            bytes.put(codes.signs(), row * quantizer.signBytes(), quantizer.signBytes());
            bytes.putFloat(codes.addFactors()[row]);
            bytes.putFloat(codes.scaleFactors()[row]);
            bytes.putFloat(codes.errorFactors()[row]);
            if (hasExtra()) {
                bytes.put(codes.extra(), row * quantizer.extraBytes(), quantizer.extraBytes());
                bytes.putFloat(codes.extraAddFactors()[row]);
                bytes.putFloat(codes.extraScaleFactors()[row]);
            }
        }
    }

    @Override
    public List<Field> fields() {
        List<Field> fields = new ArrayList<>(List.of(
                bytes(RabitStorage.SIGNS, quantizer.signBytes()),
                Field.nullable(RabitStorage.ADD, FLOAT),
                Field.nullable(RabitStorage.SCALE, FLOAT),
                Field.nullable(RabitStorage.ERROR, FLOAT)));
        if (hasExtra()) {
            fields.add(bytes(RabitStorage.EXTRA, quantizer.extraBytes()));
            fields.add(Field.nullable(RabitStorage.EXTRA_ADD, FLOAT));
            fields.add(Field.nullable(RabitStorage.EXTRA_SCALE, FLOAT));
        }
        return fields;
    }

    private static Field bytes(String name, int width) {
        return Field.nullable(name, new LogicalType.FixedSizeList(new LogicalType.Int(Byte.SIZE, false), width));
    }

    @Override
    public boolean isByRow() {
        return false;
    }

    @Override
    public List<ColumnBuffers> columns(List<Field> fields, byte[] rows, int start, int rowCount, BufferSource memory) {
        List<ColumnBuffers> columns = new ArrayList<>();
        int at = 0;
        for (Field field : fields) {
            int width = field.type() instanceof LogicalType.FixedSizeList(LogicalType _, int items) ? items : Float.BYTES;
            byte[] values = new byte[rowCount * width];
            for (int row = 0; row < rowCount; row++) {
                System.arraycopy(rows, (start + row) * rowBytes() + at, values, row * width, width);
            }
            if (field.name().equals(RabitStorage.SIGNS)) {
                values = RabitCodes.packSigns(values, 0, rowCount, width);
            }
            columns.add(
                    field.type() instanceof LogicalType.FixedSizeList
                            ? CodeColumns.column(field, values, 0, rowCount, width, width, memory)
                            : CodeColumns.fixed(field, values, rowCount, memory));
            at += width;
        }
        return columns;
    }

    @Override
    public byte[] rows(Batch partition, QuantizerMetadata stored) {
        byte[] rows = new byte[Math.multiplyExact(partition.rowCount(), rowBytes())];
        int at = 0;
        for (Field field : fields()) {
            boolean isList = field.type() instanceof LogicalType.FixedSizeList;
            int width = field.type() instanceof LogicalType.FixedSizeList(LogicalType _, int items) ? items : Float.BYTES;
            byte[] values = isList
                    ? CodeColumns.bytes(partition, field.name(), width, 0)
                    : CodeColumns.fixed(partition, field, width);
            if (field.name().equals(RabitStorage.SIGNS) && stored instanceof QuantizerMetadata.Rabit rabit && rabit.packed()) {
                values = RabitCodes.unpackSigns(values, 0, partition.rowCount(), width);
            }
            for (int row = 0; row < partition.rowCount(); row++) {
                System.arraycopy(values, row * width, rows, row * rowBytes() + at, width);
            }
            at += width;
        }
        return rows;
    }

    @Override
    public QuantizerMetadata metadata(int tensorBuffer) {
        return switch (rotation) {
            case Rotation.Fast(int dimension, byte[] signs) ->
                new QuantizerMetadata.Rabit(dimension, quantizer.bits(), signs, 0, true, true);
            case Rotation.Matrix(int dimension, float[] _) ->
                new QuantizerMetadata.Rabit(dimension, quantizer.bits(), new byte[0], tensorBuffer, true, true);
        };
    }

    @Override
    public HnswRows nodes(byte[] rows, int rowCount) {
        throw new UnsupportedOperationException("there are no graphs over RaBitQ codes");
    }
}
