// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.cache;

import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

import dev.joust.io.ByteRange;

/// What a {@link ByteCache} has of one file. Thread-safe.
public record CachedFile(ByteCache cache, FileKey file) {
    /// The bytes of a range, not to be written to; null if they are not there.
    public @Nullable MemorySegment find(ByteRange range) {
        return cache.find(file, range);
    }

    /// Keeps bytes that were got; the segment stays the caller's.
    public void keep(long offset, MemorySegment got) {
        cache.keep(file, offset, got);
    }
}
