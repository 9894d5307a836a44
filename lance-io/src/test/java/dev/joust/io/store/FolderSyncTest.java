// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

/// How often a folder is forced to disk, by whom, and who hears of it when that fails.
final class FolderSyncTest {
    private static final Path FOLDER = Path.of("folder");
    private static final int OTHERS = 5;

    private final AtomicInteger forced = new AtomicInteger();
    private final CountDownLatch began = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /// The first sync waits for {@link #released}; what the second does is given.
    private FolderSync sync(FolderSync.Force second) {
        return new FolderSync(folder -> {
            if (forced.incrementAndGet() == 1) {
                began.countDown();
                await(released);
            } else {
                second.folder(folder);
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// One caller is in the middle of a sync, and others come meanwhile.
    private List<Future<?>> callers(FolderSync sync, ExecutorService threads) throws Exception {
        List<Future<?>> callers = new ArrayList<>();
        callers.add(threads.submit(() -> call(sync)));
        await(began);
        var waiting = new ArrayList<Thread>();
        for (int i = 0; i < OTHERS; i++) {
            var entered = new CountDownLatch(1);
            callers.add(threads.submit(() -> {
                waiting.add(Thread.currentThread());
                entered.countDown();
                return call(sync);
            }));
            await(entered);
        }
        for (Thread thread : waiting) {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        released.countDown();
        return callers;
    }

    private static Void call(FolderSync sync) throws IOException {
        sync.sync(FOLDER);
        return null;
    }

    @Test
    void whoComesDuringASyncSharesTheNext() throws Exception {
        FolderSync sync = sync(_ -> {});
        try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (Future<?> caller : callers(sync, threads)) {
                caller.get();
            }
        }
        assertEquals(2, forced.get());
        sync.sync(FOLDER);
        assertEquals(3, forced.get());
    }

    @Test
    void aFailureIsEveryonesWhomThatSyncWasFor() throws Exception {
        FolderSync sync = sync(_ -> {
            throw new IOException("no space");
        });
        try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            List<Future<?>> callers = callers(sync, threads);
            callers.removeFirst().get();
            for (Future<?> caller : callers) {
                Exception failure = assertThrows(ExecutionException.class, caller::get);
                assertEquals("no space", failure.getCause().getMessage());
            }
        }
        assertEquals(2, forced.get());
    }

    @Test
    void anInterruptOfOneLeavesTheOthersToSyncThemselves() throws Exception {
        FolderSync sync = sync(_ -> {
            if (forced.get() == 2) {
                throw new ClosedByInterruptException();
            }
        });
        int interrupted = 0;
        try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (Future<?> caller : callers(sync, threads)) {
                try {
                    caller.get();
                } catch (ExecutionException e) {
                    assertEquals(ClosedByInterruptException.class, e.getCause().getClass());
                    interrupted++;
                }
            }
        }
        assertEquals(1, interrupted);
        assertEquals(3, forced.get());
    }
}
