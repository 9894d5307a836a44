// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Centroids of rows of bits (spec: index format B.2): each bit is that of the most of its rows, 0 if as many have 1 as
/// have 0, and distances count the bits that differ. Rows are `byte[rowCount * dimension]`, eight bits in a byte.
public final class BinaryKMeans {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int BLOCK_ROWS = 256;

    private BinaryKMeans() {}

    /// Fewer centroids than wanted if there are fewer rows. One seed gives one result, whatever number of threads works.
    ///
    /// @return `byte[centroids * dimension]`
    public static byte[] train(
            byte[] rows, int rowCount, int dimension, int wanted, int maxIterations, long seed, Workers workers) {
        if (wanted < 1 || rowCount < 1 || dimension < 1 || (long) rowCount * dimension > rows.length) {
            throw new IllegalArgumentException(
                    wanted + " centroids of " + rowCount + " rows with " + dimension + " bytes");
        }
        int count = Math.min(wanted, rowCount);
        byte[] centroids = new byte[count * dimension];
        int[] start = sample(rowCount, count, new SplittableRandom(seed));
        for (int c = 0; c < count; c++) {
            System.arraycopy(rows, start[c] * dimension, centroids, c * dimension, dimension);
        }
        int[] ids = new int[rowCount];
        int[] before = new int[rowCount];
        Arrays.fill(before, -1);
        for (int round = 0; round < maxIterations; round++) {
            assign(centroids, count, dimension, rows, rowCount, ids, workers);
            if (Arrays.equals(ids, before)) {
                break;
            }
            System.arraycopy(ids, 0, before, 0, rowCount);
            move(rows, rowCount, dimension, ids, centroids, count);
        }
        return centroids;
    }

    /// The nearest centroid of each row; of equally near ones the first.
    ///
    /// @param ids filled
    public static void assign(
            byte[] centroids, int count, int dimension, byte[] rows, int rowCount, int[] ids, Workers workers) {
        workers.forEachBlock(rowCount, BLOCK_ROWS, (start, end) -> {
            for (int row = start; row < end; row++) {
                int best = Integer.MAX_VALUE;
                for (int c = 0; c < count; c++) {
                    int distance = hamming(rows, row * dimension, centroids, c * dimension, dimension);
                    if (distance < best) {
                        best = distance;
                        ids[row] = c;
                    }
                }
            }
        });
    }

    /// How many bits differ.
    public static int hamming(byte[] a, int startA, byte[] b, int startB, int dimension) {
        int sum = 0;
        int i = 0;
        for (; i <= dimension - Long.BYTES; i += Long.BYTES) {
            sum += Long.bitCount((long) LONG.get(a, startA + i) ^ (long) LONG.get(b, startB + i));
        }
        for (; i < dimension; i++) {
            sum += Integer.bitCount((a[startA + i] ^ b[startB + i]) & 0xff);
        }
        return sum;
    }

    /// A centroid without rows becomes the row that is farthest from its own, of those that no other took.
    private static void move(byte[] rows, int rowCount, int dimension, int[] ids, byte[] centroids, int count) {
        int[] ones = new int[count * dimension * Byte.SIZE];
        int[] sizes = new int[count];
        int[] distances = new int[rowCount];
        for (int row = 0; row < rowCount; row++) {
            int c = ids[row];
            sizes[c]++;
            distances[row] = hamming(rows, row * dimension, centroids, c * dimension, dimension);
            for (int bit = 0; bit < dimension * Byte.SIZE; bit++) {
                ones[c * dimension * Byte.SIZE + bit] +=
                        rows[row * dimension + bit / Byte.SIZE] >> bit % Byte.SIZE & 1;
            }
        }
        for (int c = 0; c < count; c++) {
            if (sizes[c] == 0) {
                int farthest = 0;
                for (int row = 1; row < rowCount; row++) {
                    farthest = distances[row] > distances[farthest] ? row : farthest;
                }
                distances[farthest] = 0;
                System.arraycopy(rows, farthest * dimension, centroids, c * dimension, dimension);
                continue;
            }
            for (int i = 0; i < dimension; i++) {
                int value = 0;
                for (int bit = 0; bit < Byte.SIZE; bit++) {
                    value |= 2 * ones[(c * dimension + i) * Byte.SIZE + bit] > sizes[c] ? 1 << bit : 0;
                }
                centroids[c * dimension + i] = (byte) value;
            }
        }
    }

    private static int[] sample(int rowCount, int wanted, SplittableRandom random) {
        int[] numbers = new int[rowCount];
        Arrays.setAll(numbers, i -> i);
        for (int i = 0; i < wanted; i++) {
            int other = random.nextInt(i, rowCount);
            int number = numbers[other];
            numbers[other] = numbers[i];
            numbers[i] = number;
        }
        return Arrays.copyOf(numbers, wanted);
    }
}
