// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ThreadLocalRandom;

import dev.joust.format.CommitConflictException;
import dev.joust.format.table.Dataset;

/// Operations that are done anew from the newest version where somebody else's commit came in between (spec: table
/// format 3.6).
public final class Redo {
    private static final long LONGEST_NANOS = 30_000_000_000L;
    private static final int SHORTEST_WAIT_MILLIS = 10;
    private static final int LONGEST_WAIT_MILLIS = 1_000;

    private Redo() {}

    /// One try at an operation on a version.
    @FunctionalInterface
    public interface Attempt<T> {
        /// @param number counted from 1
        /// @throws CommitConflictException if others changed what it depends on
        T run(Dataset newest, int number) throws IOException;
    }

    /// Tries until it is committed.
    ///
    /// @param base        a version to start from; the newest is asked for before each try
    /// @param maxAttempts tries at most, within 30 s
    /// @throws CommitConflictException the last one, or one that trying again does not mend
    public static <T> T run(Dataset base, int maxAttempts, Attempt<T> work) throws IOException {
        long start = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try {
                return work.run(base.refresh(), attempt);
            } catch (CommitConflictException e) {
                boolean spent = attempt >= maxAttempts || System.nanoTime() - start > LONGEST_NANOS;
                if (spent || !e.retryable()) {
                    throw e;
                }
                pause(attempt);
            }
        }
    }

    private static void pause(int attempt) throws IOException {
        long longest = Math.min(LONGEST_WAIT_MILLIS, (long) SHORTEST_WAIT_MILLIS << Math.min(attempt, 10));
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(1, longest + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted between two tries at a commit");
        }
    }
}
