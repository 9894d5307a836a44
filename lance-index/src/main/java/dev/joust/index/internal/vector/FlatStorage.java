// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.LogicalType;
import dev.joust.index.DistanceType;
import dev.joust.index.TopK;
import dev.joust.index.VectorElement;
import dev.joust.index.internal.vector.hnsw.BinaryRows;
import dev.joust.index.internal.vector.hnsw.FloatRows;
import dev.joust.index.internal.vector.hnsw.HnswRows;

/// Vectors as they are (of length 1, for cosine), compared exactly (spec: index format B.4).
final class FlatStorage implements VectorStorage {
    static final String COLUMN = "flat";

    private static final int BLOCK_ROWS = 2048;
    /// What 32-bit floats round a length of 1 by.
    private static final double NEARLY = 1e-6;

    private final DistanceType type;
    private final int dimension;

    FlatStorage(DistanceType type, int dimension) {
        this.type = type;
        this.dimension = dimension;
    }

    /// @param values `[rowCount * dimension]` of 64-bit floats or bytes, row-major, in native memory
    private record Others(VectorElement element, MemorySegment values, int rowCount) implements Vectors {
        @Override
        public long sizeBytes() {
            return values.byteSize();
        }
    }

    @Override
    public List<String> columns() {
        return List.of(COLUMN);
    }

    /// Floats of 16 bits are widened, others stay.
    @Override
    public Vectors read(Batch rows) {
        ColumnBuffers column = rows.column(COLUMN);
        VectorElement element = column.field().type() instanceof LogicalType.FixedSizeList(LogicalType item, int width)
                        && width == dimension
                ? VectorElement.of(item)
                : null;
        boolean isBits = type == DistanceType.HAMMING;
        if (element == null || element == VectorElement.INT8 || isBits != (element == VectorElement.UINT8)) {
            throw new UnsupportedFormatException("index column '" + COLUMN + "' of type " + column.field().type()
                    + " for " + dimension + " dimensions by " + type.code());
        }
        long valueCount = (long) rows.rowCount() * dimension;
        MemorySegment values = column.children().getFirst().values();
        if (valueCount > 0 && (values == null || values.byteSize() < valueCount * element.widthBytes())) {
            throw new CorruptFileException("index column '" + COLUMN + "' holds fewer than " + valueCount + " values");
        }
        if (element == VectorElement.FLOAT32 || element == VectorElement.FLOAT16) {
            float[] floats = new float[Math.toIntExact(valueCount)];
            if (values != null) {
                read(values, element, floats);
            }
            return new FlatRows(floats, rows.rowCount(), dimension);
        }
        MemorySegment kept = Arena.ofAuto().allocate(Math.max(64, element.widthBytes() * valueCount), 64);
        if (values != null) {
            MemorySegment.copy(values, 0, kept, 0, element.widthBytes() * valueCount);
        }
        return new Others(element, kept, rows.rowCount());
    }

    private static void read(MemorySegment values, VectorElement element, float[] floats) {
        if (element == VectorElement.FLOAT32) {
            MemorySegment.copy(values, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, floats, 0, floats.length);
            return;
        }
        for (int i = 0; i < floats.length; i++) {
            floats[i] = Float.float16ToFloat(values.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i));
        }
    }

    @Override
    public Scan scan(float[] query) {
        FlatScan floats = new FlatScan(type, query);
        return new Scan() {
            private @Nullable FlatDistances others;

            @Override
            public void search(
                    int partitionId, Vectors vectors, long[] rowIds, long @Nullable [] mask, float lower, float upper, TopK nearest) {
                switch (vectors) {
                    case FlatRows rows -> floats.search(rows, rowIds, mask, lower, upper, nearest);
                    case Others of -> search(of, rowIds, mask, lower, upper, nearest);
                    default -> throw new IllegalArgumentException("vectors of another index");
                }
            }

            private void search(
                    Others of, long[] rowIds, long @Nullable [] mask, float lower, float upper, TopK nearest) {
                FlatDistances kernels = others(of.element);
                RowOffers offers = new RowOffers(BLOCK_ROWS);
                for (int start = 0; start < rowIds.length; start += BLOCK_ROWS) {
                    int count = Math.min(BLOCK_ROWS, rowIds.length - start);
                    long from = (long) of.element.widthBytes() * dimension * start;
                    kernels.distances(of.values, from, count, offers.distances());
                    offers.offer(start, count, rowIds, 0, mask, lower, upper, nearest);
                }
            }

            private FlatDistances others(VectorElement element) {
                FlatDistances known = others;
                if (known == null) {
                    double[] exact = new double[query.length];
                    Arrays.setAll(exact, i -> query[i]);
                    known = new FlatDistances(element, type, exact);
                    others = known;
                }
                return known;
            }

            @Override
            public float[] target(int partitionId) {
                return type == DistanceType.COSINE ? ofLengthOne(query.clone(), query.length) : query;
            }
        };
    }

    @Override
    public HnswRows nodes(Vectors vectors) {
        if (vectors instanceof Others(VectorElement element, MemorySegment others, int rows)) {
            int count = Math.multiplyExact(rows, dimension);
            if (element == VectorElement.UINT8) {
                byte[] bytes = new byte[count];
                MemorySegment.copy(others, ValueLayout.JAVA_BYTE, 0, bytes, 0, count);
                return new BinaryRows(bytes, rows, dimension);
            }
            float[] rounded = new float[count];
            for (int i = 0; i < count; i++) {
                rounded[i] = (float) others.get(ValueLayout.JAVA_DOUBLE, 8L * i);
            }
            return new FloatRows(rounded, rows, dimension, typeOfNodes(type));
        }
        FlatRows floats = (FlatRows) vectors;
        float[] values = floats.rows();
        if (type == DistanceType.COSINE) {
            ofLengthOne(values, floats.rowCount() * dimension);
        }
        return new FloatRows(values, floats.rowCount(), dimension, typeOfNodes(type));
    }

    /// Scales rows to length 1, of which those of 16-bit floats are only nearly.
    private float[] ofLengthOne(float[] rows, int length) {
        for (int start = 0; start < length; start += dimension) {
            double squares = 0;
            for (int i = start; i < start + dimension; i++) {
                squares += (double) rows[i] * rows[i];
            }
            if (Math.abs(squares - 1) > NEARLY) {
                float norm = (float) Math.sqrt(squares);
                for (int i = start; i < start + dimension; i++) {
                    rows[i] /= norm;
                }
            }
        }
        return rows;
    }

    /// Of vectors of length 1, cosine is what dot says.
    static DistanceType typeOfNodes(DistanceType type) {
        return type == DistanceType.L2 ? DistanceType.L2 : DistanceType.DOT;
    }
}
