// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress.fsst;

import java.util.Arrays;

/// Finds a symbol table for a page of strings: some rounds over growing parts of a sample, each of which encodes it
/// with the table so far, counts symbols and neighbouring pairs, and keeps those that would save most.
/// The same values give the same table. Not thread-safe.
public final class FsstTrainer {
    private static final int SAMPLE_BYTES = 16 << 10;
    private static final int SAMPLE_PIECE_BYTES = 512;

    /// Shares of the sample, in 128ths, that the rounds look at. Nearly all of it several times over makes longer
    /// symbols; the last round only weighs what there is.
    private static final int[] ROUND_SHARES = {8, 38, 68, 98, 127, 127, 127, 128};

    /// Codes 0..254 are symbols of the table, `LITERALS + b` is byte b without a symbol.
    private static final int LITERALS = 256;

    private static final int CODES = 512;

    private final byte[] sample;
    private final int[] sampleEnds;
    private final int sampleCount;

    private final int[] singles = new int[CODES];
    private final int[] pairs = new int[CODES * CODES];

    private FsstTrainer(byte[] bytes, int[] offsets, int count) {
        byte[] chosen = new byte[SAMPLE_BYTES + SAMPLE_PIECE_BYTES];
        int[] ends = new int[Math.min(count, SAMPLE_BYTES) + 1];
        int pieces = 0;
        int filled = 0;
        boolean all = offsets[count] <= SAMPLE_BYTES;
        long random = 0x9E3779B97F4A7C15L;
        for (int attempt = 0; filled < SAMPLE_BYTES && pieces < ends.length; attempt++) {
            if (attempt == (all ? count : 4 * ends.length)) {
                break;
            }
            random = random * 6364136223846793005L + 1442695040888963407L;
            int value = all ? attempt : (int) ((random >>> 33) % count);
            int length = offsets[value + 1] - offsets[value];
            if (length == 0) {
                continue;
            }
            int piece = Math.min(SAMPLE_PIECE_BYTES, length);
            int start = all || length == piece ? 0 : (int) ((random >>> 17 & 0xFFFFFF) % (length - piece + 1));
            int taken = all ? Math.min(length, SAMPLE_BYTES - filled) : piece;
            System.arraycopy(bytes, offsets[value] + start, chosen, filled, taken);
            filled += taken;
            ends[pieces++] = filled;
        }
        sample = chosen;
        sampleEnds = ends;
        sampleCount = pieces;
    }

    /// A table for values that lie in `bytes` between neighbouring `offsets`.
    public static FsstSymbols train(byte[] bytes, int[] offsets, int count) {
        return new FsstTrainer(bytes, offsets, count).train();
    }

    private FsstSymbols train() {
        FsstSymbols symbols = new FsstSymbols();
        FsstSymbols best = symbols;
        long bestBytes = Long.MAX_VALUE;
        for (int share : ROUND_SHARES) {
            count(symbols, share);
            symbols = improve(symbols, share);
            long sizeBytes = encodedBytes(symbols);
            if (sizeBytes <= bestBytes) {
                bestBytes = sizeBytes;
                best = symbols;
            }
        }
        return best;
    }

    private long encodedBytes(FsstSymbols symbols) {
        long total = 0;
        int at = 0;
        for (int piece = 0; piece < sampleCount; piece++) {
            while (at < sampleEnds[piece]) {
                int remaining = sampleEnds[piece] - at;
                int code = symbols.match(FsstSymbols.word(sample, at, remaining), remaining);
                total += code == 0 ? 2 : 1;
                at += code == 0 ? 1 : code >>> 8;
            }
        }
        return total;
    }

    /// Encodes a share of the sample and counts what was used, alone and after what.
    private void count(FsstSymbols symbols, int share) {
        Arrays.fill(singles, 0);
        Arrays.fill(pairs, 0);
        int start = 0;
        for (int piece = 0; piece < sampleCount; piece++) {
            int end = sampleEnds[piece];
            if ((piece * 71 & 127) < share) {
                countPiece(symbols, start, end, share < 128);
            }
            start = end;
        }
    }

    private void countPiece(FsstSymbols symbols, int start, int end, boolean withPairs) {
        int previous = -1;
        int at = start;
        while (at < end) {
            int remaining = end - at;
            long word = FsstSymbols.word(sample, at, remaining);
            int code = symbols.match(word, remaining);
            int used = code == 0 ? LITERALS | ((int) word & 0xFF) : code & 0xFF;
            int length = code == 0 ? 1 : code >>> 8;
            singles[used]++;
            if (withPairs && previous >= 0) {
                pairs[previous * CODES + used]++;
            }
            if (length > 1) {
                // The first byte alone too, so that a byte that symbols have swallowed can come back
                int literal = LITERALS | ((int) word & 0xFF);
                singles[literal]++;
                if (withPairs && previous >= 0) {
                    pairs[previous * CODES + literal]++;
                }
            }
            previous = used;
            at += length;
        }
    }

    /// The table of those symbols and joined pairs that save most.
    private FsstSymbols improve(FsstSymbols symbols, int share) {
        var candidates = new Candidates();
        int threshold = Math.max(1, 5 * share / 128);
        for (int code = 0; code < CODES; code++) {
            if (singles[code] == 0) {
                continue;
            }
            int length = length(symbols, code);
            long symbol = symbol(symbols, code);
            if (singles[code] >= threshold) {
                // A byte without a symbol costs two, so single bytes count for more than they save
                candidates.add(symbol, length, (long) singles[code] * length * (length == 1 ? 8 : 1));
            }
            if (share == 128 || length == FsstSymbols.MAX_SYMBOL_BYTES) {
                continue;
            }
            for (int next = 0; next < CODES; next++) {
                int uses = pairs[code * CODES + next];
                if (uses >= threshold) {
                    int joined = Math.min(FsstSymbols.MAX_SYMBOL_BYTES, length + length(symbols, next));
                    long bytes = (symbol | symbol(symbols, next) << (8 * length)) & FsstSymbols.mask(joined);
                    candidates.add(bytes, joined, (long) uses * joined);
                }
            }
        }
        return candidates.best();
    }

    private static long symbol(FsstSymbols symbols, int code) {
        return code >= LITERALS ? code - LITERALS : symbols.symbol(code);
    }

    private static int length(FsstSymbols symbols, int code) {
        return code >= LITERALS ? 1 : symbols.length(code);
    }

    /// Symbols by the bytes they would save, gains of equal ones added up.
    private static final class Candidates {
        private long[] symbols = new long[1 << 13];
        private byte[] lengths = new byte[1 << 13];
        private long[] gains = new long[1 << 13];
        private int count;

        void add(long symbol, int length, long gain) {
            if (count * 2 > symbols.length) {
                grow();
            }
            int at = find(symbol, length);
            if (lengths[at] == 0) {
                symbols[at] = symbol;
                lengths[at] = (byte) length;
                count++;
            }
            gains[at] += gain;
        }

        private int find(long symbol, int length) {
            int mask = symbols.length - 1;
            long hash = (symbol ^ length * 0x2545F4914F6CDD1DL) * 0x9E3779B97F4A7C15L;
            int at = (int) (hash >>> 40) & mask;
            while (lengths[at] != 0 && (symbols[at] != symbol || lengths[at] != length)) {
                at = at + 1 & mask;
            }
            return at;
        }

        private void grow() {
            long[] oldSymbols = symbols;
            byte[] oldLengths = lengths;
            long[] oldGains = gains;
            symbols = new long[oldSymbols.length * 2];
            lengths = new byte[oldLengths.length * 2];
            gains = new long[oldGains.length * 2];
            for (int i = 0; i < oldSymbols.length; i++) {
                if (oldLengths[i] != 0) {
                    int at = find(oldSymbols[i], oldLengths[i]);
                    symbols[at] = oldSymbols[i];
                    lengths[at] = oldLengths[i];
                    gains[at] = oldGains[i];
                }
            }
        }

        FsstSymbols best() {
            // Gains stay far below 2^40: 16 KiB of sample, 8 bytes a symbol, a factor of 8
            long[] order = new long[count];
            int filled = 0;
            for (int i = 0; i < symbols.length; i++) {
                if (lengths[i] != 0) {
                    order[filled++] = gains[i] << 24 | i;
                }
            }
            Arrays.sort(order);
            FsstSymbols best = new FsstSymbols();
            for (int i = order.length - 1; i >= 0 && best.count() < FsstSymbols.MAX_SYMBOLS; i--) {
                int at = (int) order[i] & 0xFFFFFF;
                best.add(symbols[at], lengths[at]);
            }
            return best;
        }
    }
}
