// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Inner loops that copy short pieces, eight bytes at a time: a call per piece would cost more than the piece. They
/// write up to {@link #SLACK_BYTES} more than they say, which the next piece overwrites and the last leaves as
/// anything. Callers check sizes before. Stateless.
public final class CopyKernels {
    /// Room that must be there after what is written.
    public static final int SLACK_BYTES = 16;

    /// From here on a call costs less than the bytes.
    private static final int MAX_STEPPED_BYTES = 128;

    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private CopyKernels() {}

    /// Copies byte strings side by side: for each i below `count` the one that lies in `bytes` from `ends[picked[i]]`
    /// to `ends[picked[i] + 1]` (8 bytes each).
    public static void gatherStrings(
            MemorySegment bytes, MemorySegment ends, int[] picked, int count, MemorySegment target, long targetOffset) {
        long lastWide = bytes.byteSize() - SLACK_BYTES;
        long at = targetOffset;
        for (int i = 0; i < count; i++) {
            long start = ends.get(LONG, 8L * picked[i]);
            long length = ends.get(LONG, 8L * picked[i] + 8) - start;
            if (length <= MAX_STEPPED_BYTES && start + length <= lastWide) {
                for (long done = 0; done < length; done += 16) {
                    target.set(LONG, at + done, bytes.get(LONG, start + done));
                    target.set(LONG, at + done + 8, bytes.get(LONG, start + done + 8));
                }
            } else {
                MemorySegment.copy(bytes, start, target, at, length);
            }
            at += length;
        }
    }
}
