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
        GrowingSegment bytes = target.bytes();
        long start = codes.start(from);
        bytes.reserve(FsstSymbolTable.roomFor(codes.start(to) - start));
        for (int i = from; i < to; i++) {
            long end = codes.start(i + 1);
            table.decode(context, codes.buffer(), start, end, bytes);
            target.endValue();
            start = end;
        }
    }
}
