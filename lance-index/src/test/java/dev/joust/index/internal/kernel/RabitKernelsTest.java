// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.joust.io.kernel.Simd;

/// Holds the kernels in use against the scalar definition.
final class RabitKernelsTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);

    private final RabitKernels scalar = new ScalarRabitKernels();
    private final RabitKernels kernels = Simd.choose(
            RabitKernels.class, ScalarRabitKernels::new, "dev.joust.index.internal.kernel.simd.VectorRabitKernels");

    @Test
    void sumsAreThoseOfTheDefinition() {
        var random = new Random(SEED);
        for (int columns : new int[] {1, 2, 3, 8, 16, 96, 97, 128}) {
            for (int groups : new int[] {0, 1, 2, 5}) {
                byte[] codes = new byte[9 + groups * columns * RabitKernels.GROUP_ROWS];
                random.nextBytes(codes);
                byte[] tables = new byte[columns * 32 + RabitKernels.PADDING];
                random.nextBytes(tables);
                Arrays.fill(tables, columns * 32, tables.length, (byte) 0);
                int rows = groups * RabitKernels.GROUP_ROWS;
                short[] expected = new short[rows + RabitKernels.PADDING];
                short[] actual = new short[rows + RabitKernels.PADDING];
                scalar.sums(codes, 9, groups, columns, tables, expected);
                kernels.sums(codes, 9, groups, columns, tables, actual);
                assertArrayEquals(
                        Arrays.copyOf(expected, rows),
                        Arrays.copyOf(actual, rows),
                        "-Djoust.seed=" + SEED + " " + columns + " x " + groups);
            }
        }
    }
}
