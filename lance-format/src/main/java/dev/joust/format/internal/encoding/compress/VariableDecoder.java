// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.encoding.sink.VariableSink;

/// Offsets, then bytes, in one buffer (spec: file format 4.4).
///
///      0              u32|u64 [n + 1]   where each value starts and the last one ends, counted from the buffer's start
///      (n + 1) * w    bytes
final class VariableDecoder implements MiniBlockDecoder {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final DecodeContext context;
    private final int offsetBytes;
    private final @Nullable Sequence sequence;
    private MemorySegment buffer = MemorySegment.NULL;
    private MemorySegment offsets = MemorySegment.NULL;

    VariableDecoder(DecodeContext context, int offsetBytes) {
        this(context, offsetBytes, null);
    }

    private VariableDecoder(DecodeContext context, int offsetBytes, @Nullable Sequence sequence) {
        this.context = context;
        this.offsetBytes = offsetBytes;
        this.sequence = sequence;
    }

    /// Offsets of 2.3: encoded in a buffer of their own, or in none, and counted from the start of the bytes.
    static VariableDecoder withSequence(DecodeContext context, CompressiveEncoding offsets) {
        int bits = Sequence.bits(context, offsets);
        return new VariableDecoder(context, bits / 8, new Sequence(context, offsets, bits));
    }

    @Override
    public int bufferCount() {
        return sequence != null && sequence.hasPayload() ? 2 : 1;
    }

    @Override
    public void open(MemorySegment[] buffers, int firstBuffer, int valueCount) {
        if (sequence == null) {
            buffer = buffers[firstBuffer];
            offsets = buffer;
            context.require(buffer, (valueCount + 1L) * offsetBytes, valueCount + " offsets");
        } else {
            buffer = buffers[firstBuffer + (sequence.hasPayload() ? 1 : 0)];
            offsets = sequence.decode(
                    sequence.hasPayload() ? buffers[firstBuffer] : MemorySegment.NULL, valueCount + 1L);
        }
        checkOffsets(context, offsets, 0, offsetBytes, valueCount, buffer.byteSize());
    }

    /// Fails unless `valueCount + 1` offsets ascend, from 0 or later to at most `limit`.
    static void checkOffsets(
            DecodeContext context, MemorySegment offsets, long at, int offsetBytes, int valueCount, long limit) {
        long worst = 0; // negative as soon as one offset is smaller than the one before it
        long previous = offset(offsets, at, offsetBytes, 0);
        worst |= previous;
        for (int i = 1; i <= valueCount; i++) {
            long next = offset(offsets, at, offsetBytes, i);
            worst |= next - previous;
            previous = next;
        }
        if (worst < 0 || previous > limit) {
            throw context.corrupt("offsets of " + valueCount + " values do not ascend to at most " + limit);
        }
    }

    static long offset(MemorySegment offsets, long at, int offsetBytes, int index) {
        return offsetBytes == 4
                ? Integer.toUnsignedLong(offsets.get(INT, at + 4L * index))
                : offsets.get(LONG, at + 8L * index);
    }

    /// Of the open chunk, value `index`'s start in {@link #buffer}; `index` may be the number of values: the end.
    long start(int index) {
        return offset(offsets, 0, offsetBytes, index);
    }

    /// The open chunk's bytes, that {@link #start} counts from.
    MemorySegment buffer() {
        return buffer;
    }

    @Override
    public void append(int from, int to, ValueSink sink) {
        ((VariableSink) sink)
                .appendAdjacent(buffer, start(from), offsets, (from + 1L) * offsetBytes, offsetBytes, to - from);
    }
}
