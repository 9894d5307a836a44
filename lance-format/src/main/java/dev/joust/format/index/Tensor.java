// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.index;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import dev.joust.format.table.Bytes;

/// A matrix of numbers, row-major, little-endian: centroids, a codebook, a rotation (spec: index format B.1).
///
/// @param data `rowCount * dimension` values of the type
public record Tensor(ElementType type, int rowCount, int dimension, Bytes data) {
    /// What the values are, by the number that messages have for it.
    public enum ElementType {
        BFLOAT16(0, 2),
        FLOAT16(1, 2),
        FLOAT32(2, 4),
        FLOAT64(3, 8),
        UINT8(4, 1),
        UINT16(5, 2),
        UINT32(6, 4),
        UINT64(7, 8);

        private final int code;
        private final int sizeBytes;

        ElementType(int code, int sizeBytes) {
            this.code = code;
            this.sizeBytes = sizeBytes;
        }

        public int code() {
            return code;
        }

        public int sizeBytes() {
            return sizeBytes;
        }
    }

    public Tensor {
        if (rowCount < 0 || dimension < 0 || (long) rowCount * dimension * type.sizeBytes != data.sizeBytes()) {
            throw new IllegalArgumentException(
                    data.sizeBytes() + " bytes for " + rowCount + " x " + dimension + " values of type " + type);
        }
    }

    /// A matrix of 32-bit floats.
    ///
    /// @param values `float[rowCount * dimension]`
    public static Tensor of(float[] values, int rowCount, int dimension) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new Tensor(ElementType.FLOAT32, rowCount, dimension, Bytes.of(bytes.array()));
    }

    /// A matrix of floats of 16, 32 or 64 bits, or of bytes from 0 to 255.
    ///
    /// @param values `float[rowCount * dimension]`, rounded as the type needs it
    public static Tensor of(float[] values, int rowCount, int dimension, ElementType type) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(type.sizeBytes, values.length)).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case FLOAT16 -> bytes.putShort(Float.floatToFloat16(value));
                case FLOAT32 -> bytes.putFloat(value);
                case FLOAT64 -> bytes.putDouble(value);
                case UINT8 -> bytes.put((byte) (int) value);
                case BFLOAT16, UINT16, UINT32, UINT64 -> throw new IllegalArgumentException("no matrix of " + type + " is made");
            }
        }
        return new Tensor(type, rowCount, dimension, Bytes.of(bytes.array()));
    }

    /// The values as 32-bit floats, whatever they are stored as.
    public float[] toFloats() {
        float[] values = new float[rowCount * dimension];
        ByteBuffer bytes = ByteBuffer.wrap(data.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort() << 16);
                case FLOAT16 -> Float.float16ToFloat(bytes.getShort());
                case FLOAT32 -> bytes.getFloat();
                case FLOAT64 -> (float) bytes.getDouble();
                case UINT8 -> Byte.toUnsignedInt(bytes.get());
                case UINT16 -> Short.toUnsignedInt(bytes.getShort());
                case UINT32 -> Integer.toUnsignedLong(bytes.getInt());
                case UINT64 -> bytes.getLong();
            };
        }
        return values;
    }
}
