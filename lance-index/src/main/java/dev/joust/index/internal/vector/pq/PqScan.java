// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector.pq;

import org.jspecify.annotations.Nullable;

import dev.joust.index.DistanceType;
import dev.joust.index.TopK;
import dev.joust.index.internal.kernel.PqKernels;
import dev.joust.index.internal.kernel.VectorKernels;
import dev.joust.index.internal.vector.MaskBits;
import dev.joust.index.internal.vector.Smallest;

/// Looks for the nearest among the codes of partitions: sums of tables in bytes say which rows may be near enough, and
/// the exact distance is worked out for those. What is found is what exact distances of all rows would give.
///
///     var scan = new PqScan(codebook, type);
///     for (each partition) {
///         scan.target(residual);                                  // L2: of the query from its centroid; dot: once
///         scan.search(codes, rowIds, 0, mask, lower, upper, topK);
///     }
///
/// For one thread.
public final class PqScan {
    private static final int CHUNK_ROWS = 4 * PqKernels.ROW_BLOCK;
    /// Where a mask leaves fewer rows than one in so many, only those are looked at.
    private static final int SPARSE = 64;

    private static final int MOST_SUM = 65_535;

    private final PqDistanceTable table;
    private final short[] sums = new short[CHUNK_ROWS];
    private final long[] bits = new long[CHUNK_ROWS / Long.SIZE];
    private final int[] smallest = new int[CHUNK_ROWS];
    private PqKernels kernels = VectorKernels.pq(0);

    /// @param type DOT; any other for L2
    public PqScan(PqCodebook codebook, DistanceType type) {
        table = new PqDistanceTable(codebook, type);
    }

    /// What the codes searched from now on are compared with.
    ///
    /// @param target `float[dimension]`: for L2 the query less the centroid of the partition, for dot the query
    public void target(float[] target) {
        kernels = VectorKernels.pq((long) target.length * table.codebook().codewords());
        table.fill(target, kernels);
    }

    /// The exact distance of row `row`.
    public float distance(PqCodes codes, int row) {
        return table.distance(codes.bytes(), codes.start() + row, codes.rowCount());
    }

    /// Offers the rows of a partition that are in the mask and whose distance d is `lower <= d < upper`.
    ///
    /// @param rowIds   of row r at `rowIds[firstRowId + r]`
    /// @param mask     bit r % 64 of word r / 64 set for each row that qualifies; null if all do
    /// @param lower    minus infinity for no bound
    /// @param upper    infinity for no bound
    public void search(
            PqCodes codes,
            long[] rowIds,
            int firstRowId,
            long @Nullable [] mask,
            float lower,
            float upper,
            TopK nearest) {
        if (codes.columns() != table.codebook().codeBytes()) {
            throw new IllegalArgumentException("codes of " + codes.columns() + " bytes for a codebook of "
                    + table.codebook().codeBytes());
        }
        for (int first = 0; first < codes.rowCount(); first += CHUNK_ROWS) {
            int count = Math.min(CHUNK_ROWS, codes.rowCount() - first);
            if (mask != null && MaskBits.count(mask, first, count) <= count / SPARSE) {
                System.arraycopy(mask, first / Long.SIZE, bits, 0, Math.ceilDiv(count, Long.SIZE));
                clearBehind(count);
            } else {
                select(codes, first, count, rowIds, firstRowId, mask, lower, upper, nearest);
            }
            offer(codes, first, count, rowIds, firstRowId, lower, upper, nearest);
        }
    }

    /// Sets the bits of the rows that may be near enough.
    private void select(
            PqCodes codes,
            int first,
            int count,
            long[] rowIds,
            int firstRowId,
            long @Nullable [] mask,
            float lower,
            float upper,
            TopK nearest) {
        int stride = codes.rowCount();
        if (table.codebook().bits() == 8) {
            kernels.sums8(codes.bytes(), codes.start() + first, stride, count, codes.columns(), table.quantized(), sums);
        } else {
            kernels.sums4(codes.bytes(), codes.start() + first, stride, count, codes.columns(), table.quantized(), sums);
        }
        int missing = nearest.capacity() - nearest.size();
        int sooner = -1;
        if (missing > 0 && lower == Float.NEGATIVE_INFINITY) {
            sooner = limitOfFirst(first, count, mask, missing);
            select(sooner, first, count, mask);
            offer(codes, first, count, rowIds, firstRowId, lower, upper, nearest);
        }
        int limit = table.limit(Math.min(upper, nearest.threshold()));
        select(limit, first, count, mask);
        if (sooner >= 0) {
            leaveOut(sooner, count);
        }
    }

    /// Sets the bits of the rows in the mask whose sum is at most the limit.
    private void select(int limit, int first, int count, long @Nullable [] mask) {
        kernels.selectAtMost(sums, count, limit, bits);
        if (mask != null) {
            int word = first / Long.SIZE;
            for (int i = 0; i < Math.ceilDiv(count, Long.SIZE); i++) {
                bits[i] &= mask[word + i];
            }
        }
    }

    /// While there is no k-th nearest yet nothing can be left out: the rows that seem nearest go first.
    private int limitOfFirst(int first, int count, long @Nullable [] mask, int missing) {
        int found = 0;
        for (int row = 0; row < count; row++) {
            smallest[found] = Short.toUnsignedInt(sums[row]);
            found += mask == null ? 1 : (int) (mask[(first + row) / Long.SIZE] >>> (first + row) & 1);
        }
        if (found <= missing) {
            return MOST_SUM;
        }
        return Smallest.at(missing - 1, smallest, found);
    }

    /// Clears the bits of the rows that went first.
    private void leaveOut(int sooner, int count) {
        for (int word = 0; word < Math.ceilDiv(count, Long.SIZE); word++) {
            for (long rest = bits[word]; rest != 0; rest &= rest - 1) {
                int inChunk = word * Long.SIZE + Long.numberOfTrailingZeros(rest);
                if (Short.toUnsignedInt(sums[inChunk]) <= sooner) {
                    bits[word] &= ~Long.lowestOneBit(rest);
                }
            }
        }
    }

    private void offer(
            PqCodes codes,
            int first,
            int count,
            long[] rowIds,
            int firstRowId,
            float lower,
            float upper,
            TopK nearest) {
        for (int word = 0; word < Math.ceilDiv(count, Long.SIZE); word++) {
            for (long rest = bits[word]; rest != 0; rest &= rest - 1) {
                int inChunk = word * Long.SIZE + Long.numberOfTrailingZeros(rest);
                float distance = distance(codes, first + inChunk);
                if (distance >= lower && distance < upper && distance <= nearest.threshold()) {
                    nearest.offer(distance, rowIds[firstRowId + first + inChunk]);
                }
            }
        }
    }

    private void clearBehind(int count) {
        if (count % Long.SIZE != 0) {
            bits[count / Long.SIZE] &= (1L << count) - 1;
        }
    }
}
