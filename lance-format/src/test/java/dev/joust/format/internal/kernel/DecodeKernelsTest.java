// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.format.internal.kernel.simd.VectorDecodeKernels;

class DecodeKernelsTest {
    private static final long SEED = Long.getLong("joust.seed", 7);

    private static final byte UNTOUCHED = 77;

    private final DecodeKernels scalar = new ScalarDecodeKernels();
    private final DecodeKernels vector = new VectorDecodeKernels();

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 32, 64})
    void everyWidthUnpacksAsTheFormulaSays(int wordBits) {
        Random random = new Random(SEED);
        for (int width = 0; width <= wordBits; width++) {
            byte[] bytes = new byte[DecodeKernels.packedGroupBytes(width)];
            random.nextBytes(bytes);
            MemorySegment packed = Arena.ofAuto().allocate(bytes.length + 3L);
            MemorySegment.copy(bytes, 0, packed, ValueLayout.JAVA_BYTE, 3, bytes.length);
            byte[] expected = unpackByFormula(bytes, wordBits, width);
            assertArrayEquals(expected, unpack(scalar, packed, wordBits, width), "scalar, width " + width);
            assertArrayEquals(expected, unpack(vector, packed, wordBits, width), "vector, width " + width);
        }
    }

    private static byte[] unpack(DecodeKernels kernels, MemorySegment packed, int wordBits, int width) {
        int size = 128 * wordBits;
        MemorySegment target = Arena.ofAuto().allocate(size + 10L).fill((byte) 0x5a);
        kernels.unpack(wordBits, width, packed, 3, target, 5);
        assertEquals(0x5a, target.get(ValueLayout.JAVA_BYTE, 4), "byte before the target");
        assertEquals(0x5a, target.get(ValueLayout.JAVA_BYTE, 5L + size), "byte after the target");
        return target.asSlice(5, size).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Bit by bit, as file format 4.2 defines it.
    private static byte[] unpackByFormula(byte[] packed, int wordBits, int width) {
        int[] order = {0, 4, 2, 6, 1, 5, 3, 7};
        int lanes = 1024 / wordBits;
        int wordBytes = wordBits / 8;
        byte[] target = new byte[128 * wordBits];
        for (int row = 0; row < wordBits; row++) {
            for (int lane = 0; lane < lanes; lane++) {
                int index = order[row / 8] * 16 + row % 8 * 128 + lane;
                for (int bit = 0; bit < width; bit++) {
                    int b = row * width + bit;
                    int word = lanes * (b / wordBits) + lane;
                    int inWord = b % wordBits;
                    int value = packed[word * wordBytes + inWord / 8] >> inWord % 8 & 1;
                    target[index * wordBytes + bit / 8] |= (byte) (value << bit % 8);
                }
            }
        }
        return target;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 31, 63, 64, 65, 127, 128, 1000, 1024})
    void levelsBelowABoundBecomeBits(int count) {
        Random random = new Random(SEED + count);
        for (int bound : new int[] {1, 2, 3, 65535}) {
            MemorySegment levels = Arena.ofAuto().allocate(2L * count + 2);
            for (int i = 0; i < count; i++) {
                int level = random.nextInt(8) == 0 ? 65535 : random.nextInt(4);
                levels.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i + 1, (short) level);
            }
            int bytes = (count + 7) / 8;
            byte[] expected = new byte[bytes];
            for (int i = 0; i < count; i++) {
                int level = levels.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i + 1) & 0xFFFF;
                expected[i / 8] |= (byte) (level < bound ? 1 << i % 8 : 0);
            }
            for (DecodeKernels kernels : new DecodeKernels[] {scalar, vector}) {
                MemorySegment bitmap = Arena.ofAuto().allocate(bytes + 2L).fill((byte) 0x5a);
                kernels.lessThan(bound, levels, 1, count, bitmap, 1);
                assertArrayEquals(expected, bitmap.asSlice(1, bytes).toArray(ValueLayout.JAVA_BYTE));
                assertEquals(0x5a, bitmap.get(ValueLayout.JAVA_BYTE, bytes + 1L));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 15, 16, 17, 31, 33, 512, 1000, 1024})
    void bytesOfStreamsBecomeValues(int count) {
        Random random = new Random(SEED + count);
        for (int wordBits : new int[] {32, 64}) {
            int width = wordBits / 8;
            int stream = count + 3;
            MemorySegment split = Arena.ofAuto().allocate(5L + (long) stream * width);
            byte[] expected = new byte[count * width];
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < width; j++) {
                    expected[i * width + j] = (byte) random.nextInt();
                    split.set(ValueLayout.JAVA_BYTE, 5L + (long) j * stream + i, expected[i * width + j]);
                }
            }
            for (DecodeKernels kernels : new DecodeKernels[] {scalar, vector}) {
                MemorySegment target = Arena.ofAuto().allocate(expected.length + 2L).fill((byte) 0x5a);
                kernels.joinStreams(wordBits, split, 5, stream, count, target, 1);
                assertArrayEquals(expected, target.asSlice(1, expected.length).toArray(ValueLayout.JAVA_BYTE));
                assertEquals(0x5a, target.get(ValueLayout.JAVA_BYTE, 0));
                assertEquals(0x5a, target.get(ValueLayout.JAVA_BYTE, expected.length + 1L));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void runsBecomeTheirValuesFromAnyOfThemOn(int widthBytes) {
        Random random = new Random(SEED + widthBytes);
        try (Arena arena = Arena.ofConfined()) {
            for (int round = 0; round < 200; round++) {
                int runCount = 1 + random.nextInt(40);
                MemorySegment values = randomBytes(random, arena, runCount * widthBytes);
                MemorySegment lengths = arena.allocate(runCount);
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                for (int run = 0; run < runCount; run++) {
                    int length = 1 + random.nextInt(round % 2 == 0 ? 5 : 255);
                    lengths.set(ValueLayout.JAVA_BYTE, run, (byte) length);
                    for (int i = 0; i < length; i++) {
                        all.writeBytes(bytes(values, (long) run * widthBytes, (run + 1L) * widthBytes));
                    }
                }
                int firstRun = random.nextInt(runCount);
                int before = 0;
                for (int run = 0; run < firstRun; run++) {
                    before += lengths.get(ValueLayout.JAVA_BYTE, run) & 0xFF;
                }
                int skip = random.nextInt(lengths.get(ValueLayout.JAVA_BYTE, firstRun) & 0xFF);
                int count = random.nextInt(all.size() / widthBytes - before - skip + 1);
                int offset = random.nextInt(9);
                int from = (before + skip) * widthBytes;
                byte[] expected = new byte[offset + count * widthBytes + 3];
                Arrays.fill(expected, UNTOUCHED);
                System.arraycopy(all.toByteArray(), from, expected, offset, count * widthBytes);
                for (DecodeKernels kernels : new DecodeKernels[] {scalar, vector}) {
                    MemorySegment target = arena.allocate(expected.length).fill(UNTOUCHED);
                    kernels.expandRuns(widthBytes, values, lengths, firstRun, skip, target, offset, count);
                    assertArrayEquals(expected, bytes(target, 0, expected.length));
                }
            }
        }
    }

    private static byte[] bytes(MemorySegment segment, long from, long to) {
        return segment.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
    }

    private static MemorySegment randomBytes(Random random, Arena arena, int sizeBytes) {
        MemorySegment segment = arena.allocate(sizeBytes);
        for (int i = 0; i < sizeBytes; i++) {
            segment.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        return segment;
    }
}
