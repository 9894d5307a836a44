// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import dev.joust.format.CommitConflictException;
import dev.joust.format.table.Dataset;

/// Does a whole change again, from the newest version, where another writer's change is in its way and the rules say
/// that doing it again helps (spec: table format 3.6). A bounded number of times, with pauses of random length.
public final class Redo {
    /// Tries, where nothing speaks for more.
    public static final int MAX_ATTEMPTS = 10;

    private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(30);
    private static final long PAUSE_UNIT_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private Redo() {}

    /// A change, from reading what it depends on to its commit.
    @FunctionalInterface
    public interface Change<T> {
        /// @param attempt counted from 1
        /// @throws CommitConflictException if others changed what it depends on
        T on(Dataset version, int attempt) throws IOException;
    }

    /// Tries until it is committed.
    ///
    /// @param first       version of the first try; the newest is asked for before each further one
    /// @param maxAttempts tries at most, within 30 s
    /// @throws CommitConflictException of the last attempt, or one that trying again does not mend
    public static <T> T run(Dataset first, int maxAttempts, Change<T> change) throws IOException {
        long start = System.nanoTime();
        Dataset version = first;
        for (int attempt = 1; ; attempt++) {
            try {
                return change.on(version, attempt);
            } catch (CommitConflictException e) {
                boolean spent = attempt >= maxAttempts || System.nanoTime() - start > GIVE_UP_AFTER.toNanos();
                if (!e.retryable() || spent) {
                    throw e;
                }
                pause(attempt);
                version = version.refresh();
            }
        }
    }

    private static void pause(int attempt) throws IOException {
        long longest = Math.min(LONGEST_PAUSE_MILLIS, PAUSE_UNIT_MILLIS << Math.min(attempt, 10));
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(1, longest + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a change waited to be done again");
        }
    }
}
