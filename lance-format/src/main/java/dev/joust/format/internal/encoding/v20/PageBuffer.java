// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.compress.CompressionScheme;
import dev.joust.format.internal.encoding.compress.Decompressor;
import dev.joust.io.ByteRange;

/// One buffer of a page: bytes of the file, or one compressed unit of them. Immutable, thread-safe.
///
/// @param range in the file
record PageBuffer(ByteRange range, @Nullable CompressionScheme compression) {
    /// Bytes of a buffer under way.
    interface Part {
        /// Valid as long as the task's temporary memory; not to be written to.
        MemorySegment bytes();
    }

    /// Asks for bytes `[start, end)` of the buffer as it was before it was compressed.
    Part ask(ReadTask task, long start, long end) {
        if (start < 0 || end < start || (compression == null && end > range.length())) {
            throw outside(task, start, end, range.length());
        }
        if (start == end) {
            return () -> MemorySegment.NULL;
        }
        if (compression == null) {
            ByteRange wanted = ByteRange.between(range.offset() + start, range.offset() + end);
            return task.round().ask(wanted, Windows.of(range, wanted, task.windowBytes()))::bytes;
        }
        MemorySegment kept = task.kept().get(range.offset());
        Round.Asked compressed = kept == null ? task.round().ask(range) : null;
        return () -> {
            MemorySegment whole = compressed == null ? kept : decompressed(task, compressed.bytes());
            if (end > whole.byteSize()) {
                throw outside(task, start, end, whole.byteSize());
            }
            return whole.asSlice(start, end - start);
        };
    }

    private MemorySegment decompressed(ReadTask task, MemorySegment compressed) {
        MemorySegment kept = task.kept().get(range.offset());
        if (kept == null) {
            MemorySegment scratch = new Decompressor(task.context(), compression).decompress(compressed);
            kept = Arena.ofAuto().allocate(Math.max(1, scratch.byteSize()), 64).asSlice(0, scratch.byteSize());
            kept.copyFrom(scratch);
            task.kept().put(range.offset(), kept);
        }
        return kept;
    }

    private RuntimeException outside(ReadTask task, long start, long end, long sizeBytes) {
        return task.context()
                .corrupt("bytes " + start + " to " + end + " are wanted of a buffer at " + range.offset() + " that has "
                        + sizeBytes);
    }
}
