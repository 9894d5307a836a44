// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import software.amazon.awssdk.core.exception.SdkException;

/// Sends requests until they are answered or it makes no sense any more: each attempt later than the one before by a
/// random time that grows, until attempts or time are used up. All attempts go through one {@link Throttle}. Thread-safe.
final class Retries {
    private static final Logger LOG = System.getLogger(Retries.class.getName());
    private static final long FIRST_WAIT_MILLIS = 50;
    private static final long THROTTLED_WAIT_MILLIS = 200;
    private static final long LONGEST_WAIT_MILLIS = 10_000;

    /// A service that was reached before may be starting anew; one that is misspelt never answers.
    private static final long UNREACHABLE_NANOS = Duration.ofSeconds(6).toNanos();

    private final int maxRetries;
    private final long limitNanos;
    private final Throttle throttle;

    Retries(S3Options options, Throttle throttle) {
        maxRetries = options.maxRetries();
        limitNanos = options.retryTimeout().toNanos();
        this.throttle = throttle;
    }

    /// One attempt. It counts itself.
    @FunctionalInterface
    interface Attempt<T> {
        T send() throws IOException;
    }

    /// @param operation a verb, for messages
    /// @param where     the object, for messages
    /// @param name      of the object below its store
    <T> T call(String operation, String where, String name, Attempt<T> attempt) throws IOException {
        Run run = begin(operation, where, name);
        while (true) {
            try {
                return run.send(attempt);
            } catch (IOException | SdkException e) {
                run.failed(e);
            }
        }
    }

    Run begin(String operation, String where, String name) {
        return new Run(operation, where, name);
    }

    /// The attempts of one request. For one thread.
    final class Run {
        private final String operation;
        private final String where;
        private final String name;
        private final long startNanos = System.nanoTime();
        private int failureCount;
        private int failuresWithoutProgress;

        private Run(String operation, String where, String name) {
            this.operation = operation;
            this.where = where;
            this.name = name;
        }

        /// Sends when it is its turn.
        <T> T send(Attempt<T> attempt) throws IOException {
            pause(throttle.reserve() / 1_000_000);
            T answer = attempt.send();
            throttle.answered();
            return answer;
        }

        /// How many attempts have failed so far.
        int failureCount() {
            return failureCount;
        }

        /// Bytes have come, if not all: the next failure is a first one again. The time still counts.
        void progressed() {
            failuresWithoutProgress = 0;
        }

        /// Waits until another attempt makes sense.
        ///
        /// @throws IOException what the failure means, where none does
        void failed(Exception e) throws IOException {
            S3Failures.Kind kind = S3Failures.kindOf(e);
            failureCount++;
            failuresWithoutProgress++;
            if (kind == S3Failures.Kind.THROTTLED) {
                throttle.slowDown();
            }
            long elapsedNanos = System.nanoTime() - startNanos;
            long waitMillis = waitMillis(kind, e);
            boolean isOver = kind == S3Failures.Kind.FINAL
                    || failuresWithoutProgress > maxRetries
                    || elapsedNanos + waitMillis * 1_000_000 > limitNanos
                    || (kind == S3Failures.Kind.UNREACHABLE && elapsedNanos > UNREACHABLE_NANOS);
            IOException failure = S3Failures.toIoException(operation, where, name, e);
            if (isOver) {
                throw failureCount == 1 ? failure : after(failureCount, elapsedNanos, failure);
            }
            LOG.log(Level.DEBUG, "attempt {0} failed, the next in {1} ms: {2}", failureCount, waitMillis, failure.getMessage());
            pause(waitMillis);
        }

        private long waitMillis(S3Failures.Kind kind, Exception e) {
            long first = kind == S3Failures.Kind.THROTTLED ? THROTTLED_WAIT_MILLIS : FIRST_WAIT_MILLIS;
            long most = Math.min(LONGEST_WAIT_MILLIS, first << Math.min(10, failuresWithoutProgress - 1));
            long drawn = most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
            return Math.max(drawn, S3Failures.retryAfter(e).map(Duration::toMillis).orElse(0L));
        }

        private void pause(long millis) throws InterruptedIOException {
            if (millis <= 0) {
                return;
            }
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException(where + ": " + operation + ": interrupted");
            }
        }
    }

    private static IOException after(int attempts, long elapsedNanos, IOException failure) {
        if (failure.getClass() != IOException.class) {
            return failure; // what it is says more than how often it was
        }
        return new IOException(failure.getMessage() + " (" + attempts + " attempts in " + elapsedNanos / 1_000_000 + " ms)", failure.getCause());
    }
}
