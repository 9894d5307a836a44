// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.io.IOException;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.internal.blob.BlobInput;
import dev.joust.format.internal.blob.BlobOutput;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.schema.Field;

/// Passes blobs (v2) on as they come, and gathers their descriptors. Not thread-safe.
final class BlobInputAccumulator extends ValueAccumulator {
    private static final int DESCRIPTOR_BYTES = 25;

    private final BlobInput input;

    BlobInputAccumulator(Field field, BlobOutput output) {
        input = new BlobInput(field, output);
    }

    @Override
    boolean writesAtOnce() {
        return true;
    }

    @Override
    int count() {
        return input.count();
    }

    @Override
    long sizeBytes() {
        return input.sizeBytes();
    }

    @Override
    int rowsToFill(ColumnBuffers column, int startRow, int endRow, long budgetBytes) {
        return rowsToFillFixed(8L * DESCRIPTOR_BYTES, sizeBytes(), endRow - startRow, budgetBytes);
    }

    @Override
    long contentBytes(ColumnBuffers column) {
        return (long) column.rowCount() * DESCRIPTOR_BYTES;
    }

    @Override
    void append(ColumnBuffers column, int startRow, int endRow) throws IOException {
        input.append(column, startRow, endRow);
    }

    /// Blobs may come with fewer fields than the table's column has.
    @Override
    void check(ColumnBuffers column) {
        for (ColumnBuffers child : column.children()) {
            if (child.rowCount() != column.rowCount()) {
                throw new IllegalArgumentException("column " + column.field().name() + ": field "
                        + child.field().name() + " has " + child.rowCount() + " rows instead of " + column.rowCount());
            }
            LayerAccumulator.requireValidity(child);
            of(child.field().type(), "field '" + child.field().name() + "'").check(child);
        }
        if (!BlobFields.isInputV2(column.field().withChildren(
                column.children().stream().map(ColumnBuffers::field).toList()))) {
            throw new IllegalArgumentException("column " + column.field().name() + " comes with the fields "
                    + column.children().stream().map(child -> child.field().name()).toList()
                    + "; blobs have data, uri, position and size");
        }
        BlobInput.check(column);
    }

    @Override
    LeafValues take() {
        return input.take();
    }
}
