// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress.fsst;

import java.util.Arrays;

import dev.joust.format.internal.bytes.LittleEndian;

/// A symbol table made for matching. A symbol is up to 8 bytes in a long, first byte lowest. Symbols of 3 bytes and
/// more share a hash table by their first 3 bytes that keeps one per slot: what does not fit is not added, so that
/// one look finds the longest match. Immutable once trained, then thread-safe.
public final class FsstSymbols {
    static final int MAX_SYMBOLS = 255;
    static final int MAX_SYMBOL_BYTES = 8;

    /// Before a byte that no symbol covers.
    static final int ESCAPE = 255;

    private static final int HASH_SLOTS = 4096;

    /// Serialized size: header, 256 symbols, 256 lengths.
    private static final int TABLE_BYTES = 8 + 256 * 8 + 256;

    private static final int FLAG_COMPRESSED = 1 << 24;
    private static final int MAGIC = 0x46535354;

    private final long[] symbols = new long[MAX_SYMBOLS];
    private final int[] lengths = new int[MAX_SYMBOLS];
    private int count;

    private final long[] longSymbols = new long[HASH_SLOTS];
    private final long[] longMasks = new long[HASH_SLOTS];

    /// `length << 8 | code`, 0 = free.
    private final short[] longCodes = new short[HASH_SLOTS];

    /// By the next two bytes: `length << 8 | code` of a symbol of 2 bytes or 1, 0 = none.
    private final short[] shortCodes = new short[1 << 16];

    /// By the next byte: `1 << 8 | code`, 0 = none. For the last byte of a value.
    private final short[] byteCodes = new short[1 << 8];

    int count() {
        return count;
    }

    long symbol(int code) {
        return symbols[code];
    }

    int length(int code) {
        return lengths[code];
    }

    /// Adds a symbol, whose bytes past `length` are 0.
    ///
    /// @return false where another symbol has its place, or the table is full
    boolean add(long symbol, int length) {
        if (count == MAX_SYMBOLS) {
            return false;
        }
        short code = (short) (length << 8 | count);
        switch (length) {
            case 1 -> {
                int first = (int) symbol;
                if (byteCodes[first] != 0) {
                    return false;
                }
                byteCodes[first] = code;
                for (int second = 0; second < 256; second++) {
                    if (shortCodes[second << 8 | first] == 0) {
                        shortCodes[second << 8 | first] = code;
                    }
                }
            }
            case 2 -> {
                if (shortCodes[(int) symbol] >>> 8 == 2) {
                    return false;
                }
                shortCodes[(int) symbol] = code;
            }
            default -> {
                int slot = hash(symbol);
                if (longCodes[slot] != 0) {
                    return false;
                }
                longSymbols[slot] = symbol;
                longMasks[slot] = mask(length);
                longCodes[slot] = code;
            }
        }
        symbols[count] = symbol;
        lengths[count] = length;
        count++;
        return true;
    }

    private static int hash(long word) {
        int prefix = (int) word & 0xFFFFFF;
        return (prefix * 0x9E3779B1) >>> 20;
    }

    static long mask(int length) {
        return length >= 8 ? -1L : (1L << (length * 8)) - 1;
    }

    /// The longest symbol at the start of `word`, of which `remaining` bytes count (the others are 0):
    /// `length << 8 | code`, or 0 where no symbol matches.
    int match(long word, int remaining) {
        int slot = hash(word);
        int code = longCodes[slot];
        if (code != 0 && (word & longMasks[slot]) == longSymbols[slot] && code >>> 8 <= remaining) {
            return code;
        }
        return remaining >= 2 ? shortCodes[(int) word & 0xFFFF] : byteCodes[(int) word & 0xFF];
    }

    /// Encodes `bytes[start, end)` to `target` from `targetIndex`, which has room for twice the bytes.
    ///
    /// @return the index behind the last byte written
    public int encode(byte[] bytes, int start, int end, byte[] target, int targetIndex) {
        int at = start;
        int to = targetIndex;
        while (at < end) {
            int remaining = end - at;
            long word = word(bytes, at, remaining);
            int code = match(word, remaining);
            if (code == 0) {
                target[to++] = (byte) ESCAPE;
                target[to++] = (byte) word;
                at++;
            } else {
                target[to++] = (byte) code;
                at += code >>> 8;
            }
        }
        return to;
    }

    /// The next 8 bytes, or `remaining` of them and zeros.
    static long word(byte[] bytes, int at, int remaining) {
        if (at + 8 <= bytes.length) {
            return LittleEndian.getLong(bytes, at) & mask(remaining);
        }
        long word = 0;
        for (int i = Math.min(8, remaining) - 1; i >= 0; i--) {
            word = word << 8 | (bytes[at + i] & 0xFF);
        }
        return word;
    }

    /// The table as files hold it.
    ///
    ///     0  u8   symbol count         8      symbols, 8 bytes each
    ///     1  u16  0 (encoder's aids)   8+8n   lengths, one byte each
    ///     3  u8   1: compressed        ...    zeros up to 2312 bytes
    ///     4  4 B  "TSSF"
    public byte[] toBytes() {
        byte[] table = new byte[TABLE_BYTES];
        LittleEndian.putInt(table, 0, count | FLAG_COMPRESSED);
        LittleEndian.putInt(table, 4, MAGIC);
        for (int code = 0; code < count; code++) {
            LittleEndian.putLong(table, 8 + 8 * code, symbols[code]);
            table[8 + 8 * count + code] = (byte) lengths[code];
        }
        return table;
    }

    @Override
    public String toString() {
        return count + " symbols, lengths " + Arrays.toString(Arrays.copyOf(lengths, count));
    }
}
