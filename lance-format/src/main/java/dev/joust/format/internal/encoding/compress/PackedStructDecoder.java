// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.PackedStructSink;
import dev.joust.format.internal.encoding.sink.ValueSink;

/// Structs of fixed-width fields: a row is its fields side by side, whole bytes each (spec: file format 3.6).
final class PackedStructDecoder implements MiniBlockDecoder {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MiniBlockDecoder rows;
    private final int[] fieldOffsets;
    private final int rowBytes;
    private final DecodeContext.Scratch scratch;

    /// @param rows       decodes whole rows
    /// @param fieldBytes width of each field
    PackedStructDecoder(DecodeContext context, MiniBlockDecoder rows, int[] fieldBytes) {
        this.rows = rows;
        this.fieldOffsets = new int[fieldBytes.length];
        int offset = 0;
        for (int i = 0; i < fieldBytes.length; i++) {
            fieldOffsets[i] = offset;
            offset += fieldBytes[i];
        }
        this.rowBytes = offset;
        this.scratch = context.newScratch();
    }

    @Override
    public int bufferCount() {
        return rows.bufferCount();
    }

    @Override
    public void open(MemorySegment[] buffers, int firstBuffer, int valueCount) {
        rows.open(buffers, firstBuffer, valueCount);
    }

    @Override
    public void append(int from, int to, ValueSink sink) {
        PackedStructSink target = (PackedStructSink) sink;
        int count = to - from;
        FixedWidthSink decoded = new FixedWidthSink((sizeBytes, _) -> scratch.atLeast(sizeBytes), rowBytes, count);
        rows.append(from, to, decoded);
        MemorySegment source = decoded.filled();
        for (int i = 0; i < fieldOffsets.length; i++) {
            if (target.field(i) instanceof FixedWidthSink field) {
                pick(source, fieldOffsets[i], count, field);
            }
        }
        target.advance(count);
    }

    /// One field of every row.
    private void pick(MemorySegment source, int offset, int count, FixedWidthSink target) {
        int width = target.widthBytes();
        long at = target.reserve(count);
        MemorySegment out = target.segment();
        switch (width) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    byte value = source.get(ValueLayout.JAVA_BYTE, offset + (long) i * rowBytes);
                    out.set(ValueLayout.JAVA_BYTE, at + i, value);
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    out.set(SHORT, at + 2L * i, source.get(SHORT, offset + (long) i * rowBytes));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    out.set(INT, at + 4L * i, source.get(INT, offset + (long) i * rowBytes));
                }
            }
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    out.set(LONG, at + 8L * i, source.get(LONG, offset + (long) i * rowBytes));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    MemorySegment.copy(source, offset + (long) i * rowBytes, out, at + (long) i * width, width);
                }
            }
        }
        target.advance(count);
    }
}
