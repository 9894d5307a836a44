// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;

/// Gathers what one level of nesting above a leaf contributes to its pages: validity, and the lengths of lists.
/// Not thread-safe.
public final class LayerAccumulator {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final LeafColumn.Step step;
    private @Nullable BitAppender validity;
    private int[] offsets = new int[1];
    private int slotCount;

    public LayerAccumulator(LeafColumn.Step step) {
        this.step = step;
    }

    public long sizeBytes() {
        return (validity == null ? 0 : slotCount / 8)
                + (step instanceof LeafColumn.Step.IntoList ? 4L * slotCount : 0);
    }

    /// Whether the buffers of `column` hold its rows, and its child the slots they need.
    public void check(ColumnBuffers column) {
        requireValidity(column);
        switch (step) {
            case LeafColumn.Step.IntoStruct(int childIndex) -> {
                if (childIndex >= column.children().size()
                        || column.children().get(childIndex).rowCount() != column.rowCount()) {
                    throw new IllegalArgumentException("column " + column.field().name() + ": child " + childIndex
                            + " is missing or has not " + column.rowCount() + " rows");
                }
            }
            case LeafColumn.Step.IntoList(int offsetBytes) -> checkOffsets(column, offsetBytes);
            case LeafColumn.Step.IntoFixedSizeList(int dimension, boolean _) -> checkItems(column, dimension);
        }
    }

    static void requireValidity(ColumnBuffers column) {
        MemorySegment bits = column.validity();
        if (bits != null && bits.byteSize() < (column.rowCount() + 7L) / 8) {
            throw new IllegalArgumentException("column " + column.field().name() + ": validity of "
                    + bits.byteSize() + " bytes for " + column.rowCount() + " rows");
        }
    }

    private static void checkItems(ColumnBuffers column, int dimension) {
        if (column.children().size() != 1
                || column.children().getFirst().rowCount() != (long) column.rowCount() * dimension) {
            throw new IllegalArgumentException("column " + column.field().name() + ": " + column.rowCount()
                    + " lists of " + dimension + " without as many items");
        }
    }

    private static void checkOffsets(ColumnBuffers column, int offsetBytes) {
        MemorySegment source = column.offsets();
        if (column.children().size() != 1) {
            throw new IllegalArgumentException("column " + column.field().name() + " has "
                    + column.children().size() + " children, a list has one");
        }
        if (column.rowCount() == 0) {
            return;
        }
        if (source == null || source.byteSize() < (column.rowCount() + 1L) * offsetBytes) {
            throw new IllegalArgumentException("column " + column.field().name() + ": offsets for "
                    + column.rowCount() + " rows are missing or short");
        }
        long previous = Math.min(0, offset(source, offsetBytes, 0));
        for (int row = 0; row <= column.rowCount(); row++) {
            long next = offset(source, offsetBytes, row);
            if (next < previous || next > column.children().getFirst().rowCount()) {
                throw new IllegalArgumentException("column " + column.field().name() + ": offset " + next
                        + " at row " + row + ", before it " + previous + ", items "
                        + column.children().getFirst().rowCount());
            }
            previous = Math.max(0, next);
        }
    }

    private static long offset(MemorySegment source, int offsetBytes, int row) {
        return offsetBytes == 4 ? source.get(INT, 4L * row) : source.get(LONG, 8L * row);
    }

    public ColumnBuffers child(ColumnBuffers column) {
        return switch (step) {
            case LeafColumn.Step.IntoStruct(int childIndex) -> column.children().get(childIndex);
            case LeafColumn.Step.IntoList _, LeafColumn.Step.IntoFixedSizeList _ -> column.children().getFirst();
        };
    }

    /// Takes in these slots of `column`.
    ///
    /// @return the slots below them
    public Slots append(ColumnBuffers column, Slots slots) {
        validity = appendValidity(validity, slotCount, column, slots);
        Slots below = switch (step) {
            case LeafColumn.Step.IntoStruct _ -> belowStruct(column, slots);
            case LeafColumn.Step.IntoList(int offsetBytes) -> appendLists(column, slots, offsetBytes);
            case LeafColumn.Step.IntoFixedSizeList(int dimension, boolean _) -> itemsOf(slots, dimension);
        };
        slotCount += slots.slotCount();
        return below;
    }

    /// @return `bits`, or a new bitmap where there was none and `column` has nulls
    static @Nullable BitAppender appendValidity(
            @Nullable BitAppender bits, int gathered, ColumnBuffers column, Slots slots) {
        MemorySegment source = column.validity();
        BitAppender target = bits;
        if (target == null) {
            if (source == null) {
                return null;
            }
            target = new BitAppender((gathered + slots.slotCount()) / 8);
            target.appendOnes(gathered);
        }
        if (source == null) {
            target.appendOnes(slots.slotCount());
        } else {
            for (int run = 0; run < slots.runCount(); run++) {
                target.append(source, slots.start(run), slots.end(run) - slots.start(run));
            }
        }
        return target;
    }

    private static Slots belowStruct(ColumnBuffers column, Slots slots) {
        if (column.validity() == null) {
            return slots;
        }
        BitSet dead = slots.dead() == null ? new BitSet() : (BitSet) slots.dead().clone();
        int position = 0;
        for (int run = 0; run < slots.runCount(); run++) {
            for (int slot = slots.start(run); slot < slots.end(run); slot++, position++) {
                if (column.isNull(slot)) {
                    dead.set(position);
                }
            }
        }
        return slots.withDead(dead);
    }

    /// All of them, also those of null lists. No list is below that dead slots could matter to.
    private static Slots itemsOf(Slots slots, int dimension) {
        Slots items = new Slots();
        for (int run = 0; run < slots.runCount(); run++) {
            items.add(slots.start(run) * dimension, slots.end(run) * dimension);
        }
        return items;
    }

    private Slots appendLists(ColumnBuffers column, Slots slots, int offsetBytes) {
        if (slotCount + slots.slotCount() + 1 > offsets.length) {
            offsets = Arrays.copyOf(offsets, Math.max(slotCount + slots.slotCount() + 1, offsets.length * 2));
        }
        Slots items = new Slots();
        MemorySegment source = column.offsets();
        int position = 0;
        for (int run = 0; run < slots.runCount() && source != null; run++) {
            for (int slot = slots.start(run); slot < slots.end(run); slot++, position++) {
                int length = 0;
                if (!slots.isDead(position) && !column.isNull(slot)) {
                    int start = (int) offset(source, offsetBytes, slot);
                    int end = (int) offset(source, offsetBytes, slot + 1);
                    items.add(start, end);
                    length = end - start;
                }
                offsets[slotCount + position + 1] = Math.addExact(offsets[slotCount + position], length);
            }
        }
        return items;
    }

    /// What was gathered; the accumulator is empty afterwards.
    public PageData.Layer take() {
        PageData.Layer layer = new PageData.Layer(
                validity == null ? null : validity.bytes(),
                step instanceof LeafColumn.Step.IntoList ? offsets : null,
                step instanceof LeafColumn.Step.IntoFixedSizeList(int dimension, boolean _) ? dimension : 0,
                step instanceof LeafColumn.Step.IntoFixedSizeList(int _, boolean requiredBelow) && requiredBelow);
        validity = null;
        offsets = new int[step instanceof LeafColumn.Step.IntoList ? slotCount + 1 : 1];
        slotCount = 0;
        return layer;
    }
}
