// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.ValueSink;

/// Byte j of value i at `j * n + i` (spec: file format 4.7).
final class ByteStreamSplitDecoder implements MiniBlockDecoder {
    private final DecodeContext context;
    private final int widthBytes;
    private MemorySegment split = MemorySegment.NULL;
    private int valueCount;

    ByteStreamSplitDecoder(DecodeContext context, int bits) {
        this.context = context;
        this.widthBytes = bits / 8;
    }

    @Override
    public int bufferCount() {
        return 1;
    }

    @Override
    public void open(MemorySegment[] buffers, int firstBuffer, int newValueCount) {
        split = buffers[firstBuffer];
        valueCount = newValueCount;
        context.require(split, (long) valueCount * widthBytes, valueCount + " values split in bytes");
    }

    @Override
    public void append(int from, int to, ValueSink sink) {
        FixedWidthSink target = (FixedWidthSink) sink;
        long at = target.reserve(to - from);
        MemorySegment out = target.segment();
        for (int j = 0; j < widthBytes; j++) {
            long stream = (long) j * valueCount;
            for (int i = from; i < to; i++) {
                out.set(
                        ValueLayout.JAVA_BYTE,
                        at + (long) (i - from) * widthBytes + j,
                        split.get(ValueLayout.JAVA_BYTE, stream + i));
            }
        }
        target.advance(to - from);
    }
}
