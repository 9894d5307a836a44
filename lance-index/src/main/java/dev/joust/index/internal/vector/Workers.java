// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;

import dev.joust.io.Session;
import dev.joust.io.SharedWork;

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
        try {
            SharedWork.forEach(executor, threadCount, Math.ceilDiv(count, blockSize), i -> {
                checkpoint.run();
                int start = i * blockSize;
                block.run(start, Math.min(count, start + blockSize));
            });
        } catch (IOException e) {
            var interrupted = new CancellationException("interrupted"); // blocks read and write nothing
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    /// Work on the items `start .. end`.
    @FunctionalInterface
    public interface Block {
        void run(int start, int end);
    }
}
