// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.flat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ChunkWorkTest {
    private static final List<Integer> CHUNKS = IntStream.range(0, 1000).boxed().toList();

    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void everyChunkIsDoneOnce() throws IOException {
        List<Set<Integer>> workers =
                ChunkWork.run(CHUNKS, 3, executor, HashSet<Integer>::new, (chunk, worker) -> worker.add(chunk));
        assertTrue(workers.size() <= 3);
        assertEquals(1000, workers.stream().mapToInt(Set::size).sum());
        assertEquals(1000, workers.stream().flatMap(Set::stream).distinct().count());
    }

    @Test
    void noChunksAreNoWork() throws IOException {
        assertEquals(List.of(), ChunkWork.run(List.of(), 3, executor, Object::new, (chunk, worker) -> {}));
    }

    @Test
    void failureIsThrownAndTheRestNotStarted() {
        var started = new AtomicInteger();
        IOException e = assertThrows(
                IOException.class,
                () -> ChunkWork.run(CHUNKS, 3, executor, Object::new, (chunk, worker) -> {
                    started.incrementAndGet();
                    throw new IOException("chunk " + chunk);
                }));
        assertTrue(e.getMessage().startsWith("chunk "), e.getMessage());
        assertTrue(started.get() <= 3, started + " were started");
    }

    @Test
    void callerDoesTheWorkWhereNoThreadIsFree() throws IOException {
        executor.shutdownNow();
        List<Set<Integer>> workers =
                ChunkWork.run(CHUNKS, 3, executor, HashSet<Integer>::new, (chunk, worker) -> worker.add(chunk));
        assertEquals(1, workers.size());
        assertEquals(1000, workers.getFirst().size());
    }

    @Test
    void workWithinWorkOfTheSamePoolComesToAnEnd() throws IOException {
        var done = new AtomicInteger();
        ChunkWork.run(List.of(1, 2, 3, 4), 4, executor, Object::new, (outer, worker) -> ChunkWork.run(
                CHUNKS, 3, executor, Object::new, (inner, innerWorker) -> done.incrementAndGet()));
        assertEquals(4000, done.get());
    }
}
