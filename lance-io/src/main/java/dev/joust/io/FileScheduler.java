// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.List;

/// Reads ranges of one object in as few requests as sensible. Thread-safe.
public interface FileScheduler {
    ObjectPath path();

    /// Size of the object in bytes.
    long sizeBytes();

    /// What lies between two ranges is got with them if it is at most so long: not asking costs more than getting it.
    long mergeGapBytes();

    /// Fetches all ranges in one round: near ones merged, large ones split, several at once. The answer has one
    /// segment per range, in the order asked; segments may share memory and are not to be written to. They live as
    /// long as what `allocator` hands out. A range past the end of the object is an {@link java.io.EOFException}.
    List<MemorySegment> read(List<ByteRange> ranges, SegmentAllocator allocator) throws IOException;
}
