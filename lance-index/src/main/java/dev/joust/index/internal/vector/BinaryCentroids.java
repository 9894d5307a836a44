// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

/// Centroids of rows of bits, by how many bits differ. Rows and queries come as numbers from 0 to 255, eight bits each.
/// Immutable, thread-safe.
final class BinaryCentroids {
    private final byte[] centroids;
    private final int count;
    private final int dimension;

    /// @param centroids `float[count * dimension]`
    BinaryCentroids(float[] centroids, int count, int dimension) {
        this.centroids = bytes(centroids, count * dimension);
        this.count = count;
        this.dimension = dimension;
    }

    /// The first `length` numbers as bytes.
    static byte[] bytes(float[] values, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (int) values[i];
        }
        return bytes;
    }

    /// Bytes as numbers from 0 to 255.
    static float[] floats(byte[] bytes) {
        float[] floats = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            floats[i] = Byte.toUnsignedInt(bytes[i]);
        }
        return floats;
    }

    /// One for each centroid, as {@link NearestCentroids#sortKey} makes them.
    long[] sortKeys(float[] query) {
        byte[] bits = bytes(query, dimension);
        long[] keys = new long[count];
        for (int c = 0; c < count; c++) {
            keys[c] = NearestCentroids.sortKey(
                    BinaryKMeans.hamming(bits, 0, centroids, c * dimension, dimension), c);
        }
        return keys;
    }

    /// The nearest centroid of each row; of equally near ones the first.
    void assign(float[] rows, int rowCount, int[] ids, Workers workers) {
        BinaryKMeans.assign(centroids, count, dimension, bytes(rows, rowCount * dimension), rowCount, ids, workers);
    }
}
