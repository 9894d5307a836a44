// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.index.DistanceType;
import dev.joust.index.VectorColumn;
import dev.joust.index.VectorElement;

/// The vectors of a batch that go into an index: neither null nor with anything that is not finite, of length 1 where the
/// metric is cosine (spec: index format B.2). Of a column with several vectors a row, each with the row's id.
///
/// @param values `float[count * dimension]`, perhaps longer; bytes without a sign as numbers from 0 to 255
/// @param exact  the same in double precision where elements are 64-bit floats; else null
/// @param rowIds `long[count]`, perhaps longer
@SuppressWarnings("ArrayRecordComponent") // on their way from batch to index
public record VectorRows(float[] values, double @Nullable [] exact, long[] rowIds, int count, int dimension) {
    public VectorRows(float[] values, long[] rowIds, int count, int dimension) {
        this(values, null, rowIds, count, dimension);
    }

    /// @param rowIdColumn of 64-bit numbers
    public static VectorRows of(Batch batch, VectorColumn column, String rowIdColumn, DistanceType metric) {
        ColumnBuffers rows = column.in(batch);
        ColumnBuffers ids = batch.column(rowIdColumn);
        ColumnBuffers vectors = column.isMulti() ? rows.children().getFirst() : rows;
        int end = column.isMulti() ? Math.toIntExact(Columns.offset(rows, rows.rowCount())) : rows.rowCount();
        Builder builder = new Builder(column, metric, vectors, end);
        MemorySegment rowIds = ids.values();
        for (int row = 0; row < rows.rowCount() && rowIds != null; row++) {
            if (rows.isNull(row)) {
                continue;
            }
            long rowId = rowIds.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * row);
            int from = column.isMulti() ? Math.toIntExact(Columns.offset(rows, row)) : row;
            int to = column.isMulti() ? Math.toIntExact(Columns.offset(rows, row + 1)) : row + 1;
            for (int vector = from; vector < to; vector++) {
                builder.add(vector, rowId);
            }
        }
        return builder.build();
    }

    /// Collects vectors of one batch.
    private static final class Builder {
        private final VectorElement element;
        private final int dimension;
        private final boolean isCosine;
        private final ColumnBuffers vectors;
        private final ColumnBuffers items;
        private final @Nullable MemorySegment source;
        private final float[] values;
        private final double @Nullable [] exact;
        private final long[] rowIds;
        private int count;

        Builder(VectorColumn column, DistanceType metric, ColumnBuffers vectors, int most) {
            element = column.element();
            dimension = column.dimension();
            isCosine = metric == DistanceType.COSINE;
            this.vectors = vectors;
            items = vectors.children().getFirst();
            source = items.values();
            values = new float[Math.multiplyExact(most, dimension)];
            exact = element == VectorElement.FLOAT64 ? new double[values.length] : null;
            rowIds = new long[most];
        }

        void add(int vector, long rowId) {
            MemorySegment from = source;
            if (from == null || vectors.isNull(vector) || hasNulls(vector * dimension)) {
                return;
            }
            int to = count * dimension;
            if (exact == null) {
                read(from, (long) vector * dimension, to);
            } else {
                MemorySegment.copy(
                        from, ValueLayout.JAVA_DOUBLE_UNALIGNED, 8L * vector * dimension, exact, to, dimension);
            }
            if (isCosine) {
                scaleToOne(to);
            }
            for (int i = to; exact != null && i < to + dimension; i++) {
                values[i] = (float) exact[i];
            }
            if (isFinite(to)) {
                rowIds[count++] = rowId;
            }
        }

        private void read(MemorySegment from, long first, int to) {
            switch (element) {
                case FLOAT32 ->
                    MemorySegment.copy(from, ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * first, values, to, dimension);
                case FLOAT16 -> {
                    for (int i = 0; i < dimension; i++) {
                        values[to + i] =
                                Float.float16ToFloat(from.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * (first + i)));
                    }
                }
                case INT8, UINT8 -> {
                    for (int i = 0; i < dimension; i++) {
                        byte value = from.get(ValueLayout.JAVA_BYTE, first + i);
                        values[to + i] = element == VectorElement.INT8 ? value : Byte.toUnsignedInt(value);
                    }
                }
                case FLOAT64 -> throw new IllegalStateException("read as they are");
            }
        }

        private boolean hasNulls(int from) {
            for (int i = from; items.nullCount() > 0 && i < from + dimension; i++) {
                if (items.isNull(i)) {
                    return true;
                }
            }
            return false;
        }

        private boolean isFinite(int from) {
            // a sum of products with 0 is not a number if any of them is not finite
            float sum = 0;
            for (int i = from; i < from + dimension; i++) {
                sum += 0 * values[i];
            }
            return sum == 0;
        }

        private void scaleToOne(int from) {
            double squares = 0;
            for (int i = from; i < from + dimension; i++) {
                double value = exact == null ? values[i] : exact[i];
                squares += value * value;
            }
            double norm = Math.sqrt(squares);
            for (int i = from; i < from + dimension; i++) {
                if (exact == null) {
                    values[i] /= (float) norm;
                } else {
                    exact[i] /= norm;
                }
            }
        }

        VectorRows build() {
            VectorRows rows = new VectorRows(values, exact, rowIds, count, dimension);
            element.round(values);
            return rows;
        }
    }
}
