// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.LogicalTypes;

/// Gathers the rows of one physical column until they make a page: what lies between the top-level field and the
/// leaf, the leaf's validity and its values. Not thread-safe.
public final class ColumnAccumulator {
    private final List<LayerAccumulator> layers;

    /// Structs and lists are mixed: pages must agree on what may be null, or the reference loses count of nulls where
    /// a batch spans pages.
    private final boolean pagesAgree;
    private final ValueAccumulator values;
    private @Nullable BitAppender validity;
    private int rowCount;
    private long firstRow;

    public ColumnAccumulator(LeafColumn column) {
        layers = column.steps().stream().map(LayerAccumulator::new).toList();
        pagesAgree = column.steps().stream().anyMatch(LeafColumn.Step.IntoStruct.class::isInstance)
                && column.steps().stream().anyMatch(LeafColumn.Step.IntoList.class::isInstance);
        values = ValueAccumulator.of(
                column.leaf().type(),
                "column '" + column.leaf().name() + "' of type " + LogicalTypes.format(column.leaf().type()));
    }

    /// Bytes gathered.
    public long sizeBytes() {
        long total = values.sizeBytes() + (validity == null ? 0 : validity.bitCount() / 8);
        for (LayerAccumulator layer : layers) {
            total += layer.sizeBytes();
        }
        return total;
    }

    public int rowCount() {
        return rowCount;
    }

    /// Whether the buffers of `column`, a batch's top-level column, hold its rows.
    ///
    /// @throws IllegalArgumentException naming the field and the buffer that does not
    public void check(ColumnBuffers column) {
        ColumnBuffers at = column;
        for (LayerAccumulator layer : layers) {
            layer.check(at);
            at = layer.child(at);
        }
        LayerAccumulator.requireValidity(at);
        values.check(at);
    }

    /// How many rows of `column` from `startRow` on fill a page of `budgetBytes`; at least one. Exact for flat columns,
    /// below lists as if all rows of the batch were alike.
    public int rowsToFill(ColumnBuffers column, int startRow, long budgetBytes) {
        if (layers.isEmpty()) {
            return values.rowsToFill(column, startRow, column.rowCount(), budgetBytes);
        }
        ColumnBuffers at = column;
        long batchBytes = 0;
        for (LayerAccumulator layer : layers) {
            batchBytes += 4L * at.rowCount();
            at = layer.child(at);
        }
        batchBytes += values.contentBytes(at);
        long room = Math.max(1, budgetBytes - sizeBytes());
        long rows = (long) Math.ceil((double) room * column.rowCount() / Math.max(1, batchBytes));
        return Math.clamp(rows, 1, column.rowCount() - startRow);
    }

    /// Appends rows of `column`, which {@link #check} has seen. Its memory may be reused afterwards.
    public void append(ColumnBuffers column, int startRow, int endRow) {
        ColumnBuffers at = column;
        Slots slots = Slots.of(startRow, endRow);
        for (LayerAccumulator layer : layers) {
            slots = layer.append(at, slots);
            at = layer.child(at);
        }
        validity = LayerAccumulator.appendValidity(validity, values.count(), at, slots);
        for (int run = 0; run < slots.runCount(); run++) {
            values.append(at, slots.start(run), slots.end(run));
        }
        rowCount += endRow - startRow;
    }

    /// What was gathered since the last page.
    ///
    /// @param last no other page follows
    public PageData take(boolean last) {
        byte[] bits = validity == null ? null : validity.bytes();
        PageData page = new PageData(
                firstRow, rowCount, layers.stream().map(LayerAccumulator::take).toList(),
                pagesAgree && !(last && firstRow == 0), bits, values.take());
        firstRow += rowCount;
        rowCount = 0;
        validity = null;
        return page;
    }
}
