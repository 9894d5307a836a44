// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.internal.blob.BlobInput;
import dev.joust.format.internal.blob.BlobOutput;
import dev.joust.format.internal.bytes.ByteSink;
import dev.joust.format.internal.encoding.LeafValues;

/// Passes blobs (v1) on as they come, and gathers where they went. Not thread-safe.
final class BlobAccumulator extends ValueAccumulator {
    private static final int DESCRIPTOR_BYTES = 16;

    private final BlobOutput output;

    /// Gathers nothing.
    private final ValueAccumulator checker;

    private ByteSink positions = new ByteSink();
    private ByteSink sizes = new ByteSink();
    private int count;

    /// @param checker of the blobs' type
    BlobAccumulator(BlobOutput output, ValueAccumulator checker) {
        this.output = output;
        this.checker = checker;
    }

    @Override
    boolean writesAtOnce() {
        return true;
    }

    @Override
    int count() {
        return count;
    }

    @Override
    long sizeBytes() {
        return (long) count * DESCRIPTOR_BYTES;
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
        for (int row = startRow; row < endRow; row++) {
            MemorySegment bytes = column.isNull(row) ? MemorySegment.NULL : BlobInput.bytes(column, row);
            positions.u64(bytes.byteSize() == 0 ? 0 : output.writeInline(bytes));
            sizes.u64(bytes.byteSize());
        }
        count += endRow - startRow;
    }

    @Override
    void check(ColumnBuffers column) {
        checker.check(column);
    }

    @Override
    LeafValues take() {
        LeafValues taken = new LeafValues.BlobDescriptors(
                new LeafValues.FixedWidth(64, count, positions.toByteArray()),
                new LeafValues.FixedWidth(64, count, sizes.toByteArray()));
        positions = new ByteSink();
        sizes = new ByteSink();
        count = 0;
        return taken;
    }
}
