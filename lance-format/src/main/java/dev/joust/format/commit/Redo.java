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
    private static final int MAX_ATTEMPTS = 10;
    private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(30);
    private static final long PAUSE_UNIT_MILLIS = 10;

    private Redo() {}

    /// A change, from reading what it depends on to its commit.
    @FunctionalInterface
    public interface Change<T> {
        T on(Dataset version) throws IOException;
    }

    /// @throws CommitConflictException of the last attempt
    public static <T> T run(Dataset first, Change<T> change) throws IOException {
        long start = System.nanoTime();
        Dataset version = first;
        for (int attempt = 1; ; attempt++) {
            try {
                return change.on(version);
            } catch (CommitConflictException e) {
                boolean spent = attempt == MAX_ATTEMPTS || System.nanoTime() - start > GIVE_UP_AFTER.toNanos();
                if (!e.retryable() || spent) {
                    throw e;
                }
                pause(attempt);
                version = version.refresh();
            }
        }
    }

    private static void pause(int attempt) throws IOException {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(PAUSE_UNIT_MILLIS << Math.min(attempt, 5)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a change waited to be done again");
        }
    }
}
