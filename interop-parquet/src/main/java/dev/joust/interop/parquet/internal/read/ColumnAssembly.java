// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.read;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Bits;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.batch.FixedSizeLists;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.interop.parquet.internal.schema.ColumnPlan;

/// Lists and structs from the levels of the leaves below them, and the leaves' values in their slots.
final class ColumnAssembly {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final LeafReader[] leaves;
    private final long firstRow;
    private final BufferSource memory;

    /// @param leaves   by number of their column, the levels of a batch read
    /// @param firstRow of the batch, in the file
    ColumnAssembly(LeafReader[] leaves, long firstRow, BufferSource memory) {
        this.leaves = leaves;
        this.firstRow = firstRow;
        this.memory = memory;
    }

    /// The column of a plan, which has so many slots.
    ColumnBuffers column(ColumnPlan plan, int slots) {
        return switch (plan) {
            case ColumnPlan.Leaf leaf -> LeafColumns.column(leaves[leaf.column()], slots, validity(leaf, slots), memory);
            case ColumnPlan.Struct struct -> struct(struct, slots);
            case ColumnPlan.Repeated repeated -> repeated(repeated, slots);
        };
    }

    private ColumnBuffers struct(ColumnPlan.Struct plan, int slots) {
        Validity validity = plan.field().nullable() ? validity(plan, slots) : Validity.NONE;
        List<ColumnBuffers> children = new ArrayList<>();
        for (ColumnPlan child : plan.children()) {
            children.add(column(child, slots));
        }
        return new ColumnBuffers(plan.field(), slots, validity.nullCount(), validity.bits(), null, null, children);
    }

    /// Which slots are no null.
    ///
    /// @param bits null where none is
    record Validity(int nullCount, @Nullable MemorySegment bits) {
        static final Validity NONE = new Validity(0, null);
    }

    private Validity validity(ColumnPlan plan, int slots) {
        LeafReader first = leaves[plan.firstLeaf().column()];
        if (first.definedCount() == first.entryCount()) {
            if (plan instanceof ColumnPlan.Leaf && first.entryCount() != slots) {
                throw first.corrupt(first.entryCount() + " values for " + slots + " places: its lists are not those of its siblings");
            }
            return Validity.NONE;
        }
        byte[] definitions = first.definitions();
        byte[] repetitions = first.repetitions();
        boolean lists = plan.firstLeaf().repetition() > 0;
        MemorySegment bits = Bits.allocate(memory, slots);
        int slot = 0;
        int valid = 0;
        for (int i = 0; i < first.entryCount(); i++) {
            if (definitions[i] < plan.slotDefinition() || (lists && repetitions[i] > plan.repetition())) {
                continue;
            }
            if (slot == slots) {
                throw first.corrupt("more than " + slots + " places: its lists are not those of its siblings");
            }
            if (definitions[i] >= plan.definition()) {
                Bits.set(bits, slot);
                valid++;
            }
            slot++;
        }
        if (slot != slots) {
            throw first.corrupt(slot + " places instead of " + slots + ": its lists are not those of its siblings");
        }
        return valid == slots ? Validity.NONE : new Validity(slots - valid, bits);
    }

    private ColumnBuffers repeated(ColumnPlan.Repeated plan, int slots) {
        LeafReader first = leaves[plan.firstLeaf().column()];
        boolean fixed = plan.field().type() instanceof LogicalType.FixedSizeList;
        int stride = fixed ? stride(plan, first, slots) : -1;
        if (fixed && stride == ((LogicalType.FixedSizeList) plan.field().type()).dimension()) {
            ColumnBuffers items = withField(column(plan.item(), first.entryCount()), Columns.itemField(plan.field()));
            return new ColumnBuffers(plan.field(), slots, 0, null, null, null, List.of(items));
        }
        Field listField = fixed
                ? new Field(Field.UNASSIGNED, plan.field().name(), new LogicalType.List(false, false), true, List.of(plan.item().field()), plan.field().metadata())
                : plan.field();
        Validity validity = validity(plan, slots);
        boolean large = Columns.largeOffsets(listField.type());
        MemorySegment offsets = memory.allocate((slots + 1L) * (large ? 8 : 4));
        int items = offsets(plan, first, slots, offsets, large);
        ColumnBuffers lists = new ColumnBuffers(
                listField, slots, validity.nullCount(), validity.bits(), offsets, null, List.of(column(plan.item(), items)));
        if (!fixed) {
            return lists;
        }
        try {
            return FixedSizeLists.ofLists(lists, plan.field(), firstRow, memory);
        } catch (IllegalArgumentException e) {
            throw first.corrupt(String.valueOf(e.getMessage()));
        }
    }

    private static ColumnBuffers withField(ColumnBuffers column, Field field) {
        return new ColumnBuffers(
                field, column.rowCount(), column.nullCount(), column.validity(), column.offsets(), column.values(), column.children());
    }

    /// How many items each list of a top-level column has, if it is the same for all and none is null; else -1.
    private static int stride(ColumnPlan.Repeated plan, LeafReader first, int slots) {
        int entries = first.entryCount();
        if (plan.repetition() != 0 || first.leaf().repetition() != 1 || first.definedCount() != entries
                || slots == 0 || entries % slots != 0) {
            return -1;
        }
        // There are as many starts of rows as rows, so that if they are here they are nowhere else
        int stride = entries / slots;
        byte[] repetitions = first.repetitions();
        for (int slot = 0; slot < slots; slot++) {
            if (repetitions[slot * stride] != 0) {
                return -1;
            }
        }
        return stride;
    }

    /// Fills in where each list starts.
    ///
    /// @return number of items
    private static int offsets(ColumnPlan.Repeated plan, LeafReader first, int slots, MemorySegment offsets, boolean large) {
        byte[] definitions = first.definitions();
        byte[] repetitions = first.repetitions();
        int around = plan.repetition();
        int slot = 0;
        int items = 0;
        for (int i = 0; i < first.entryCount(); i++) {
            int repetition = repetitions[i];
            if (repetition <= around && definitions[i] >= plan.slotDefinition()) {
                if (slot == slots) {
                    throw first.corrupt("more than " + slots + " lists: they are not those of its siblings");
                }
                put(offsets, large, slot++, items);
            }
            if (repetition <= around + 1 && definitions[i] >= plan.itemDefinition()) {
                items++;
            }
        }
        if (slot != slots) {
            throw first.corrupt(slot + " lists instead of " + slots + ": they are not those of its siblings");
        }
        put(offsets, large, slots, items);
        return items;
    }

    private static void put(MemorySegment offsets, boolean large, int index, int value) {
        if (large) {
            offsets.set(LONG, (long) index << 3, value);
        } else {
            offsets.set(INT, (long) index << 2, value);
        }
    }
}
