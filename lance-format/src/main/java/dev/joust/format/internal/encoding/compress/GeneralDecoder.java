// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;

import dev.joust.format.internal.encoding.sink.ValueSink;

/// A general-purpose compression around another encoding: of each chunk its first buffer, the others are as they are
/// (spec: file format 4.8).
final class GeneralDecoder implements MiniBlockDecoder {
    private final Decompressor decompressor;
    private final MiniBlockDecoder inner;
    private final MemorySegment[] innerBuffers;

    GeneralDecoder(DecodeContext context, CompressionScheme scheme, MiniBlockDecoder inner) {
        this.decompressor = new Decompressor(context, scheme);
        this.inner = inner;
        this.innerBuffers = new MemorySegment[inner.bufferCount()];
    }

    @Override
    public int bufferCount() {
        return inner.bufferCount();
    }

    @Override
    public void open(MemorySegment[] buffers, int firstBuffer, int valueCount) {
        System.arraycopy(buffers, firstBuffer, innerBuffers, 0, innerBuffers.length);
        innerBuffers[0] = decompressor.decompress(buffers[firstBuffer]);
        inner.open(innerBuffers, 0, valueCount);
    }

    @Override
    public void append(int from, int to, ValueSink sink) {
        inner.append(from, to, sink);
    }
}
