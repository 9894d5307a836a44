// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// Waits for what other threads do, and passes on how it failed as if it had failed here.
public final class Waiting {
    private Waiting() {}

    public static <T> T forResult(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            while (cause instanceof java.util.concurrent.CompletionException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            switch (cause) {
                case IOException io -> throw io;
                case RuntimeException runtime -> throw runtime;
                case Error error -> throw error;
                case InterruptedException interrupted -> throw interrupted;
                case null, default -> throw new IOException(cause);
            }
        }
    }

    /// Waits until none of them runs any more, however they end.
    public static void untilDone(List<? extends Future<?>> futures) {
        boolean interrupted = false;
        for (Future<?> future : futures) {
            while (!future.isDone()) {
                try {
                    future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (Exception e) {
                    break; // the first failure is the one to report
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
