// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.flat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;

/// All vectors of one fragment in native memory, deleted rows included. Immutable; freed by the garbage collector when
/// neither the cache nor a search holds it.
///
/// @param vectors  `float32[rowCount * dimension]`, row-major
/// @param validity bit per row, 1 = valid; null where all are
record ResidentVectors(MemorySegment vectors, int rowCount, @Nullable MemorySegment validity) {
    long sizeBytes() {
        return vectors.byteSize() + (validity == null ? 0 : validity.byteSize());
    }

    static long sizeBytes(int rowCount, int dimension) {
        return 4L * dimension * rowCount;
    }

    /// Copies the only column of all batches.
    static ResidentVectors load(BatchReader batches, int rowCount, int dimension) throws IOException {
        Arena arena = Arena.ofAuto();
        MemorySegment vectors = arena.allocate(sizeBytes(rowCount, dimension), 64);
        MemorySegment validity = null;
        int loaded = 0;
        Batch next;
        while ((next = batches.next()) != null) {
            try (Batch batch = next) {
                ColumnBuffers column = batch.columns().getFirst();
                MemorySegment values = column.children().getFirst().values();
                long sizeBytes = sizeBytes(batch.rowCount(), dimension);
                if (values == null || loaded + batch.rowCount() > rowCount) {
                    throw new IllegalStateException("column " + column.field().name() + " has more than " + rowCount
                            + " rows, or no values");
                }
                MemorySegment.copy(values, 0, vectors, sizeBytes(loaded, dimension), sizeBytes);
                if (column.validity() != null && validity == null) {
                    validity = arena.allocate((rowCount + 7L) / 8);
                    setValid(validity, 0, loaded);
                }
                if (validity != null) {
                    for (int row = 0; row < batch.rowCount(); row++) {
                        if (!column.isNull(row)) {
                            setValid(validity, loaded + row, loaded + row + 1);
                        }
                    }
                }
                loaded += batch.rowCount();
            }
        }
        if (loaded != rowCount) {
            throw new IllegalStateException(loaded + " rows were read, " + rowCount + " expected");
        }
        return new ResidentVectors(vectors, rowCount, validity);
    }

    private static void setValid(MemorySegment validity, int start, int end) {
        for (int row = start; row < end; row++) {
            byte before = validity.get(ValueLayout.JAVA_BYTE, row >>> 3);
            validity.set(ValueLayout.JAVA_BYTE, row >>> 3, (byte) (before | 1 << (row & 7)));
        }
    }
}
