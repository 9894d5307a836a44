// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A little work for each kind of kernels, of some 10 microseconds in its scalar form, by which {@link dev.joust.io.kernel.KernelPair} sees
/// whether the vectors are compiled.
final class KernelSamples {
    private static final int DIMENSION = 128;
    private static final int ROWS = 64;

    private KernelSamples() {}

    static void centroids(CentroidKernels kernels) {
        float[] rows = new float[ROWS * DIMENSION];
        float[] panels = new float[kernels.panelWidth() * DIMENSION];
        float[] tile = new float[ROWS * kernels.panelWidth()];
        float[] scores = new float[ROWS * kernels.lanes()];
        int[] ids = new int[ROWS * kernels.lanes()];
        for (int start = 0; start < 32; start += kernels.panelWidth()) {
            kernels.dots(rows, 0, DIMENSION, ROWS, panels, 0, DIMENSION, tile);
            kernels.keepNearest(tile, ROWS, 2, new float[kernels.panelWidth()], 0, scores, ids);
        }
    }

    static void arrayDistances(ArrayDistanceKernels kernels) {
        float[] rows = new float[ROWS * DIMENSION];
        float[] out = new float[ROWS];
        int[] ids = new int[ROWS];
        kernels.squaredL2(rows, 0, rows, 0, ROWS, DIMENSION, out);
        kernels.dots(rows, 0, rows, 0, ROWS, DIMENSION, out);
        kernels.squaredL2Of(rows, 0, rows, DIMENSION, ids, ROWS, out);
        kernels.dotsOf(rows, 0, rows, DIMENSION, ids, ROWS, out);
    }

    static void pq(PqKernels kernels) {
        int subVectors = 16;
        int rowCount = 2 * PqKernels.ROW_BLOCK;
        float[] tables = new float[subVectors * 256];
        float[] minima = new float[subVectors];
        byte[] quantized = new byte[tables.length];
        byte[] codes = new byte[subVectors * rowCount];
        short[] sums = new short[rowCount];
        kernels.l2Tables(new float[subVectors * 8], new float[8 * tables.length], subVectors, 8, 256, tables);
        kernels.dotTables(new float[subVectors * 8], new float[8 * tables.length], subVectors, 8, 256, 1, tables);
        kernels.ranges(tables, subVectors, 256, minima, new float[subVectors]);
        kernels.quantize(tables, subVectors, 256, minima, 1, quantized);
        kernels.sums8(codes, 0, rowCount, rowCount, subVectors, quantized, sums);
        kernels.sums8(codes, 0, rowCount, rowCount - PqKernels.ROW_BLOCK - 64, subVectors, quantized, sums);
        kernels.sums4(codes, 0, rowCount, rowCount, subVectors, quantized, sums);
        kernels.sums4(codes, 0, rowCount, rowCount - PqKernels.ROW_BLOCK - 64, subVectors, quantized, sums);
        kernels.addScaled(sums, rowCount, 1, tables, 0, new float[rowCount]);
        kernels.selectAtMost(sums, rowCount, 1, new long[rowCount / Long.SIZE]);
    }

    static void sq(SqKernels kernels) {
        byte[] rows = new byte[ROWS * DIMENSION];
        int[] sums = new int[ROWS];
        float[] products = new float[ROWS];
        int[] ids = new int[ROWS];
        kernels.squaredL2(rows, 0, rows, 0, ROWS, DIMENSION, sums);
        kernels.squaredL2Of(rows, 0, rows, DIMENSION, ids, ROWS, sums);
        kernels.dots(new float[DIMENSION], rows, 0, ROWS, DIMENSION, products);
        kernels.dotsOf(new float[DIMENSION], rows, DIMENSION, ids, ROWS, products);
    }

    static void selection(DistanceKernels kernels) {
        float[] values = new float[1024];
        int[] indices = new int[1024];
        for (int i = 0; i < 8; i++) {
            kernels.selectAtMost(values, values.length, -1, indices);
        }
    }

    static void rabit(RabitKernels kernels) {
        int columns = 16;
        int groups = 16;
        byte[] codes = new byte[groups * columns * RabitKernels.GROUP_ROWS];
        byte[] tables = new byte[columns * 32 + RabitKernels.PADDING];
        kernels.sums(codes, 0, groups, columns, tables, new short[groups * RabitKernels.GROUP_ROWS + RabitKernels.PADDING]);
    }

    static void elements(ElementKernels kernels) {
        float[] target = new float[ROWS * DIMENSION];
        byte[] query = new byte[DIMENSION];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(2L * target.length);
            kernels.float16(source, 0, target.length, target);
            kernels.int8(source, 0, target.length, target);
            kernels.uint8(source, 0, target.length, target);
            kernels.hamming(query, source, 0, ROWS, target);
        }
    }
}
