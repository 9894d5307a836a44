// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.joust.io.Session;

/// Spreads blocks of work over threads. The caller works, too, and waits for blocks, not for threads: work that is
/// spread from within other work, or while all threads are busy, gets done by its caller alone. Thread-safe.
public final class Workers {
    private static final Workers CALLER_ONLY = new Workers(Runnable::run, 1, () -> {});

    private final Executor executor;
    private final int threadCount;
    private final Runnable checkpoint;

    private Workers(Executor executor, int threadCount, Runnable checkpoint) {
        this.executor = executor;
        this.threadCount = threadCount;
        this.checkpoint = checkpoint;
    }

    /// The calling thread alone.
    public static Workers callerOnly() {
        return CALLER_ONLY;
    }

    /// All threads of the session that compute.
    public static Workers of(Session session) {
        return new Workers(session.computeExecutor(), session.workerCount(), () -> {});
    }

    /// The same threads, which call `runnable` before each block: to end the work by an exception.
    public Workers withCheckpoint(Runnable runnable) {
        return new Workers(executor, threadCount, runnable);
    }

    public int threadCount() {
        return threadCount;
    }

    /// Does the items `0 .. count` in blocks of `blockSize`. Which thread does which block is not known, so what comes
    /// out must not depend on it. The first failure ends the work, and is thrown.
    public void forEachBlock(int count, int blockSize, Block block) {
        int blocks = Math.ceilDiv(count, blockSize);
        int helpers = Math.min(threadCount, blocks) - 1;
        if (helpers < 1) {
            for (int start = 0; start < count; start += blockSize) {
                checkpoint.run();
                block.run(start, Math.min(count, start + blockSize));
            }
            return;
        }
        var run = new Run(count, blockSize, blocks, block, checkpoint);
        for (int i = 0; i < helpers; i++) {
            try {
                executor.execute(run);
            } catch (RejectedExecutionException e) {
                break; // the session is closed: what is under way is finished by its caller
            }
        }
        run.run();
        run.await();
    }

    /// Work on the items `start .. end`.
    @FunctionalInterface
    public interface Block {
        void run(int start, int end);
    }

    private static final class Run implements Runnable {
        private final int count;
        private final int blockSize;
        private final int blocks;
        private final Block block;
        private final Runnable checkpoint;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch open;
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Run(int count, int blockSize, int blocks, Block block, Runnable checkpoint) {
            this.count = count;
            this.blockSize = blockSize;
            this.blocks = blocks;
            this.block = block;
            this.checkpoint = checkpoint;
            open = new CountDownLatch(blocks);
        }

        @Override
        public void run() {
            for (int i = next.getAndIncrement(); i < blocks; i = next.getAndIncrement()) {
                try {
                    if (failure.get() == null) {
                        checkpoint.run();
                        int start = i * blockSize;
                        block.run(start, Math.min(count, start + blockSize));
                    }
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                } finally {
                    open.countDown();
                }
            }
        }

        void await() {
            boolean interrupted = false;
            while (true) {
                try {
                    open.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true; // blocks under way use arrays of the caller: they end first
                    failure.compareAndSet(null, new CancellationException("interrupted"));
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            switch (failure.get()) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }
}
