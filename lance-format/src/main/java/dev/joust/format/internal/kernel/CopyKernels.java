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

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private CopyKernels() {}

    /// Whether {@link #expandRuns} knows values of that width.
    public static boolean expands(int widthBytes) {
        return widthBytes == 1 || widthBytes == 2 || widthBytes == 4 || widthBytes == 8;
    }

    /// Writes `valueCount` values of `widthBytes` (1, 2, 4 or 8) that are given as runs, from value `skip` of run
    /// `firstRun` on; each run is as long as its unsigned byte in `lengths` says. The runs hold that many values.
    public static void expandRuns(
            int widthBytes,
            MemorySegment values,
            MemorySegment lengths,
            int firstRun,
            int skip,
            MemorySegment target,
            long targetOffset,
            long valueCount) {
        long at = targetOffset;
        long end = targetOffset + valueCount * widthBytes;
        int left = skip;
        for (int run = firstRun; at < end; run++) {
            long runEnd = Math.min(end, at + (long) ((lengths.get(BYTE, run) & 0xFF) - left) * widthBytes);
            left = 0;
            long eightBytes = switch (widthBytes) {
                case 1 -> (values.get(BYTE, run) & 0xFFL) * 0x0101010101010101L;
                case 2 -> (values.get(SHORT, 2L * run) & 0xFFFFL) * 0x0001000100010001L;
                case 4 -> (values.get(INT, 4L * run) & 0xFFFFFFFFL) * 0x0000000100000001L;
                default -> values.get(LONG, 8L * run);
            };
            for (; at < runEnd; at += 8) {
                target.set(LONG, at, eightBytes);
            }
            at = runEnd;
        }
    }

    /// Copies byte strings side by side: for each i below `count` the one that lies in `bytes` from `ends[picked[i]]`
    /// to `ends[picked[i] + 1]` (8 bytes each).
    public static void gatherStrings(
            MemorySegment bytes, MemorySegment ends, int[] picked, int count, MemorySegment target, long targetOffset) {
        long lastWide = bytes.byteSize() - SLACK_BYTES;
        long at = targetOffset;
        for (int i = 0; i < count; i++) {
            long start = ends.get(LONG, 8L * picked[i]);
            long length = ends.get(LONG, 8L * picked[i] + 8) - start;
            if (length <= SLACK_BYTES && start <= lastWide) {
                target.set(LONG, at, bytes.get(LONG, start));
                target.set(LONG, at + 8, bytes.get(LONG, start + 8));
            } else {
                MemorySegment.copy(bytes, start, target, at, length);
            }
            at += length;
        }
    }
}
