// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;

import dev.joust.format.internal.encoding.sink.BitCopy;
import dev.joust.format.internal.encoding.sink.BitSink;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.ValueSink;

/// Values side by side: a bitmap for booleans, otherwise whole bytes (spec: file format 4, `flat`).
final class FlatDecoder implements MiniBlockDecoder {
    private final DecodeContext context;
    private final int bits;
    private MemorySegment values = MemorySegment.NULL;

    FlatDecoder(DecodeContext context, int bits) {
        this.context = context;
        this.bits = bits;
    }

    @Override
    public int bufferCount() {
        return 1;
    }

    @Override
    public void open(MemorySegment[] buffers, int firstBuffer, int valueCount) {
        values = buffers[firstBuffer];
        context.require(values, BitCopy.byteCount((long) valueCount * bits), valueCount + " flat values of " + bits + " bits");
    }

    @Override
    public void append(int from, int to, ValueSink sink) {
        if (sink instanceof BitSink target) {
            target.append(values, from, to - from);
        } else {
            FixedWidthSink target = (FixedWidthSink) sink;
            target.append(values, (long) from * target.widthBytes(), to - from);
        }
    }
}
