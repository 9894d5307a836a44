// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.evolve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.Objects;

import dev.joust.format.batch.ColumnBuffers;

/// Single values of columns of one width, by that width in bits.
final class FixedValues {
    private FixedValues() {}

    static long signed(ColumnBuffers column, long row, int bitWidth) {
        MemorySegment values = Objects.requireNonNull(column.values());
        return switch (bitWidth) {
            case 8 -> values.get(ValueLayout.JAVA_BYTE, row);
            case 16 -> values.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * row);
            case 32 -> values.get(ValueLayout.JAVA_INT_UNALIGNED, 4 * row);
            case 64 -> values.get(ValueLayout.JAVA_LONG_UNALIGNED, 8 * row);
            default -> throw new IllegalStateException("values of " + bitWidth + " bits");
        };
    }

    static long unsigned(ColumnBuffers column, long row, int bitWidth) {
        long value = signed(column, row, bitWidth);
        return bitWidth == 64 ? value : value & ((1L << bitWidth) - 1);
    }

    static void put(MemorySegment values, long row, int bitWidth, long value) {
        switch (bitWidth) {
            case 8 -> values.set(ValueLayout.JAVA_BYTE, row, (byte) value);
            case 16 -> values.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * row, (short) value);
            case 32 -> values.set(ValueLayout.JAVA_INT_UNALIGNED, 4 * row, (int) value);
            case 64 -> values.set(ValueLayout.JAVA_LONG_UNALIGNED, 8 * row, value);
            default -> throw new IllegalStateException("values of " + bitWidth + " bits");
        }
    }

    /// A decimal's digits.
    static BigInteger big(ColumnBuffers column, long row, int bitWidth) {
        int width = bitWidth / 8;
        byte[] bytes = new byte[width];
        MemorySegment values = Objects.requireNonNull(column.values());
        for (int i = 0; i < width; i++) {
            bytes[width - 1 - i] = values.get(ValueLayout.JAVA_BYTE, row * width + i);
        }
        return new BigInteger(bytes);
    }

    static void putBig(MemorySegment values, long row, int bitWidth, BigInteger value) {
        int width = bitWidth / 8;
        byte[] bytes = value.toByteArray();
        byte fill = (byte) (value.signum() < 0 ? -1 : 0);
        for (int i = 0; i < width; i++) {
            values.set(
                    ValueLayout.JAVA_BYTE, row * width + i, i < bytes.length ? bytes[bytes.length - 1 - i] : fill);
        }
    }
}
