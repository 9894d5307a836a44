// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.Arrays;

import dev.joust.index.DistanceType;
import dev.joust.index.internal.kernel.CentroidKernels;
import dev.joust.index.internal.kernel.VectorKernels;

/// Which centroids are nearest: of many rows each its own ({@link #assign}), of one query as many as shall be probed
/// ({@link #nearest}). Distances are squared L2 (also where the metric is cosine: centroids, rows and queries come
/// divided by their norm) or `1 - q.c`. Immutable and thread-safe.
public final class NearestCentroids {
    private static final int BLOCK_ROWS = 1024;

    private final float[] centroids;
    private final int count;
    private final int dimension;
    private final boolean dot;
    private final PackedCentroids[] packed = new PackedCentroids[2];

    /// @param centroids `float[count * dimension]`, row-major; not copied, so not to be changed
    public NearestCentroids(float[] centroids, int count, int dimension, DistanceType type) {
        if (count < 1 || dimension < 1 || (long) count * dimension > centroids.length) {
            throw new IllegalArgumentException(
                    count + " centroids of " + dimension + " elements in an array of " + centroids.length);
        }
        this.centroids = centroids;
        this.count = count;
        this.dimension = dimension;
        this.dot = type == DistanceType.DOT;
    }

    public int count() {
        return count;
    }

    public int dimension() {
        return dimension;
    }

    /// `float[count * dimension]`; not to be changed.
    public float[] centroids() {
        return centroids;
    }

    /// The nearest centroid of each row; of equally near ones the first, as far as rounding lets them be equal.
    ///
    /// @param rows `float[rowCount * dimension]` from element `rowStart` on
    /// @param ids  `int[rowCount]`, filled
    public void assign(float[] rows, int rowStart, int rowCount, int[] ids, Workers workers) {
        scores(rows, rowStart, rowCount, ids, new float[rowCount], workers);
    }

    /// The same with the distances, which are rounded more coarsely than those of {@link #distances}.
    ///
    /// @param distances `float[rowCount]`, filled
    public void assign(float[] rows, int rowStart, int rowCount, int[] ids, float[] distances, Workers workers) {
        scores(rows, rowStart, rowCount, ids, distances, workers);
        workers.forEachBlock(rowCount, BLOCK_ROWS, (start, end) -> {
            for (int row = start; row < end; row++) {
                distances[row] = dot
                        ? 1 + distances[row]
                        : (float) Math.max(
                                0,
                                distances[row] + PackedCentroids.square(rows, rowStart + row * dimension, dimension));
            }
        });
    }

    private void scores(float[] rows, int rowStart, int rowCount, int[] ids, float[] scores, Workers workers) {
        PackedCentroids panels = packed(rowCount);
        workers.forEachBlock(
                rowCount,
                BLOCK_ROWS,
                (start, end) -> panels.assign(
                        rows, rowStart + start * dimension, dimension, end - start, dot ? 1 : 2, ids, scores, start));
    }

    /// The exact distance of a query to each centroid.
    ///
    /// @param distances room for {@link #count()}
    public void distances(float[] query, float[] distances) {
        var kernels = VectorKernels.arrayDistances((long) count * dimension);
        if (dot) {
            kernels.dots(query, 0, centroids, 0, count, dimension, distances);
            for (int c = 0; c < count; c++) {
                distances[c] = 1 - distances[c];
            }
        } else {
            kernels.squaredL2(query, 0, centroids, 0, count, dimension, distances);
        }
    }

    /// The nearest centroids of a query, nearest first; of equally near ones the first comes first.
    ///
    /// @param most      how many are wanted; fewer if there are fewer
    /// @param ids       filled
    /// @param distances filled
    /// @return how many were found
    public int nearest(float[] query, int most, int[] ids, float[] distances) {
        int found = Math.min(most, count);
        long[] keys = sortKeys(query);
        sortFirst(keys, 0, found);
        for (int i = 0; i < found; i++) {
            ids[i] = (int) keys[i];
            distances[i] = distanceOf(keys[i]);
        }
        return found;
    }

    /// Centroids in no order yet, as keys that order as their distances do, and then as their ids.
    long[] sortKeys(float[] query) {
        float[] all = new float[count];
        distances(query, all);
        long[] keys = new long[count];
        for (int c = 0; c < count; c++) {
            keys[c] = sortKey(all[c], c);
        }
        return keys;
    }

    /// Brings the smallest of the keys from `from` on, in order, to the places up to `to`.
    static void sortFirst(long[] keys, int from, int to) {
        if (to - from < (keys.length - from) / 4) {
            selectSmallest(keys, from, to);
            Arrays.sort(keys, from, to);
        } else {
            Arrays.sort(keys, from, keys.length);
        }
    }

    /// The way back from {@link #sortKey}.
    static float distanceOf(long key) {
        return Smallest.fromSortable((int) (key >> 32));
    }

    /// Orders as the distance does (NaN last), then as the id does.
    static long sortKey(float distance, int id) {
        return (long) Smallest.sortable(distance + 0f) << 32 | id; // -0 becomes 0
    }

    /// Brings the smallest keys from `from` on, no two of which are equal, to the places before `wanted`, in any order.
    private static void selectSmallest(long[] keys, int from, int wanted) {
        int low = from;
        int high = keys.length - 1;
        while (low < high) {
            long pivot = keys[(low + high) >>> 1];
            int i = low;
            int j = high;
            while (i <= j) {
                while (keys[i] < pivot) {
                    i++;
                }
                while (keys[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    long key = keys[i];
                    keys[i++] = keys[j];
                    keys[j--] = key;
                }
            }
            if (wanted <= j) {
                high = j;
            } else if (wanted > i) {
                low = i;
            } else {
                return;
            }
        }
    }

    /// Centroids packed for the kernels that suit so many rows: at most one copy for each form.
    private PackedCentroids packed(long rowCount) {
        CentroidKernels kernels = VectorKernels.centroids(rowCount * count * dimension);
        int form = kernels.lanes() == 1 ? 0 : 1;
        synchronized (packed) {
            PackedCentroids known = packed[form];
            if (known == null) {
                known = new PackedCentroids(kernels, count, dimension);
                known.pack(centroids, 0);
                if (dot) {
                    for (int c = 0; c < count; c++) {
                        known.setOffset(c, 0);
                    }
                } else {
                    known.setOffsetsToSquares(centroids, 0);
                }
                packed[form] = known;
            }
            return known;
        }
    }
}
