// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.kernel.DecodeKernels;

/// `bitpacked_for_non_neg`: groups of 1024 values in FastLanes order, `128 * packedBits` bytes each, the last one
/// filled up.
///
/// @param packedBits 0 to `bits`
/// @param bits       of a value in memory: 8, 16, 32 or 64
record FastLanesReader(PageBuffer buffer, int packedBits, int bits) implements ValueReader {
    @Override
    public ValueRead read(RowRanges values, ReadTask task) {
        int groupBytes = DecodeKernels.packedGroupBytes(packedBits);
        List<PageBuffer.Part> parts = new ArrayList<>(values.count());
        for (int i = 0; i < values.count(); i++) {
            long firstGroup = values.start(i) / DecodeKernels.GROUP_VALUES;
            long endGroup = Math.ceilDiv(values.end(i), (long) DecodeKernels.GROUP_VALUES);
            parts.add(buffer.ask(
                    task, firstGroup * groupBytes, Math.multiplyExact(endGroup, (long) groupBytes)));
        }
        return (sink, validity) -> {
            MemorySegment group =
                    task.context().temporary().allocate(DecodeKernels.packedGroupBytes(bits), 64);
            for (int i = 0; i < values.count(); i++) {
                append(parts.get(i).bytes(), values.start(i), values.end(i), group, (FixedWidthSink) sink);
                validity.appendValid(values.end(i) - values.start(i));
            }
        };
    }

    /// @param packed the groups that hold values `[start, end)`
    private void append(MemorySegment packed, long start, long end, MemorySegment group, FixedWidthSink sink) {
        int groupBytes = DecodeKernels.packedGroupBytes(packedBits);
        long at = 0;
        for (long value = start; value < end; at += groupBytes) {
            int from = (int) (value % DecodeKernels.GROUP_VALUES);
            int to = (int) Math.min(DecodeKernels.GROUP_VALUES, from + end - value);
            DecodeKernels.INSTANCE.unpack(bits, packedBits, packed, at, group, 0);
            sink.append(group, (long) from * (bits / 8), to - from);
            value += to - from;
        }
    }
}
