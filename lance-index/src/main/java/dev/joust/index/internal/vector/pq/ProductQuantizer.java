// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.pq;

import java.util.Arrays;

import dev.joust.index.DistanceType;
import dev.joust.index.internal.vector.KMeans;
import dev.joust.index.internal.vector.SubVectorCentroids;
import dev.joust.index.internal.vector.Workers;

/// Makes codebooks, and codes of rows. Rows are what shall be quantized: residuals from the centroid of their partition
/// for L2 and cosine, the vectors themselves for dot. Immutable and thread-safe.
public final class ProductQuantizer {
    private static final int BLOCK_ROWS = 256;

    private final PqCodebook codebook;
    private final SubVectorCentroids centroids;

    public ProductQuantizer(PqCodebook codebook) {
        this.codebook = codebook;
        centroids = new SubVectorCentroids(
                codebook.values(), codebook.subVectors(), codebook.codewords(), codebook.subDimension());
    }

    /// Trains a codebook: k-means by L2 for each sub-vector by itself. With fewer rows than codewords the codewords that
    /// are left over are never used.
    ///
    /// @param rows     `float[rowCount * dimension]`
    /// @param settings see {@link KMeans.Settings#forCodebooks}; each sub-vector has a seed made from its seed
    public static PqCodebook train(
            float[] rows,
            int rowCount,
            int dimension,
            int subVectors,
            int bits,
            KMeans.Settings settings,
            Workers workers) {
        PqCodebook.requireShape(dimension, subVectors, bits);
        int width = dimension / subVectors;
        int codewords = 1 << bits;
        float[] values = new float[dimension * codewords];
        workers.forEachBlock(subVectors, 1, (start, end) -> {
            for (int m = start; m < end; m++) {
                KMeans.Settings own = new KMeans.Settings(
                        settings.maxIterations(),
                        settings.tolerance(),
                        settings.balance(),
                        settings.maxRowsPerCentroid(),
                        settings.seed() + 0x9E3779B97F4A7C15L * m);
                float[] found = KMeans.train(
                                rows,
                                m * width,
                                dimension,
                                rowCount,
                                width,
                                codewords,
                                DistanceType.L2,
                                own,
                                Workers.callerOnly())
                        .centroids();
                int to = m * codewords * width;
                System.arraycopy(found, 0, values, to, found.length);
                for (int i = found.length; i < codewords * width; i += width) {
                    System.arraycopy(found, 0, values, to + i, width);
                }
            }
        });
        return new PqCodebook(dimension, subVectors, bits, values);
    }

    public PqCodebook codebook() {
        return codebook;
    }

    /// The codes of many rows, row after row: `byte[rowCount * codeBytes]`, from byte `to` on. The codeword of a
    /// sub-vector is the nearest by L2.
    ///
    /// @param rows `float[rowCount * dimension]` from element `rowStart` on
    public void encode(float[] rows, int rowStart, int rowCount, byte[] codes, int to, Workers workers) {
        int dimension = codebook.dimension();
        int codeBytes = codebook.codeBytes();
        int width = codebook.subDimension();
        var nearest = centroids.forRows(rowCount);
        workers.forEachBlock(rowCount, BLOCK_ROWS, (start, end) -> {
            int[] ids = new int[end - start];
            float[] scores = new float[end - start];
            if (codebook.bits() == 4) {
                Arrays.fill(codes, to + start * codeBytes, to + end * codeBytes, (byte) 0);
            }
            for (int m = 0; m < codebook.subVectors(); m++) {
                nearest.assign(m, rows, rowStart + start * dimension + m * width, dimension, end - start, ids, scores);
                for (int row = start; row < end; row++) {
                    int id = ids[row - start];
                    if (codebook.bits() == 8) {
                        codes[to + row * codeBytes + m] = (byte) id;
                    } else {
                        codes[to + row * codeBytes + (m >> 1)] |= (byte) (id << (4 * (m & 1)));
                    }
                }
            }
        });
    }

    /// Turns codes row after row into codes column after column.
    ///
    /// @param codes  `byte[rowCount][columns]` from `start` on
    /// @param turned `byte[columns][rowCount]` from `to` on
    public static void transpose(byte[] codes, int start, int rowCount, int columns, byte[] turned, int to) {
        for (int column = 0; column < columns; column++) {
            for (int row = 0; row < rowCount; row++) {
                turned[to + column * rowCount + row] = codes[start + row * columns + column];
            }
        }
    }

    /// The way back from {@link #transpose}.
    ///
    /// @param codes    `byte[columns][rowCount]` from `start` on
    /// @param rowMajor `byte[rowCount][columns]` from `to` on
    public static void transposeBack(byte[] codes, int start, int rowCount, int columns, byte[] rowMajor, int to) {
        for (int column = 0; column < columns; column++) {
            for (int row = 0; row < rowCount; row++) {
                rowMajor[to + row * columns + column] = codes[start + column * rowCount + row];
            }
        }
    }
}
