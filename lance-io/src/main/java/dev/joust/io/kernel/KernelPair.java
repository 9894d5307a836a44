// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/// The scalar and the vector form of some kernels, and which of them a piece of work uses: a search, long work, or one of
/// many small pieces. Vector code that is not compiled yet is slower than scalar code by far more than it is faster later.
/// So small work is scalar; a search takes vectors once a background thread, which begins a moment after the first of such
/// work, has seen them overtake; long work (training, building) takes them at once, since it outlasts their compilation.
/// `-Djoust.kernels=simd` skips the waiting. Thread-safe.
public final class KernelPair<K> {
    private static final long LONGEST_NANOS = 20_000_000_000L;
    /// Where others use the machine, time passes without anything being compiled.
    private static final int FEWEST_RUNS = 5_000;

    private static final int WINS_NEEDED = 10;
    private static final long SLICE_NANOS = 100_000_000L;

    private static final long SMALL_STEPS = 1 << 14;
    /// Of small pieces together.
    private static final long MANY_STEPS = 1 << 19;

    private static final long BULK_STEPS = 1L << 24;

    private final Class<K> type;
    private final K scalar;
    private final String simdClassName;
    private final Consumer<K> sample;
    private final AtomicBoolean warmUpAsked = new AtomicBoolean();
    private volatile boolean warm;
    private volatile @Nullable K vectors;
    private long seenSteps;

    // Of the warm-up, whose slices follow each other.
    private long bestScalarNanos = Long.MAX_VALUE;
    private long endNanos;
    private int runs;
    private int wins;

    /// @param simdClassName see {@link Simd#choose}
    /// @param sample        runs the kernels on a little work, which takes some 10 microseconds
    public KernelPair(Class<K> type, K scalar, String simdClassName, Consumer<K> sample) {
        this.type = type;
        this.scalar = scalar;
        this.simdClassName = simdClassName;
        this.sample = sample;
    }

    /// The form for a search whose scalar form takes about so many simple steps.
    public K forSearch(long scalarSteps) {
        if (warm) {
            return vectors();
        }
        if (Simd.isForced()) {
            return Simd.isActive() ? vectors() : scalar;
        }
        // what other threads add meanwhile may be lost: it is a matter of about how much
        long seen = seenSteps + scalarSteps;
        seenSteps = seen;
        if ((scalarSteps > SMALL_STEPS || seen > MANY_STEPS)
                && !warmUpAsked.get()
                && WarmUps.areDue()
                && !warmUpAsked.getAndSet(true)) {
            WarmUps.execute(this::warmUp);
        }
        return scalar;
    }

    /// The form for a part of work that takes long if its parts do. Its size alone decides: the two forms round differently, and
    /// what is trained or built from a seed must not depend on what the process did before.
    public K forBulk(long scalarSteps) {
        return (scalarSteps > BULK_STEPS || Simd.isForced()) && Simd.isActive() ? vectors() : scalar;
    }

    /// The form for one of many pieces of work, each of so many simple steps: of many together vectors are worth it.
    public K forPiece(int scalarSteps) {
        return warm ? vectors() : forSearch(Math.min(scalarSteps, SMALL_STEPS));
    }

    private K vectors() {
        K known = vectors;
        if (known == null) {
            known = Simd.choose(type, () -> scalar, simdClassName);
            vectors = known;
        }
        return known;
    }

    /// A slice of it: a form that overtakes late, or never, does not keep the others waiting.
    private void warmUp() {
        if (!Simd.isActive()) {
            return;
        }
        K candidate = vectors();
        long now = System.nanoTime();
        if (runs == 0) {
            endNanos = now + LONGEST_NANOS;
        }
        long sliceEnd = now + SLICE_NANOS;
        // a form that never overtakes (a machine without such vectors) is never used
        while (wins < WINS_NEEDED && (runs < FEWEST_RUNS || System.nanoTime() < endNanos)) {
            if (System.nanoTime() >= sliceEnd) {
                WarmUps.execute(this::warmUp);
                return;
            }
            long start = System.nanoTime();
            sample.accept(scalar);
            long between = System.nanoTime();
            bestScalarNanos = Math.min(bestScalarNanos, between - start);
            sample.accept(candidate);
            wins = System.nanoTime() - between < bestScalarNanos ? wins + 1 : 0;
            runs++;
        }
        warm = wins == WINS_NEEDED;
    }
}
