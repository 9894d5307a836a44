// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel.simd;

import java.util.Arrays;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

import dev.joust.index.internal.kernel.CentroidKernels;

/// The products by the Vector API: eight rows and two vectors of centroids at a time, in sixteen accumulators. The
/// bodies call no method of ours: a vector that passes through such a call is boxed once C2 stops inlining.
public final class VectorCentroidKernels implements CentroidKernels {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int PANEL_WIDTH = 2 * LANES;
    private static final int ROWS = 8;
    /// So many elements of a panel stay in the first cache while rows pass by.
    private static final int CHUNK = 4096 / LANES;
    private static final IntVector LANE_NUMBERS = IntVector.zero(INTS).addIndex(1);

    @Override
    public int panelWidth() {
        return PANEL_WIDTH;
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void dots(
            float[] rows,
            int rowStart,
            int rowStride,
            int rowCount,
            float[] panels,
            int panelStart,
            int dimension,
            float[] tile) {
        for (int first = 0; first < dimension; first += CHUNK) {
            int count = Math.min(CHUNK, dimension - first);
            int panel = panelStart + first * PANEL_WIDTH;
            int start = rowStart + first;
            int row = 0;
            for (; row <= rowCount - ROWS; row += ROWS) {
                if (first == 0) {
                    eightRows(rows, start + row * rowStride, rowStride, panels, panel, count, tile, row * PANEL_WIDTH);
                } else {
                    moreOfEightRows(
                            rows, start + row * rowStride, rowStride, panels, panel, count, tile, row * PANEL_WIDTH);
                }
            }
            for (; row < rowCount; row++) {
                if (first == 0) {
                    Arrays.fill(tile, row * PANEL_WIDTH, (row + 1) * PANEL_WIDTH, 0);
                }
                oneRow(rows, start + row * rowStride, panels, panel, count, tile, row * PANEL_WIDTH);
            }
        }
    }

    @Override
    public void keepNearest(
            float[] tile, int rowCount, float factor, float[] offsets, int firstId, float[] bestScores, int[] bestIds) {
        FloatVector minusFactor = FloatVector.broadcast(SPECIES, -factor);
        FloatVector offset0 = FloatVector.fromArray(SPECIES, offsets, firstId);
        FloatVector offset1 = FloatVector.fromArray(SPECIES, offsets, firstId + LANES);
        IntVector ids0 = LANE_NUMBERS.add(firstId);
        IntVector ids1 = LANE_NUMBERS.add(firstId + LANES);
        for (int row = 0; row < rowCount; row++) {
            FloatVector best = FloatVector.fromArray(SPECIES, bestScores, row * LANES);
            IntVector bestId = IntVector.fromArray(INTS, bestIds, row * LANES);
            FloatVector score0 =
                    FloatVector.fromArray(SPECIES, tile, row * PANEL_WIDTH).fma(minusFactor, offset0);
            FloatVector score1 =
                    FloatVector.fromArray(SPECIES, tile, row * PANEL_WIDTH + LANES).fma(minusFactor, offset1);
            VectorMask<Float> nearer = score0.lt(best);
            best = best.blend(score0, nearer);
            bestId = bestId.blend(ids0, nearer.cast(INTS));
            nearer = score1.lt(best);
            best.blend(score1, nearer).intoArray(bestScores, row * LANES);
            bestId.blend(ids1, nearer.cast(INTS)).intoArray(bestIds, row * LANES);
        }
    }

    /// Adds to what the tile holds.
    private static void oneRow(
            float[] rows, int rowStart, float[] panels, int panelStart, int dimension, float[] tile, int tileStart) {
        FloatVector sum0 = FloatVector.fromArray(SPECIES, tile, tileStart);
        FloatVector sum1 = FloatVector.fromArray(SPECIES, tile, tileStart + LANES);
        for (int i = 0; i < dimension; i++) {
            FloatVector x = FloatVector.broadcast(SPECIES, rows[rowStart + i]);
            sum0 = x.fma(FloatVector.fromArray(SPECIES, panels, panelStart + i * PANEL_WIDTH), sum0);
            sum1 = x.fma(FloatVector.fromArray(SPECIES, panels, panelStart + i * PANEL_WIDTH + LANES), sum1);
        }
        sum0.intoArray(tile, tileStart);
        sum1.intoArray(tile, tileStart + LANES);
    }

    private static void eightRows(
            float[] rows,
            int rowStart,
            int rowStride,
            float[] panels,
            int panelStart,
            int dimension,
            float[] tile,
            int tileStart) {
        int row1 = rowStart + rowStride;
        int row2 = rowStart + 2 * rowStride;
        int row3 = rowStart + 3 * rowStride;
        int row4 = rowStart + 4 * rowStride;
        int row5 = rowStart + 5 * rowStride;
        int row6 = rowStart + 6 * rowStride;
        int row7 = rowStart + 7 * rowStride;
        FloatVector sum00 = FloatVector.zero(SPECIES);
        FloatVector sum01 = FloatVector.zero(SPECIES);
        FloatVector sum10 = FloatVector.zero(SPECIES);
        FloatVector sum11 = FloatVector.zero(SPECIES);
        FloatVector sum20 = FloatVector.zero(SPECIES);
        FloatVector sum21 = FloatVector.zero(SPECIES);
        FloatVector sum30 = FloatVector.zero(SPECIES);
        FloatVector sum31 = FloatVector.zero(SPECIES);
        FloatVector sum40 = FloatVector.zero(SPECIES);
        FloatVector sum41 = FloatVector.zero(SPECIES);
        FloatVector sum50 = FloatVector.zero(SPECIES);
        FloatVector sum51 = FloatVector.zero(SPECIES);
        FloatVector sum60 = FloatVector.zero(SPECIES);
        FloatVector sum61 = FloatVector.zero(SPECIES);
        FloatVector sum70 = FloatVector.zero(SPECIES);
        FloatVector sum71 = FloatVector.zero(SPECIES);
        for (int i = 0; i < dimension; i++) {
            FloatVector c0 = FloatVector.fromArray(SPECIES, panels, panelStart + i * PANEL_WIDTH);
            FloatVector c1 = FloatVector.fromArray(SPECIES, panels, panelStart + i * PANEL_WIDTH + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, rows[rowStart + i]);
            sum00 = x0.fma(c0, sum00);
            sum01 = x0.fma(c1, sum01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, rows[row1 + i]);
            sum10 = x1.fma(c0, sum10);
            sum11 = x1.fma(c1, sum11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, rows[row2 + i]);
            sum20 = x2.fma(c0, sum20);
            sum21 = x2.fma(c1, sum21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, rows[row3 + i]);
            sum30 = x3.fma(c0, sum30);
            sum31 = x3.fma(c1, sum31);
            FloatVector x4 = FloatVector.broadcast(SPECIES, rows[row4 + i]);
            sum40 = x4.fma(c0, sum40);
            sum41 = x4.fma(c1, sum41);
            FloatVector x5 = FloatVector.broadcast(SPECIES, rows[row5 + i]);
            sum50 = x5.fma(c0, sum50);
            sum51 = x5.fma(c1, sum51);
            FloatVector x6 = FloatVector.broadcast(SPECIES, rows[row6 + i]);
            sum60 = x6.fma(c0, sum60);
            sum61 = x6.fma(c1, sum61);
            FloatVector x7 = FloatVector.broadcast(SPECIES, rows[row7 + i]);
            sum70 = x7.fma(c0, sum70);
            sum71 = x7.fma(c1, sum71);
        }
        sum00.intoArray(tile, tileStart);
        sum01.intoArray(tile, tileStart + LANES);
        sum10.intoArray(tile, tileStart + PANEL_WIDTH);
        sum11.intoArray(tile, tileStart + PANEL_WIDTH + LANES);
        sum20.intoArray(tile, tileStart + 2 * PANEL_WIDTH);
        sum21.intoArray(tile, tileStart + 2 * PANEL_WIDTH + LANES);
        sum30.intoArray(tile, tileStart + 3 * PANEL_WIDTH);
        sum31.intoArray(tile, tileStart + 3 * PANEL_WIDTH + LANES);
        sum40.intoArray(tile, tileStart + 4 * PANEL_WIDTH);
        sum41.intoArray(tile, tileStart + 4 * PANEL_WIDTH + LANES);
        sum50.intoArray(tile, tileStart + 5 * PANEL_WIDTH);
        sum51.intoArray(tile, tileStart + 5 * PANEL_WIDTH + LANES);
        sum60.intoArray(tile, tileStart + 6 * PANEL_WIDTH);
        sum61.intoArray(tile, tileStart + 6 * PANEL_WIDTH + LANES);
        sum70.intoArray(tile, tileStart + 7 * PANEL_WIDTH);
        sum71.intoArray(tile, tileStart + 7 * PANEL_WIDTH + LANES);
    }

    /// The same, added to what the tile holds.
    private static void moreOfEightRows(
            float[] rows,
            int rowStart,
            int rowStride,
            float[] panels,
            int panelStart,
            int dimension,
            float[] tile,
            int tileStart) {
        int row1 = rowStart + rowStride;
        int row2 = rowStart + 2 * rowStride;
        int row3 = rowStart + 3 * rowStride;
        int row4 = rowStart + 4 * rowStride;
        int row5 = rowStart + 5 * rowStride;
        int row6 = rowStart + 6 * rowStride;
        int row7 = rowStart + 7 * rowStride;
        FloatVector sum00 = FloatVector.fromArray(SPECIES, tile, tileStart);
        FloatVector sum01 = FloatVector.fromArray(SPECIES, tile, tileStart + LANES);
        FloatVector sum10 = FloatVector.fromArray(SPECIES, tile, tileStart + PANEL_WIDTH);
        FloatVector sum11 = FloatVector.fromArray(SPECIES, tile, tileStart + PANEL_WIDTH + LANES);
        FloatVector sum20 = FloatVector.fromArray(SPECIES, tile, tileStart + 2 * PANEL_WIDTH);
        FloatVector sum21 = FloatVector.fromArray(SPECIES, tile, tileStart + 2 * PANEL_WIDTH + LANES);
        FloatVector sum30 = FloatVector.fromArray(SPECIES, tile, tileStart + 3 * PANEL_WIDTH);
        FloatVector sum31 = FloatVector.fromArray(SPECIES, tile, tileStart + 3 * PANEL_WIDTH + LANES);
        FloatVector sum40 = FloatVector.fromArray(SPECIES, tile, tileStart + 4 * PANEL_WIDTH);
        FloatVector sum41 = FloatVector.fromArray(SPECIES, tile, tileStart + 4 * PANEL_WIDTH + LANES);
        FloatVector sum50 = FloatVector.fromArray(SPECIES, tile, tileStart + 5 * PANEL_WIDTH);
        FloatVector sum51 = FloatVector.fromArray(SPECIES, tile, tileStart + 5 * PANEL_WIDTH + LANES);
        FloatVector sum60 = FloatVector.fromArray(SPECIES, tile, tileStart + 6 * PANEL_WIDTH);
        FloatVector sum61 = FloatVector.fromArray(SPECIES, tile, tileStart + 6 * PANEL_WIDTH + LANES);
        FloatVector sum70 = FloatVector.fromArray(SPECIES, tile, tileStart + 7 * PANEL_WIDTH);
        FloatVector sum71 = FloatVector.fromArray(SPECIES, tile, tileStart + 7 * PANEL_WIDTH + LANES);
        for (int i = 0; i < dimension; i++) {
            FloatVector c0 = FloatVector.fromArray(SPECIES, panels, panelStart + i * PANEL_WIDTH);
            FloatVector c1 = FloatVector.fromArray(SPECIES, panels, panelStart + i * PANEL_WIDTH + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, rows[rowStart + i]);
            sum00 = x0.fma(c0, sum00);
            sum01 = x0.fma(c1, sum01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, rows[row1 + i]);
            sum10 = x1.fma(c0, sum10);
            sum11 = x1.fma(c1, sum11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, rows[row2 + i]);
            sum20 = x2.fma(c0, sum20);
            sum21 = x2.fma(c1, sum21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, rows[row3 + i]);
            sum30 = x3.fma(c0, sum30);
            sum31 = x3.fma(c1, sum31);
            FloatVector x4 = FloatVector.broadcast(SPECIES, rows[row4 + i]);
            sum40 = x4.fma(c0, sum40);
            sum41 = x4.fma(c1, sum41);
            FloatVector x5 = FloatVector.broadcast(SPECIES, rows[row5 + i]);
            sum50 = x5.fma(c0, sum50);
            sum51 = x5.fma(c1, sum51);
            FloatVector x6 = FloatVector.broadcast(SPECIES, rows[row6 + i]);
            sum60 = x6.fma(c0, sum60);
            sum61 = x6.fma(c1, sum61);
            FloatVector x7 = FloatVector.broadcast(SPECIES, rows[row7 + i]);
            sum70 = x7.fma(c0, sum70);
            sum71 = x7.fma(c1, sum71);
        }
        sum00.intoArray(tile, tileStart);
        sum01.intoArray(tile, tileStart + LANES);
        sum10.intoArray(tile, tileStart + PANEL_WIDTH);
        sum11.intoArray(tile, tileStart + PANEL_WIDTH + LANES);
        sum20.intoArray(tile, tileStart + 2 * PANEL_WIDTH);
        sum21.intoArray(tile, tileStart + 2 * PANEL_WIDTH + LANES);
        sum30.intoArray(tile, tileStart + 3 * PANEL_WIDTH);
        sum31.intoArray(tile, tileStart + 3 * PANEL_WIDTH + LANES);
        sum40.intoArray(tile, tileStart + 4 * PANEL_WIDTH);
        sum41.intoArray(tile, tileStart + 4 * PANEL_WIDTH + LANES);
        sum50.intoArray(tile, tileStart + 5 * PANEL_WIDTH);
        sum51.intoArray(tile, tileStart + 5 * PANEL_WIDTH + LANES);
        sum60.intoArray(tile, tileStart + 6 * PANEL_WIDTH);
        sum61.intoArray(tile, tileStart + 6 * PANEL_WIDTH + LANES);
        sum70.intoArray(tile, tileStart + 7 * PANEL_WIDTH);
        sum71.intoArray(tile, tileStart + 7 * PANEL_WIDTH + LANES);
    }
}
