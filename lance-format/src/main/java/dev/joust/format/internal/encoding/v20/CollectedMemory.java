// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.joust.format.batch.BufferSource;

/// Memory that the collector frees, for what outlives a task: dictionaries.
final class CollectedMemory implements BufferSource {
    private final Arena arena = Arena.ofAuto();

    @Override
    public MemorySegment allocate(long sizeBytes) {
        return sizeBytes == 0 ? MemorySegment.NULL : arena.allocate(sizeBytes, 64);
    }

    @Override
    public void close() {}
}
