// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.kernel;

import java.util.Arrays;

/// Packs groups of 1024 words of T bits to W bits each, in FastLanes order (spec: file format 4.2).
///
/// With `LANES = 1024 / T`, the value at `index(row, lane) = ORDER[row / 8] * 16 + row % 8 * 128 + lane` takes the bits
/// `[row * W, row * W + W)` of its lane; bit b of a lane is bit `b % T` of packed word `LANES * (b / T) + lane`.
/// A group fills `1024 * W / T` words. Lanes are neighbours in memory, so every inner loop is one vector loop.
///
/// Callers see to it that each value fits W bits; all arrays are theirs. W = 0 writes nothing.
public final class BitPackKernels {
    /// Values in a group.
    public static final int GROUP = 1024;

    private static final int[] ORDER = {0, 4, 2, 6, 1, 5, 3, 7};

    private BitPackKernels() {}

    private static int groupIndex(int row) {
        return ORDER[row >>> 3] * 16 + (row & 7) * 128;
    }

    /// @param values 1024 words
    /// @param target `128 * width` bytes of it are overwritten
    public static void pack8(byte[] values, int width, byte[] target) {
        Arrays.fill(target, 0, 128 * width, (byte) 0);
        for (int row = 0; row < 8 && width > 0; row++) {
            int from = groupIndex(row);
            int shift = (row * width) & 7;
            int word = ((row * width) >>> 3) * 128;
            for (int lane = 0; lane < 128; lane++) {
                target[word + lane] |= (byte) ((values[from + lane] & 0xFF) << shift);
            }
            if (shift + width > 8) {
                for (int lane = 0; lane < 128; lane++) {
                    target[word + 128 + lane] |= (byte) ((values[from + lane] & 0xFF) >>> (8 - shift));
                }
            }
        }
    }

    /// @param values 1024 words
    /// @param target `64 * width` words of it are overwritten
    public static void pack16(short[] values, int width, short[] target) {
        Arrays.fill(target, 0, 64 * width, (short) 0);
        for (int row = 0; row < 16 && width > 0; row++) {
            int from = groupIndex(row);
            int shift = (row * width) & 15;
            int word = ((row * width) >>> 4) * 64;
            for (int lane = 0; lane < 64; lane++) {
                target[word + lane] |= (short) ((values[from + lane] & 0xFFFF) << shift);
            }
            if (shift + width > 16) {
                for (int lane = 0; lane < 64; lane++) {
                    target[word + 64 + lane] |= (short) ((values[from + lane] & 0xFFFF) >>> (16 - shift));
                }
            }
        }
    }

    /// @param values 1024 words
    /// @param target `32 * width` words of it are overwritten
    public static void pack32(int[] values, int width, int[] target) {
        Arrays.fill(target, 0, 32 * width, 0);
        for (int row = 0; row < 32 && width > 0; row++) {
            int from = groupIndex(row);
            int shift = (row * width) & 31;
            int word = ((row * width) >>> 5) * 32;
            for (int lane = 0; lane < 32; lane++) {
                target[word + lane] |= values[from + lane] << shift;
            }
            if (shift + width > 32) {
                for (int lane = 0; lane < 32; lane++) {
                    target[word + 32 + lane] |= values[from + lane] >>> (32 - shift);
                }
            }
        }
    }

    /// @param values 1024 words
    /// @param target `16 * width` words of it are overwritten
    public static void pack64(long[] values, int width, long[] target) {
        Arrays.fill(target, 0, 16 * width, 0L);
        for (int row = 0; row < 64 && width > 0; row++) {
            int from = groupIndex(row);
            int shift = (row * width) & 63;
            int word = ((row * width) >>> 6) * 16;
            for (int lane = 0; lane < 16; lane++) {
                target[word + lane] |= values[from + lane] << shift;
            }
            if (shift + width > 64) {
                for (int lane = 0; lane < 16; lane++) {
                    target[word + 16 + lane] |= values[from + lane] >>> (64 - shift);
                }
            }
        }
    }
}
