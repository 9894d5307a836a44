// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.Arrays;

import dev.joust.index.internal.kernel.VectorKernels;

/// The rounds of k-means over some rows. What comes out does not depend on the threads: rows are assigned one by one,
/// and each centroid adds its rows in their order. Not thread-safe itself.
final class LloydRounds {
    private static final int BLOCK_ROWS = 1024;
    private static final int BLOCK_CENTROIDS = 4;
    private static final float SPLIT = 1f / 1024;

    private final Rows rows;
    private final int count;
    private final boolean dot;
    private final float balance;
    private final Workers workers;
    private final PackedCentroids packed;
    private final int[] ids;
    private final float[] scores;
    private final float[] squares;
    private final int[] sizes;
    private final float[] handicaps;
    private float[] centroids = {};
    private double loss;

    LloydRounds(Rows rows, int count, boolean dot, float balance, Workers workers) {
        this.rows = rows;
        this.count = count;
        this.dot = dot;
        this.balance = balance;
        this.workers = workers;
        packed = new PackedCentroids(
                VectorKernels.centroids((long) rows.count() * count * rows.dimension()), count, rows.dimension());
        ids = new int[rows.count()];
        scores = new float[rows.count()];
        squares = new float[rows.count()];
        sizes = new int[count];
        handicaps = new float[count];
        if (!dot) {
            workers.forEachBlock(rows.count(), BLOCK_ROWS, (start, end) -> {
                for (int row = start; row < end; row++) {
                    squares[row] = (float) PackedCentroids.square(rows.values(), rows.startOf(row), rows.dimension());
                }
            });
        }
    }

    /// @param initial `float[count * dimension]`, taken over
    void start(float[] initial) {
        centroids = initial;
        if (dot) {
            normalize();
        }
    }

    /// Does so many rounds at most, and says how many it did.
    int run(int most, double tolerance) {
        double before = Double.POSITIVE_INFINITY;
        for (int round = 0; round < most; round++) {
            assign();
            move();
            if (Math.abs(before - loss) <= tolerance * Math.abs(loss)) {
                return round + 1;
            }
            before = loss;
        }
        return most;
    }

    /// The centroids now, and how far the rows are from them.
    KMeans.Result result() {
        Arrays.fill(handicaps, 0);
        assign();
        return new KMeans.Result(centroids, count, loss, rows.count());
    }

    private void assign() {
        packed.pack(centroids, 0);
        for (int c = 0; c < count; c++) {
            double square = dot ? 0 : PackedCentroids.square(centroids, c * rows.dimension(), rows.dimension());
            packed.setOffset(c, (float) square + handicaps[c]);
        }
        float factor = dot ? 1 : 2;
        workers.forEachBlock(
                rows.count(),
                BLOCK_ROWS,
                (start, end) -> packed.assign(
                        rows.values(), rows.startOf(start), rows.stride(), end - start, factor, ids, scores, start));
        measure();
    }

    /// Sizes and loss, and from those of the largest partition the handicaps for the next round.
    private void measure() {
        double[] losses = new double[count];
        float[] radii = new float[count];
        Arrays.fill(sizes, 0);
        for (int row = 0; row < rows.count(); row++) {
            int id = ids[row];
            float score = scores[row] - handicaps[id];
            float distance = dot ? 1 + score : Math.max(0, squares[row] + score);
            sizes[id]++;
            losses[id] += distance;
            radii[id] = Math.max(radii[id], distance);
        }
        loss = Arrays.stream(losses).sum();
        if (balance > 0) {
            int largest = 0;
            for (int c = 1; c < count; c++) {
                if (sizes[c] > sizes[largest]) {
                    largest = c;
                }
            }
            double most = (radii[largest] - losses[largest] / sizes[largest]) / rows.count();
            for (int c = 0; c < count; c++) {
                handicaps[c] = (float) (Math.clamp(most, 0, balance) * sizes[c]);
            }
        }
    }

    private void move() {
        int[] ends = new int[count];
        int total = 0;
        for (int c = 0; c < count; c++) {
            ends[c] = total; // where the next row of this centroid goes
            total += sizes[c];
        }
        int[] members = new int[rows.count()];
        for (int row = 0; row < rows.count(); row++) {
            members[ends[ids[row]]++] = row;
        }
        workers.forEachBlock(count, BLOCK_CENTROIDS, (start, end) -> {
            double[] sum = new double[rows.dimension()];
            for (int c = start; c < end; c++) {
                mean(members, ends[c] - sizes[c], ends[c], sum, c * rows.dimension());
            }
        });
        fillEmpty();
        if (dot) {
            normalize();
        }
    }

    private void mean(int[] members, int first, int end, double[] sum, int to) {
        if (first == end) {
            return;
        }
        Arrays.fill(sum, 0);
        float[] values = rows.values();
        for (int i = first; i < end; i++) {
            int from = rows.startOf(members[i]);
            for (int j = 0; j < sum.length; j++) {
                sum[j] += values[from + j];
            }
        }
        for (int j = 0; j < sum.length; j++) {
            centroids[to + j] = (float) (sum[j] / (end - first));
        }
    }

    /// A centroid without rows takes half of the largest: both stand on either side of where that one was.
    private void fillEmpty() {
        int dimension = rows.dimension();
        for (int empty = 0; empty < count; empty++) {
            if (sizes[empty] > 0) {
                continue;
            }
            int largest = 0;
            for (int c = 1; c < count; c++) {
                if (sizes[c] > sizes[largest]) {
                    largest = c;
                }
            }
            if (sizes[largest] < 2) {
                return;
            }
            sizes[empty] = sizes[largest] / 2;
            sizes[largest] -= sizes[empty];
            for (int i = 0; i < dimension; i++) {
                float value = centroids[largest * dimension + i];
                float step = (i & 1) == 0 ? SPLIT : -SPLIT;
                centroids[empty * dimension + i] = value * (1 + step);
                centroids[largest * dimension + i] = value * (1 - step);
            }
        }
    }

    /// Gives all centroids a norm of 1, but for those that are zero.
    private void normalize() {
        int dimension = rows.dimension();
        for (int c = 0; c < count; c++) {
            double norm = Math.sqrt(PackedCentroids.square(centroids, c * dimension, dimension));
            if (norm > 0) {
                for (int i = c * dimension; i < (c + 1) * dimension; i++) {
                    centroids[i] = (float) (centroids[i] / norm);
                }
            }
        }
    }
}
