// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.io.IOException;
import java.util.List;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.blob.BlobOutput;

/// Gathers the rows of one physical column until they make a page: what lies between the top-level field and the
/// leaf, the leaf's validity and its values. Not thread-safe.
public final class ColumnAccumulator {
    private final List<LayerAccumulator> layers;

    /// Structs and lists are mixed: pages must agree on what may be null, or the reference loses count of nulls where
    /// a batch spans pages.
    private final boolean pagesAgree;
    private final LeafAccumulator leaf;
    private int rowCount;
    private long firstRow;

    /// @param blobs where the bytes of blobs go
    public ColumnAccumulator(LeafColumn column, BlobOutput blobs) {
        layers = column.steps().stream().map(LayerAccumulator::new).toList();
        pagesAgree = column.steps().stream().anyMatch(LeafColumn.Step.IntoStruct.class::isInstance)
                && column.steps().stream().anyMatch(LeafColumn.Step.IntoList.class::isInstance);
        leaf = new LeafAccumulator(column.leaf(), blobs);
    }

    /// Bytes gathered.
    public long sizeBytes() {
        long total = leaf.sizeBytes();
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
        leaf.check(at);
    }

    /// How many rows of `column` from `startRow` on fill a page of `budgetBytes`; at least one. Exact for flat columns,
    /// below lists as if all rows of the batch were alike.
    public int rowsToFill(ColumnBuffers column, int startRow, long budgetBytes) {
        if (layers.isEmpty()) {
            return leaf.rowsToFill(column, startRow, budgetBytes);
        }
        ColumnBuffers at = column;
        long batchBytes = 0;
        for (LayerAccumulator layer : layers) {
            batchBytes += 4L * at.rowCount();
            at = layer.child(at);
        }
        batchBytes += leaf.contentBytes(at);
        long room = Math.max(1, budgetBytes - sizeBytes());
        long rows = (long) Math.ceil((double) room * column.rowCount() / Math.max(1, batchBytes));
        return Math.clamp(rows, 1, column.rowCount() - startRow);
    }

    /// Appends rows of `column`, which {@link #check} has seen. Its memory may be reused afterwards.
    public void append(ColumnBuffers column, int startRow, int endRow) throws IOException {
        ColumnBuffers at = column;
        Slots slots = Slots.of(startRow, endRow);
        for (LayerAccumulator layer : layers) {
            slots = layer.append(at, slots);
            at = layer.child(at);
        }
        leaf.append(at, slots);
        rowCount += endRow - startRow;
    }

    /// What was gathered since the last page.
    ///
    /// @param last no other page follows
    public PageData take(boolean last) {
        LeafAccumulator.Leaf taken = leaf.take();
        PageData page = new PageData(
                firstRow, rowCount, layers.stream().map(LayerAccumulator::take).toList(),
                pagesAgree && !(last && firstRow == 0), taken.validity(), taken.values());
        firstRow += rowCount;
        rowCount = 0;
        return page;
    }
}
