// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.LongUnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.joust.index.internal.vector.EncodedRows;
import dev.joust.index.internal.vector.PartitionSource;
import dev.joust.index.internal.vector.VectorEncoder;
import dev.joust.index.internal.vector.hnsw.HnswGraph;

/// The rows of a segment that are wanted in another one, encoded as they are. A partition none of whose rows is left
/// behind keeps its graph.
///
/// @param encoder that the segment was written with
/// @param taken   partitions that are taken; others are empty here
/// @param rowIds  what a row is known by in the new segment; -1 for rows that are left behind
record SegmentRows(VectorIndex index, VectorEncoder encoder, IntPredicate taken, LongUnaryOperator rowIds)
        implements PartitionSource {
    private static final EncodedRows NONE = new EncodedRows(new long[0], new byte[0], null);

    @Override
    public int partitionCount() {
        return index.partitionCount();
    }

    @Override
    public EncodedRows read(int partition) throws IOException {
        return taken.test(partition) ? kept(index.encoded(partition, encoder)) : NONE;
    }

    private EncodedRows kept(EncodedRows all) {
        int width = encoder.rowBytes();
        long[] ids = new long[all.count()];
        byte[] encoded = all.encoded();
        int kept = 0;
        for (int row = 0; row < ids.length; row++) {
            long id = rowIds.applyAsLong(all.rowIds()[row]);
            if (id == -1) {
                continue;
            }
            if (kept < row) {
                System.arraycopy(encoded, row * width, encoded, kept * width, width);
            }
            ids[kept++] = id;
        }
        @Nullable HnswGraph graph = kept == ids.length ? all.graph() : null;
        return kept == ids.length
                ? new EncodedRows(ids, encoded, graph)
                : new EncodedRows(Arrays.copyOf(ids, kept), Arrays.copyOf(encoded, kept * width), null);
    }
}
