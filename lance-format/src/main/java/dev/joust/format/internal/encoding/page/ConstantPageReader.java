// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.bytes.ByteCursor;
import dev.joust.format.internal.encoding.compress.BlockDecoder;
import dev.joust.format.internal.encoding.compress.CompressiveEncoding;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.repdef.PageLevels;
import dev.joust.format.internal.encoding.repdef.RepDefUnraveler;
import dev.joust.format.internal.encoding.sink.BitSink;
import dev.joust.format.internal.encoding.sink.DictionarySink;
import dev.joust.format.internal.encoding.sink.FixedSizeListSink;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.LeafSink;
import dev.joust.format.internal.encoding.sink.NoneSink;
import dev.joust.format.internal.encoding.sink.PackedStructSink;
import dev.joust.format.internal.encoding.sink.UnstoredSink;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.encoding.sink.VariableSink;
import dev.joust.format.internal.file.PageInfo;
import dev.joust.io.ByteRange;

/// A page of nothing but nulls and empty lists, or (2.2) of one value and perhaps nulls (spec: file format 3.4).
/// Reading rows of it needs no more bytes than opening it did.
final class ConstantPageReader implements PageReader {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int LEVEL_BITS = 16;
    /// Levels that take no bytes at all are believed up to this number.
    private static final long MAX_FREE_LEVELS = 16 << 20;

    private final PageLevels levels;
    /// The value, a string's without its offsets; null if every slot is null.
    private final @Nullable MemorySegment value;
    /// u16 per entry; null without lists.
    private final @Nullable MemorySegment repetition;
    /// u16 per entry; null if all entries are alike.
    private final @Nullable MemorySegment definition;
    /// The entry where each row starts, and their number; null where row i is entry i.
    private final int @Nullable [] rowStarts;

    private ConstantPageReader(
            PageLevels levels,
            @Nullable MemorySegment value,
            @Nullable MemorySegment repetition,
            @Nullable MemorySegment definition,
            int @Nullable [] rowStarts) {
        this.levels = levels;
        this.value = value;
        this.repetition = repetition;
        this.definition = definition;
        this.rowStarts = rowStarts;
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
        MemorySegment value = null;
        if (layout.inlineValue() != null || valueInBuffer) {
            value = layout.inlineValue() != null
                    ? keep(MemorySegment.ofArray(layout.inlineValue().array()))
                    : bufferedValue(context, column.shape(), bytes.getFirst());
            check(context, column.shape(), value);
        }
        MemorySegment repetition = null;
        MemorySegment definition = null;
        if (bufferCount >= 2) {
            repetition = levels(
                    context, layout.repetition(), layout.repetitionCount(), bytes.get(bufferCount - 2), "repetition");
            definition = levels(
                    context, layout.definition(), layout.definitionCount(), bytes.getLast(), "definition");
        }
        boolean lists = levels.maxRepetition() > 0;
        if (lists != (repetition != null)) {
            throw context.corrupt((lists ? "no" : "") + " repetition levels for layers " + levels.layers());
        }
        if (value == null && definition == null && levels.layers().size() > 1 && levels.maxDefinition() > 0) {
            throw context.corrupt("nulls without levels for layers " + levels.layers());
        }
        long entryCount = repetition == null ? page.length() : repetition.byteSize() / 2;
        if (definition != null && definition.byteSize() / 2 != entryCount) {
            throw context.corrupt(definition.byteSize() / 2 + " definition levels for " + entryCount + " entries");
        }
        boolean mayBeValid = value != null || levels.layers().size() == 1 || column.shape() instanceof ValueShape.None;
        checkDefinition(context, levels, definition, mayBeValid);
        int[] rowStarts = repetition == null
                ? null
                : rowStarts(context, repetition, levels.maxRepetition(), page.length());
        return new ConstantPageReader(levels, value, repetition, definition, rowStarts);
    }

    /// The levels of a buffer, in memory of their own; null if it is empty.
    private static @Nullable MemorySegment levels(
            DecodeContext context,
            @Nullable CompressiveEncoding encoding,
            long count,
            MemorySegment buffer,
            String what) {
        if (encoding == null) {
            if (buffer.byteSize() % 2 != 0) {
                throw context.corrupt(what + " levels of " + buffer.byteSize() + " bytes");
            }
            return buffer.byteSize() == 0 ? null : keep(buffer);
        }
        if (count == 0) {
            return null;
        }
        boolean free = encoding instanceof CompressiveEncoding.OutOfLineBitpacking(long _, long width) && width == 0;
        if (count < 0 || count > (free ? MAX_FREE_LEVELS : Integer.MAX_VALUE / 2)) {
            throw context.corrupt(Long.toUnsignedString(count) + " " + what + " levels in " + buffer.byteSize() + " bytes");
        }
        MemorySegment decoded = new BlockDecoder(context, encoding, LEVEL_BITS).decode(buffer, (int) count);
        return keep(decoded.asSlice(0, 2 * count));
    }

    /// @param mayBeValid whether the page has a value for slots that are not null
    private static void checkDefinition(
            DecodeContext context, PageLevels levels, @Nullable MemorySegment definition, boolean mayBeValid) {
        if (definition == null) {
            if (!mayBeValid) {
                throw context.corrupt("slots that are not null, and no value");
            }
            return;
        }
        for (long at = 0; at < definition.byteSize(); at += 2) {
            int level = definition.get(SHORT, at) & 0xFFFF;
            if (level > levels.maxDefinition() || (level == 0 && !mayBeValid)) {
                throw context.corrupt("definition level " + level + " for layers " + levels.layers()
                        + (mayBeValid ? "" : " in a page without values"));
            }
        }
    }

    private static int[] rowStarts(DecodeContext context, MemorySegment repetition, int maxRepetition, long rowCount) {
        int entryCount = Math.toIntExact(repetition.byteSize() / 2);
        if (rowCount > entryCount || repetition.get(SHORT, 0) != maxRepetition) {
            throw context.corrupt(rowCount + " rows in " + entryCount + " entries, or one that does not begin");
        }
        int[] starts = new int[(int) rowCount + 1];
        int row = 0;
        for (int entry = 0; entry < entryCount; entry++) {
            if (repetition.get(SHORT, 2L * entry) == maxRepetition) {
                if (row == rowCount) {
                    throw context.corrupt("more than " + rowCount + " rows begin among " + entryCount + " entries");
                }
                starts[row++] = entry;
            }
        }
        if (row != rowCount) {
            throw context.corrupt(row + " rows begin among " + entryCount + " entries, not " + rowCount);
        }
        starts[row] = entryCount;
        return starts;
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
            case ValueShape.Dictionary _, ValueShape.FixedSizeList _, ValueShape.PackedStruct _, ValueShape.None _,
                    ValueShape.Unstored _ ->
                throw new UnsupportedFormatException("a constant value for " + shape + " is not read");
        }
    }

    @Override
    public long stateBytes() {
        return 128
                + (value == null ? 0 : value.byteSize())
                + (repetition == null ? 0 : repetition.byteSize())
                + (definition == null ? 0 : definition.byteSize())
                + (rowStarts == null ? 0 : 4L * rowStarts.length);
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
            RepDefUnraveler unraveler = levels.layers().size() == 1 ? null : new RepDefUnraveler(context, levels);
            for (int i = 0; i < rows.count(); i++) {
                long start = rowStarts == null ? rows.start(i) : rowStarts[(int) rows.start(i)];
                long end = rowStarts == null ? rows.end(i) : rowStarts[(int) rows.end(i)];
                int count = Math.toIntExact(end - start);
                MemorySegment definitions = definition == null ? null : definition.asSlice(2 * start, 2L * count);
                if (unraveler == null) {
                    appendFlat(definitions, count, sink);
                } else {
                    MemorySegment repetitions = repetition == null ? null : repetition.asSlice(2 * start, 2L * count);
                    unraveler.open(repetitions, definitions, count);
                    unraveler.append(0, count, sink);
                    appendValues(definitions, count, unraveler.visibleCount(0, count), sink.values());
                }
            }
        }
    }

    private void appendFlat(@Nullable MemorySegment definitions, int count, LeafSink sink) {
        if (value == null) {
            sink.appendNulls(count);
        } else if (definitions == null) {
            sink.appendValid(count);
        } else {
            sink.appendDefinition(definitions, 0, count);
        }
        appendValues(definitions, count, count, sink.values());
    }

    /// Null slots of fixed width get the value too: they hold anything.
    private void appendValues(@Nullable MemorySegment definitions, int count, int visibleCount, ValueSink sink) {
        if (value == null) {
            sink.appendEmpty(visibleCount);
            return;
        }
        switch (sink) {
            case FixedWidthSink fixed -> fixed.appendRepeated(value, 0, visibleCount);
            case BitSink bits -> bits.appendRepeated(value.get(ValueLayout.JAVA_BYTE, 0) != 0, visibleCount);
            case VariableSink variable -> {
                for (int i = 0; i < count; i++) {
                    int level = definitions == null ? 0 : definitions.get(SHORT, 2L * i) & 0xFFFF;
                    if (level <= levels.maxVisible()) {
                        variable.append(Objects.requireNonNull(value), 0, level == 0 ? value.byteSize() : 0);
                    }
                }
            }
            case DictionarySink _, FixedSizeListSink _, NoneSink _, PackedStructSink _, UnstoredSink _ ->
                throw new IllegalStateException(sink.toString()); // refused by open
        }
    }
}
