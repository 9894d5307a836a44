// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.pq;

import dev.joust.index.internal.kernel.PqKernels;

/// The codes of a partition, column after column, as the file has them: byte b of row r is
/// `bytes[start + b * rowCount + r]`.
///
/// @param bytes fast if it is longer than the codes by {@link #PADDING_BYTES}, which may hold anything
public record PqCodes(byte[] bytes, int start, int rowCount, int columns) {
    /// So many bytes behind the last column let kernels read whole blocks of rows up to the end.
    public static final int PADDING_BYTES = PqKernels.ROW_BLOCK;

    public PqCodes {
        if (start < 0 || rowCount < 0 || start + (long) rowCount * columns > bytes.length) {
            throw new IllegalArgumentException(rowCount + " codes of " + columns + " bytes from " + start
                    + " on in an array of " + bytes.length);
        }
    }

    /// Codes that come row after row, turned, with padding.
    public static PqCodes transposed(byte[] rowMajor, int start, int rowCount, int columns) {
        byte[] bytes = new byte[Math.addExact(Math.multiplyExact(rowCount, columns), PADDING_BYTES)];
        ProductQuantizer.transpose(rowMajor, start, rowCount, columns, bytes, 0);
        return new PqCodes(bytes, 0, rowCount, columns);
    }
}
