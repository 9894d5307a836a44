// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.joust.index.DistanceType;
import dev.joust.io.kernel.Simd;

/// Which kernels a search uses. Vector code that the JVM has not compiled yet is slower than scalar code by far more
/// than it is faster later, so a process starts with the scalar form: the first search of some size sets off a
/// background thread that runs the vector kernel until it overtakes the scalar one, and searches use it from then on.
/// Small searches set off nothing. One search uses one form throughout. `-Djoust.kernels=simd` skips the waiting.
public final class KernelChoice {
    /// A search of so few elements, some ten microseconds in the scalar form, warms nothing up.
    private static final long SMALL_VALUE_COUNT = 1 << 14;

    private static final DistanceKernels SCALAR = new ScalarDistanceKernels();
    private static final ConcurrentMap<Shape, WarmUp> WARM_UPS = new ConcurrentHashMap<>();

    private KernelChoice() {}

    /// The kernels for a search through about `rowCount` vectors.
    public static DistanceKernels kernelsFor(DistanceType type, int dimension, long rowCount) {
        if (!Simd.isActive()) {
            return SCALAR;
        }
        if (Simd.isForced()) {
            return Vectors.KERNELS;
        }
        Shape shape = new Shape(type, dimension >= 256);
        WarmUp warmUp = rowCount <= SMALL_VALUE_COUNT / dimension
                ? WARM_UPS.get(shape)
                : WARM_UPS.computeIfAbsent(shape, WarmUp::new);
        return warmUp != null && warmUp.isDone() ? Vectors.KERNELS : SCALAR;
    }

    private static final class Vectors {
        static final DistanceKernels KERNELS = Simd.choose(
                DistanceKernels.class,
                ScalarDistanceKernels::new,
                "dev.joust.index.internal.kernel.simd.VectorDistanceKernels");
    }

    /// Searches that run the same compiled code.
    private record Shape(DistanceType type, boolean longRows) {}

    /// Runs the vector kernels on a little memory until they are compiled.
    private static final class WarmUp implements Runnable {
        private static final int ROW_COUNT = 256;
        private static final long LONGEST_NANOS = 20_000_000_000L;
        /// Where others use the machine, time passes without anything being compiled.
        private static final int FEWEST_RUNS = 2_000;

        private static final int WINS_NEEDED = 10;

        private final Shape shape;
        private final AtomicBoolean done = new AtomicBoolean();

        @SuppressWarnings("ThreadPriorityCheck") // a hint only: nothing waits for it
        WarmUp(Shape shape) {
            this.shape = shape;
            Thread.ofPlatform()
                    .daemon()
                    .name("joust-kernel-warm-up")
                    .priority(Thread.MIN_PRIORITY)
                    .start(this);
        }

        boolean isDone() {
            return done.get();
        }

        @Override
        public void run() {
            int dimension = shape.longRows ? 768 : 128;
            float[] query = new float[dimension];
            float[] distances = new float[ROW_COUNT];
            int[] candidates = new int[ROW_COUNT];
            try (Arena arena = Arena.ofShared()) {
                MemorySegment rows = arena.allocate(4L * dimension * ROW_COUNT, 64);
                long bestScalarNanos = Long.MAX_VALUE;
                int wins = 0;
                long end = System.nanoTime() + LONGEST_NANOS;
                // a kernel that never overtakes (a machine without such vectors) is never used
                for (int runs = 0; wins < WINS_NEEDED && (runs < FEWEST_RUNS || System.nanoTime() < end); runs++) {
                    long start = System.nanoTime();
                    SCALAR.distances(shape.type, query, rows, 0, ROW_COUNT, distances);
                    SCALAR.selectAtMost(distances, ROW_COUNT, -1, candidates);
                    long between = System.nanoTime();
                    bestScalarNanos = Math.min(bestScalarNanos, between - start);
                    Vectors.KERNELS.distances(shape.type, query, rows, 0, ROW_COUNT, distances);
                    Vectors.KERNELS.selectAtMost(distances, ROW_COUNT, -1, candidates);
                    wins = System.nanoTime() - between < bestScalarNanos ? wins + 1 : 0;
                }
                done.set(wins == WINS_NEEDED);
            }
        }
    }
}
