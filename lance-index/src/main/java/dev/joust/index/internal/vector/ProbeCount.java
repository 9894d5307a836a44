// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import dev.joust.index.DistanceType;

/// How many partitions a search looks at before it knows what it finds (spec: index format B.9, step 3).
public final class ProbeCount {
    /// Upper ends of the ranges of k that have constants of their own; above the last is one more.
    private static final int[] K_RANGES = {1, 10, 100, 200, 500, 1000, 10_000};

    private static final int LARGEST_K = 100_000;

    private static final Constants L2 = new Constants(
            new float[] {.2175f, .265f, .33f, .375f, .3725f, .4175f, .57f, .75f},
            new int[] {5, 6, 11, 15, 22, 29, 98, 463},
            new int[] {19, 24, 38, 56, 81, 93, 238, 704});
    private static final Constants COSINE = new Constants(
            new float[] {.235f, .2875f, .38f, .415f, .45f, .47f, .6475f, .58f},
            new int[] {3, 8, 7, 18, 28, 34, 104, 738},
            new int[] {50, 77, 106, 156, 192, 248, 447, 958});
    private static final Constants DOT = new Constants(
            new float[] {.14f, .055f, .0625f, .0675f, .07f, .0725f, .0825f, .21f},
            new int[] {56, 144, 200, 211, 244, 279, 517, 1009},
            new int[] {112, 432, 768, 833, 971, 1092, 1824, 2528});

    private ProbeCount() {}

    @SuppressWarnings("ArrayRecordComponent") // constants
    private record Constants(float[] margins, int[] floors, int[] caps) {}

    /// @param type      of the index
    /// @param ranking of centroids
    /// @param least     the caller's minimum
    /// @param most      the caller's maximum; 0 where there is none
    public static int initial(DistanceType type, IvfModel.Ranking ranking, int k, int least, int most) {
        int all = ranking.count();
        int atMost = most == 0 ? all : Math.min(most, all);
        if (least == most || all == 0) {
            return atMost;
        }
        int wanted = type == DistanceType.HAMMING || k > LARGEST_K
                ? byFactor(ranking, k)
                : byMargin(constants(type), type, ranking, k);
        return Math.min(atMost, Math.max(Math.max(1, least), wanted));
    }

    private static Constants constants(DistanceType type) {
        return switch (type) {
            case L2, HAMMING -> L2;
            case COSINE -> COSINE;
            case DOT -> DOT;
        };
    }

    private static int byMargin(Constants constants, DistanceType type, IvfModel.Ranking ranking, int k) {
        int range = 0;
        while (range < K_RANGES.length && k > K_RANGES[range]) {
            range++;
        }
        float nearest = ranking.distance(0);
        float scale = type == DistanceType.DOT ? Math.abs(1 - nearest) : nearest;
        float bound = constants.margins[range] * scale;
        int count = 0;
        int most = Math.min(ranking.count(), constants.caps[range]);
        while (count < most && ranking.distance(count) - nearest <= bound) {
            count++;
        }
        return Math.clamp(count, constants.floors[range], constants.caps[range]);
    }

    private static int byFactor(IvfModel.Ranking ranking, int k) {
        float factor = k <= 1 ? 0.6f : k <= 10 ? 7 : 81;
        int count = 0;
        while (count < ranking.count() && ranking.distance(count) <= factor * ranking.distance(0)) {
            count++;
        }
        return count;
    }
}
