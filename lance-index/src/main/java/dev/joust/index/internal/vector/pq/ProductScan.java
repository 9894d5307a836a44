// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.pq;

import org.jspecify.annotations.Nullable;

import dev.joust.index.DistanceType;
import dev.joust.index.TopK;
import dev.joust.index.internal.kernel.DistanceKernels;
import dev.joust.index.internal.kernel.PqKernels;
import dev.joust.index.internal.kernel.VectorKernels;
import dev.joust.index.internal.vector.MaskBits;
import dev.joust.index.internal.vector.Smallest;

/// Looks for the nearest among codes of residuals, partition after partition, with one table for a query (see
/// {@link ResidualTerms}). Sums of the table in bytes bound a row's distance from below; rows that may be near enough are
/// looked at by the table itself, and what then still may be is compared by the residual. So what is found is what exact
/// distances of all rows would give, and to the last bit what {@link PqScan} finds.
///
///     var scan = new ProductScan(terms);
///     scan.query(query);
///     for (each partition) scan.search(partition, codes, terms.ofRows(partition, codes), rowIds, mask, ...);
///
/// For one thread.
public final class ProductScan {
    private static final int CHUNK_ROWS = 4 * PqKernels.ROW_BLOCK;
    /// Where a mask leaves fewer rows than one in so many, only those are looked at.
    private static final int SPARSE = 64;

    private static final float NONE = Float.NEGATIVE_INFINITY;
    /// Where distances may be wrong by more, sums may be too large for floats.
    private static final double MOST_SLACK = 1e30;

    private final ResidualTerms terms;
    private final PqCodebook codebook;
    private final PqDistanceTable table;
    private final float[] residual;
    private final float[] offset;
    private final short[] sums = new short[CHUNK_ROWS];
    private final float[] bounds = new float[CHUNK_ROWS];
    private final int[] near = new int[CHUNK_ROWS];
    private float[] query = {};
    private double queryLength;
    private PqKernels kernels = VectorKernels.pq(0);

    /// The partition that is looked at: what all its rows have in common, and what rounding may have made of a distance.
    private double common;

    private double slack;

    public ProductScan(ResidualTerms terms) {
        this.terms = terms;
        codebook = terms.codebook();
        table = new PqDistanceTable(codebook, DistanceType.L2);
        residual = new float[codebook.dimension()];
        offset = new float[codebook.dimension()];
    }

    /// What the codes searched from now on are compared with.
    public void query(float[] vector) {
        query = vector;
        kernels = VectorKernels.pq((long) vector.length * codebook.codewords());
        terms.offset(vector, 0, 2, offset);
        queryLength = Math.sqrt(squares(offset)) / 2;
        table.fillProducts(offset, kernels);
    }

    private static double squares(float[] vector) {
        double squares = 0;
        for (float element : vector) {
            squares += (double) element * element;
        }
        return squares;
    }

    /// Offers the rows of a partition that are in the mask and whose distance d is `lower <= d < upper`.
    ///
    /// @param ofRows {@link ResidualTerms#ofRows}
    /// @param rowIds of row r at `rowIds[r]`
    /// @param mask   bit r % 64 of word r / 64 set for each row that qualifies; null if all do
    public void search(
            int partition,
            PqCodes codes,
            float[] ofRows,
            long[] rowIds,
            long @Nullable [] mask,
            float lower,
            float upper,
            TopK nearest) {
        start(partition);
        for (int first = 0; first < codes.rowCount(); first += CHUNK_ROWS) {
            int count = Math.min(CHUNK_ROWS, codes.rowCount() - first);
            boolean few = mask != null && MaskBits.count(mask, first, count) <= count / SPARSE;
            if (few || !(slack < MOST_SLACK)) {
                for (int row = first; row < first + count; row++) {
                    if (mask == null || MaskBits.isSet(mask, row)) {
                        offer(codes, row, rowIds, lower, upper, nearest);
                    }
                }
            } else {
                search(first, count, codes, ofRows, rowIds, mask, lower, upper, nearest);
            }
        }
    }

    private void start(int partition) {
        terms.residual(query, partition, residual);
        common = squares(residual);
        double longest = terms.longestRow();
        double centroidLength = queryLength + Math.sqrt(common); // at most
        slack = (codebook.dimension() + 64) * 0x1p-23 * (common + longest * (2 * (queryLength + centroidLength) + longest));
    }

    private void search(
            int first,
            int count,
            PqCodes codes,
            float[] ofRows,
            long[] rowIds,
            long @Nullable [] mask,
            float lower,
            float upper,
            TopK nearest) {
        int stride = codes.rowCount();
        int start = codes.start() + first;
        if (codebook.bits() == 8) {
            kernels.sums8(codes.bytes(), start, stride, count, codes.columns(), table.quantized(), sums);
        } else {
            kernels.sums4(codes.bytes(), start, stride, count, codes.columns(), table.quantized(), sums);
        }
        kernels.addScaled(sums, count, (float) table.step(), ofRows, first, bounds);
        DistanceKernels selection = VectorKernels.selection(count);
        int missing = nearest.capacity() - nearest.size();
        float sooner = NONE;
        if (missing > 0 && lower == Float.NEGATIVE_INFINITY) {
            // while there is no k-th nearest yet nothing can be left out: the rows that seem nearest go first
            sooner = boundOfNearest(first, count, mask, missing);
            int found = selection.selectAtMost(bounds, count, sooner, near);
            offer(found, NONE, first, codes, ofRows, rowIds, mask, lower, upper, nearest);
        }
        float limit = limit(Math.min(upper, nearest.threshold()));
        int found = selection.selectAtMost(bounds, count, limit, near);
        offer(found, sooner, first, codes, ofRows, rowIds, mask, lower, upper, nearest);
    }

    /// What `bounds` says of a row at that distance, at most.
    private float limit(float distance) {
        return Math.nextUp((float) (distance - common - table.base() + slack));
    }

    /// Of the rows that qualify the bound of as many as are missing.
    private float boundOfNearest(int first, int count, long @Nullable [] mask, int missing) {
        int found = 0;
        for (int i = 0; i < count; i++) {
            near[found] = Smallest.sortable(bounds[i]);
            found += mask == null || MaskBits.isSet(mask, first + i) ? 1 : 0;
        }
        return found <= missing ? Float.MAX_VALUE : Smallest.fromSortable(Smallest.at(missing - 1, near, found));
    }

    /// Offers rows of `near` whose bound is more than `sooner`, after a look at the table itself.
    private void offer(
            int found,
            float sooner,
            int first,
            PqCodes codes,
            float[] ofRows,
            long[] rowIds,
            long @Nullable [] mask,
            float lower,
            float upper,
            TopK nearest) {
        for (int i = 0; i < found; i++) {
            float bound = bounds[near[i]];
            int row = first + near[i];
            if (bound > sooner && bound <= limit(nearest.threshold()) && (mask == null || MaskBits.isSet(mask, row))) {
                double about = common
                        + ofRows[row]
                        + table.distance(codes.bytes(), codes.start() + row, codes.rowCount());
                if (about - slack <= nearest.threshold()) {
                    offer(codes, row, rowIds, lower, upper, nearest);
                }
            }
        }
    }

    private void offer(PqCodes codes, int row, long[] rowIds, float lower, float upper, TopK nearest) {
        float distance = codebook.distance(residual, codes.bytes(), codes.start() + row, codes.rowCount());
        if (distance >= lower && distance < upper && distance <= nearest.threshold()) {
            nearest.offer(distance, rowIds[row]);
        }
    }
}
