// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.rq;

import java.util.Arrays;

import dev.joust.index.internal.kernel.RabitKernels;

/// The codes of a partition as a search wants them: signs packed 32 rows at a time, the last group filled up, and once
/// more row after row, for those rows that are looked at closely. Immutable and thread-safe, as long as nobody changes
/// the arrays.
public final class RabitPartition {
    private final int rowCount;
    private final int columns;
    private final byte[] signs;
    private final byte[] rowSigns;
    private final RabitCodes codes;
    private final int first;

    private RabitPartition(
            int rowCount, int columns, byte[] signs, byte[] rowSigns, RabitCodes codes, int first) {
        this.rowCount = rowCount;
        this.columns = columns;
        this.signs = signs;
        this.rowSigns = rowSigns;
        this.codes = codes;
        this.first = first;
    }

    /// The rows `first .. first + rowCount` of codes that lie row after row.
    ///
    /// @param dimension of the vectors
    public static RabitPartition ofRows(RabitCodes codes, int first, int rowCount, int dimension) {
        int columns = dimension / Byte.SIZE;
        int groups = Math.ceilDiv(rowCount, RabitCodes.GROUP);
        byte[] packed = new byte[groups * RabitCodes.GROUP * columns];
        for (int group = 0; group < groups; group++) {
            int row = group * RabitCodes.GROUP;
            RabitCodes.packGroup(
                    codes.signs(), (first + row) * columns, rowCount - row, columns, packed, row * columns);
        }
        byte[] rowSigns = Arrays.copyOfRange(codes.signs(), first * columns, (first + rowCount) * columns);
        return new RabitPartition(rowCount, columns, packed, rowSigns, codes, first);
    }

    /// The rows of a partition as the file has them.
    ///
    /// @param codes     signs packed as {@link RabitCodes#packSigns} does, those of this partition only; so are the
    ///                  other arrays
    /// @param dimension of the vectors
    public static RabitPartition ofPacked(RabitCodes codes, int dimension) {
        int columns = dimension / Byte.SIZE;
        int rowCount = codes.rowCount();
        int whole = rowCount / RabitCodes.GROUP * RabitCodes.GROUP;
        byte[] packed = new byte[Math.ceilDiv(rowCount, RabitCodes.GROUP) * RabitCodes.GROUP * columns];
        System.arraycopy(codes.signs(), 0, packed, 0, whole * columns);
        byte[] rowSigns = RabitCodes.unpackSigns(codes.signs(), 0, rowCount, columns);
        if (whole < rowCount) {
            RabitCodes.packGroup(
                    rowSigns, whole * columns, rowCount - whole, columns, packed, whole * columns);
        }
        return new RabitPartition(rowCount, columns, packed, rowSigns, codes, 0);
    }

    public int rowCount() {
        return rowCount;
    }

    /// Sums of table entries for whole groups of rows, see {@link RabitKernels#sums}.
    void sums(RabitKernels kernels, int firstRow, int rows, byte[] tables, short[] sums) {
        int groups = Math.ceilDiv(rows, RabitCodes.GROUP);
        kernels.sums(signs, firstRow * columns, groups, columns, tables, sums);
    }

    /// The sum of the entries of exact tables, of which there are two for each byte column.
    float exactSum(int row, float[] tables) {
        float low = 0;
        float high = 0;
        for (int column = 0; column < columns; column++) {
            int code = rowSigns[row * columns + column];
            low += tables[column * 32 + (code & 15)];
            high += tables[column * 32 + 16 + (code >> 4 & 15)];
        }
        return low + high;
    }

    float addFactor(int row) {
        return codes.addFactors()[first + row];
    }

    float scaleFactor(int row) {
        return codes.scaleFactors()[first + row];
    }

    float errorFactor(int row) {
        return codes.errorFactors()[first + row];
    }

    float extraAddFactor(int row) {
        return codes.extraAddFactors()[first + row];
    }

    float extraScaleFactor(int row) {
        return codes.extraScaleFactors()[first + row];
    }

    /// Unpacks the extra bits of a row into `byte[paddedDimension]` from `to` on. Of at most 7 bits the sign becomes the
    /// bit above them.
    void unpack(int row, int bits, int paddedDimension, byte[] values, int to) {
        int rowBytes = paddedDimension * bits / Byte.SIZE;
        ExtraBits.unpack(codes.extra(), (first + row) * rowBytes, bits, paddedDimension, values, to);
        if (bits < Byte.SIZE) {
            ExtraBits.addSigns(rowSigns, row * columns, columns, bits, values, to);
        }
    }
}
