// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.index.DistanceType;
import dev.joust.index.VectorColumn;

/// The vectors of a batch that go into an index: neither null nor with anything that is not finite, of length 1 where the
/// metric is cosine (spec: index format B.2).
///
/// @param values `float[count * dimension]`, perhaps longer
/// @param rowIds `long[count]`, perhaps longer
@SuppressWarnings("ArrayRecordComponent") // on their way from batch to index
public record VectorRows(float[] values, long[] rowIds, int count, int dimension) {
    /// The dimension of a column's vectors.
    ///
    /// @throws IllegalArgumentException naming the column, if it holds no vectors of floats
    public static int dimensionOf(Field column) {
        if (column.type() instanceof LogicalType.FixedSizeList(LogicalType item, int dimension)
                && item instanceof LogicalType.FloatingPoint
                && dimension > 0) {
            return dimension;
        }
        throw new IllegalArgumentException("column '" + column.name() + "' can't be indexed by vectors: it holds "
                + column.type() + ", not fixed-size lists of floats");
    }

    /// @param rowIdColumn of 64-bit numbers
    public static VectorRows of(Batch batch, VectorColumn column, String rowIdColumn, DistanceType metric) {
        ColumnBuffers vectors = column.in(batch);
        int dimension = dimensionOf(vectors.field());
        int bitWidth = ((LogicalType.FloatingPoint) ((LogicalType.FixedSizeList) vectors.field().type()).item()).bitWidth();
        ColumnBuffers items = vectors.children().getFirst();
        MemorySegment source = items.values();
        MemorySegment ids = batch.column(rowIdColumn).values();
        int rowCount = batch.rowCount();
        float[] values = new float[Math.multiplyExact(rowCount, dimension)];
        long[] rowIds = new long[rowCount];
        int count = 0;
        for (int row = 0; row < rowCount && source != null && ids != null; row++) {
            if (vectors.isNull(row)) {
                continue;
            }
            int to = count * dimension;
            read(source, bitWidth, (long) row * dimension, values, to, dimension);
            if (metric == DistanceType.COSINE) {
                scaleToOne(values, to, dimension);
            }
            if (isFinite(values, to, dimension) && !hasNulls(items, row * dimension, dimension)) {
                rowIds[count++] = ids.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * row);
            }
        }
        return new VectorRows(values, rowIds, count, dimension);
    }

    private static void read(MemorySegment source, int bitWidth, long from, float[] target, int to, int count) {
        switch (bitWidth) {
            case 32 -> MemorySegment.copy(source, ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * from, target, to, count);
            case 16 -> {
                for (int i = 0; i < count; i++) {
                    target[to + i] = Float.float16ToFloat(source.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * (from + i)));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    target[to + i] = (float) source.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8 * (from + i));
                }
            }
        }
    }

    private static boolean hasNulls(ColumnBuffers items, int from, int count) {
        for (int i = from; items.nullCount() > 0 && i < from + count; i++) {
            if (items.isNull(i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFinite(float[] values, int from, int count) {
        // a sum of products with 0 is not a number if any of them is not finite
        float sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += 0 * values[i];
        }
        return sum == 0;
    }

    private static void scaleToOne(float[] values, int from, int count) {
        double squares = 0;
        for (int i = from; i < from + count; i++) {
            squares += (double) values[i] * values[i];
        }
        float norm = (float) Math.sqrt(squares);
        for (int i = from; i < from + count; i++) {
            values[i] /= norm;
        }
    }
}
