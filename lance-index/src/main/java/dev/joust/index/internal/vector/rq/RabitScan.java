// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.rq;

import org.jspecify.annotations.Nullable;

import dev.joust.index.DistanceType;
import dev.joust.index.TopK;
import dev.joust.index.internal.kernel.DistanceKernels;
import dev.joust.index.internal.kernel.RabitKernels;
import dev.joust.index.internal.kernel.SqKernels;
import dev.joust.index.internal.kernel.VectorKernels;
import dev.joust.index.internal.vector.Smallest;

/// Looks for the nearest among the RaBitQ codes of partitions. The signs alone, by tables in bytes, estimate every
/// distance and say how far it may be off; rows that may be near enough get the estimate by all their bits.
///
///     var scan = new RabitScan(quantizer);
///     scan.query(vector);
///     for (each partition) {
///         scan.partition(centroid);
///         scan.search(partition, rowIds, 0, mask, lower, upper, topK);
///     }
///
/// For one thread.
public final class RabitScan {
    private static final int CHUNK_ROWS = 1024;
    private static final int BATCH_ROWS = 32;
    private static final int ENTRIES = 16;
    private static final int MOST_ENTRY = 255;
    private static final int MOST_SUM = 65_535;
    /// Roundings of entries lift each other: their sum is off by more than so many of its standard deviations hardly ever.
    private static final double ROUNDING_DEVIATIONS = 4;

    private final RabitQuantizer quantizer;
    private final int dimension;
    private final int extraBits;
    private final int padded;
    private final boolean dot;
    private final float[] query;
    private final float[] rotated;
    private final float[] tables;
    private final byte[] quantized;
    private final short[] sums = new short[CHUNK_ROWS + RabitKernels.PADDING];
    private final float[] estimates = new float[CHUNK_ROWS];
    private final float[] lowest = new float[CHUNK_ROWS];
    private final int[] candidates = new int[CHUNK_ROWS];
    private final int[] batch = new int[BATCH_ROWS];
    private final byte[] extra;
    private final float[] products = new float[BATCH_ROWS];
    private double querySum;
    private double tableStep;
    private double tableBase;
    private double rounding;
    private double addWeight;
    private double offset;
    private double distance;
    private float soonerLimit;

    public RabitScan(RabitQuantizer quantizer) {
        this.quantizer = quantizer;
        dimension = quantizer.dimension();
        extraBits = quantizer.extraBits();
        padded = ExtraBits.paddedDimension(dimension);
        dot = quantizer.type() == DistanceType.DOT;
        query = new float[dimension];
        rotated = new float[padded];
        tables = new float[dimension / 4 * ENTRIES];
        quantized = new byte[tables.length + RabitKernels.PADDING];
        extra = new byte[BATCH_ROWS * padded];
    }

    /// What is looked for from now on.
    ///
    /// @param vector `float[dimension]`, with a norm of 1 for cosine
    public void query(float[] vector) {
        System.arraycopy(vector, 0, query, 0, dimension);
        System.arraycopy(vector, 0, rotated, 0, dimension);
        quantizer.rotation().rotate(rotated, 0);
        querySum = 0;
        double base = 0;
        double sumOfRanges = 0;
        double largestRange = 0;
        for (int table = 0; table < dimension / 4; table++) {
            double low = 0;
            double range = 0;
            for (int i = 4 * table; i < 4 * table + 4; i++) {
                querySum += rotated[i];
                low += Math.min(rotated[i], 0);
                range += Math.abs(rotated[i]);
            }
            for (int entry = 0; entry < ENTRIES; entry++) {
                float sum = 0;
                for (int bit = 0; bit < 4; bit++) {
                    sum += (entry >> bit & 1) != 0 ? rotated[4 * table + bit] : 0;
                }
                tables[table * ENTRIES + entry] = sum;
            }
            base += low;
            sumOfRanges += range;
            largestRange = Math.max(largestRange, range);
        }
        // one step for all tables; what all together may add up to fits 16 bits, roundings included
        tableStep = Math.max(
                Math.max(largestRange / MOST_ENTRY, sumOfRanges / (MOST_SUM - dimension / 4.0)), Float.MIN_NORMAL);
        tableBase = base;
        int tableCount = dimension / 4;
        rounding = tableStep
                * (extraBits == 0 ? 0.5 * tableCount : ROUNDING_DEVIATIONS * Math.sqrt(tableCount / 12.0));
        for (int table = 0; table < tableCount; table++) {
            float low = 0;
            for (int i = 4 * table; i < 4 * table + 4; i++) {
                low += Math.min(rotated[i], 0);
            }
            for (int i = table * ENTRIES; i < (table + 1) * ENTRIES; i++) {
                quantized[i] = (byte) Math.clamp(Math.round((tables[i] - low) / tableStep), 0, MOST_ENTRY);
            }
        }
    }

    /// The partition that is searched next.
    ///
    /// @param centroid from element `start` on
    public void partition(float[] centroid, int start) {
        double product = 0;
        double square = 0;
        double apart = 0;
        for (int i = 0; i < dimension; i++) {
            double c = centroid[start + i];
            product += query[i] * c;
            square += c * c;
            apart += (query[i] - c) * (query[i] - c);
        }
        distance = Math.sqrt(apart);
        if (dot) {
            double weight = product / square;
            addWeight = Double.isFinite(weight) ? weight : 0;
            offset = 1 - product - addWeight;
        } else {
            addWeight = 1;
            offset = apart;
        }
    }

    /// Offers rows of a partition that are in the mask and whose estimated distance d is `lower <= d < upper`.
    ///
    /// @param rowIds of row r at `rowIds[firstRowId + r]`
    /// @param mask   bit r % 64 of word r / 64 set for each row that qualifies; null if all do
    public void search(
            RabitPartition partition,
            long[] rowIds,
            int firstRowId,
            long @Nullable [] mask,
            float lower,
            float upper,
            TopK nearest) {
        RabitKernels kernels = VectorKernels.rabit((long) partition.rowCount() * dimension / 4);
        DistanceKernels selection = VectorKernels.selection(partition.rowCount());
        for (int first = 0; first < partition.rowCount(); first += CHUNK_ROWS) {
            int count = Math.min(CHUNK_ROWS, partition.rowCount() - first);
            estimate(partition, kernels, first, count);
            int sooner = 0;
            int missing = nearest.capacity() - nearest.size();
            if (missing > 0 && missing < count && lower == Float.NEGATIVE_INFINITY) {
                sooner = offerFirst(partition, first, count, missing, rowIds, firstRowId, mask, upper, nearest);
            }
            int found = selection.selectAtMost(lowest, count, Math.min(upper, nearest.threshold()), candidates);
            int filled = 0;
            for (int i = 0; i < found; i++) {
                int row = candidates[i];
                if (lowest[row] <= nearest.threshold()
                        && isAllowed(mask, first + row)
                        && (sooner == 0 || !(estimates[row] <= soonerLimit))) {
                    batch[filled++] = first + row;
                }
                if (filled == BATCH_ROWS || (i == found - 1 && filled > 0)) {
                    offer(partition, filled, rowIds, firstRowId, lower, upper, nearest);
                    filled = 0;
                }
            }
        }
    }

    /// While there are fewer rows than wanted nothing can be left out: those that seem nearest go first.
    private int offerFirst(
            RabitPartition partition,
            int first,
            int count,
            int missing,
            long[] rowIds,
            int firstRowId,
            long @Nullable [] mask,
            float upper,
            TopK nearest) {
        for (int row = 0; row < count; row++) {
            candidates[row] = Smallest.sortable(estimates[row]);
        }
        soonerLimit = Smallest.fromSortable(Smallest.at(missing - 1, candidates, count));
        int filled = 0;
        int offered = 0;
        for (int row = 0; row < count; row++) {
            if (estimates[row] <= soonerLimit && isAllowed(mask, first + row)) {
                batch[filled++] = first + row;
                offered++;
            }
            if (filled == BATCH_ROWS || (row == count - 1 && filled > 0)) {
                offer(partition, filled, rowIds, firstRowId, Float.NEGATIVE_INFINITY, upper, nearest);
                filled = 0;
            }
        }
        return offered;
    }

    /// Estimates by the signs alone, and how near each row may be.
    private void estimate(RabitPartition partition, RabitKernels kernels, int first, int count) {
        partition.sums(kernels, first, count, quantized, sums);
        float step = (float) tableStep;
        float base = (float) (tableBase - querySum / 2);
        float weight = (float) addWeight;
        float constant = (float) offset;
        float errorWeight = extraBits == 0 ? 0 : (float) distance;
        float off = (float) rounding;
        for (int row = 0; row < count; row++) {
            float product = base + step * (sums[row] & 0xffff);
            float scale = partition.scaleFactor(first + row);
            float estimate = product * scale + weight * partition.addFactor(first + row) + constant;
            estimates[row] = estimate;
            lowest[row] =
                    estimate - errorWeight * partition.errorFactor(first + row) - off * Math.abs(scale);
        }
    }

    private void offer(
            RabitPartition partition,
            int count,
            long[] rowIds,
            int firstRowId,
            float lower,
            float upper,
            TopK nearest) {
        if (extraBits > 0) {
            for (int i = 0; i < count; i++) {
                partition.unpack(batch[i], extraBits, padded, extra, i * padded);
            }
            SqKernels kernels = VectorKernels.sq((long) BATCH_ROWS * padded);
            kernels.dots(rotated, extra, 0, count, padded, products);
        }
        for (int i = 0; i < count; i++) {
            int row = batch[i];
            double found = extraBits == 0
                    ? (partition.exactSum(row, tables) - querySum / 2) * partition.scaleFactor(row)
                            + addWeight * partition.addFactor(row)
                            + offset
                    : (product(partition, row, i) - ((1 << extraBits) - 0.5) * querySum)
                                    * partition.extraScaleFactor(row)
                            + addWeight * partition.extraAddFactor(row)
                            + offset;
            float estimate = (float) found;
            if (estimate <= nearest.threshold() && estimate >= lower && estimate < upper) {
                nearest.offer(estimate, rowIds[firstRowId + row]);
            }
        }
    }

    /// The product of the query and the row's whole code, of which 9 bits don't fit a byte.
    private double product(RabitPartition partition, int row, int inBatch) {
        return extraBits < Byte.SIZE
                ? products[inBatch]
                : products[inBatch] + (double) (1 << extraBits) * partition.exactSum(row, tables);
    }

    private static boolean isAllowed(long @Nullable [] mask, int row) {
        return mask == null || (mask[row / Long.SIZE] >>> row & 1) != 0;
    }
}
