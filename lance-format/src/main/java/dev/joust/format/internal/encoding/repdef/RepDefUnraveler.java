// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.repdef;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.sink.BitCopy;
import dev.joust.format.internal.encoding.sink.LayerSink;
import dev.joust.format.internal.encoding.sink.LeafSink;
import dev.joust.format.internal.encoding.sink.Nesting;
import dev.joust.format.internal.encoding.sink.OffsetSink;
import dev.joust.format.internal.encoding.sink.ValiditySink;
import dev.joust.format.internal.kernel.DecodeKernels;

/// Turns the repetition and definition levels of entries into the validity and the offsets of each layer (spec: file
/// format 3.1). One per page and task, not thread-safe.
///
/// Works on bitmaps, one bit per entry: a level is only ever compared with bounds, 64 entries become a word, and
/// a layer's slots are picked out of a word at once.
public final class RepDefUnraveler {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final DecodeContext context;
    private final PageLevels levels;
    private final Below repetitionBelow;
    private final Below definitionBelow;
    private final DecodeContext.Scratch packed;
    private int entryCount;

    /// Select support over the row starts of the open entries: how far it got.
    private int rowWord;
    private int rowsBeforeWord;

    public RepDefUnraveler(DecodeContext context, PageLevels levels) {
        this.context = context;
        this.levels = levels;
        this.repetitionBelow = new Below(levels.maxRepetition());
        this.definitionBelow = new Below(levels.maxDefinition());
        this.packed = context.newScratch();
    }

    /// Takes the next entries, a chunk or a row at a time. Checks that no level is too high.
    ///
    /// @param repetition u16 each, native; null only without lists
    /// @param definition u16 each, native; null if all are 0
    public void open(@Nullable MemorySegment repetition, @Nullable MemorySegment definition, int newEntryCount) {
        if (repetition == null && levels.maxRepetition() > 0) {
            throw context.corrupt("no repetition levels for layers " + levels.layers());
        }
        entryCount = newEntryCount;
        rowWord = 0;
        rowsBeforeWord = 0;
        repetitionBelow.open(levels.maxRepetition() == 0 ? null : repetition, "repetition");
        definitionBelow.open(levels.maxDefinition() == 0 ? null : definition, "definition");
        if (levels.maxDefinition() == 0 && definition != null) {
            checkZero(definition);
        }
    }

    private void checkZero(MemorySegment definition) {
        MemorySegment bits = packed.atLeast(BitCopy.byteCount(entryCount));
        DecodeKernels.INSTANCE.lessThan(1, definition, 0, entryCount, bits, 0);
        if (BitCopy.countZeros(bits, 0, entryCount) > 0) {
            throw context.corrupt("definition levels above 0 for layers " + levels.layers());
        }
    }

    public int entryCount() {
        return entryCount;
    }

    /// How many of entries `[from, to)` have a slot among the values.
    public int visibleCount(int from, int to) {
        MemorySegment visible = definitionBelow.bits(levels.maxVisible() + 1);
        return visible == null ? to - from : to - from - (int) BitCopy.countZeros(visible, from, to - from);
    }

    /// Rows that start among the entries.
    public int rowStartCount() {
        MemorySegment inside = repetitionBelow.bits(levels.maxRepetition());
        return inside == null ? entryCount : (int) BitCopy.countZeros(inside, 0, entryCount);
    }

    /// The entry where row number `index` of those that start here starts; for the number of them, the number of
    /// entries. Fastest if asked in ascending order.
    public int rowStart(int index) {
        MemorySegment inside = repetitionBelow.bits(levels.maxRepetition());
        if (inside == null) {
            return index;
        }
        if (index < rowsBeforeWord) {
            rowWord = 0;
            rowsBeforeWord = 0;
        }
        for (; rowWord * 64 < entryCount; rowWord++) {
            long starts = ~inside.get(LONG, 8L * rowWord) & wordMask(rowWord, 0, entryCount);
            int count = Long.bitCount(starts);
            if (index < rowsBeforeWord + count) {
                for (int skip = index - rowsBeforeWord; skip > 0; skip--) {
                    starts &= starts - 1;
                }
                return rowWord * 64 + Long.numberOfTrailingZeros(starts);
            }
            rowsBeforeWord += count;
        }
        return entryCount;
    }

    /// Appends what entries `[from, to)` say of every layer that the sink gathers. Values are not touched.
    public void append(int from, int to, LeafSink sink) {
        if (from == to) {
            return;
        }
        if (!levels.hasRepeated() && sink.nesting().hasFixedSizeListsInLists()) {
            appendThinned(0, from, to, sink.entryCount(), sink);
            sink.advanceEntries(to - from);
            return;
        }
        int entriesPerSlot = 1;
        for (int layer = 0; layer < levels.layers().size(); layer++) {
            if (sink.nesting().layers().get(layer) instanceof Nesting.Layer.FixedSizeList(int dimension)
                    && !levels.isRepeated(layer)) {
                entriesPerSlot *= dimension;
            }
            LayerSink target = sink.layer(layer);
            if (target == null) {
                continue;
            }
            OffsetSink offsets = target.offsets();
            if (offsets != null) {
                appendLists(layer, from, to, offsets, target.validity());
            } else if (entriesPerSlot > 1) {
                appendStrided(layer, from, to, sink.entryCount(), entriesPerSlot, target.validity());
            } else {
                appendItems(layer, from, to, target.validity());
            }
        }
        if (entriesPerSlot > 1) {
            sink.advanceEntries(rowStartsBetween(from, to));
        }
    }

    /// Fixed-size lists of structs in lists: every item has an entry, which repeats all that is said of its list. So from
    /// that layer on every `dimension`-th entry tells it all. Writers do not make such pages where a list is null or
    /// empty; nor do they where the items hold lists (those are refused before).
    ///
    /// @param first         the layer to begin with
    /// @param entriesBefore entries that the sink got so far
    private void appendThinned(int first, int from, int to, long entriesBefore, LeafSink sink) {
        for (int layer = first; layer < levels.layers().size(); layer++) {
            if (layer > first && sink.nesting().layers().get(layer) instanceof Nesting.Layer.FixedSizeList(int dimension)) {
                int next = from + (int) (Math.ceilDiv(entriesBefore, (long) dimension) * dimension - entriesBefore);
                int count = next >= to ? 0 : Math.ceilDiv(to - next, dimension);
                if (count > 0) {
                    RepDefUnraveler thinned = new RepDefUnraveler(context, levels);
                    thinned.open(
                            thin(repetitionBelow.source, next, dimension, count),
                            thin(definitionBelow.source, next, dimension, count),
                            count);
                    thinned.appendThinned(layer, 0, count, Math.ceilDiv(entriesBefore, (long) dimension), sink);
                }
                return;
            }
            LayerSink target = sink.layer(layer);
            if (target != null && target.offsets() != null) {
                appendLists(layer, from, to, target.offsets(), target.validity());
            } else if (target != null) {
                appendItems(layer, from, to, target.validity());
            }
        }
    }

    private @Nullable MemorySegment thin(@Nullable MemorySegment source, int from, int step, int count) {
        if (source == null) {
            return null;
        }
        MemorySegment target = context.newScratch().atLeast(2L * count);
        for (int i = 0; i < count; i++) {
            target.set(SHORT, 2L * i, source.get(SHORT, 2L * (from + (long) i * step)));
        }
        return target;
    }

    private void appendItems(int layer, int from, int to, ValiditySink validity) {
        int repeatedInside = levels.listsInside(layer) + (levels.isRepeated(layer) ? 1 : 0);
        MemorySegment inside = repetitionBelow.bits(repeatedInside);
        MemorySegment exists = definitionBelow.bits(levels.cap(layer) + 1);
        MemorySegment valid = levels.base(layer) == levels.cap(layer)
                ? null
                : definitionBelow.bits(levels.base(layer) + 1);
        if (inside == null && exists == null) {
            if (valid == null) {
                validity.appendValid(to - from);
            } else {
                validity.append(valid, from, to - from);
            }
            return;
        }
        Packer packer = new Packer(to - from);
        for (int word = from >>> 6; word <= (to - 1) >>> 6; word++) {
            long slots = wordMask(word, from, to) & ~wordOr(inside, word, 0) & wordOr(exists, word, -1);
            packer.add(wordOr(valid, word, -1), slots);
        }
        packer.appendTo(validity, valid == null);
    }

    private void appendLists(int layer, int from, int to, OffsetSink offsets, ValiditySink validity) {
        int base = levels.base(layer);
        int cap = levels.cap(layer);
        int empty = levels.emptyLevel(layer);
        MemorySegment inItem = repetitionBelow.bits(levels.listsInside(layer));
        MemorySegment inList = repetitionBelow.bits(levels.listsInside(layer) + 1);
        MemorySegment exists = definitionBelow.bits(cap + 1);
        MemorySegment filled = definitionBelow.bits(base + 1);
        // a list is valid with a level up to its base, or with its empty level
        boolean mayBeNull = cap - base > (empty < 0 ? 0 : 1);
        MemorySegment valid = empty == base + 1 ? definitionBelow.bits(base + 2) : filled;
        MemorySegment toEmpty = empty > base + 1 ? definitionBelow.bits(empty + 1) : null;
        MemorySegment belowEmpty = empty > base + 1 ? definitionBelow.bits(empty) : null;
        boolean separateEmpty = empty > base + 1;
        Packer packer = new Packer(mayBeNull ? to - from : 0);
        int lists = 0;
        for (int word = from >>> 6; word <= (to - 1) >>> 6; word++) {
            long mask = wordMask(word, from, to);
            long starts = mask & ~wordOr(inList, word, 0) & wordOr(exists, word, -1);
            long items = mask & ~wordOr(inItem, word, 0) & wordOr(filled, word, -1);
            offsets.append(starts, items);
            if (mayBeNull) {
                long validWord = wordOr(valid, word, -1);
                if (separateEmpty) {
                    validWord |= wordOr(toEmpty, word, -1) & ~wordOr(belowEmpty, word, -1);
                }
                packer.add(validWord, starts);
            } else {
                lists += Long.bitCount(starts);
            }
        }
        if (mayBeNull) {
            packer.appendTo(validity, false);
        } else {
            validity.appendValid(lists);
        }
    }

    /// Slots of several entries each, alike in what concerns this layer. There are no lists around it: what the sink counts
    /// are rows of pages.
    private void appendStrided(
            int layer, int from, int to, long entriesBefore, int entriesPerSlot, ValiditySink validity) {
        MemorySegment valid = levels.base(layer) == levels.cap(layer)
                ? null
                : definitionBelow.bits(levels.base(layer) + 1);
        MemorySegment inside = repetitionBelow.bits(levels.listsInside(layer));
        long first = Math.ceilDiv(entriesBefore, (long) entriesPerSlot) * entriesPerSlot - entriesBefore;
        if (inside == null) {
            for (long entry = from + first; entry < to; entry += entriesPerSlot) {
                appendOne(valid, entry, validity);
            }
            return;
        }
        long skip = first;
        for (int entry = from; entry < to; entry++) {
            if (!BitCopy.get(inside, entry)) {
                if (skip == 0) {
                    appendOne(valid, entry, validity);
                    skip = entriesPerSlot;
                }
                skip--;
            }
        }
    }

    private static void appendOne(@Nullable MemorySegment valid, long entry, ValiditySink validity) {
        if (valid == null || BitCopy.get(valid, entry)) {
            validity.appendValid(1);
        } else {
            validity.appendNulls(1);
        }
    }

    /// Rows of the page that start among entries `[from, to)`.
    private long rowStartsBetween(int from, int to) {
        MemorySegment inside = repetitionBelow.bits(levels.maxRepetition());
        return inside == null ? to - from : BitCopy.countZeros(inside, from, (long) to - from);
    }

    private static long wordOr(@Nullable MemorySegment bits, int word, long without) {
        return bits == null ? without : bits.get(LONG, 8L * word);
    }

    /// The bits of entries `[from, to)` in a word.
    private static long wordMask(int word, int from, int to) {
        long mask = -1L;
        int start = word * 64;
        if (from > start) {
            mask <<= from - start;
        }
        if (to < start + 64) {
            mask &= -1L >>> (start + 64 - to);
        }
        return mask;
    }

    /// Which levels are below a bound: bitmaps, made when asked for.
    private final class Below {
        private final int max;
        private final DecodeContext.Scratch[] scratches;
        private final @Nullable MemorySegment[] bitmaps;
        private @Nullable MemorySegment source;

        Below(int max) {
            this.max = max;
            scratches = new DecodeContext.Scratch[max + 2];
            bitmaps = new MemorySegment[max + 2];
        }

        void open(@Nullable MemorySegment newSource, String what) {
            java.util.Arrays.fill(bitmaps, null);
            source = newSource;
            if (newSource != null) {
                MemorySegment inRange = make(max + 1);
                if (BitCopy.countZeros(inRange, 0, entryCount) > 0) {
                    throw context.corrupt("a " + what + " level above " + max + " for layers " + levels.layers());
                }
            }
        }

        /// Bit per entry, whole words: whether its level is below the bound. Null where the answer is the same for
        /// all: no level is below 0, every one is below the highest and one, and levels that are not there are 0.
        @Nullable MemorySegment bits(int bound) {
            if (source == null || bound <= 0 || bound > max) {
                return null;
            }
            MemorySegment known = bitmaps[bound];
            return known != null ? known : make(bound);
        }

        private MemorySegment make(int bound) {
            if (scratches[bound] == null) {
                scratches[bound] = context.newScratch();
            }
            long sizeBytes = (entryCount + 63L) / 64 * 8;
            MemorySegment bits = scratches[bound].atLeast(Math.max(8, sizeBytes));
            if (sizeBytes > 0) {
                bits.set(LONG, sizeBytes - 8, 0);
                DecodeKernels.INSTANCE.lessThan(
                        bound, java.util.Objects.requireNonNull(source), 0, entryCount, bits, 0);
            }
            bitmaps[bound] = bits;
            return bits;
        }
    }

    /// Collects picked bits side by side.
    private final class Packer {
        private final MemorySegment target;
        private long word;
        private long count;

        Packer(int bitCapacity) {
            target = packed.atLeast((bitCapacity + 63L) / 64 * 8 + 8);
        }

        /// The bits of `values` where `picked` has one.
        void add(long values, long picked) {
            long bits = Long.compress(values, picked);
            int used = (int) (count & 63);
            word |= bits << used;
            int added = Long.bitCount(picked);
            if (used + added >= 64) {
                target.set(LONG, (count >>> 6) * 8, word);
                word = used == 0 ? 0 : bits >>> (64 - used);
            }
            count += added;
        }

        void appendTo(ValiditySink validity, boolean allValid) {
            if (allValid) {
                validity.appendValid(count);
            } else if (count > 0) {
                if ((count & 63) != 0) {
                    target.set(LONG, (count >>> 6) * 8, word);
                }
                validity.append(target, 0, count);
            }
        }
    }
}
