// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

import dev.joust.format.batch.BufferSource;

/// Memory of several users, freed when each of them has closed it once. Thread-safe, but for allocating.
final class SharedMemory implements BufferSource {
    private final BufferSource memory;
    private final AtomicInteger users;

    SharedMemory(BufferSource memory, int userCount) {
        this.memory = memory;
        this.users = new AtomicInteger(userCount);
    }

    @Override
    public MemorySegment allocate(long sizeBytes) {
        return memory.allocate(sizeBytes);
    }

    @Override
    public void close() {
        if (users.decrementAndGet() == 0) {
            memory.close();
        }
    }
}
