// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.joust.io.Session;

/// Items of work that the session's workers share with the caller: each takes the next one when it is free, so that many
/// callers at once get on alike. The caller waits for items, not for workers. Used once.
final class SharedItems implements Runnable {
    /// Does one item.
    @FunctionalInterface
    interface Work {
        void item(int index) throws IOException;
    }

    private final int count;
    private final Work work;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch open;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private SharedItems(int count, Work work) {
        this.count = count;
        this.work = work;
        open = new CountDownLatch(count);
    }

    /// Does the items `0 .. count`. The first failure ends the work, and is thrown.
    static void forEach(Session session, int count, Work work) throws IOException {
        SharedItems items = new SharedItems(count, work);
        for (int i = 1; i < Math.min(count, session.workerCount()); i++) {
            try {
                session.computeExecutor().execute(items);
            } catch (RejectedExecutionException e) {
                break; // the session is closed: what is under way is finished by its caller
            }
        }
        items.run();
        items.await();
    }

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
                failure.compareAndSet(null, new InterruptedIOException("interrupted while searching"));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        switch (failure.get()) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }
}
