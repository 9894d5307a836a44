// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.util.function.LongSupplier;

/// How fast requests may follow one another: as fast as they come until the service says that it is too fast; then at
/// half the rate after each such answer, and a little faster after each that is none. Thread-safe.
final class Throttle {
    private static final long FIRST_INTERVAL_NANOS = 10_000_000;
    private static final long LONGEST_INTERVAL_NANOS = 1_000_000_000;
    private static final long SHORTEST_INTERVAL_NANOS = 500_000;

    /// Answers to requests that were under way together count as one.
    private static final long SETTLING_NANOS = 100_000_000;

    private final LongSupplier nanoClock;
    private long intervalNanos;
    private long nextNanos;
    private long slowedAtNanos;

    /// @param nanoClock as {@link System#nanoTime}
    Throttle(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        slowedAtNanos = nanoClock.getAsLong() - SETTLING_NANOS;
    }

    /// A place in the row of requests.
    ///
    /// @return how long to wait before sending, 0 for not at all
    synchronized long reserve() {
        if (intervalNanos == 0) {
            return 0;
        }
        long now = nanoClock.getAsLong();
        long start = nextNanos - now > 0 ? nextNanos : now;
        nextNanos = start + intervalNanos;
        return start - now;
    }

    /// The service said that it is asked too much.
    synchronized void slowDown() {
        long now = nanoClock.getAsLong();
        if (now - slowedAtNanos < SETTLING_NANOS) {
            return;
        }
        slowedAtNanos = now;
        if (intervalNanos == 0) {
            nextNanos = now;
        }
        intervalNanos = Math.clamp(2 * intervalNanos, FIRST_INTERVAL_NANOS, LONGEST_INTERVAL_NANOS);
    }

    /// A request was answered.
    synchronized void answered() {
        if (intervalNanos > 0) {
            intervalNanos -= intervalNanos / 16;
            if (intervalNanos < SHORTEST_INTERVAL_NANOS) {
                intervalNanos = 0;
            }
        }
    }

    synchronized long intervalNanos() {
        return intervalNanos;
    }
}
