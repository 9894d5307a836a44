// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.compress.CompressiveEncoding;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.compress.Sequence;
import dev.joust.format.internal.encoding.repdef.PageLevels;

/// The structure of a sparse page (spec: file format, appendix C) as the levels that a dense page would have, so that
/// everything behind reads both alike. Built root first: entries are rows at first, and each list layer replaces those
/// of its lists that are not empty by their slots.
final class SparseEntries {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Entries that take next to no bytes are believed up to this number.
    private static final long MAX_ENTRIES = 16 << 20;

    private static final int COUNTED_ENTRIES = 1024;

    private final DecodeContext context;
    private final PageLevels levels;
    private final Iterator<MemorySegment> buffers;
    private short[] definition;
    private short[] repetition;
    private int entryCount;
    /// Slots in the domain that the next layer is about.
    private int slotCount;

    private SparseEntries(DecodeContext context, PageLevels levels, int rowCount, Iterator<MemorySegment> buffers) {
        this.context = context;
        this.levels = levels;
        this.buffers = buffers;
        this.entryCount = rowCount;
        this.slotCount = rowCount;
        this.definition = new short[rowCount];
        this.repetition = new short[levels.maxRepetition() == 0 ? 0 : rowCount];
        Arrays.fill(repetition, (short) levels.maxRepetition());
    }

    /// Levels of a page.
    ///
    /// @param definition  u16 per entry; null if all are 0
    /// @param repetition  u16 per entry; null without lists
    /// @param rowStarts   the entry where each row starts, and their number; null where row i is entry i
    /// @param slotsBefore per 1024 entries, leaf slots before them; behind them all slots
    /// @param valuesBefore the same of leaf slots that are not null, nor anything around them
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Levels(
            int entryCount,
            @Nullable MemorySegment definition,
            @Nullable MemorySegment repetition,
            int @Nullable [] rowStarts,
            int maxVisible,
            int[] slotsBefore,
            int[] valuesBefore) {
        int entryOfRow(long row) {
            return rowStarts == null ? (int) row : rowStarts[(int) row];
        }

        int level(int entry) {
            return definition == null ? 0 : definition.get(SHORT, 2L * entry);
        }

        /// Leaf slots of the entries before this one.
        int slotsBefore(int entry) {
            return before(entry, slotsBefore, maxVisible);
        }

        /// Leaf slots with a value, of the entries before this one.
        int valuesBefore(int entry) {
            return before(entry, valuesBefore, 0);
        }

        private int before(int entry, int[] counts, int maxLevel) {
            if (definition == null) {
                return entry;
            }
            int count = counts[entry / COUNTED_ENTRIES];
            for (int i = entry / COUNTED_ENTRIES * COUNTED_ENTRIES; i < entry; i++) {
                count += level(i) <= maxLevel ? 1 : 0;
            }
            return count;
        }

        int slotCount() {
            return slotsBefore(entryCount);
        }

        int valueCount() {
            return valuesBefore(entryCount);
        }

        long stateBytes() {
            return 64
                    + (definition == null ? 0 : definition.byteSize() + 8L * slotsBefore.length)
                    + (repetition == null ? 0 : repetition.byteSize())
                    + (rowStarts == null ? 0 : 4L * rowStarts.length);
        }
    }

    /// @param buffers those of the structure, in order
    static Levels levels(
            DecodeContext context,
            PageLayout.SparseLayout layout,
            PageLevels levels,
            long rowCount,
            List<MemorySegment> buffers) {
        if (rowCount > MAX_ENTRIES) {
            throw context.corrupt("a sparse page of " + rowCount + " rows");
        }
        SparseEntries entries = new SparseEntries(context, levels, (int) rowCount, buffers.iterator());
        int layer = layout.structure().size();
        for (PageLayout.SparseLayer next : layout.structure()) {
            layer--;
            switch (next) {
                case PageLayout.SparseItems(PageLayout.SparseValidity validity) -> entries.items(layer, validity);
                case PageLayout.SparseLists lists -> entries.lists(layer, lists);
                case PageLayout.SparseFixedSizeLists(long dimension, PageLayout.SparseValidity validity) -> {
                    entries.items(layer, validity);
                    entries.spread(layer, dimension);
                }
            }
        }
        return entries.finish((int) rowCount);
    }

    /// Sequences of a page that have a buffer.
    static int bufferCount(DecodeContext context, PageLayout.SparseLayout layout) {
        int count = 0;
        for (PageLayout.SparseLayer layer : layout.structure()) {
            count += switch (layer) {
                case PageLayout.SparseItems(PageLayout.SparseValidity validity) ->
                    payloads(context, validity.positions());
                case PageLayout.SparseFixedSizeLists(long _, PageLayout.SparseValidity validity) ->
                    payloads(context, validity.positions());
                case PageLayout.SparseLists lists ->
                    payloads(context, lists.nonEmptyPositions())
                            + payloads(context, lists.counts())
                            + payloads(context, lists.validity().positions());
            };
        }
        return count;
    }

    private static int payloads(DecodeContext context, CompressiveEncoding sequence) {
        return new Sequence(context, sequence, 64).hasPayload() ? 1 : 0;
    }

    private void items(int layer, PageLayout.SparseValidity validity) {
        BitSet nulls = nulls(validity);
        if (nulls.isEmpty()) {
            return;
        }
        short level = (short) (levels.base(layer) + 1);
        int slot = 0;
        for (int entry = 0; entry < entryCount; entry++) {
            if (definition[entry] <= levels.cap(layer)) {
                if (nulls.get(slot++) && definition[entry] == 0) {
                    definition[entry] = level;
                }
            }
        }
    }

    private void lists(int layer, PageLayout.SparseLists lists) {
        long[] positions = numbers(lists.nonEmptyPositions(), lists.nonEmptyCount());
        checkPositions(positions);
        long[] counts = numbers(lists.counts(), lists.nonEmptyCount());
        BitSet nulls = nulls(lists.validity());
        long children = 0;
        for (long count : counts) {
            if (count <= 0 || count > MAX_ENTRIES) {
                throw context.corrupt("a list of " + Long.toUnsignedString(count) + " slots where it is not empty");
            }
            children += count;
        }
        long newCount = entryCount - (long) positions.length + children;
        if (children != lists.childSlotCount() || newCount > MAX_ENTRIES) {
            throw context.corrupt("lists of " + children + " slots in all, not "
                    + Long.toUnsignedString(lists.childSlotCount()) + ", " + newCount + " entries");
        }
        short[] newDefinition = new short[(int) newCount];
        short[] newRepetition = new short[(int) newCount];
        short nullLevel = (short) (levels.base(layer) + 1);
        short emptyLevel = (short) levels.emptyLevel(layer);
        short inside = (short) levels.listsInside(layer);
        int slot = 0;
        int next = 0;
        int at = 0;
        for (int entry = 0; entry < entryCount; entry++) {
            short level = definition[entry];
            boolean filled = false;
            if (level <= levels.cap(layer)) {
                filled = next < positions.length && positions[next] == slot;
                if (filled && (level != 0 || nulls.get(slot))) {
                    throw context.corrupt("list " + slot + " is null, but has " + counts[next] + " slots");
                }
                if (level == 0 && !filled) {
                    level = nulls.get(slot) ? nullLevel : emptyLevel;
                }
                slot++;
            }
            newDefinition[at] = level;
            newRepetition[at++] = repetition[entry];
            if (filled) {
                int more = (int) counts[next++] - 1;
                Arrays.fill(newRepetition, at, at + more, inside);
                at += more;
            }
        }
        definition = newDefinition;
        repetition = newRepetition;
        entryCount = at;
        slotCount = (int) children;
    }

    /// Each slot of fixed-size lists becomes its items, which are alike in all that is told so far.
    private void spread(int layer, long dimension) {
        long newCount = entryCount + slotCount * (dimension - 1);
        if (dimension > MAX_ENTRIES || newCount > MAX_ENTRIES) {
            throw context.corrupt(slotCount + " lists of " + dimension + " items in a sparse page");
        }
        short[] newDefinition = new short[(int) newCount];
        short[] newRepetition = new short[(int) newCount];
        short inside = (short) levels.listsInside(layer);
        int at = 0;
        for (int entry = 0; entry < entryCount; entry++) {
            short level = definition[entry];
            int items = level <= levels.cap(layer) ? (int) dimension : 1;
            Arrays.fill(newDefinition, at, at + items, level);
            newRepetition[at] = repetition[entry];
            Arrays.fill(newRepetition, at + 1, at + items, inside);
            at += items;
        }
        definition = newDefinition;
        repetition = newRepetition;
        entryCount = at;
        slotCount *= (int) dimension;
    }

    private BitSet nulls(PageLayout.SparseValidity validity) {
        long[] positions = numbers(validity.positions(), validity.positionCount());
        checkPositions(positions);
        BitSet nulls = new BitSet(slotCount);
        for (long position : positions) {
            nulls.set((int) position);
        }
        if (!validity.ofNulls()) {
            nulls.flip(0, slotCount);
        }
        return nulls;
    }

    private long[] numbers(CompressiveEncoding encoding, long count) {
        Sequence sequence = new Sequence(context, encoding, 64);
        MemorySegment payload = MemorySegment.NULL;
        if (sequence.hasPayload()) {
            if (!buffers.hasNext()) {
                throw context.corrupt("no buffer left for positions or counts");
            }
            payload = buffers.next();
        }
        if (count < 0 || count > slotCount) {
            throw context.corrupt(Long.toUnsignedString(count) + " positions among " + slotCount + " slots");
        }
        MemorySegment decoded = sequence.decode(payload, count);
        long[] numbers = new long[(int) count];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = decoded.get(LONG, 8L * i);
        }
        return numbers;
    }

    private void checkPositions(long[] positions) {
        long previous = -1;
        for (long position : positions) {
            if (position <= previous || position >= slotCount) {
                throw context.corrupt("position " + position + " after " + previous + " among " + slotCount + " slots");
            }
            previous = position;
        }
    }

    private Levels finish(int rowCount) {
        boolean anyLevel = false;
        for (int i = 0; i < entryCount && !anyLevel; i++) {
            anyLevel = definition[i] != 0;
        }
        int[] slots = new int[anyLevel ? entryCount / COUNTED_ENTRIES + 1 : 0];
        int[] values = new int[slots.length];
        if (anyLevel) {
            int slot = 0;
            int value = 0;
            for (int i = 0; i <= entryCount; i++) {
                if (i % COUNTED_ENTRIES == 0) {
                    slots[i / COUNTED_ENTRIES] = slot;
                    values[i / COUNTED_ENTRIES] = value;
                }
                if (i < entryCount) {
                    slot += definition[i] <= levels.maxVisible() ? 1 : 0;
                    value += definition[i] == 0 ? 1 : 0;
                }
            }
        }
        boolean lists = levels.maxRepetition() > 0;
        return new Levels(
                entryCount,
                anyLevel ? keep(definition, entryCount) : null,
                lists ? keep(repetition, entryCount) : null,
                lists ? rowStarts(rowCount) : null,
                levels.maxVisible(),
                slots,
                values);
    }

    private int[] rowStarts(int rowCount) {
        int[] starts = new int[rowCount + 1];
        int row = 0;
        for (int entry = 0; entry < entryCount; entry++) {
            if (repetition[entry] == levels.maxRepetition()) {
                starts[row++] = entry;
            }
        }
        starts[row] = entryCount;
        return starts;
    }

    private static MemorySegment keep(short[] levels, int count) {
        MemorySegment kept = Arena.ofAuto().allocate(Math.max(8, 2L * count), 64);
        MemorySegment.copy(levels, 0, kept, SHORT, 0, count);
        return kept.asSlice(0, 2L * count);
    }
}
