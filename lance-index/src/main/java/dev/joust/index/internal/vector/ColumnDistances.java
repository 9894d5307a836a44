// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.index.DistanceType;
import dev.joust.index.VectorColumn;

/// How far the rows of a column of vectors are from a query: of any element type, of one vector a row or of many. Rows that
/// are null, have no vector, or a null in it are at no distance (NaN). For one thread.
public final class ColumnDistances {
    private static final int MOST_VECTORS = 4096;

    private final VectorColumn column;
    private final FlatDistances[] ofQueries;
    private final float[][] perVector;

    /// @param query `float[count * dimension]`, its vectors one after the other
    /// @throws IllegalArgumentException if column, metric and query do not fit each other
    public ColumnDistances(VectorColumn column, DistanceType type, float[] query) {
        column.require(type);
        this.column = column;
        ofQueries = new FlatDistances[column.queryCount(query.length)];
        float[] rounded = column.element().asQuery(query, type);
        int dimension = column.dimension();
        for (int i = 0; i < ofQueries.length; i++) {
            double[] one = new double[dimension];
            int start = i * dimension;
            Arrays.setAll(one, j -> rounded[start + j]);
            ofQueries[i] = new FlatDistances(column.element(), type, one);
        }
        perVector = new float[column.isMulti() ? ofQueries.length : 0][0];
    }

    /// Fills `distances[0 .. rowCount)` with those of the rows from `firstRow` on.
    public void of(ColumnBuffers rows, int firstRow, int rowCount, float[] distances) {
        if (column.isMulti()) {
            ofLists(rows, firstRow, rowCount, distances);
            return;
        }
        vectors(rows, firstRow, rowCount, ofQueries[0], distances);
        for (int i = 0; i < rowCount; i++) {
            if (rows.isNull(firstRow + i)) {
                distances[i] = Float.NaN;
            }
        }
    }

    /// @param vectors a column of fixed-size lists
    private void vectors(ColumnBuffers vectors, int first, int count, FlatDistances of, float[] distances) {
        ColumnBuffers items = vectors.children().getFirst();
        MemorySegment values = items.values();
        long rowBytes = (long) column.dimension() * column.element().widthBytes();
        if (count > 0 && (values == null || values.byteSize() < (first + (long) count) * rowBytes)) {
            throw new IllegalArgumentException("column '" + vectors.field().name() + "' holds fewer than "
                    + (first + (long) count) * rowBytes + " bytes of vectors");
        }
        if (values == null) {
            return;
        }
        of.distances(values, first * rowBytes, count, distances);
        for (int i = 0; items.nullCount() > 0 && i < count; i++) {
            if (hasNulls(items, (first + i) * column.dimension())) {
                distances[i] = Float.NaN;
            }
        }
    }

    private boolean hasNulls(ColumnBuffers items, int start) {
        for (int i = start; i < start + column.dimension(); i++) {
            if (items.isNull(i)) {
                return true;
            }
        }
        return false;
    }

    private void ofLists(ColumnBuffers rows, int firstRow, int rowCount, float[] distances) {
        ColumnBuffers vectors = rows.children().getFirst();
        int row = 0;
        while (row < rowCount) {
            int start = Math.toIntExact(Columns.offset(rows, firstRow + row));
            int end = row;
            int vectorCount = 0;
            // some rows at a time; one, however many vectors it has
            while (end < rowCount) {
                int next = Math.toIntExact(Columns.offset(rows, firstRow + end + 1)) - start;
                if (end > row && next > MOST_VECTORS) {
                    break;
                }
                vectorCount = next;
                end++;
            }
            for (int q = 0; q < ofQueries.length; q++) {
                if (perVector[q].length < vectorCount) {
                    perVector[q] = new float[Math.max(MOST_VECTORS, vectorCount)];
                }
                vectors(vectors, start, vectorCount, ofQueries[q], perVector[q]);
                for (int i = 0; vectors.nullCount() > 0 && i < vectorCount; i++) {
                    if (vectors.isNull(start + i)) {
                        perVector[q][i] = Float.NaN;
                    }
                }
            }
            for (; row < end; row++) {
                int from = Math.toIntExact(Columns.offset(rows, firstRow + row)) - start;
                int to = Math.toIntExact(Columns.offset(rows, firstRow + row + 1)) - start;
                distances[row] = rows.isNull(firstRow + row) ? Float.NaN : MaxSim.exact(perVector, from, to);
            }
        }
    }
}
