// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;

/// Nodes of a graph as columns of `index.idx`.
final class GraphColumns {
    private GraphColumns() {}

    /// @param offsets neighbours of node i are those from `offsets[i]` to `offsets[i + 1]`
    static List<ColumnBuffers> of(
            List<Field> fields, int[] nodes, int[] offsets, int[] neighbors, float[] distances, BufferSource memory) {
        MemorySegment distanceValues = memory.allocate(Math.max(4, 4L * distances.length));
        MemorySegment.copy(distances, 0, distanceValues, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, distances.length);
        return List.of(
                new ColumnBuffers(fields.get(0), nodes.length, 0, null, null, ints(nodes, memory), List.of()),
                list(fields.get(1), nodes.length, offsets, ints(neighbors, memory), neighbors.length, memory),
                list(fields.get(2), nodes.length, offsets, distanceValues, distances.length, memory));
    }

    private static ColumnBuffers list(
            Field field, int rowCount, int[] offsets, MemorySegment values, int valueCount, BufferSource memory) {
        ColumnBuffers items = new ColumnBuffers(
                field.children().getFirst(), valueCount, 0, null, null, values, List.of());
        return new ColumnBuffers(field, rowCount, 0, null, ints(offsets, memory), null, List.of(items));
    }

    private static MemorySegment ints(int[] values, BufferSource memory) {
        MemorySegment segment = memory.allocate(Math.max(4, 4L * values.length));
        MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_INT_UNALIGNED, 0, values.length);
        return segment;
    }
}
