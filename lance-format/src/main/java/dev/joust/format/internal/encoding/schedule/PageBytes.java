// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.lang.foreign.MemorySegment;
import java.util.List;

import dev.joust.io.ByteRange;

/// Ranges of a file that were read.
///
/// @param segments the bytes of each range
record PageBytes(List<ByteRange> ranges, List<MemorySegment> segments) {
    /// The bytes of a range that lies in one of those read.
    MemorySegment of(ByteRange wanted) {
        for (int i = 0; i < ranges.size(); i++) {
            ByteRange range = ranges.get(i);
            if (range.length() > 0 && wanted.offset() >= range.offset() && wanted.end() <= range.end()) {
                return segments.get(i).asSlice(wanted.offset() - range.offset(), wanted.length());
            }
        }
        if (wanted.length() == 0) {
            return MemorySegment.NULL;
        }
        throw new IndexOutOfBoundsException(wanted + " is not in " + ranges);
    }

    /// The bytes of each of these.
    List<MemorySegment> all(List<ByteRange> wanted) {
        return wanted.stream().map(this::of).toList();
    }
}
