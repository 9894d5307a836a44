// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.rq;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// How the bits that follow the first are packed: blocks of 64 elements, of which the last is filled up with zeros,
/// little endian, 8 bytes for each bit. With v the 64 elements of a block:
///
///     bits 1   bit t of byte b = v[8b + t]
///     bits 2   byte b of 16 = v[b] | v[16 + b] << 2 | v[32 + b] << 4 | v[48 + b] << 6
///     bits 3   the same of the lower two bits, then the top bits
///     bits 4   byte b of each 8 = v[b] | v[8 + b] << 4, of 16 elements after the other
///     bits 5   byte b of each 16 = v[b] | v[16 + b] << 4, of 32 elements after the other, then the top bits
///     bits 6   byte 16k + b, k < 3 = lower 6 bits of v[16k + b] | bits 2k and 2k + 1 of v[48 + b] << 6
///     bits 7   the same of the lower six bits, then the top bits
///     bits 8   bytes
///     top bits: bit 8c + 2k + h of 64 = top bit of v[16k + 8h + c]
final class ExtraBits {
    static final int BLOCK = 64;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long LOW_HALVES = 15 * ONES;
    private static final int WORDS = BLOCK / Long.BYTES;

    private ExtraBits() {}

    /// Bytes of a row.
    static int rowBytes(int dimension, int bits) {
        return paddedDimension(dimension) * bits / Byte.SIZE;
    }

    static int paddedDimension(int dimension) {
        return Math.ceilDiv(dimension, BLOCK) * BLOCK;
    }

    /// Packs a row.
    ///
    /// @param values `byte[paddedDimension]`, each less than `2^bits`
    static void pack(byte[] values, int bits, byte[] packed, int to) {
        for (int block = 0; block < values.length / BLOCK; block++) {
            packBlock(values, block * BLOCK, bits, packed, to + block * bits * Long.BYTES);
        }
    }

    /// Unpacks a row into `byte[paddedDimension]` from `to` on.
    static void unpack(byte[] packed, int from, int bits, int paddedDimension, byte[] values, int to) {
        if (bits == 4) {
            unpackHalves(packed, from, paddedDimension, values, to);
            return;
        }
        for (int block = 0; block < paddedDimension / BLOCK; block++) {
            unpackBlock(packed, from + block * bits * Long.BYTES, bits, values, to + block * BLOCK);
        }
    }

    /// Adds to the values of a row, which have so many bits, the bit above them from its signs.
    static void addSigns(byte[] signs, int from, int signBytes, int bits, byte[] values, int to) {
        for (int i = 0; i < signBytes; i++) {
            int at = to + i * Long.BYTES;
            long added = Long.expand(signs[from + i] & 0xffL, ONES) << bits;
            LONG.set(values, at, (long) LONG.get(values, at) | added);
        }
    }

    /// What most rows have: 4 bits.
    private static void unpackHalves(byte[] packed, int from, int paddedDimension, byte[] values, int to) {
        for (int i = 0; i < paddedDimension / 2; i += Long.BYTES) {
            long word = (long) LONG.get(packed, from + i);
            LONG.set(values, to + 2 * i, word & LOW_HALVES);
            LONG.set(values, to + 2 * i + Long.BYTES, (word >>> 4) & LOW_HALVES);
        }
    }

    private static void packBlock(byte[] values, int from, int bits, byte[] packed, int to) {
        long[] v = new long[WORDS];
        for (int i = 0; i < WORDS; i++) {
            v[i] = (long) LONG.get(values, from + i * Long.BYTES);
        }
        int low = bits == 3 || bits == 5 || bits == 7 ? bits - 1 : bits;
        long mask = ONES * ((1 << low) - 1);
        switch (low) {
            case 1 -> {
                long word = 0;
                for (int i = 0; i < WORDS; i++) {
                    word |= Long.compress(v[i], ONES) << (i * Byte.SIZE);
                }
                LONG.set(packed, to, word);
            }
            case 2 -> {
                for (int i = 0; i < 2; i++) {
                    long word = (v[i] & mask)
                            | ((v[i + 2] & mask) << 2)
                            | ((v[i + 4] & mask) << 4)
                            | ((v[i + 6] & mask) << 6);
                    LONG.set(packed, to + i * Long.BYTES, word);
                }
            }
            case 4 -> {
                // with 4 bits halves of 16 elements lie in one byte, with 5 halves of 32
                int apart = bits == 4 ? 1 : 2;
                for (int i = 0; i < 4; i++) {
                    int first = i / apart * 2 * apart + i % apart;
                    LONG.set(packed, to + i * Long.BYTES, (v[first] & mask) | ((v[first + apart] & mask) << 4));
                }
            }
            case 6 -> {
                for (int i = 0; i < 6; i++) {
                    long rest = (v[6 + i % 2] >>> (i / 2 * 2)) & (ONES * 3);
                    LONG.set(packed, to + i * Long.BYTES, (v[i] & mask) | (rest << 6));
                }
            }
            default -> System.arraycopy(values, from, packed, to, BLOCK);
        }
        if (low < bits) {
            long top = 0;
            for (int i = 0; i < WORDS; i++) {
                top |= ((v[i] >>> low) & ONES) << i;
            }
            LONG.set(packed, to + low * Long.BYTES, top);
        }
    }

    private static void unpackBlock(byte[] packed, int from, int bits, byte[] values, int to) {
        int low = bits == 3 || bits == 5 || bits == 7 ? bits - 1 : bits;
        long mask = ONES * ((1 << low) - 1);
        long top = low < bits ? (long) LONG.get(packed, from + low * Long.BYTES) : 0;
        for (int i = 0; i < WORDS; i++) {
            long word =
                    switch (low) {
                        case 1 -> Long.expand(((long) LONG.get(packed, from) >>> (i * Byte.SIZE)) & 0xff, ONES);
                        case 2 -> ((long) LONG.get(packed, from + i % 2 * Long.BYTES) >>> (i / 2 * 2)) & mask;
                        case 4 -> {
                            int apart = bits == 4 ? 1 : 2;
                            int pair = i / (2 * apart) * apart + i % apart;
                            yield ((long) LONG.get(packed, from + pair * Long.BYTES) >>> (i / apart % 2 * 4)) & mask;
                        }
                        case 6 -> i < 6
                                ? (long) LONG.get(packed, from + i * Long.BYTES) & mask
                                : rest(packed, from, i - 6);
                        default -> (long) LONG.get(packed, from + i * Long.BYTES);
                    };
            LONG.set(values, to + i * Long.BYTES, word | (((top >>> i) & ONES) << low));
        }
    }

    /// Of 6 bits the last 16 elements, 8 at a time: two bits of each are in each of three words.
    private static long rest(byte[] packed, int from, int half) {
        long word = 0;
        for (int k = 0; k < 3; k++) {
            word |= (((long) LONG.get(packed, from + (2 * k + half) * Long.BYTES) >>> 6) & (ONES * 3)) << (2 * k);
        }
        return word;
    }
}
