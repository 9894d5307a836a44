// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/// Buffers that were decompressed whole, kept for the next batches of a scan: the least recently used go first.
/// Thread-safe.
final class KeptBuffers {
    private final int maxCount;
    private final Map<Long, MemorySegment> byOffset = new LinkedHashMap<>(16, 0.75f, true);

    /// @param maxCount buffers to keep; 0 keeps none
    KeptBuffers(int maxCount) {
        this.maxCount = maxCount;
    }

    synchronized @Nullable MemorySegment get(long offsetInFile) {
        return byOffset.get(offsetInFile);
    }

    /// @param bytes in memory that the collector frees
    synchronized void put(long offsetInFile, MemorySegment bytes) {
        byOffset.put(offsetInFile, bytes);
        while (byOffset.size() > maxCount) {
            byOffset.remove(byOffset.keySet().iterator().next());
        }
    }
}
