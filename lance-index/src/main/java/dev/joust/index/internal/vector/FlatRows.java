// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import org.jspecify.annotations.Nullable;

/// A partition's vectors as 32-bit floats. They stay as they came, row after row, until they were searched by L2 a few
/// times. Then they are laid out in pieces: the first quarter of every row, then the second, then the other half.
/// A sum of squares only grows, so a row whose first pieces are too far is left out, and its other pieces are not read:
/// most of what such a search costs is reading. Thread-safe.
final class FlatRows implements VectorStorage.Vectors {
    /// Shorter rows are not worth it.
    private static final int FEWEST_TO_PART = 64;

    private static final int WHOLE_VECTORS = 16;
    private static final int SEARCHES_BEFORE = 3;

    private final int rowCount;
    private final int dimension;
    /// Some may be lost where searches meet.
    private volatile int searches;

    private volatile float @Nullable [] rows;
    private volatile @Nullable Pieces pieces;
    private volatile float @Nullable [] squares;

    /// @param rows `float[rowCount * dimension]`, row-major; not copied
    FlatRows(float[] rows, int rowCount, int dimension) {
        this.rows = rows;
        this.rowCount = rowCount;
        this.dimension = dimension;
    }

    /// Elements `starts[p]` up to `starts[p + 1]` of all rows, row-major, in `values[p]`.
    @SuppressWarnings("ArrayRecordComponent") // for scans
    record Pieces(int[] starts, float[][] values) {
        int count() {
            return values.length;
        }

        int width(int piece) {
            return starts[piece + 1] - starts[piece];
        }
    }

    int rowCount() {
        return rowCount;
    }

    @Override
    public long sizeBytes() {
        return 4L * rowCount * dimension;
    }

    /// `float[rowCount * dimension]`, row-major; not to be changed.
    float[] rows() {
        float[] known = rows;
        if (known != null) {
            return known;
        }
        Pieces parted = pieces;
        if (parted == null) {
            throw new IllegalStateException("rows are neither whole nor in pieces");
        }
        float[] joined = new float[rowCount * dimension];
        for (int p = 0; p < parted.count(); p++) {
            for (int row = 0; row < rowCount; row++) {
                System.arraycopy(
                        parted.values[p],
                        row * parted.width(p),
                        joined,
                        row * dimension + parted.starts[p],
                        parted.width(p));
            }
        }
        return joined;
    }

    /// The rows for a search by L2: in one piece for the first ones.
    Pieces pieces() {
        Pieces known = pieces;
        if (known == null) {
            float[] whole = rows();
            known = new Pieces(new int[] {0, dimension}, new float[][] {whole});
            int before = searches;
            if (before < SEARCHES_BEFORE) {
                searches = before + 1;
            } else if (dimension >= FEWEST_TO_PART) {
                known = parted(whole);
                pieces = known;
                rows = null;
            }
        }
        return known;
    }

    private Pieces parted(float[] whole) {
        int quarter = Math.ceilDiv(dimension / 4, WHOLE_VECTORS) * WHOLE_VECTORS;
        int[] starts = {0, quarter, 2 * quarter, dimension};
        float[][] values = new float[3][];
        for (int p = 0; p < values.length; p++) {
            int width = starts[p + 1] - starts[p];
            values[p] = new float[rowCount * width];
            for (int row = 0; row < rowCount; row++) {
                System.arraycopy(whole, row * dimension + starts[p], values[p], row * width, width);
            }
        }
        return new Pieces(starts, values);
    }

    /// The sum of squares of each row, once it was worked out.
    float @Nullable [] squares() {
        return squares;
    }

    /// @param sums of all rows; not copied
    void keepSquares(float[] sums) {
        squares = sums;
    }
}
