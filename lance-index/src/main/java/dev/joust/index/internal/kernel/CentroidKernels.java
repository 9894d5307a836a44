// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

/// Many rows against many centroids, as a product of matrices: `|x|^2 + |c|^2 - 2 x.c` with the squares known before.
/// Centroids are packed in panels: a panel holds {@link #panelWidth()} of them side by side, element after element,
/// `float[dimension][panelWidth]`, those that are missing in the last one as zeros. Stateless.
///
/// The sums are added in another order than a difference at a time would be, so what comes out is good for finding
/// the nearest, and not for reporting how far it is.
public interface CentroidKernels {
    /// Centroids of a panel.
    int panelWidth();

    /// How many of the best scores of a row are kept side by side by {@link #keepNearest}; divides the panel's width.
    int lanes();

    /// Fills `tile[row * panelWidth + column]` with the products of rows and the centroids of one panel.
    ///
    /// @param rows       row r starts at element `rowStart + r * rowStride`
    /// @param panels     the panel starts at element `panelStart`
    /// @param tile       room for `rowCount * panelWidth`
    void dots(
            float[] rows,
            int rowStart,
            int rowStride,
            int rowCount,
            float[] panels,
            int panelStart,
            int dimension,
            float[] tile);

    /// Scores each product of the tile as `offsets[firstId + column] - factor * dot` and keeps for each row and lane
    /// `column % lanes` the smallest score and its centroid; of equal ones that which came first.
    ///
    /// @param bestScores `float[rowCount * lanes]`
    /// @param bestIds    `int[rowCount * lanes]`
    void keepNearest(
            float[] tile, int rowCount, float factor, float[] offsets, int firstId, float[] bestScores, int[] bestIds);
}
