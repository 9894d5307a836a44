// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/// Native memory for the columns of one batch. What it hands out lives until it is closed, all at once, and is
/// counted against the budget behind it. Allocation is thread-safe; closing races with nothing else.
public interface BufferSource extends SegmentAllocator, AutoCloseable {
    /// Memory of `sizeBytes` bytes, aligned to 64, content unspecified.
    ///
    /// @throws OutOfBudgetException if the budget has no room: who called may read less at a time
    @Override
    MemorySegment allocate(long sizeBytes);

    @Override
    default MemorySegment allocate(long sizeBytes, long alignmentBytes) {
        if (alignmentBytes > 64) {
            throw new IllegalArgumentException("alignment " + alignmentBytes);
        }
        return allocate(sizeBytes);
    }

    @Override
    void close();

    /// The memory budget is used up.
    final class OutOfBudgetException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public OutOfBudgetException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
