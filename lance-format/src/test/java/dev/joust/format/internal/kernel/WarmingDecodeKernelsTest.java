// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.joust.io.kernel.Simd;

/// Before, while and after a form takes over from the other, what is decoded is the same.
class WarmingDecodeKernelsTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final int ROUNDS = 3000;

    @Test
    void samplesAreWorkThatEitherFormCanDo() {
        DecodeKernels vectors = Simd.choose(DecodeKernels.class, ScalarDecodeKernels::new, DecodeKernels.SIMD_CLASS);
        for (DecodeKernels kernels : new DecodeKernels[] {new ScalarDecodeKernels(), vectors}) {
            assertDoesNotThrow(() -> {
                for (int wordBits = 8; wordBits <= 64; wordBits *= 2) {
                    WarmingDecodeKernels.unpack(kernels, wordBits);
                }
                WarmingDecodeKernels.lessThan(kernels);
                WarmingDecodeKernels.join(kernels, 32);
                WarmingDecodeKernels.join(kernels, 64);
                WarmingDecodeKernels.expand(kernels);
            });
        }
    }

    @Test
    void whatIsUnpackedIsTheSameThroughout() {
        DecodeKernels scalar = new ScalarDecodeKernels();
        DecodeKernels warming = new WarmingDecodeKernels();
        Random random = new Random(SEED);
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = new byte[8 * DecodeKernels.GROUP_VALUES];
            random.nextBytes(bytes);
            MemorySegment source = arena.allocate(bytes.length, 64);
            MemorySegment.copy(bytes, 0, source, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, bytes.length);
            MemorySegment expected = arena.allocate(bytes.length, 64);
            MemorySegment actual = arena.allocate(bytes.length, 64);
            for (int round = 0; round < ROUNDS; round++) {
                int wordBits = 8 << random.nextInt(4);
                int bitWidth = random.nextInt(wordBits + 1);
                scalar.unpack(wordBits, bitWidth, source, 0, expected, 0);
                warming.unpack(wordBits, bitWidth, source, 0, actual, 0);
                assertEquals(-1, expected.mismatch(actual), "-Djoust.seed=" + SEED + " " + wordBits + " " + bitWidth);
                int count = 1 + random.nextInt(DecodeKernels.GROUP_VALUES);
                scalar.lessThan(30_000, source, 0, count, expected, 0);
                warming.lessThan(30_000, source, 0, count, actual, 0);
                scalar.joinStreams(32, source, 0, count, count, expected, 256);
                warming.joinStreams(32, source, 0, count, count, actual, 256);
                assertEquals(-1, expected.mismatch(actual), "-Djoust.seed=" + SEED + " " + count);
            }
        }
    }
}
