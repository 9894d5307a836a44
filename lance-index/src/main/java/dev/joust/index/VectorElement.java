// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import org.jspecify.annotations.Nullable;

import dev.joust.format.index.Tensor;
import dev.joust.format.schema.LogicalType;

/// What a vector's elements are.
public enum VectorElement {
    FLOAT16(2),
    FLOAT32(4),
    FLOAT64(8),
    INT8(1),
    /// Numbers from 0 to 255 or, by {@link DistanceType#HAMMING}, eight bits each.
    UINT8(1);

    private final int widthBytes;

    VectorElement(int widthBytes) {
        this.widthBytes = widthBytes;
    }

    public int widthBytes() {
        return widthBytes;
    }

    /// What elements of that type are; null where they make no vector.
    public static @Nullable VectorElement of(@Nullable LogicalType type) {
        if (type instanceof LogicalType.FloatingPoint(int bitWidth)) {
            return bitWidth == 16 ? FLOAT16 : bitWidth == 32 ? FLOAT32 : FLOAT64;
        }
        return type instanceof LogicalType.Int(int bitWidth, boolean signed) && bitWidth == Byte.SIZE
                ? (signed ? INT8 : UINT8)
                : null;
    }

    /// As schemas have it.
    public LogicalType type() {
        return switch (this) {
            case FLOAT16, FLOAT32, FLOAT64 -> new LogicalType.FloatingPoint(widthBytes * Byte.SIZE);
            case INT8 -> new LogicalType.Int(Byte.SIZE, true);
            case UINT8 -> new LogicalType.Int(Byte.SIZE, false);
        };
    }

    /// What an index has its centroids as, and vectors that it stores as they are: numbers of a byte become floats.
    public VectorElement stored(DistanceType metric) {
        return this == INT8 || (this == UINT8 && metric != DistanceType.HAMMING) ? FLOAT32 : this;
    }

    /// The elements of a tensor.
    public static VectorElement of(Tensor.ElementType type) {
        return switch (type) {
            case FLOAT16 -> FLOAT16;
            case FLOAT64 -> FLOAT64;
            case UINT8 -> UINT8;
            case FLOAT32, BFLOAT16, UINT16, UINT32, UINT64 -> FLOAT32;
        };
    }

    /// As a tensor has such elements.
    public Tensor.ElementType tensorType() {
        return switch (this) {
            case FLOAT16 -> Tensor.ElementType.FLOAT16;
            case FLOAT32, INT8 -> Tensor.ElementType.FLOAT32;
            case FLOAT64 -> Tensor.ElementType.FLOAT64;
            case UINT8 -> Tensor.ElementType.UINT8;
        };
    }

    /// Rounds values to what such elements can be, in place.
    ///
    /// @return the values
    public float[] round(float[] values) {
        for (int i = 0; this == FLOAT16 && i < values.length; i++) {
            values[i] = Float.float16ToFloat(Float.floatToFloat16(values[i]));
        }
        return values;
    }

    /// What is meant where no metric is said.
    public DistanceType defaultMetric() {
        return this == UINT8 ? DistanceType.HAMMING : DistanceType.L2;
    }

    /// Whether such vectors can be compared so: bits are counted of bytes without a sign only.
    public boolean supports(DistanceType metric) {
        return metric != DistanceType.HAMMING || this == UINT8;
    }

    /// A query as vectors of such elements have it: rounded to 16-bit floats, or bytes.
    ///
    /// @throws IllegalArgumentException if bits shall be compared and an element is not a whole number from 0 to 255
    public float[] asQuery(float[] query, DistanceType metric) {
        for (int i = 0; metric == DistanceType.HAMMING && i < query.length; i++) {
            if (!(query[i] >= 0 && query[i] <= 255 && query[i] == (int) query[i])) {
                throw new IllegalArgumentException("bits are compared with bytes, from 0 to 255, not with " + query[i]);
            }
        }
        return round(query.clone());
    }
}
