// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.LogicalType;
import dev.joust.index.DistanceType;
import dev.joust.index.TopK;
import dev.joust.index.internal.kernel.DistanceKernels;
import dev.joust.index.internal.kernel.KernelChoice;
import dev.joust.index.internal.vector.hnsw.FloatRows;
import dev.joust.index.internal.vector.hnsw.HnswRows;

/// Vectors as they are (of length 1, for cosine), compared exactly (spec: index format B.4).
final class FlatStorage implements VectorStorage {
    static final String COLUMN = "flat";

    private static final int BLOCK_ROWS = 2048;

    private final DistanceType type;
    private final int dimension;
    private final long rowCount;

    /// @param rowCount of the whole index
    FlatStorage(DistanceType type, int dimension, long rowCount) {
        this.type = type;
        this.dimension = dimension;
        this.rowCount = rowCount;
    }

    /// @param floats `float32[rowCount * dimension]`, row-major, in native memory
    private record Floats(MemorySegment floats, int rowCount) implements Vectors {
        @Override
        public long sizeBytes() {
            return floats.byteSize();
        }
    }

    @Override
    public List<String> columns() {
        return List.of(COLUMN);
    }

    @Override
    public Vectors read(Batch rows) {
        return new Floats(floats(rows.column(COLUMN), dimension), rows.rowCount());
    }

    /// The vectors of a column of floats of any width as 32-bit ones, in memory that the collector frees.
    static MemorySegment floats(ColumnBuffers column, int dimension) {
        if (!(column.field().type() instanceof LogicalType.FixedSizeList(LogicalType item, int width))
                || width != dimension
                || !(item instanceof LogicalType.FloatingPoint(int bitWidth))) {
            throw new UnsupportedFormatException("index column '" + column.field().name() + "' of type "
                    + column.field().type());
        }
        long valueCount = (long) column.rowCount() * dimension;
        MemorySegment floats = Arena.ofAuto().allocate(Math.max(64, 4 * valueCount), 64);
        MemorySegment values = column.children().getFirst().values();
        if (values == null) {
            return floats;
        }
        if (bitWidth == 32) {
            MemorySegment.copy(values, 0, floats, 0, 4 * valueCount);
            return floats;
        }
        for (long i = 0; i < valueCount; i++) {
            float value = bitWidth == 16
                    ? Float.float16ToFloat(values.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i))
                    : (float) values.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8 * i);
            floats.set(ValueLayout.JAVA_FLOAT, 4 * i, value);
        }
        return floats;
    }

    @Override
    public Scan scan(float[] query) {
        DistanceKernels kernels = KernelChoice.kernelsFor(type, dimension, rowCount);
        return new Scan() {
            private final float[] distances = new float[BLOCK_ROWS];
            private final int[] near = new int[BLOCK_ROWS];

            @Override
            public void search(
                    int partitionId, Vectors vectors, long[] rowIds, long @Nullable [] mask, float lower, float upper, TopK nearest) {
                MemorySegment floats = ((Floats) vectors).floats;
                for (int start = 0; start < rowIds.length; start += BLOCK_ROWS) {
                    int count = Math.min(BLOCK_ROWS, rowIds.length - start);
                    kernels.distances(type, query, floats, 4L * dimension * start, count, distances);
                    int nearCount = kernels.selectAtMost(distances, count, Math.min(upper, nearest.threshold()), near);
                    for (int i = 0; i < nearCount; i++) {
                        int row = start + near[i];
                        float distance = distances[near[i]];
                        if (distance >= lower
                                && distance < upper
                                && (mask == null || (mask[row / Long.SIZE] >>> row & 1) != 0)) {
                            nearest.offer(distance, rowIds[row]);
                        }
                    }
                }
            }

            @Override
            public float[] target(int partitionId) {
                return query;
            }
        };
    }

    @Override
    public HnswRows nodes(Vectors vectors) {
        MemorySegment floats = ((Floats) vectors).floats;
        float[] values = new float[Math.toIntExact(floats.byteSize() / Float.BYTES)];
        MemorySegment.copy(floats, ValueLayout.JAVA_FLOAT, 0, values, 0, values.length);
        return new FloatRows(values, ((Floats) vectors).rowCount, dimension, typeOfNodes(type));
    }

    /// Of vectors of length 1, cosine is what dot says.
    static DistanceType typeOfNodes(DistanceType type) {
        return type == DistanceType.L2 ? DistanceType.L2 : DistanceType.DOT;
    }
}
