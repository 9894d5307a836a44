// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import dev.joust.io.Failures;
import dev.joust.io.Session;

/// Reads several things at once, each on a thread of its own that waits for its bytes.
final class JointReads {
    private JointReads() {}

    /// What the reads answer, in their order. All have ended when this returns or throws.
    static <T> List<T> all(Session session, List<Callable<T>> reads) throws IOException {
        List<Future<T>> futures = new ArrayList<>();
        for (Callable<T> read : reads) {
            futures.add(session.ioExecutor().submit(read));
        }
        return all(futures);
    }

    /// The same for reads that have started.
    static <T> List<T> all(List<Future<T>> futures) throws IOException {
        List<T> answers = new ArrayList<>();
        Throwable failure = null;
        boolean interrupted = false;
        for (Future<T> future : futures) {
            while (true) {
                try {
                    answers.add(future.get());
                } catch (ExecutionException e) {
                    failure = failure == null ? e.getCause() : failure;
                } catch (InterruptedException e) {
                    interrupted = true; // the reads end first: others may wait for what they bring
                    continue;
                }
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while partitions were read");
        }
        Failures.rethrow(failure);
        return answers;
    }
}
