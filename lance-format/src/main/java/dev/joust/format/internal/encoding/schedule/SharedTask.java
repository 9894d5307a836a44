// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/// Work that is done once, by whoever comes first when its input is there: a compute thread, or the reader who would
/// else wait for that thread. Thread-safe.
final class SharedTask {
    private final CompletableFuture<?> input;
    private final Runnable work;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    SharedTask(CompletableFuture<?> input, Runnable work, Executor executor) {
        this.input = input;
        this.work = work;
        // what keeps it from running there, a closed executor too, must reach those who wait
        var _ = input.thenRunAsync(this::runUnlessTaken, executor).whenComplete((_, failure) -> {
            if (failure != null) {
                done.completeExceptionally(failure);
            }
        });
    }

    CompletableFuture<Void> done() {
        return done;
    }

    /// Does the work on this thread if its input is there and nobody else has begun.
    void help() {
        if (input.isDone() && !input.isCompletedExceptionally()) {
            runUnlessTaken();
        }
    }

    private void runUnlessTaken() {
        if (!taken.compareAndSet(false, true)) {
            return;
        }
        try {
            work.run();
            done.complete(null);
        } catch (Throwable e) {
            done.completeExceptionally(e);
        }
    }
}
