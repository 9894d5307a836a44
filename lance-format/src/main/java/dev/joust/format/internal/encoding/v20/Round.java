// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.io.ByteRange;

/// Bytes that a task asks for together, of all its columns. Not thread-safe.
final class Round {
    private final List<Asked> asked = new ArrayList<>();

    /// Where the bytes of a round come from.
    @FunctionalInterface
    interface Source {
        /// The bytes of each, in order; valid as long as the task.
        List<MemorySegment> read(List<Asked> asked) throws IOException;
    }

    /// Bytes asked for; there once the round is fetched.
    static final class Asked {
        private final ByteRange range;
        private final Windows windows;
        private @Nullable MemorySegment bytes;

        private Asked(ByteRange range, Windows windows) {
            this.range = range;
            this.windows = windows;
        }

        ByteRange range() {
            return range;
        }

        /// That hold the range.
        Windows windows() {
            return windows;
        }

        /// Valid as long as the task; not to be written to.
        MemorySegment bytes() {
            if (bytes == null) {
                throw new IllegalStateException(range + " is not fetched yet");
            }
            return bytes;
        }
    }

    /// @param range in the file
    Asked ask(ByteRange range) {
        return ask(range, Windows.NONE);
    }

    /// @param windows that hold the range, for who fetches whole ones
    Asked ask(ByteRange range, Windows windows) {
        Asked asking = new Asked(range, windows);
        asked.add(asking);
        return asking;
    }

    boolean isEmpty() {
        return asked.isEmpty();
    }

    /// Fetches what was asked for, and begins anew.
    void fetch(Source source) throws IOException {
        List<MemorySegment> bytes = source.read(asked);
        for (int i = 0; i < bytes.size(); i++) {
            asked.get(i).bytes = bytes.get(i);
        }
        asked.clear();
    }
}
