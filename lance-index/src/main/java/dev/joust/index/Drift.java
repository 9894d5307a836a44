// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import dev.joust.format.table.Dataset;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.RowAddress;
import dev.joust.index.internal.vector.VectorRows;
import dev.joust.index.internal.vector.VectorTraining;

/// Says whether vectors that are added lie where centroids were trained for; of numbers, not of bits.
final class Drift {
    private static final int SAMPLE = 1000;
    private static final int LEAST_NEW_SHARE = 10;
    private static final double MOST_RISE = 1.25;

    private final Dataset dataset;
    private final SegmentBuild build;
    private final VectorTraining training;

    Drift(Dataset dataset, SegmentBuild build, VectorTraining training) {
        this.dataset = dataset;
        this.build = build;
        this.training = training;
    }

    /// By the mean square of the distance to the nearest centroid, of samples of both.
    boolean hasMoved(List<Fragment> covered, List<Fragment> added) throws IOException {
        long addedCount = SegmentBuild.rowCount(added);
        long coveredCount = SegmentBuild.rowCount(covered);
        if (coveredCount == 0 || addedCount < (coveredCount + addedCount) / LEAST_NEW_SHARE || addedCount < SAMPLE) {
            return false;
        }
        double before = meanSquare(covered);
        double after = meanSquare(added);
        return before > 0
                && (before * coveredCount + after * addedCount) / (coveredCount + addedCount) > MOST_RISE * before;
    }

    private double meanSquare(List<Fragment> fragments) throws IOException {
        VectorRows rows = build.vectors(drawn(fragments));
        int dimension = rows.dimension();
        int[] ids = new int[rows.count()];
        training.model().assign(rows.values(), rows.count(), ids, build.workers());
        float[] centroids = training.centroids().toFloats();
        double sum = 0;
        for (int row = 0; row < rows.count(); row++) {
            for (int i = 0; i < dimension; i++) {
                double away = rows.values()[row * dimension + i] - centroids[ids[row] * dimension + i];
                sum += away * away;
            }
        }
        return sum / Math.max(1, rows.count());
    }

    private long[] drawn(List<Fragment> fragments) throws IOException {
        SplittableRandom random = new SplittableRandom(SAMPLE);
        long[] addresses = new long[SAMPLE];
        int count = 0;
        long total = SegmentBuild.rowCount(fragments);
        for (Fragment fragment : fragments) {
            DeletionVector deletions = dataset.deletions(fragment);
            int wanted = (int) Math.ceilDiv(SAMPLE * fragment.liveRowCount(), total);
            for (int i = 0; i < wanted && count < SAMPLE; i++) {
                int offset = (int) random.nextLong(fragment.physicalRowCount());
                if (!deletions.isDeleted(offset)) {
                    addresses[count++] = RowAddress.of(fragment.id(), offset);
                }
            }
        }
        return Arrays.copyOf(addresses, count);
    }
}
