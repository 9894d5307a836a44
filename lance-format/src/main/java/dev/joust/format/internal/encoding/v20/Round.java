// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.io.ByteRange;
import dev.joust.io.FileScheduler;

/// Bytes that a task asks for together, of all its columns. Not thread-safe.
final class Round {
    private final List<Asked> asked = new ArrayList<>();

    /// Bytes asked for; there once the round is fetched.
    static final class Asked {
        private final ByteRange range;
        private @Nullable MemorySegment bytes;

        private Asked(ByteRange range) {
            this.range = range;
        }

        /// Valid as long as the task's temporary memory; not to be written to.
        MemorySegment bytes() {
            if (bytes == null) {
                throw new IllegalStateException(range + " is not fetched yet");
            }
            return bytes;
        }
    }

    /// @param range in the file
    Asked ask(ByteRange range) {
        Asked asking = new Asked(range);
        asked.add(asking);
        return asking;
    }

    boolean isEmpty() {
        return asked.isEmpty();
    }

    /// Fetches what was asked for, and begins anew.
    void fetch(FileScheduler scheduler, SegmentAllocator memory) throws IOException {
        List<MemorySegment> bytes = scheduler.read(asked.stream().map(asking -> asking.range).toList(), memory);
        for (int i = 0; i < bytes.size(); i++) {
            asked.get(i).bytes = bytes.get(i);
        }
        asked.clear();
    }
}
