// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BitPackKernelsTest {
    private static final int[] ORDER = {0, 4, 2, 6, 1, 5, 3, 7};

    /// The specification's vector: u32 values `i % 8` in 3 bits.
    @Test
    void valuesModuloEightPackToTheKnownBytes() {
        int[] values = new int[1024];
        for (int i = 0; i < 1024; i++) {
            values[i] = i % 8;
        }
        int[] packed = new int[96];
        BitPackKernels.pack32(values, 3, packed);
        ByteBuffer bytes = ByteBuffer.allocate(384).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(packed);
        assertEquals(
                "000000004992244992244992dbb66ddb", HexFormat.of().formatHex(bytes.array(), 0, 16));
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 32, 64})
    void everyWidthPutsEveryBitWhereTheFormatHasIt(int bits) {
        var random = new SplittableRandom(bits);
        for (int width = 0; width <= bits; width++) {
            long[] values = new long[1024];
            for (int i = 0; i < 1024; i++) {
                values[i] = width == 0 ? 0 : random.nextLong() >>> (64 - width);
            }
            long[] packed = pack(bits, values, width);
            int lanes = 1024 / bits;
            for (int row = 0; row < bits; row++) {
                for (int lane = 0; lane < lanes; lane++) {
                    long expected = values[ORDER[row / 8] * 16 + row % 8 * 128 + lane];
                    long found = 0;
                    for (int i = 0; i < width; i++) {
                        int bit = row * width + i;
                        found |= (packed[lanes * (bit / bits) + lane] >>> bit % bits & 1) << i;
                    }
                    assertEquals(expected, found, "T " + bits + " W " + width + " row " + row + " lane " + lane);
                }
            }
        }
    }

    private static long[] pack(int bits, long[] values, int width) {
        long[] packed = new long[1024];
        switch (bits) {
            case 8 -> {
                byte[] source = new byte[1024];
                byte[] target = new byte[1024];
                for (int i = 0; i < 1024; i++) {
                    source[i] = (byte) values[i];
                }
                BitPackKernels.pack8(source, width, target);
                for (int i = 0; i < 1024; i++) {
                    packed[i] = target[i] & 0xFF;
                }
            }
            case 16 -> {
                short[] source = new short[1024];
                short[] target = new short[1024];
                for (int i = 0; i < 1024; i++) {
                    source[i] = (short) values[i];
                }
                BitPackKernels.pack16(source, width, target);
                for (int i = 0; i < 1024; i++) {
                    packed[i] = target[i] & 0xFFFF;
                }
            }
            case 32 -> {
                int[] source = new int[1024];
                int[] target = new int[1024];
                for (int i = 0; i < 1024; i++) {
                    source[i] = (int) values[i];
                }
                BitPackKernels.pack32(source, width, target);
                for (int i = 0; i < 1024; i++) {
                    packed[i] = target[i] & 0xFFFFFFFFL;
                }
            }
            default -> BitPackKernels.pack64(values, width, packed);
        }
        return packed;
    }
}
