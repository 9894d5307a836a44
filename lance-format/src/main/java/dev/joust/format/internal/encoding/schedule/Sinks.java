// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.sink.FixedSizeListSink;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.LeafSink;
import dev.joust.format.internal.encoding.sink.Nesting;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.encoding.sink.ValueSink;

/// Sinks of the right size: room for all rows at once where the file is large enough to hold them, so that they need
/// not grow, and where a schema or a count may be damaged, no more than that.
final class Sinks {
    private static final long SMALL_BYTES = 1 << 20;
    private static final int EXPANSION = 4;

    private Sinks() {}

    static LeafSink leaf(
            OpenFile file, DecodeContext context, FileLeaves.LeafReader leaf, int rowCount, BufferSource memory) {
        ValueShape shape = leaf.column().shape();
        Nesting nesting = leaf.column().nesting();
        // how many values lists hold, pages tell as they come
        long slots = nesting.listCount() > 0 ? 0 : (long) rowCount * nesting.entriesPerRow();
        return new LeafSink(
                memory,
                context,
                shape,
                plausible(file, slots, bits(shape) / 8.0),
                nesting,
                leaf.wantedLayers(),
                plausible(file, rowCount, Integer.BYTES));
    }

    private static long plausible(OpenFile file, long count, double bytesEach) {
        double bytes = SMALL_BYTES + (double) EXPANSION * file.metadata().fileSizeBytes();
        return (long) Math.min((double) count, bytes / Math.max(1 / 8.0, bytesEach));
    }

    private static double bits(ValueShape shape) {
        return switch (shape) {
            case ValueShape.Fixed(int bits) -> bits;
            case ValueShape.Variable(int offsetBytes) -> 8.0 * offsetBytes;
            case ValueShape.FixedSizeList(int dimension, ValueShape item) -> dimension * bits(item);
            case ValueShape.Dictionary _ -> 32;
            case ValueShape.PackedStruct(var fields, var wanted) ->
                wanted.stream().mapToDouble(index -> bits(fields.get(index))).sum();
            case ValueShape.None _, ValueShape.Unstored _ -> 0;
        };
    }

    /// Room for `rowCount` slots that somebody else fills byte for byte, all valid and counted as there; null where the
    /// sink's values are not such bytes.
    static @Nullable MemorySegment reserveVerbatim(LeafSink sink, int rowCount) {
        ValueSink values = sink.values();
        int count = rowCount;
        while (values instanceof FixedSizeListSink list) {
            count = Math.multiplyExact(count, list.dimension());
            list.itemValidity().appendValid(count);
            list.advance(count / list.dimension());
            values = list.items();
        }
        if (!(values instanceof FixedWidthSink fixed)) {
            return null;
        }
        sink.appendValid(rowCount);
        long at = fixed.reserve(count);
        fixed.advance(count);
        return fixed.segment().asSlice(at, (long) count * fixed.widthBytes());
    }
}
