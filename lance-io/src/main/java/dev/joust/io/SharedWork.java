// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// Items of work that a caller shares with an executor's threads: each thread takes the next item when it is free, so
/// that many callers at once get on alike. The caller works, too, and waits for items, not for threads: work that is
/// shared from within other work, or while all threads are busy, gets done by its caller alone.
public final class SharedWork implements Runnable {
    /// Does one item. Which thread does which is not known, so what comes out must not depend on it.
    @FunctionalInterface
    public interface Work {
        void item(int index) throws IOException;
    }

    private final int count;
    private final Work work;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch open;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private SharedWork(int count, Work work) {
        this.count = count;
        this.work = work;
        open = new CountDownLatch(count);
    }

    /// Does the items `0 .. count` with all threads of the session that compute.
    ///
    /// @throws IOException as {@link #forEach(Executor, int, int, Work)}
    public static void forEach(Session session, int count, Work work) throws IOException {
        forEach(session.computeExecutor(), session.workerCount(), count, work);
    }

    /// Does the items `0 .. count`. When this returns or throws, none is under way any more.
    ///
    /// @param threads that take items, the caller among them
    /// @throws IOException the first failure, which ends the work; {@link InterruptedIOException} if the caller was
    ///                     interrupted while it waited
    public static void forEach(Executor executor, int threads, int count, Work work) throws IOException {
        SharedWork shared = new SharedWork(count, work);
        for (int i = 1; i < Math.min(count, threads); i++) {
            try {
                executor.execute(shared);
            } catch (RejectedExecutionException e) {
                break; // the session is closed: what is under way is finished by its caller
            }
        }
        shared.run();
        shared.await();
    }

    /// Takes items until there are none left.
    @Override
    public void run() {
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            try {
                if (failure.get() == null) {
                    work.item(i);
                }
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            } finally {
                open.countDown();
            }
        }
    }

    private void await() throws IOException {
        boolean interrupted = false;
        while (true) {
            try {
                open.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // items under way end first: they use what is the caller's
                failure.compareAndSet(null, new InterruptedIOException("interrupted while others worked"));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Failures.rethrow(failure.get());
    }
}
