// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.bytes.ByteCursor;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.repdef.PageLevels;
import dev.joust.format.internal.encoding.sink.BitSink;
import dev.joust.format.internal.encoding.sink.FixedSizeListSink;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.LeafSink;
import dev.joust.format.internal.encoding.sink.NoneSink;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.encoding.sink.VariableSink;
import dev.joust.format.internal.file.PageInfo;
import dev.joust.io.ByteRange;

/// A page of nothing but nulls, or (2.2) of one value and perhaps nulls (spec: file format 3.4). Reading rows of it
/// needs no more bytes than opening it did.
final class ConstantPageReader implements PageReader {
    /// The value, a string's without its offsets; null if every row is null.
    private final @Nullable MemorySegment value;
    /// u16 per row; null if all rows are alike.
    private final @Nullable MemorySegment definition;

    private ConstantPageReader(@Nullable MemorySegment value, @Nullable MemorySegment definition) {
        this.value = value;
        this.definition = definition;
    }

    /// @param bytes all buffers of the page
    static ConstantPageReader open(
            DecodeContext context,
            PageInfo page,
            LeafColumn column,
            PageLayout.ConstantLayout layout,
            PageLevels levels,
            List<MemorySegment> bytes) {
        int bufferCount = bytes.size();
        if (bufferCount > 3) {
            throw context.corrupt(bufferCount + " buffers of a constant page, at most 3 are known");
        }
        boolean valueInBuffer = layout.inlineValue() == null && (bufferCount == 1 || bufferCount == 3);
        if (layout.inlineValue() == null && !valueInBuffer) {
            return new ConstantPageReader(null, null);
        }
        MemorySegment value = layout.inlineValue() != null
                ? keep(MemorySegment.ofArray(layout.inlineValue().array()))
                : bufferedValue(context, column.shape(), bytes.getFirst());
        check(context, column.shape(), value);
        MemorySegment definition = null;
        if (bufferCount >= 2 && bytes.getLast().byteSize() > 0) {
            definition = bytes.getLast();
            context.require(definition, Math.multiplyExact(2, page.length()), "definition levels of " + page.length() + " rows");
            definition = keep(definition);
        }
        return new ConstantPageReader(value, definition);
    }

    private static MemorySegment keep(MemorySegment bytes) {
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, bytes.byteSize()), 8);
        MemorySegment.copy(bytes, 0, copy, 0, bytes.byteSize());
        return copy.asSlice(0, bytes.byteSize());
    }

    /// The Arrow buffers of an array of one element.
    ///
    ///      0  u32 n    4  u32 [n] sizes    4 + 4n  the buffers: the value, or offsets and bytes
    private static MemorySegment bufferedValue(DecodeContext context, ValueShape shape, MemorySegment buffer) {
        ByteCursor cursor = new ByteCursor(context.file(), 0, buffer);
        long count = cursor.u32("number of value buffers");
        if (count > buffer.byteSize() / 4) {
            throw context.corrupt(count + " value buffers in " + buffer.byteSize() + " bytes");
        }
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sizes.add(cursor.u32("size of a value buffer"));
        }
        List<MemorySegment> buffers = new ArrayList<>();
        for (long size : sizes) {
            buffers.add(cursor.bytes(size, "value buffer"));
        }
        if (!(shape instanceof ValueShape.Variable(int offsetBytes))) {
            if (buffers.size() != 1) {
                throw context.corrupt(buffers.size() + " buffers for one value of " + shape);
            }
            return keep(buffers.getFirst());
        }
        if (buffers.size() != 2) {
            throw context.corrupt(buffers.size() + " buffers for one string");
        }
        ByteCursor offsets = new ByteCursor(context.file(), 0, buffers.getFirst());
        long start = offsetBytes == 4 ? offsets.u32("start") : offsets.size64("start");
        long end = offsetBytes == 4 ? offsets.u32("end") : offsets.size64("end");
        if (start > end || end > buffers.get(1).byteSize()) {
            throw context.corrupt("a string from " + start + " to " + end + " of " + buffers.get(1).byteSize());
        }
        return keep(buffers.get(1).asSlice(start, end - start));
    }

    private static void check(DecodeContext context, ValueShape shape, MemorySegment value) {
        switch (shape) {
            case ValueShape.Fixed(int bits) -> {
                if (value.byteSize() != Math.max(1, bits / 8)) {
                    throw context.corrupt("a constant of " + value.byteSize() + " bytes for " + shape);
                }
            }
            case ValueShape.Variable _ -> {}
            case ValueShape.FixedSizeList _, ValueShape.None _ ->
                throw new UnsupportedFormatException("a constant value for " + shape + " is not read");
        }
    }

    @Override
    public long stateBytes() {
        return 128 + (value == null ? 0 : value.byteSize()) + (definition == null ? 0 : definition.byteSize());
    }

    @Override
    public PageRead plan(RowRanges rows) {
        return new Read(rows);
    }

    private final class Read implements PageRead {
        private final RowRanges rows;

        Read(RowRanges rows) {
            this.rows = rows;
        }

        @Override
        public List<ByteRange> ranges() {
            return List.of();
        }

        @Override
        public void decode(List<MemorySegment> bytes, DecodeContext context, LeafSink sink) {
            for (int i = 0; i < rows.count(); i++) {
                int count = Math.toIntExact(rows.end(i) - rows.start(i));
                if (value == null) {
                    sink.appendNulls(count);
                    sink.values().appendEmpty(count);
                    continue;
                }
                @Nullable MemorySegment levels =
                        definition == null ? null : definition.asSlice(2 * rows.start(i), 2L * count);
                if (levels == null) {
                    sink.appendValid(count);
                } else {
                    sink.appendDefinition(levels, 0, count);
                }
                appendValue(value, levels, count, sink.values());
            }
        }
    }

    /// Null rows of fixed width get the value too: their slots hold anything.
    private static void appendValue(
            MemorySegment value, @Nullable MemorySegment levels, int count, ValueSink sink) {
        switch (sink) {
            case FixedWidthSink fixed -> fixed.appendRepeated(value, 0, count);
            case BitSink bits -> bits.appendRepeated(value.get(ValueLayout.JAVA_BYTE, 0) != 0, count);
            case VariableSink variable -> {
                for (int i = 0; i < count; i++) {
                    boolean valid = levels == null || levels.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i) == 0;
                    variable.append(value, 0, valid ? value.byteSize() : 0);
                }
            }
            case FixedSizeListSink _, NoneSink _ -> throw new IllegalStateException(sink.toString()); // refused by open
        }
    }
}
