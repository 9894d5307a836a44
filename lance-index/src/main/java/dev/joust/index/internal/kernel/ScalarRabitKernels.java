// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

import java.util.Arrays;

/// The definition of the sums, in plain Java.
public final class ScalarRabitKernels implements RabitKernels {
    private static final int HALF = GROUP_ROWS / 2;

    @Override
    public void sums(byte[] codes, int start, int groups, int columns, byte[] tables, short[] sums) {
        int[] lower = new int[HALF];
        int[] upper = new int[HALF];
        for (int group = 0; group < groups; group++) {
            Arrays.fill(lower, 0);
            Arrays.fill(upper, 0);
            for (int half = 0; half < 2 * columns; half++) {
                int at = start + (group * 2 * columns + half) * HALF;
                for (int k = 0; k < HALF; k++) {
                    int code = codes[at + k];
                    lower[k] += tables[half * 16 + (code & 15)] & 0xff;
                    upper[k] += tables[half * 16 + (code >> 4 & 15)] & 0xff;
                }
            }
            for (int k = 0; k < HALF; k++) {
                int row = (k & 1) * (HALF / 2) + k / 2;
                sums[group * GROUP_ROWS + row] = (short) lower[k];
                sums[group * GROUP_ROWS + HALF + row] = (short) upper[k];
            }
        }
    }
}
