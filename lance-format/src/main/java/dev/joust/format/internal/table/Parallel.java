// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import dev.joust.io.Failures;
import dev.joust.io.Session;

/// Work that reads or writes, done for many things, a bounded number at once.
public final class Parallel {
    private Parallel() {}

    /// Work for one of them.
    @FunctionalInterface
    public interface Work<T, R> {
        R run(T item) throws IOException;
    }

    /// What the work answers for each item, in their order. After a failure no more is started, and what runs is waited
    /// for: nothing is under way any more when this returns or throws.
    public static <T, R> List<R> map(Session session, List<T> items, int atOnce, Work<T, R> work) throws IOException {
        if (items.size() == 1) {
            return List.of(work.run(items.getFirst()));
        }
        Semaphore permits = new Semaphore(Math.max(1, atOnce));
        AtomicBoolean failed = new AtomicBoolean();
        List<Future<R>> futures = new ArrayList<>();
        Throwable failure = null;
        try {
            for (T item : items) {
                permits.acquire();
                if (failed.get()) {
                    break;
                }
                futures.add(session.ioExecutor().submit(() -> {
                    try {
                        return work.run(item);
                    } catch (IOException | RuntimeException | Error e) {
                        failed.set(true);
                        throw e;
                    } finally {
                        permits.release();
                    }
                }));
            }
        } catch (InterruptedException e) {
            failure = interrupted();
        }
        List<R> results = new ArrayList<>();
        for (Future<R> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                failure = with(failure, e.getCause());
            } catch (InterruptedException e) {
                future.cancel(true);
                failure = with(failure, interrupted());
            }
        }
        Failures.rethrow(failure);
        return results;
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while several reads or writes were under way");
    }

    private static Throwable with(@Nullable Throwable first, Throwable further) {
        if (first == null) {
            return further;
        }
        if (first != further) {
            first.addSuppressed(further);
        }
        return first;
    }
}
