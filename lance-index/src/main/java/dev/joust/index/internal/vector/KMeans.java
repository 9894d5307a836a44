// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.Arrays;
import java.util.SplittableRandom;

import dev.joust.index.DistanceType;

/// Finds centroids (spec: index format B.2). The start is a random sample of the rows; each round assigns every row to
/// its nearest centroid, with a handicap for those that have many rows if the partitions shall be balanced, moves
/// centroids to the mean of their rows, and gives a centroid without rows half of the largest. Above
/// {@link #MOST_AT_ONCE} centroids the rows are first divided into groups, which get centroids of their own.
///
/// The first rounds see a part of the rows only. One seed gives one result, whatever number of threads works.
public final class KMeans {
    /// More centroids than these are found group by group.
    static final int MOST_AT_ONCE = 256;

    private static final int FIRST_ROWS_PER_CENTROID = 32;
    private static final int MOST_GROUPS = 64;
    /// Rounds over all centroids at the end cost so many multiplications at most.
    private static final double LAST_ROUND_STEPS = 4e11;

    private KMeans() {}

    /// @param maxIterations      rounds at most
    /// @param tolerance          a round that lowers the loss by a smaller share is the last
    /// @param balance            weight of the handicap of large partitions, 0 for none
    /// @param maxRowsPerCentroid of more rows a sample is used
    public record Settings(int maxIterations, double tolerance, float balance, int maxRowsPerCentroid, long seed) {
        public Settings {
            if (maxIterations < 1 || maxRowsPerCentroid < 1 || !(tolerance >= 0) || !(balance >= 0)) {
                throw new IllegalArgumentException("k-means of " + maxIterations + " rounds, tolerance " + tolerance
                        + ", balance " + balance + ", " + maxRowsPerCentroid + " rows for each centroid");
            }
        }

        /// As the reference trains partitions.
        public static Settings forPartitions(long seed) {
            return new Settings(50, 1e-4, 1, 512, seed);
        }

        /// As the reference trains codebooks.
        public static Settings forCodebooks(long seed) {
            return new Settings(50, 1e-4, 0, 512, seed);
        }
    }

    /// @param centroids `float[count * dimension]`
    /// @param count     as many as were asked for, or as there were rows, whichever is less
    /// @param loss      sum of the distances of the rows that were looked at to their centroids
    /// @param rowCount  how many rows were looked at in the last round
    public record Result(float[] centroids, int count, double loss, int rowCount) {}

    /// Trains with rows that follow each other, `float[rowCount * dimension]`.
    public static Result train(
            float[] rows,
            int rowCount,
            int dimension,
            int wanted,
            DistanceType type,
            Settings settings,
            Workers workers) {
        return train(rows, 0, dimension, rowCount, dimension, wanted, type, settings, workers);
    }

    /// Trains with `dimension` elements of each row.
    ///
    /// @param rows   row r starts at element `rowStart + r * rowStride`
    /// @param wanted how many centroids
    /// @param type   COSINE is L2 between rows that have a norm of 1
    public static Result train(
            float[] rows,
            int rowStart,
            int rowStride,
            int rowCount,
            int dimension,
            int wanted,
            DistanceType type,
            Settings settings,
            Workers workers) {
        if (wanted < 1 || rowCount < 1 || dimension < 1) {
            throw new IllegalArgumentException(
                    wanted + " centroids of " + rowCount + " rows with " + dimension + " elements");
        }
        var random = new SplittableRandom(settings.seed());
        int count = Math.min(wanted, rowCount);
        boolean dot = type == DistanceType.DOT;
        var all = new Rows(rows, rowStart, rowStride, rowCount, dimension);
        // each round goes over all rows: few elements of long ones are gathered once
        Rows sample = all.sample(Math.multiplyFull(count, settings.maxRowsPerCentroid()), random).gathered();
        if (count <= MOST_AT_ONCE) {
            return flat(sample, count, dot, settings, random, workers);
        }
        float[] centroids = new float[Math.multiplyExact(count, dimension)];
        divide(sample, count, dot, settings, random, workers, centroids, 0);
        var rounds = new LloydRounds(sample, count, dot, settings.balance(), workers);
        rounds.start(centroids);
        int lastRounds = (double) sample.count() * count * dimension <= LAST_ROUND_STEPS ? 2 : 0;
        rounds.run(lastRounds, settings.tolerance());
        return rounds.result();
    }

    private static Result flat(
            Rows rows, int count, boolean dot, Settings settings, SplittableRandom random, Workers workers) {
        float[] start = rows.sample(count, random).copy();
        int iterations = settings.maxIterations();
        long firstCount = (long) FIRST_ROWS_PER_CENTROID * count;
        if (rows.count() >= 2 * firstCount) {
            var first = new LloydRounds(rows.sample(firstCount, random), count, dot, settings.balance(), workers);
            first.start(start);
            iterations -= first.run(iterations / 2, 10 * settings.tolerance());
            start = first.result().centroids();
        }
        var rounds = new LloydRounds(rows, count, dot, settings.balance(), workers);
        rounds.start(start);
        rounds.run(iterations, settings.tolerance());
        return rounds.result();
    }

    /// Fills `count` centroids, which are at most as many as the rows, from element `at` on.
    private static void divide(
            Rows rows,
            int count,
            boolean dot,
            Settings settings,
            SplittableRandom random,
            Workers workers,
            float[] centroids,
            int at) {
        int groupCount = Math.clamp((int) Math.ceil(Math.sqrt(count)), 2, MOST_GROUPS);
        if (count <= MOST_AT_ONCE) {
            float[] found = flat(rows, count, dot, settings, random, workers).centroids();
            System.arraycopy(found, 0, centroids, at, found.length);
            return;
        }
        Result groups = flat(rows, groupCount, dot, settings, random, workers);
        int[] ids = new int[rows.count()];
        new NearestCentroids(groups.centroids(), groupCount, rows.dimension(), dot ? DistanceType.DOT : DistanceType.L2)
                .assign(rows.copyIfStrided(), 0, rows.count(), ids, workers);
        int[] sizes = new int[groupCount];
        for (int id : ids) {
            sizes[id]++;
        }
        if (Arrays.stream(sizes).max().orElse(0) == rows.count()) {
            // they cannot be told apart
            float[] found = flat(rows, count, dot, settings, random, workers).centroids();
            System.arraycopy(found, 0, centroids, at, found.length);
            return;
        }
        int[] quotas = quotas(sizes, count);
        int next = at;
        for (int group = 0; group < groupCount; group++) {
            if (quotas[group] > 0) {
                Rows members = rows.where(ids, group, sizes[group]);
                divide(members, quotas[group], dot, settings, random, workers, centroids, next);
                next += quotas[group] * rows.dimension();
            }
        }
    }

    /// Shares `count`, at least as many as there are groups and at most the sum of the sizes, in proportion to the
    /// sizes: none for an empty group, at least one for others, at most the size.
    static int[] quotas(int[] sizes, int count) {
        long rows = 0;
        for (int size : sizes) {
            rows += size;
        }
        int[] quotas = new int[sizes.length];
        double[] missing = new double[sizes.length];
        int shared = 0;
        for (int i = 0; i < sizes.length; i++) {
            double share = (double) sizes[i] * count / rows;
            quotas[i] = sizes[i] == 0 ? 0 : Math.max(1, (int) share);
            missing[i] = share - quotas[i];
            shared += quotas[i];
        }
        while (shared != count) {
            int step = shared < count ? 1 : -1;
            int best = -1;
            for (int i = 0; i < sizes.length; i++) {
                boolean possible = step > 0 ? quotas[i] < sizes[i] : quotas[i] > 1;
                if (possible && (best < 0 || step * missing[i] > step * missing[best])) {
                    best = i;
                }
            }
            quotas[best] += step;
            missing[best] -= step;
            shared += step;
        }
        return quotas;
    }
}
