// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;

import dev.joust.io.store.MemoryObjectStore;

final class SessionTest {
    @Test
    void resourceIsMadeOnceAndClosedWithTheSessionInReverseOrder() {
        var closed = new ArrayList<String>();
        Session session = Session.create();
        First first = session.resource(First.class, s -> {
            s.resource(Second.class, inner -> new Second(closed));
            return new First(closed);
        });
        assertSame(first, session.resource(First.class, s -> new First(closed)));
        session.close();
        session.close();
        assertEquals(List.of("first", "second"), closed);
        assertThrows(IllegalStateException.class, () -> session.resource(First.class, s -> new First(closed)));
    }

    @Test
    void failureToCloseOneResourceLeavesNoOtherOpen() {
        var closed = new ArrayList<String>();
        Session session = Session.create();
        session.resource(Second.class, s -> new Second(closed));
        session.resource(Failing.class, s -> new Failing());
        assertThrows(IllegalStateException.class, session::close);
        assertEquals(List.of("second"), closed);
    }

    @Test
    void threadsAreVirtualForWaitingAndDaemonsForWork() throws Exception {
        try (Session session = Session.builder().workerCount(2).build()) {
            assertTrue(session.ioExecutor().submit(() -> Thread.currentThread().isVirtual()).get());
            assertTrue(session.computeExecutor().submit(() -> Thread.currentThread().isDaemon()).get());
            assertEquals(2, session.workerCount());
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Session.builder().workerCount(0));
        assertThrows(IllegalArgumentException.class, () -> Session.builder().ioConcurrency(0));
        assertThrows(IllegalArgumentException.class, () -> Session.builder().cacheBytes(-1));
        assertThrows(IllegalArgumentException.class, () -> Session.builder().mergeGapBytes(-1));
    }

    @Test
    void cachedValueIsLoadedOnce() throws IOException {
        try (Session session = Session.create()) {
            var store = new MemoryObjectStore();
            var loads = new AtomicInteger();
            for (int i = 0; i < 3; i++) {
                assertEquals(
                        "value",
                        session.metadataCache().get(store, ObjectPath.of("a"), String.class, String::length, () -> {
                            loads.incrementAndGet();
                            return "value";
                        }));
            }
            assertEquals(1, loads.get());
            assertNull(session.metadataCache().getIfPresent(store, ObjectPath.of("a"), Integer.class));
            assertNull(session.metadataCache()
                    .getIfPresent(new MemoryObjectStore(), ObjectPath.of("a"), String.class));
        }
    }

    @Test
    void failedLoadIsNotCached() throws IOException {
        try (Session session = Session.create()) {
            var store = new MemoryObjectStore();
            assertThrows(
                    IOException.class,
                    () -> session.metadataCache().get(store, ObjectPath.of("a"), String.class, String::length, () -> {
                        throw new IOException("first");
                    }));
            assertEquals(
                    "second",
                    session.metadataCache()
                            .get(store, ObjectPath.of("a"), String.class, String::length, () -> "second"));
        }
    }

    /// As a read does whose answer is on its way: what it holds is given back when it ends.
    @Test
    void resourcesAreClosedAfterWhatStillRunsHasEnded() throws InterruptedException {
        Session session = Session.create();
        CountDownLatch started = new CountDownLatch(2);
        AtomicInteger endedCount = new AtomicInteger();
        List<Integer> endedAtClose = new ArrayList<>();
        session.resource(Seen.class, _ -> new Seen(() -> endedAtClose.add(endedCount.get())));
        Runnable heedsNoInterrupt = () -> {
            started.countDown();
            long start = System.nanoTime();
            while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(100)) {
                LockSupport.parkNanos(1_000_000);
            }
            endedCount.incrementAndGet();
        };
        session.ioExecutor().execute(heedsNoInterrupt);
        session.computeExecutor().execute(heedsNoInterrupt);
        started.await();
        session.close();
        assertEquals(List.of(2), endedAtClose);
    }

    private record Seen(Runnable onClose) implements AutoCloseable {
        @Override
        public void close() {
            onClose.run();
        }
    }

    @Test
    void cacheKeepsToItsBytes() throws IOException {
        try (Session session = Session.builder().cacheBytes(10_000).build()) {
            MetadataCache cache = session.metadataCache();
            var store = new MemoryObjectStore();
            for (int i = 0; i < 100; i++) {
                cache.put(store, ObjectPath.of("p" + i), String.class, "v", 1000);
                assertTrue(cache.sizeBytes() <= 10_000, cache.sizeBytes() + " bytes");
            }
            assertTrue(cache.sizeBytes() > 5_000, cache.sizeBytes() + " bytes");
            cache.put(store, ObjectPath.of("large"), String.class, "v", 1L << 40);
            assertNull(cache.getIfPresent(store, ObjectPath.of("large"), String.class));
        }
    }

    @Test
    void cacheOfNoBytesKeepsNothing() {
        try (Session session = Session.builder().cacheBytes(0).build()) {
            session.metadataCache().put(new MemoryObjectStore(), ObjectPath.of("a"), String.class, "v", 0);
            assertEquals(0, session.metadataCache().sizeBytes());
        }
    }

    @Test
    void invalidationForgetsTheFolderAndNothingElse() {
        try (Session session = Session.create()) {
            MetadataCache cache = session.metadataCache();
            var store = new MemoryObjectStore();
            for (String path : List.of("t.lance/a", "t.lance/b/c", "t.lance2/a")) {
                cache.put(store, ObjectPath.of(path), String.class, "v", 10);
            }
            cache.invalidateBelow(store, ObjectPath.of("t.lance"));
            assertNull(cache.getIfPresent(store, ObjectPath.of("t.lance/b/c"), String.class));
            assertEquals("v", cache.getIfPresent(store, ObjectPath.of("t.lance2/a"), String.class));
        }
    }

    private record First(List<String> closed) implements AutoCloseable {
        @Override
        public void close() {
            closed.add("first");
        }
    }

    private record Second(List<String> closed) implements AutoCloseable {
        @Override
        public void close() {
            closed.add("second");
        }
    }

    private record Failing() implements AutoCloseable {
        @Override
        public void close() throws IOException {
            throw new IOException("will not close");
        }
    }
}
