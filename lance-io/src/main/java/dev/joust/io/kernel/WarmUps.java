// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.kernel;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// When vector kernels are warmed up, and by whom. Thread-safe.
final class WarmUps {
    /// The first search of a process shares its processors with the compilers already; one that ends after it is spared the rest.
    private static final long DELAY_NANOS = 300_000_000L;

    private static final AtomicLong FIRST_ASKED = new AtomicLong();

    private WarmUps() {}

    /// Whether kernels have been asked for long enough for warming them up to be worth its time.
    static boolean areDue() {
        return areDue(System.nanoTime());
    }

    private static boolean areDue(long now) {
        long first = FIRST_ASKED.get();
        if (first == 0) {
            FIRST_ASKED.compareAndSet(0, now | 1);
            return false;
        }
        return now - first > DELAY_NANOS;
    }

    /// Runs it on the one thread for all, so that warming up takes one core from the program and no more.
    static void execute(Runnable warmUp) {
        Warming.THREAD.execute(warmUp);
    }

    private static final class Warming {
        static final Executor THREAD = new ThreadPoolExecutor(
                0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> Thread.ofPlatform()
                        .daemon()
                        .name("joust-kernel-warm-up")
                        .unstarted(task));
    }
}
