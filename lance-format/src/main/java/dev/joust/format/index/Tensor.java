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
