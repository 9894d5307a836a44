// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.compress.Sequence;
import dev.joust.format.internal.encoding.repdef.PageLevels;
import dev.joust.format.internal.encoding.repdef.RepDefLayer;
import dev.joust.format.internal.encoding.repdef.RepDefUnraveler;
import dev.joust.format.internal.encoding.sink.LeafSink;
import dev.joust.format.internal.encoding.sink.Nesting;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.file.PageInfo;
import dev.joust.io.ByteRange;

/// A page whose structure is sets of positions (2.3; spec: file format, appendix C). The structure is read when the page
/// is opened; its values are a page of their own with nothing around them, of which rows need a range.
final class SparsePageReader implements PageReader {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final PageLevels levels;
    private final SparseEntries.Levels entries;
    /// What the page counts for each row.
    private final int entriesPerRow;

    private final LeafColumn valueColumn;
    private final PageReader values;
    /// Whether `values` has one for every leaf slot; otherwise for those that are not null, or for items.
    private final boolean everySlot;
    /// The item of each leaf slot; null where values are in order.
    private final int @Nullable [] items;

    private SparsePageReader(
            PageLevels levels,
            SparseEntries.Levels entries,
            int entriesPerRow,
            LeafColumn valueColumn,
            PageReader values,
            boolean everySlot,
            int @Nullable [] items) {
        this.levels = levels;
        this.entries = entries;
        this.entriesPerRow = entriesPerRow;
        this.valueColumn = valueColumn;
        this.values = values;
        this.everySlot = everySlot;
        this.items = items;
    }

    /// Buffers that a page of this layout has.
    static int bufferCount(DecodeContext context, PageLayout.SparseLayout layout) {
        return valueBufferCount(layout) + SparseEntries.bufferCount(context, layout);
    }

    private static int valueBufferCount(PageLayout.SparseLayout layout) {
        return (layout.indices() == null ? 0 : 1)
                + switch (layout.values()) {
                    case PageLayout.MiniBlockLayout chunked -> chunked.dictionary() == null ? 2 : 3;
                    case PageLayout.FullZipLayout zipped -> zipped.variable() ? 2 : 1;
                    case PageLayout.ConstantLayout _, PageLayout.BlobLayout _, PageLayout.SparseLayout _ -> 0;
                };
    }

    /// The buffer that is read by rows; -1 if there is none.
    private static int dataBuffer(PageLayout.SparseLayout layout) {
        return switch (layout.values()) {
            case PageLayout.MiniBlockLayout _ -> 1;
            case PageLayout.FullZipLayout _ -> layout.indices() == null ? 0 : 1;
            case PageLayout.ConstantLayout _, PageLayout.BlobLayout _, PageLayout.SparseLayout _ -> -1;
        };
    }

    /// What {@link #open} needs: all but the values themselves.
    static List<ByteRange> ranges(PageLayout.SparseLayout layout, List<ByteRange> buffers) {
        List<ByteRange> ranges = new ArrayList<>(buffers);
        if (dataBuffer(layout) >= 0) {
            ranges.remove(dataBuffer(layout));
        }
        return ranges;
    }

    /// @param bytes one segment per range of {@link #ranges}
    static SparsePageReader open(
            DecodeContext context,
            PageInfo page,
            LeafColumn column,
            PageLayout.SparseLayout layout,
            PageLevels levels,
            List<MemorySegment> bytes) {
        int valueBuffers = valueBufferCount(layout);
        int smallBuffers = valueBuffers - (dataBuffer(layout) < 0 ? 0 : 1);
        SparseEntries.Levels entries = SparseEntries.levels(
                context,
                layout,
                levels,
                page.length() / column.nesting().entriesPerRow(),
                bytes.subList(smallBuffers, bytes.size()));
        int entriesPerRow = column.nesting().entriesPerRow();
        LeafColumn valueColumn = new LeafColumn(column.field(), column.shape(), Nesting.FLAT, column.version());
        List<ByteRange> buffers = page.buffers().subList(0, valueBuffers);
        List<MemorySegment> small = bytes.subList(0, smallBuffers);
        PageLevels flat = new PageLevels(List.of(RepDefLayer.ALL_VALID_ITEM));
        return switch (layout.values()) {
            case PageLayout.MiniBlockLayout chunked -> {
                PageInfo info = new PageInfo(buffers, entries.slotCount(), page.firstRow(), page.encoding());
                PageReader values = MiniBlockPageReader.open(
                        context, info, valueColumn, ofSlots(chunked, entries.slotCount()), flat, small);
                yield new SparsePageReader(levels, entries, entriesPerRow, valueColumn, values, true, null);
            }
            case PageLayout.FullZipLayout zipped -> {
                boolean indexed = layout.indices() != null;
                if (!indexed && zipped.itemCount() != entries.valueCount()) {
                    throw context.corrupt(zipped.itemCount() + " values for " + entries.valueCount() + " slots that hold one");
                }
                int[] items = indexed ? items(context, layout, small.getFirst(), entries.slotCount(), zipped.itemCount()) : null;
                PageInfo info = new PageInfo(
                        indexed ? buffers.subList(1, buffers.size()) : buffers,
                        zipped.itemCount(),
                        page.firstRow(),
                        page.encoding());
                PageReader values = FullZipPageReader.open(
                        context, info, valueColumn, zipped, flat, indexed ? small.subList(1, small.size()) : small);
                yield new SparsePageReader(levels, entries, entriesPerRow, valueColumn, values, false, items);
            }
            case PageLayout.ConstantLayout constant -> {
                // an empty struct has nothing to hold
                boolean holds = !(column.shape() instanceof ValueShape.None)
                        && !(column.shape() instanceof ValueShape.PackedStruct(var fields, var _) && fields.isEmpty());
                if (constant.inlineValue() == null && holds && entries.valueCount() > 0) {
                    throw context.corrupt("no values for " + entries.valueCount() + " slots that hold one");
                }
                PageInfo info = new PageInfo(List.of(), entries.slotCount(), page.firstRow(), page.encoding());
                PageReader values =
                        ConstantPageReader.open(context, info, valueColumn, constant, flat, List.of());
                yield new SparsePageReader(levels, entries, entriesPerRow, valueColumn, values, true, null);
            }
            case PageLayout.BlobLayout _, PageLayout.SparseLayout _ -> throw context.corrupt("values of " + layout.values());
        };
    }

    private static PageLayout.MiniBlockLayout ofSlots(PageLayout.MiniBlockLayout chunked, long slotCount) {
        return new PageLayout.MiniBlockLayout(
                null,
                null,
                chunked.values(),
                chunked.dictionary(),
                chunked.dictionaryItemCount(),
                chunked.layers(),
                chunked.bufferCount(),
                0,
                slotCount,
                true);
    }

    private static int[] items(
            DecodeContext context, PageLayout.SparseLayout layout, MemorySegment block, int slotCount, long itemCount) {
        Sequence sequence = new Sequence(context, java.util.Objects.requireNonNull(layout.indices()), 32);
        MemorySegment indices = sequence.decode(block, slotCount);
        int[] items = new int[slotCount];
        for (int i = 0; i < slotCount; i++) {
            long item = Integer.toUnsignedLong(indices.get(INT, 4L * i));
            if (item >= itemCount) {
                throw context.corrupt("item " + item + " of " + itemCount);
            }
            items[i] = (int) item;
        }
        return items;
    }

    @Override
    public long stateBytes() {
        return entries.stateBytes() + values.stateBytes() + (items == null ? 0 : 4L * items.length);
    }

    @Override
    public PageRead plan(RowRanges rows) {
        return new Read(rows.dividedBy(entriesPerRow));
    }

    private final class Read implements PageRead {
        private final RowRanges rows;
        private final PageRead valueRead;
        /// The items to read, ascending; null where values are in order.
        private final int @Nullable [] wanted;

        Read(RowRanges rows) {
            this.rows = rows;
            this.wanted = items == null ? null : wantedItems();
            this.valueRead = values.plan(wanted == null ? valueRanges() : rangesOf(wanted));
        }

        /// Ranges of the values, neighbours joined.
        private RowRanges valueRanges() {
            long[] starts = new long[rows.count()];
            long[] ends = new long[rows.count()];
            int count = 0;
            for (int i = 0; i < rows.count(); i++) {
                int from = entries.entryOfRow(rows.start(i));
                int to = entries.entryOfRow(rows.end(i));
                long start = everySlot ? entries.slotsBefore(from) : entries.valuesBefore(from);
                long end = everySlot ? entries.slotsBefore(to) : entries.valuesBefore(to);
                if (start == end) {
                    continue;
                }
                if (count > 0 && ends[count - 1] == start) {
                    ends[count - 1] = end;
                } else {
                    starts[count] = start;
                    ends[count++] = end;
                }
            }
            return RowRanges.of(Arrays.copyOf(starts, count), Arrays.copyOf(ends, count));
        }

        private int[] wantedItems() {
            List<Integer> found = new ArrayList<>();
            for (int i = 0; i < rows.count(); i++) {
                int to = entries.entryOfRow(rows.end(i));
                int entry = entries.entryOfRow(rows.start(i));
                int slot = entries.slotsBefore(entry);
                for (; entry < to; entry++) {
                    int level = entries.level(entry);
                    if (level == 0) {
                        found.add(java.util.Objects.requireNonNull(items)[slot]);
                    }
                    slot += level <= entries.maxVisible() ? 1 : 0;
                }
            }
            return found.stream().mapToInt(Integer::intValue).sorted().distinct().toArray();
        }

        private static RowRanges rangesOf(int[] sorted) {
            return RowRanges.ofRows(Arrays.stream(sorted).asLongStream().toArray(), 0, sorted.length, 0);
        }

        @Override
        public List<ByteRange> ranges() {
            return valueRead.ranges();
        }

        @Override
        public void decode(List<MemorySegment> bytes, DecodeContext context, LeafSink sink) {
            appendStructure(context, sink);
            BufferSource temporary = new Temporary(context.temporary());
            if (everySlot) {
                valueRead.decode(bytes, context, new LeafSink(temporary, context, sink.values()));
                return;
            }
            ValueSink found = valueColumn.shape().newSink(temporary, 0);
            valueRead.decode(bytes, context, new LeafSink(temporary, context, found));
            appendValues(found, sink.values());
        }

        private void appendStructure(DecodeContext context, LeafSink sink) {
            RepDefUnraveler unraveler = levels.layers().size() == 1 ? null : new RepDefUnraveler(context, levels);
            for (int i = 0; i < rows.count(); i++) {
                int from = entries.entryOfRow(rows.start(i));
                int to = entries.entryOfRow(rows.end(i));
                MemorySegment definition = entries.definition();
                if (unraveler == null && definition == null) {
                    sink.appendValid(to - from);
                } else if (unraveler == null) {
                    sink.appendDefinition(java.util.Objects.requireNonNull(definition), from, to);
                } else {
                    MemorySegment repetition = entries.repetition();
                    unraveler.open(
                            repetition == null ? null : repetition.asSlice(2L * from, 2L * (to - from)),
                            definition == null ? null : definition.asSlice(2L * from, 2L * (to - from)),
                            to - from);
                    unraveler.append(0, to - from, sink);
                }
            }
        }

        /// Each slot's value, out of those that were read; nothing for slots that hold none.
        private void appendValues(ValueSink found, ValueSink target) {
            int next = 0;
            for (int i = 0; i < rows.count(); i++) {
                int to = entries.entryOfRow(rows.end(i));
                int entry = entries.entryOfRow(rows.start(i));
                int slot = entries.slotsBefore(entry);
                while (entry < to) {
                    int runStart = entry;
                    int level = entries.level(entry);
                    while (entry < to && entries.level(entry) == level) {
                        entry++;
                    }
                    int count = entry - runStart;
                    if (level == 0 && wanted == null) {
                        SlotCopy.append(found, next, count, target);
                        next += count;
                    } else if (level == 0) {
                        appendItems(found, slot, count, target);
                    } else if (level <= entries.maxVisible()) {
                        target.appendEmpty(count);
                    }
                    slot += level <= entries.maxVisible() ? count : 0;
                }
            }
        }

        private void appendItems(ValueSink found, int firstSlot, int count, ValueSink target) {
            for (int slot = firstSlot; slot < firstSlot + count; slot++) {
                int item = java.util.Objects.requireNonNull(items)[slot];
                SlotCopy.append(found, Arrays.binarySearch(java.util.Objects.requireNonNull(wanted), item), 1, target);
            }
        }
    }

    /// Temporary memory of a task, as sinks want it.
    private record Temporary(SegmentAllocator memory) implements BufferSource {
        @Override
        public MemorySegment allocate(long sizeBytes) {
            return memory.allocate(sizeBytes, 64);
        }

        @Override
        public void close() {}
    }
}
