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
import dev.joust.format.internal.encoding.sink.UnstoredSink;
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
    private final DecodeContext.Scratch widened;
    private int[] picked = {};
    private long[] ends = {};

    DictionaryDecoder(DecodeContext context, MiniBlockDecoder indices, int indexBits, DictionaryValues dictionary) {
        this.context = context;
        this.indices = indices;
        this.indexBytes = indexBits / 8;
        this.dictionary = dictionary;
        this.scratch = context.newScratch();
        this.widened = context.newScratch();
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
        MemorySegment checked = checked(decoded.filled(), count);
        switch (sink) {
            case VariableSink target -> gather(checked, count, target);
            case FixedWidthSink target -> gather(checked, count, target);
            case DictionarySink target -> {
                target.indices().append(checked, 0, count);
                target.advance(dictionary);
            }
            case FixedSizeListSink target -> gather(checked, count, target);
            case BitSink _, NoneSink _, PackedStructSink _, UnstoredSink _ ->
                throw new IllegalStateException(sink.toString()); // no dictionary of such values is decoded
        }
    }

    /// The indices, 4 bytes each, every one of them of an item.
    private MemorySegment checked(MemorySegment decoded, int count) {
        MemorySegment checked = indexBytes == 4 ? decoded : widened.atLeast(4L * Math.max(1, count));
        int last = dictionary.itemCount() - 1;
        int worst = 0; // negative as soon as one index is, or is beyond the last item
        switch (indexBytes) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    int index = decoded.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
                    worst |= last - index;
                    checked.set(INT, 4L * i, index);
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    int index = decoded.get(SHORT, 2L * i) & 0xFFFF;
                    worst |= last - index;
                    checked.set(INT, 4L * i, index);
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    int index = decoded.get(INT, 4L * i);
                    worst |= index | last - index;
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    long index = decoded.get(LONG, 8L * i);
                    worst |= index < 0 || index > last ? -1 : 0;
                    checked.set(INT, 4L * i, (int) index);
                }
            }
        }
        if (worst < 0) {
            throw context.corrupt("an index into a dictionary of " + dictionary.itemCount() + " items is beyond them");
        }
        return checked;
    }

    private void gather(MemorySegment checked, int count, FixedWidthSink target) {
        int width = target.widthBytes();
        long at = target.reserve(count);
        MemorySegment out = target.segment();
        MemorySegment values = dictionary.values();
        switch (width) {
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    out.set(INT, at + 4L * i, values.get(INT, 4L * checked.get(INT, 4L * i)));
                }
            }
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    out.set(LONG, at + 8L * i, values.get(LONG, 8L * checked.get(INT, 4L * i)));
                }
            }
            case 16 -> {
                for (int i = 0; i < count; i++) {
                    long from = 16L * checked.get(INT, 4L * i);
                    out.set(LONG, at + 16L * i, values.get(LONG, from));
                    out.set(LONG, at + 16L * i + 8, values.get(LONG, from + 8));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    long from = (long) width * checked.get(INT, 4L * i);
                    MemorySegment.copy(values, from, out, at + (long) width * i, width);
                }
            }
        }
        target.advance(count);
    }

    private void gather(MemorySegment checked, int count, FixedSizeListSink target) {
        ZippedDecoder.FixedDecoder lists = Objects.requireNonNull(dictionary.lists());
        for (int i = 0; i < count; i++) {
            long start = (long) checked.get(INT, 4L * i) * lists.sizeBytes();
            lists.append(dictionary.values(), start, start + lists.sizeBytes(), target);
        }
    }

    private void gather(MemorySegment checked, int count, VariableSink target) {
        MemorySegment offsets = Objects.requireNonNull(dictionary.offsets());
        if (picked.length < count) {
            picked = new int[count];
            ends = new long[count];
        }
        GrowingSegment bytes = target.bytes();
        long end = bytes.sizeBytes();
        for (int i = 0; i < count; i++) {
            int index = checked.get(INT, 4L * i);
            picked[i] = index;
            end += offsets.get(LONG, 8L * index + 8) - offsets.get(LONG, 8L * index);
            ends[i] = end;
        }
        long at = target.reserveBytes(end - bytes.sizeBytes(), CopyKernels.SLACK_BYTES);
        CopyKernels.gatherStrings(dictionary.values(), offsets, picked, count, bytes.segment(), at);
        target.endValues(ends, count);
    }
}
