// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.joust.format.CorruptFileException;
import dev.joust.format.internal.bytes.Bytes;
import dev.joust.format.internal.encoding.sink.GrowingSegment;

/// Symbols that FSST codes stand for (spec: file format 4.5). Immutable, thread-safe.
///
///      0        u8  number of symbols n      3        u8    flags, bit 0: values are coded
///      1        u8  terminator, ignored      4        "TSSF"
///      2        u8  suffix limit, ignored    8        u64 [n] symbols, then u8 [n] their lengths, zeros up to 2312
public final class FsstSymbolTable {
    static final int SIZE_BYTES = 2312;

    private static final int ESCAPE = 255;
    private static final int MAX_SYMBOL_BYTES = 8;
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final boolean coded;
    private final long[] symbols = new long[256];
    /// 0 for codes without symbol.
    private final byte[] lengths = new byte[256];

    private FsstSymbolTable(boolean coded) {
        this.coded = coded;
    }

    /// @throws CorruptFileException without file and offset: the caller knows them
    public static FsstSymbolTable parse(Bytes bytes) {
        if (bytes.size() != SIZE_BYTES) {
            throw new CorruptFileException("FSST symbol table has " + bytes.size() + " bytes, not " + SIZE_BYTES);
        }
        byte[] array = bytes.array();
        if (array[4] != 'T' || array[5] != 'S' || array[6] != 'S' || array[7] != 'F') {
            throw new CorruptFileException("FSST symbol table does not start with its magic");
        }
        int symbolCount = array[0] & 0xFF;
        FsstSymbolTable table = new FsstSymbolTable((array[3] & 1) != 0);
        for (int code = 0; code < symbolCount; code++) {
            int length = array[8 + 8 * symbolCount + code];
            if (length < 1 || length > MAX_SYMBOL_BYTES) {
                throw new CorruptFileException("FSST symbol " + code + " has " + length + " bytes, not 1 to 8");
            }
            long symbol = 0;
            for (int i = 7; i >= 0; i--) {
                symbol = symbol << 8 | (array[8 + 8 * code + i] & 0xFF);
            }
            table.symbols[code] = symbol;
            table.lengths[code] = (byte) length;
        }
        return table;
    }

    /// Whether values are coded at all; if not, they are stored as they are.
    public boolean isCoded() {
        return coded;
    }

    /// Most bytes that `codedBytes` codes can stand for, and the slack that decoding writes beyond.
    public static long roomFor(long codedBytes) {
        return Math.addExact(Math.multiplyExact(codedBytes, MAX_SYMBOL_BYTES), MAX_SYMBOL_BYTES);
    }

    /// Decodes one value to the end of `target`, which has {@link #roomFor} it.
    public void decode(DecodeContext context, MemorySegment source, long start, long end, GrowingSegment target) {
        target.advance(decode(context, source, start, end, target.segment(), target.sizeBytes()) - target.sizeBytes());
    }

    /// Decodes values that lie side by side to behind what `target` holds, which has {@link #roomFor} them.
    ///
    /// @param ends where the codes of each value end in `source`; then, where its bytes end in `target`
    void decode(
            DecodeContext context, MemorySegment source, long start, long[] ends, int count, GrowingSegment target) {
        MemorySegment out = target.segment();
        long from = start;
        long to = target.sizeBytes();
        for (int i = 0; i < count; i++) {
            long end = ends[i];
            to = decode(context, source, from, end, out, to);
            ends[i] = to;
            from = end;
        }
    }

    /// Returns the offset in `out` after the decoded value.
    private long decode(DecodeContext context, MemorySegment source, long start, long end, MemorySegment out, long at) {
        long[] symbol = symbols;
        byte[] symbolLength = lengths;
        long from = start;
        long to = at;
        while (from < end) {
            int code = source.get(ValueLayout.JAVA_BYTE, from++) & 0xFF;
            int length = symbolLength[code];
            if (length != 0) {
                out.set(LONG, to, symbol[code]);
                to += length;
            } else if (code == ESCAPE && from < end) {
                out.set(ValueLayout.JAVA_BYTE, to++, source.get(ValueLayout.JAVA_BYTE, from++));
            } else {
                throw context.corrupt("FSST code " + code + " at byte " + (from - 1 - start) + " of a value has no symbol");
            }
        }
        return to;
    }
}
