// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.kernel.DecodeKernels;
import dev.joust.format.schema.Field;

/// Gathers one physical column for one batch: its values, which of its slots are null, and what its levels say of the
/// lists and structs around it. Not thread-safe.
public final class LeafSink {
    private final ValueSink values;
    private final ValiditySink validity;
    private final Nesting nesting;
    private final @Nullable LayerSink[] layers;
    private final DecodeContext.Scratch bitmap;
    private long entryCount;

    /// For a column with nothing around it: one slot per row.
    public LeafSink(BufferSource memory, DecodeContext context, ValueShape shape, long slotCapacity) {
        this(memory, context, shape, slotCapacity, Nesting.FLAT, new boolean[] {true}, 0);
    }

    /// For values alone, which go to a sink that others fill too; whether they are valid is not asked for.
    public LeafSink(BufferSource memory, DecodeContext context, ValueSink values) {
        this.values = values;
        validity = new ValiditySink(memory, 0);
        bitmap = context.newScratch();
        nesting = Nesting.FLAT;
        layers = new LayerSink[] {new LayerSink(validity, null)};
    }

    /// @param slotCapacity values expected; more make it grow
    /// @param wanted       layers to gather, leaf first: another column may tell of the same struct
    /// @param rowCapacity  rows expected
    public LeafSink(
            BufferSource memory,
            DecodeContext context,
            ValueShape shape,
            long slotCapacity,
            Nesting nesting,
            boolean[] wanted,
            long rowCapacity) {
        values = shape.newSink(memory, slotCapacity);
        validity = new ValiditySink(memory, slotCapacity);
        bitmap = context.newScratch();
        this.nesting = nesting;
        layers = new LayerSink[nesting.layers().size()];
        layers[0] = new LayerSink(validity, null);
        int listsAround = nesting.listCount();
        for (int i = 1; i < layers.length; i++) {
            boolean isList = nesting.layers().get(i) instanceof Nesting.Layer.ListOf;
            listsAround -= isList ? 1 : 0;
            long capacity = listsAround == 0 ? rowCapacity : 0;
            if (wanted[i]) {
                layers[i] = new LayerSink(
                        new ValiditySink(memory, capacity),
                        nesting.layers().get(i) instanceof Nesting.Layer.ListOf(int offsetBytes)
                                ? new OffsetSink(memory, offsetBytes, capacity)
                                : null);
            }
        }
    }

    public ValueSink values() {
        return values;
    }

    public Nesting nesting() {
        return nesting;
    }

    /// A layer, counted from the leaf, which is 0; null where it is not gathered here.
    public @Nullable LayerSink layer(int index) {
        return layers[index];
    }

    /// Slots of the leaf so far, null ones included.
    public long slotCount() {
        return validity.count();
    }

    /// What pages count so far where there are fixed-size lists of structs: each item of theirs.
    public long entryCount() {
        return entryCount;
    }

    /// Counts rows of pages whose layers were appended.
    public void advanceEntries(long count) {
        entryCount += count;
    }

    /// `slotCount` slots, none of them null, nor anything around them. Not for columns with lists.
    public void appendValid(long slotCount) {
        validity.appendValid(slotCount);
        if (layers.length > 1) {
            long entriesPerSlot = 1;
            for (int i = 1; i < layers.length; i++) {
                if (nesting.layers().get(i) instanceof Nesting.Layer.FixedSizeList(int dimension)) {
                    entriesPerSlot *= dimension;
                }
                LayerSink layer = layers[i];
                if (layer != null) {
                    layer.validity()
                            .appendValid(Math.ceilDiv(entryCount + slotCount, entriesPerSlot)
                                    - Math.ceilDiv(entryCount, entriesPerSlot));
                }
            }
            entryCount += slotCount;
        }
    }

    /// `slotCount` slots, all of them null; their values are still to be appended. For columns with nothing around
    /// them.
    public void appendNulls(long slotCount) {
        validity.appendNulls(slotCount);
    }

    /// The slots of entries `[from, to)` of `definition` (u16 each): null where the level is not 0. For columns with
    /// nothing around them.
    public void appendDefinition(MemorySegment definition, int from, int to) {
        int count = to - from;
        MemorySegment bits = bitmap.atLeast(BitCopy.byteCount(count));
        DecodeKernels.INSTANCE.lessThan(1, definition, 2L * from, count, bits, 0);
        validity.append(bits, 0, count);
    }

    /// The leaf alone, as a column.
    public ColumnBuffers finish(Field field, int slotCount) {
        @Nullable MemorySegment bits = validity.bitmap();
        return values.finish(field, slotCount, validity.nullCount(), bits);
    }
}
