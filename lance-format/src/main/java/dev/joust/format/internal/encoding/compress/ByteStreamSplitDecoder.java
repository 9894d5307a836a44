// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;

import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.kernel.DecodeKernels;

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
        DecodeKernels.INSTANCE.joinStreams(8 * widthBytes, split, from, valueCount, to - from, target.segment(), at);
        target.advance(to - from);
    }
}
