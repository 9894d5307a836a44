// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.rq;

/// Quantized rows, one after the other, as arrays of the columns of the file. Columns of extra bits are empty if rows
/// have one bit an element.
///
/// @param signs    `byte[rowCount * dimension / 8]`, bit i % 8 of byte i / 8 set for an element that is not negative
/// @param extra    `byte[rowCount * ceil64(dimension) * extraBits / 8]`, see {@link ExtraBits}
public record RabitCodes(
        int rowCount,
        byte[] signs,
        float[] addFactors,
        float[] scaleFactors,
        float[] errorFactors,
        byte[] extra,
        float[] extraAddFactors,
        float[] extraScaleFactors) {
    /// Rows that are packed together.
    static final int GROUP = 32;

    private static final int HALF = GROUP / 2;

    /// Signs of the rows of a partition as the file packs them: 32 rows at a time, byte column after byte column; the
    /// rows that make no 32 column after column as they are.
    ///
    /// @param signs     row after row from byte `start` on
    /// @param columns   bytes of a row
    public static byte[] packSigns(byte[] signs, int start, int rowCount, int columns) {
        byte[] packed = new byte[rowCount * columns];
        int whole = rowCount / GROUP * GROUP;
        for (int first = 0; first < whole; first += GROUP) {
            packGroup(signs, start + first * columns, GROUP, columns, packed, first * columns);
        }
        int rest = rowCount - whole;
        for (int column = 0; column < columns; column++) {
            for (int row = 0; row < rest; row++) {
                packed[whole * columns + column * rest + row] = signs[start + (whole + row) * columns + column];
            }
        }
        return packed;
    }

    /// The way back from {@link #packSigns}.
    public static byte[] unpackSigns(byte[] packed, int start, int rowCount, int columns) {
        byte[] signs = new byte[rowCount * columns];
        int whole = rowCount / GROUP * GROUP;
        for (int row = 0; row < whole; row++) {
            for (int column = 0; column < columns; column++) {
                signs[row * columns + column] = (byte) sign(packed, start, row, column, columns);
            }
        }
        int rest = rowCount - whole;
        for (int column = 0; column < columns; column++) {
            for (int row = 0; row < rest; row++) {
                signs[(whole + row) * columns + column] = packed[start + whole * columns + column * rest + row];
            }
        }
        return signs;
    }

    /// Packs up to 32 rows; those that are missing have no bits.
    static void packGroup(byte[] signs, int start, int rows, int columns, byte[] packed, int to) {
        for (int column = 0; column < columns; column++) {
            for (int k = 0; k < HALF; k++) {
                int row = (k & 1) * (HALF / 2) + k / 2;
                int first = row < rows ? signs[start + row * columns + column] & 0xff : 0;
                int second = row + HALF < rows ? signs[start + (row + HALF) * columns + column] & 0xff : 0;
                packed[to + column * GROUP + k] = (byte) ((first & 15) | ((second & 15) << 4));
                packed[to + column * GROUP + HALF + k] = (byte) ((first >> 4) | (second & 0xf0));
            }
        }
    }

    /// One byte of a row of packed groups.
    static int sign(byte[] packed, int start, int row, int column, int columns) {
        int inGroup = row % GROUP;
        int inHalf = inGroup % HALF;
        int k = inHalf % (HALF / 2) * 2 + inHalf / (HALF / 2);
        int at = start + (row - inGroup) * columns + column * GROUP + k;
        int shift = inGroup / HALF * 4;
        return ((packed[at] >> shift) & 15) | (((packed[at + HALF] >> shift) & 15) << 4);
    }
}
