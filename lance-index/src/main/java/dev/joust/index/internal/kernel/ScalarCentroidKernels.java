// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

/// The products in plain Java: four centroids beside each other.
public final class ScalarCentroidKernels implements CentroidKernels {
    private static final int PANEL_WIDTH = 4;

    @Override
    public int panelWidth() {
        return PANEL_WIDTH;
    }

    @Override
    public int lanes() {
        return 1;
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
        for (int row = 0; row < rowCount; row++) {
            int from = rowStart + row * rowStride;
            float sum0 = 0;
            float sum1 = 0;
            float sum2 = 0;
            float sum3 = 0;
            for (int i = 0; i < dimension; i++) {
                float x = rows[from + i];
                int at = panelStart + i * PANEL_WIDTH;
                sum0 += x * panels[at];
                sum1 += x * panels[at + 1];
                sum2 += x * panels[at + 2];
                sum3 += x * panels[at + 3];
            }
            int at = row * PANEL_WIDTH;
            tile[at] = sum0;
            tile[at + 1] = sum1;
            tile[at + 2] = sum2;
            tile[at + 3] = sum3;
        }
    }

    @Override
    public void keepNearest(
            float[] tile, int rowCount, float factor, float[] offsets, int firstId, float[] bestScores, int[] bestIds) {
        for (int row = 0; row < rowCount; row++) {
            float best = bestScores[row];
            for (int column = 0; column < PANEL_WIDTH; column++) {
                float score = offsets[firstId + column] - factor * tile[row * PANEL_WIDTH + column];
                if (score < best) {
                    best = score;
                    bestScores[row] = score;
                    bestIds[row] = firstId + column;
                }
            }
        }
    }
}
