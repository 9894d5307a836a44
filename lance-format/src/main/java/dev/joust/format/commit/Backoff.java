// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Waits between attempts of writers that want the same thing (spec: table format 3.6): each time so many slots more to
/// draw one from, a slot being about as long as an attempt takes. The second attempt follows at once: against one other
/// writer, what has just been read is worth most now. Starts with the first attempt. Not thread-safe.
final class Backoff {
    private static final int FIRST_SLOTS = 2;
    private static final int MAX_SLOTS = 64;
    private static final long MIN_SLOT_NANOS = 1_000_000;

    /// Who waits longer than others take for a commit comes back to find ever more of theirs: the first attempt of a new
    /// process is slow, and no measure for that.
    private static final long MAX_SLOT_NANOS = 4_000_000;
    private static final int PERCENT_OF_ATTEMPT = 110;

    private final long limitNanos;
    private final long startNanos = System.nanoTime();
    private long slotNanos;
    private int attemptCount;

    /// @param limit no attempt is to begin later than that after the first
    Backoff(Duration limit) {
        limitNanos = limit.toNanos();
    }

    /// After an attempt that failed: waits for the time of the next one.
    ///
    /// @return whether there is to be one; false once the time is up
    boolean await() throws InterruptedIOException {
        long now = System.nanoTime();
        if (attemptCount == 0) {
            slotNanos = Math.clamp((now - startNanos) / 100 * PERCENT_OF_ATTEMPT, MIN_SLOT_NANOS, MAX_SLOT_NANOS);
        }
        long wait = slot(attemptCount) * slotNanos;
        attemptCount++;
        if (now - startNanos + wait > limitNanos) {
            return false;
        }
        try {
            Thread.sleep(Duration.ofNanos(wait));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a commit waited to try again");
        }
        return true;
    }

    private static long slot(int attempt) {
        if (attempt == 0) {
            return 0;
        }
        int slots = Math.min(MAX_SLOTS, FIRST_SLOTS << Math.min(attempt - 1, 8));
        return ThreadLocalRandom.current().nextLong(slots);
    }

    int attemptCount() {
        return attemptCount;
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
