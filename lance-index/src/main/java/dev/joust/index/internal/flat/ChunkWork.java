// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.flat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/// Chunks of work that any worker may take, each worker with something of its own to work on. The caller is one of the
/// workers, and never waits for one that has not started: so work may be divided also from within a pool's thread.
public final class ChunkWork<C, W> {
    /// Does one chunk.
    @FunctionalInterface
    public interface Step<C, W> {
        void run(C chunk, W worker) throws IOException;
    }

    private final List<C> chunks;
    private final Supplier<W> newWorker;
    private final Step<C, W> step;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch unfinished;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final List<W> workers = new ArrayList<>();

    private ChunkWork(List<C> chunks, Supplier<W> newWorker, Step<C, W> step) {
        this.chunks = chunks;
        this.newWorker = newWorker;
        this.step = step;
        this.unfinished = new CountDownLatch(chunks.size());
    }

    /// Does all chunks and answers those who did some. The first failure keeps the rest from starting.
    public static <C, W> List<W> run(
            List<C> chunks, int workerCount, ExecutorService executor, Supplier<W> newWorker, Step<C, W> step)
            throws IOException {
        var work = new ChunkWork<>(chunks, newWorker, step);
        for (int i = 1; i < workerCount; i++) {
            try {
                executor.execute(work::takeChunks);
            } catch (RejectedExecutionException e) {
                break; // the session is being closed: the caller does the rest
            }
        }
        work.takeChunks();
        work.await();
        work.rethrow();
        synchronized (work.workers) {
            return List.copyOf(work.workers);
        }
    }

    private void takeChunks() {
        int index = next.getAndIncrement();
        if (index >= chunks.size()) {
            return;
        }
        W worker = null;
        for (; index < chunks.size(); index = next.getAndIncrement()) {
            try {
                if (failure.get() == null) {
                    if (worker == null) {
                        worker = newWorker.get();
                        synchronized (workers) {
                            workers.add(worker);
                        }
                    }
                    step.run(chunks.get(index), worker);
                }
            } catch (Throwable e) { // an error too must reach the caller, and must not leave it waiting
                failure.compareAndSet(null, e);
            } finally {
                unfinished.countDown();
            }
        }
    }

    /// Chunks that others still do use memory of the caller's: they are waited for, come what may.
    private void await() {
        boolean interrupted = false;
        while (true) {
            try {
                unfinished.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                failure.compareAndSet(null, new InterruptedIOException("interrupted while searching"));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void rethrow() throws IOException {
        switch (failure.get()) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IOException(e);
        }
    }
}
