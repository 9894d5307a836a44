// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Exchanges rows and columns of bytes, eight by eight in registers (Warren, Hacker's Delight, 7-3).
final class ByteTransposition {
    /// Rows to exchange at once: a column of so many is a cache line.
    static final int BLOCK_ROWS = 64;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int SIDE = Long.BYTES;
    private static final long LOW_INTS = 0x00000000_FFFFFFFFL;
    private static final long LOW_SHORTS = 0x0000FFFF_0000FFFFL;
    private static final long LOW_BYTES = 0x00FF00FF_00FF00FFL;

    private ByteTransposition() {}

    /// Byte `sourceStart + row * sourceStride + column` goes to `targetStart + column * targetStride + row`.
    ///
    /// @param sourceStride may be negative
    static void transpose(byte[] source, int sourceStart, int sourceStride, int rowCount, int columnCount,
            byte[] target, int targetStart, int targetStride) {
        int wholeRows = rowCount & -SIDE;
        int wholeColumns = columnCount & -SIDE;
        for (int column = 0; column < wholeColumns; column += SIDE) {
            for (int row = 0; row < wholeRows; row += SIDE) {
                transposeSquare(source, sourceStart + row * sourceStride + column, sourceStride,
                        target, targetStart + column * targetStride + row, targetStride);
            }
        }
        for (int row = 0; row < rowCount; row++) {
            for (int column = row < wholeRows ? wholeColumns : 0; column < columnCount; column++) {
                target[targetStart + column * targetStride + row] = source[sourceStart + row * sourceStride + column];
            }
        }
    }

    private static void transposeSquare(byte[] source, int from, int sourceStride, byte[] target, int to, int targetStride) {
        long a = (long) LONGS.get(source, from);
        long b = (long) LONGS.get(source, from + sourceStride);
        long c = (long) LONGS.get(source, from + 2 * sourceStride);
        long d = (long) LONGS.get(source, from + 3 * sourceStride);
        long e = (long) LONGS.get(source, from + 4 * sourceStride);
        long f = (long) LONGS.get(source, from + 5 * sourceStride);
        long g = (long) LONGS.get(source, from + 6 * sourceStride);
        long h = (long) LONGS.get(source, from + 7 * sourceStride);
        // Halves are exchanged with the row four below, then quarters two below, then bytes with the next
        long ae = (a >>> 32 ^ e) & LOW_INTS;
        long bf = (b >>> 32 ^ f) & LOW_INTS;
        long cg = (c >>> 32 ^ g) & LOW_INTS;
        long dh = (d >>> 32 ^ h) & LOW_INTS;
        a ^= ae << 32;
        e ^= ae;
        b ^= bf << 32;
        f ^= bf;
        c ^= cg << 32;
        g ^= cg;
        d ^= dh << 32;
        h ^= dh;
        long ac = (a >>> 16 ^ c) & LOW_SHORTS;
        long bd = (b >>> 16 ^ d) & LOW_SHORTS;
        long eg = (e >>> 16 ^ g) & LOW_SHORTS;
        long fh = (f >>> 16 ^ h) & LOW_SHORTS;
        a ^= ac << 16;
        c ^= ac;
        b ^= bd << 16;
        d ^= bd;
        e ^= eg << 16;
        g ^= eg;
        f ^= fh << 16;
        h ^= fh;
        long ab = (a >>> 8 ^ b) & LOW_BYTES;
        long cd = (c >>> 8 ^ d) & LOW_BYTES;
        long ef = (e >>> 8 ^ f) & LOW_BYTES;
        long gh = (g >>> 8 ^ h) & LOW_BYTES;
        LONGS.set(target, to, a ^ ab << 8);
        LONGS.set(target, to + targetStride, b ^ ab);
        LONGS.set(target, to + 2 * targetStride, c ^ cd << 8);
        LONGS.set(target, to + 3 * targetStride, d ^ cd);
        LONGS.set(target, to + 4 * targetStride, e ^ ef << 8);
        LONGS.set(target, to + 5 * targetStride, f ^ ef);
        LONGS.set(target, to + 6 * targetStride, g ^ gh << 8);
        LONGS.set(target, to + 7 * targetStride, h ^ gh);
    }
}
