// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.joust.io.kernel.Simd;

/// Holds the kernels in use against the scalar definition.
final class PqKernelsTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final String WHAT = "-Djoust.seed=" + SEED;

    private final Random random = new Random(SEED);
    private final PqKernels scalar = new ScalarPqKernels();
    private final PqKernels kernels = Simd.choose(
            PqKernels.class, ScalarPqKernels::new, "dev.joust.index.internal.kernel.simd.VectorPqKernels");

    @Test
    void sumsAreThoseOfTheDefinition() {
        for (int bits : new int[] {8, 4}) {
            for (int columns : new int[] {1, 2, 3, 16, 96, 200}) {
                for (int rows : new int[] {0, 1, 63, 64, 65, 96, 97, 127, 255, 256, 257, 500, 512, 1000}) {
                    for (int padding : new int[] {0, 7, 64, 256}) {
                        int stride = rows + random.nextInt(3);
                        byte[] codes = bytes(5 + columns * stride + padding, 256);
                        byte[] tables = bytes((bits == 8 ? 256 : 32) * columns + 64, bits == 8 ? 256 : 128);
                        short[] expected = new short[rows];
                        short[] actual = new short[rows + PqKernels.ROW_BLOCK];
                        if (bits == 8) {
                            scalar.sums8(codes, 5, stride, rows, columns, tables, expected);
                            kernels.sums8(codes, 5, stride, rows, columns, tables, actual);
                        } else {
                            scalar.sums4(codes, 5, stride, rows, columns, tables, expected);
                            kernels.sums4(codes, 5, stride, rows, columns, tables, actual);
                        }
                        assertArrayEquals(
                                expected,
                                Arrays.copyOf(actual, rows),
                                WHAT + " " + bits + " bits " + columns + " x " + rows + " + " + padding);
                    }
                }
            }
        }
    }

    @Test
    void sumsUseAllSixteenBits() {
        byte[] codes = new byte[257 * 256];
        byte[] tables = new byte[257 * 256];
        Arrays.fill(tables, (byte) 255);
        short[] sums = new short[256];
        kernels.sums8(codes, 0, 256, 256, 257, tables, sums);
        assertEquals(257 * 255, Short.toUnsignedInt(sums[0]));
        assertEquals(257 * 255, Short.toUnsignedInt(sums[255]));
    }

    @Test
    void selectionComparesWithoutSigns() {
        for (int count : new int[] {0, 1, 63, 64, 65, 128, 1000}) {
            short[] sums = new short[count + PqKernels.ROW_BLOCK];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = (short) random.nextInt();
            }
            for (int limit : new int[] {-1, 0, 1, 0x7fff, 0x8000, 0xfffe, 0xffff, Integer.MAX_VALUE}) {
                long[] expected = new long[Math.ceilDiv(count, 64)];
                long[] actual = new long[Math.ceilDiv(count, 64)];
                Arrays.fill(actual, -1);
                scalar.selectAtMost(sums, count, limit, expected);
                kernels.selectAtMost(sums, count, limit, actual);
                assertArrayEquals(expected, actual, WHAT + " " + count + " at most " + limit);
            }
        }
    }

    @Test
    void sumsAreScaledAndAddedToTerms() {
        for (int count : new int[] {0, 1, 15, 16, 17, 64, 100, 1000}) {
            short[] sums = new short[count + PqKernels.ROW_BLOCK];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = (short) random.nextInt();
            }
            float[] terms = floats(count + 3);
            float[] expected = new float[count];
            float[] actual = new float[count];
            scalar.addScaled(sums, count, 0.01f, terms, 3, expected);
            kernels.addScaled(sums, count, 0.01f, terms, 3, actual);
            assertArrayEquals(expected, actual, 1e-4f, WHAT + " " + count);
        }
    }

    @Test
    void tablesAreThoseOfTheDefinition() {
        for (int codewords : new int[] {16, 256}) {
            for (int subDimension : new int[] {1, 2, 3, 8, 24}) {
                for (int subVectors : new int[] {1, 2, 5, 16}) {
                    float[] query = floats(subVectors * subDimension);
                    float[] transposed = floats(query.length * codewords);
                    float[] expected = new float[subVectors * codewords];
                    float[] actual = new float[subVectors * codewords];
                    scalar.l2Tables(query, transposed, subVectors, subDimension, codewords, expected);
                    kernels.l2Tables(query, transposed, subVectors, subDimension, codewords, actual);
                    assertArrayEquals(expected, actual, 1e-5f * subDimension, WHAT);
                    scalar.dotTables(query, transposed, subVectors, subDimension, codewords, 0.7f, expected);
                    kernels.dotTables(query, transposed, subVectors, subDimension, codewords, 0.7f, actual);
                    assertArrayEquals(expected, actual, 1e-5f * subDimension, WHAT);

                    float[][] ranges = new float[4][subVectors];
                    scalar.ranges(expected, subVectors, codewords, ranges[0], ranges[1]);
                    kernels.ranges(expected, subVectors, codewords, ranges[2], ranges[3]);
                    assertArrayEquals(ranges[0], ranges[2]);
                    assertArrayEquals(ranges[1], ranges[3]);
                    byte[] scalarBytes = new byte[expected.length];
                    byte[] bytes = new byte[expected.length];
                    scalar.quantize(expected, subVectors, codewords, ranges[0], 7.3f, scalarBytes);
                    kernels.quantize(expected, subVectors, codewords, ranges[0], 7.3f, bytes);
                    assertArrayEquals(scalarBytes, bytes, WHAT);
                }
            }
        }
    }

    @Test
    void quantizedEntriesAreRoundedDown() {
        float[] tables = new float[16];
        for (int i = 0; i < 16; i++) {
            tables[i] = 3 + i * 0.9f;
        }
        byte[] bytes = new byte[16];
        kernels.quantize(tables, 1, 16, new float[] {3}, 2, bytes);
        for (int i = 0; i < 16; i++) {
            double exact = (tables[i] - 3) * 2;
            assertEquals(exact - 0.5, bytes[i], 0.501, "entry " + i);
        }
    }

    private byte[] bytes(int count, int bound) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) random.nextInt(bound);
        }
        return bytes;
    }

    private float[] floats(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
