// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;

import dev.joust.format.internal.encoding.sink.GrowingSegment;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.encoding.sink.VariableSink;

/// Strings of FSST codes, laid out as variable-width values are (spec: file format 4.5).
final class FsstDecoder implements MiniBlockDecoder {
    private final DecodeContext context;
    private final FsstSymbolTable table;
    private final VariableDecoder codes;
    private long[] ends = {};

    FsstDecoder(DecodeContext context, FsstSymbolTable table, VariableDecoder codes) {
        this.context = context;
        this.table = table;
        this.codes = codes;
    }

    @Override
    public int bufferCount() {
        return 1;
    }

    @Override
    public void open(MemorySegment[] buffers, int firstBuffer, int valueCount) {
        codes.open(buffers, firstBuffer, valueCount);
    }

    @Override
    public void append(int from, int to, ValueSink sink) {
        if (!table.isCoded()) {
            codes.append(from, to, sink);
            return;
        }
        VariableSink target = (VariableSink) sink;
        int count = to - from;
        if (ends.length < count) {
            ends = new long[count];
        }
        for (int i = 0; i < count; i++) {
            ends[i] = codes.start(from + i + 1);
        }
        long start = codes.start(from);
        GrowingSegment bytes = target.bytes();
        bytes.reserve(FsstSymbolTable.roomFor(codes.start(to) - start));
        table.decode(context, codes.buffer(), start, ends, count, bytes);
        target.endValues(ends, count);
    }
}
