// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

import dev.joust.format.internal.encoding.sink.BitSink;
import dev.joust.format.internal.encoding.sink.DictionarySink;
import dev.joust.format.internal.encoding.sink.FixedSizeListSink;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.GrowingSegment;
import dev.joust.format.internal.encoding.sink.NoneSink;
import dev.joust.format.internal.encoding.sink.PackedStructSink;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.encoding.sink.VariableSink;
import dev.joust.format.internal.kernel.CopyKernels;

/// Indices into the page's dictionary, replaced by what they stand for (spec: file format 3.2). Null slots hold any
/// index, and it must be one of the dictionary's.
final class DictionaryDecoder implements MiniBlockDecoder {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final DecodeContext context;
    private final MiniBlockDecoder indices;
    private final int indexBytes;
    private final DictionaryValues dictionary;
    private final DecodeContext.Scratch scratch;
    private int[] picked = {};
    private long[] ends = {};

    DictionaryDecoder(DecodeContext context, MiniBlockDecoder indices, int indexBits, DictionaryValues dictionary) {
        this.context = context;
        this.indices = indices;
        this.indexBytes = indexBits / 8;
        this.dictionary = dictionary;
        this.scratch = context.newScratch();
    }

    @Override
    public int bufferCount() {
        return indices.bufferCount();
    }

    @Override
    public void open(MemorySegment[] buffers, int firstBuffer, int valueCount) {
        indices.open(buffers, firstBuffer, valueCount);
    }

    @Override
    public void append(int from, int to, ValueSink sink) {
        int count = to - from;
        FixedWidthSink decoded = new FixedWidthSink((sizeBytes, _) -> scratch.atLeast(sizeBytes), indexBytes, count);
        indices.append(from, to, decoded);
        MemorySegment indexSegment = decoded.filled();
        switch (sink) {
            case VariableSink target -> gather(indexSegment, count, target);
            case FixedWidthSink target -> gather(indexSegment, count, target);
            case DictionarySink target -> keep(indexSegment, count, target);
            case FixedSizeListSink target -> gather(indexSegment, count, target);
            case BitSink _, NoneSink _, PackedStructSink _ ->
                throw new IllegalStateException(sink.toString()); // no dictionary of such values is decoded
        }
    }

    private void keep(MemorySegment decoded, int count, DictionarySink target) {
        FixedWidthSink kept = target.indices();
        long at = kept.reserve(count);
        MemorySegment out = kept.segment();
        for (int i = 0; i < count; i++) {
            out.set(INT, at + 4L * i, index(decoded, i));
        }
        kept.advance(count);
        target.advance(dictionary);
    }

    private int index(MemorySegment decoded, int i) {
        long index = switch (indexBytes) {
            case 1 -> decoded.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
            case 2 -> decoded.get(SHORT, 2L * i) & 0xFFFF;
            case 4 -> decoded.get(INT, 4L * i);
            default -> decoded.get(LONG, 8L * i);
        };
        if (index < 0 || index >= dictionary.itemCount()) {
            throw context.corrupt("index " + index + " into a dictionary of " + dictionary.itemCount() + " items");
        }
        return (int) index;
    }

    private void gather(MemorySegment decoded, int count, FixedWidthSink target) {
        int width = target.widthBytes();
        long at = target.reserve(count);
        MemorySegment out = target.segment();
        MemorySegment values = dictionary.values();
        if (width == 8) {
            for (int i = 0; i < count; i++) {
                out.set(LONG, at + 8L * i, values.get(LONG, 8L * index(decoded, i)));
            }
        } else if (width == 4) {
            for (int i = 0; i < count; i++) {
                out.set(INT, at + 4L * i, values.get(INT, 4L * index(decoded, i)));
            }
        } else {
            for (int i = 0; i < count; i++) {
                MemorySegment.copy(values, (long) width * index(decoded, i), out, at + (long) width * i, width);
            }
        }
        target.advance(count);
    }

    private void gather(MemorySegment decoded, int count, FixedSizeListSink target) {
        ZippedDecoder.FixedDecoder lists = Objects.requireNonNull(dictionary.lists());
        for (int i = 0; i < count; i++) {
            long start = (long) index(decoded, i) * lists.sizeBytes();
            lists.append(dictionary.values(), start, start + lists.sizeBytes(), target);
        }
    }

    private void gather(MemorySegment decoded, int count, VariableSink target) {
        MemorySegment offsets = Objects.requireNonNull(dictionary.offsets());
        if (picked.length < count) {
            picked = new int[count];
            ends = new long[count];
        }
        GrowingSegment bytes = target.bytes();
        long end = bytes.sizeBytes();
        for (int i = 0; i < count; i++) {
            int index = index(decoded, i);
            picked[i] = index;
            end += offsets.get(LONG, 8L * index + 8) - offsets.get(LONG, 8L * index);
            ends[i] = end;
        }
        long at = target.reserveBytes(end - bytes.sizeBytes(), CopyKernels.SLACK_BYTES);
        CopyKernels.gatherStrings(dictionary.values(), offsets, picked, count, bytes.segment(), at);
        target.endValues(ends, count);
    }
}
