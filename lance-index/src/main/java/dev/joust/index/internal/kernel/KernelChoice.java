// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

import dev.joust.index.DistanceType;
import dev.joust.io.kernel.KernelPair;

/// Which kernels a flat search uses: scalar at first, vectors once they have overtaken, as {@link KernelPair} says. One search
/// uses one form throughout. `-Djoust.kernels=simd` skips the waiting.
public final class KernelChoice {
    private static final int LONG_ROW = 256;
    private static final String SIMD = "dev.joust.index.internal.kernel.simd.VectorDistanceKernels";
    private static final DistanceKernels SCALAR = new ScalarDistanceKernels();
    /// Searches of one distance among rows of about a length run the same compiled code.
    private static final ConcurrentMap<DistanceType, KernelPair<DistanceKernels>> OF_SHORT_ROWS = new ConcurrentHashMap<>();
    private static final ConcurrentMap<DistanceType, KernelPair<DistanceKernels>> OF_LONG_ROWS = new ConcurrentHashMap<>();

    private KernelChoice() {}

    /// The kernels for a search through about `rowCount` vectors.
    public static DistanceKernels kernelsFor(DistanceType type, int dimension, long rowCount) {
        boolean longRows = dimension >= LONG_ROW;
        ConcurrentMap<DistanceType, KernelPair<DistanceKernels>> pairs = longRows ? OF_LONG_ROWS : OF_SHORT_ROWS;
        KernelPair<DistanceKernels> pair = pairs.get(type);
        if (pair == null) {
            pair = pairs.computeIfAbsent(
                    type, _ -> new KernelPair<>(DistanceKernels.class, SCALAR, SIMD, new Sample(type, longRows ? 768 : 128)));
        }
        return pair.forSearch(rowCount * dimension);
    }

    /// A search among few rows.
    private static final class Sample implements Consumer<DistanceKernels> {
        private static final int ROW_COUNT = 256;

        private final DistanceType type;
        private final float[] query;
        private final float[] distances = new float[ROW_COUNT];
        private final int[] candidates = new int[ROW_COUNT];
        private final MemorySegment rows;

        Sample(DistanceType type, int dimension) {
            this.type = type;
            query = new float[dimension];
            rows = Arena.ofAuto().allocate(4L * dimension * ROW_COUNT, 64);
        }

        @Override
        public void accept(DistanceKernels kernels) {
            kernels.distances(type, query, rows, 0, ROW_COUNT, distances);
            kernels.selectAtMost(distances, ROW_COUNT, -1, candidates);
        }
    }
}
