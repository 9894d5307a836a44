// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.joust.io.ByteRange;
import dev.joust.io.FileScheduler;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectTail;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.CountingObjectStore;
import dev.joust.io.internal.wrap.Fault;
import dev.joust.io.internal.wrap.FaultyObjectStore;
import dev.joust.io.internal.wrap.StoreRequest.Kind;
import dev.joust.io.store.MemoryObjectStore;

final class MergingFileSchedulerTest {
    private static final ObjectPath FILE = ObjectPath.of("file");
    private static final int GAP_BYTES = 100;
    private static final int PERMIT_COUNT = 4;

    private final byte[] content = new byte[20 << 20];
    private final MemoryObjectStore memory = new MemoryObjectStore();
    private final CountingObjectStore counting = new CountingObjectStore(memory);
    private final Session session =
            Session.builder().mergeGapBytes(GAP_BYTES).build();
    private final Semaphore permits = new Semaphore(PERMIT_COUNT);

    @BeforeEach
    void fill() {
        new Random(1).nextBytes(content);
        memory.put(FILE, content);
    }

    @AfterEach
    void closeSession() {
        session.close();
    }

    @Test
    void nearRangesAreOneRequest() throws IOException {
        assertRead(ranges(1000, 10, 1110, 10));
        assertEquals(1, counting.stats().getCount());
        assertEquals(120, counting.stats().bytesRead());
    }

    @Test
    void farRangesAreSeparateRequestsInOneRound() throws IOException {
        assertRead(ranges(1000, 10, 1111, 10, 5000, 1));
        assertEquals(3, counting.stats().getCount());
        assertEquals(21, counting.stats().bytesRead());
        assertEquals(1, counting.roundCount());
    }

    @Test
    void whatLiesInTheTailIsNotFetched() throws IOException {
        Arena arena = Arena.ofAuto();
        ObjectTail tail = counting.readTail(FILE, 1000, arena);
        FileScheduler scheduler = new MergingFileScheduler(
                counting, FILE, content.length, tail, null, GAP_BYTES, permits, session.ioExecutor());
        ReadStats before = counting.stats();
        List<ByteRange> asked = ranges(
                content.length - 1000, 1000, content.length - 10, 10, content.length, 0, content.length - 1001, 5, 7, 3);
        List<MemorySegment> read = scheduler.read(asked, arena);
        for (int i = 0; i < asked.size(); i++) {
            int start = (int) asked.get(i).offset();
            assertArrayEquals(
                    Arrays.copyOfRange(content, start, start + (int) asked.get(i).length()),
                    read.get(i).toArray(ValueLayout.JAVA_BYTE));
        }
        assertEquals(2, counting.stats().since(before).getCount());
        assertEquals(8, counting.stats().since(before).bytesRead());
    }

    @Test
    void unsortedOverlappingAndEqualRangesAreReadOnce() throws IOException {
        assertRead(ranges(5000, 100, 0, 50, 5050, 100, 0, 50, 10, 5, 5000, 100));
        assertEquals(2, counting.stats().getCount());
        assertEquals(200, counting.stats().bytesRead());
    }

    @Test
    void emptyRangesCostNothing() throws IOException {
        assertRead(ranges(0, 0, content.length, 0));
        assertRead(List.of());
        assertEquals(0, counting.stats().requestCount());
    }

    @Test
    void largeRangeIsSplitIntoRequestsOfOneRound() throws IOException {
        assertRead(ranges(7, content.length - 7));
        assertEquals(3, counting.stats().getCount());
        assertEquals(content.length - 7, counting.stats().bytesRead());
        assertEquals(1, counting.roundCount());
    }

    @Test
    void anyRangesGiveTheBytesOfTheFile() throws IOException {
        long seed = Long.getLong("joust.seed", 231_018_918);
        var random = new Random(seed);
        for (int trial = 0; trial < 200; trial++) {
            var ranges = new ArrayList<ByteRange>();
            int count = random.nextInt(30);
            for (int i = 0; i < count; i++) {
                int offset = random.nextInt(50_000);
                ranges.add(new ByteRange(offset, random.nextInt(3) == 0 ? 0 : random.nextInt(500)));
            }
            try {
                assertRead(ranges);
            } catch (AssertionError e) {
                throw new AssertionError("-Djoust.seed=" + seed + " trial " + trial, e);
            }
        }
    }

    @Test
    void planCoversRangesAndBlocksAreApart() {
        ReadPlan plan = ReadPlan.of(ranges(300, 10, 0, 10, 110, 10, 500, 0, 311, 1), GAP_BYTES);
        assertEquals(List.of(new ByteRange(0, 120), new ByteRange(300, 12)), plan.blocks());
        assertEquals(
                List.of(1, 0, 0, -1, 1),
                IntStream.range(0, 5).map(plan::blockOfRange).boxed().toList());
    }

    @Test
    void memoryOfOneThreadIsReadByThatThread() throws IOException {
        try (Arena confined = Arena.ofConfined()) {
            List<MemorySegment> read = open(counting).read(ranges(0, 10, 1000, 10, 9000, 10), confined);
            assertArrayEquals(Arrays.copyOfRange(content, 9000, 9010), read.get(2).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void rangePastTheEndIsRefusedBeforeAnythingIsAllocated() throws IOException {
        FileScheduler file = open(counting);
        EOFException e = assertThrows(
                EOFException.class,
                () -> file.read(ranges(0, 10, content.length - 1, 2), (size, alignment) -> {
                    throw new AssertionError("allocated " + size);
                }));
        assertTrue(e.getMessage().contains("file @ " + (content.length - 1)), e.getMessage());
        assertEquals(0, counting.stats().getCount());
    }

    @Test
    void fileThatIsShorterThanSaidIsAnEndOfFile() {
        assertThrows(EOFException.class, () -> session.openFile(memory, FILE, 1L << 40)
                .read(ranges(content.length - 5, 10), Arena.ofAuto()));
    }

    @Test
    void unknownSizeIsAskedFor() throws IOException {
        assertEquals(content.length, session.openFile(counting, FILE, -1).sizeBytes());
        assertEquals(1, counting.stats().headCount());
    }

    @Test
    void oneFailureFailsTheReadOnceAndNothingWritesAfterwards() throws Exception {
        for (long failing = 1; failing <= 8; failing++) {
            var faulty = new FaultyObjectStore(memory, FaultyObjectStore.onNth(Kind.READ, failing, new Fault.Fail()));
            Arena arena = Arena.ofShared();
            IOException e = assertThrows(
                    IOException.class,
                    () -> open(faulty).read(ranges(0, 9, 1000, 9, 2000, 9, 3000, 9, 4000, 9, 5000, 9, 6000, 9, 7000, 9), arena));
            assertTrue(e.getMessage().contains("injected"), e.getMessage());
            arena.close(); // throws if a request still used the memory
        }
        assertEquals(PERMIT_COUNT, permits.availablePermits());
    }

    @Test
    void errorInARequestReachesTheCaller() {
        var broken = new FaultyObjectStore(memory, request -> {
            throw new AssertionError("broken store");
        });
        AssertionError e = assertThrows(
                AssertionError.class, () -> open(broken).read(ranges(0, 9, 1000, 9, 2000, 9), Arena.ofAuto()));
        assertEquals("broken store", e.getMessage());
    }

    @Test
    void interruptEndsTheRead() throws Exception {
        var slow = new FaultyObjectStore(
                memory,
                FaultyObjectStore.share(1, 1, Set.of(Kind.READ), new Fault.Delay(Duration.ofSeconds(100))));
        var thrown = new AtomicReference<Throwable>();
        var stillInterrupted = new AtomicReference<Boolean>();
        Arena arena = Arena.ofShared();
        Thread reader = Thread.ofPlatform().start(() -> {
            try {
                open(slow).read(ranges(0, 9, 1000, 9, 2000, 9), arena);
            } catch (Throwable e) {
                thrown.set(e);
            }
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        while (slow.requestCount() < 2) {
            Thread.onSpinWait();
        }
        reader.interrupt();
        reader.join();
        assertInstanceOf(InterruptedIOException.class, thrown.get());
        assertEquals(true, stillInterrupted.get());
        arena.close();
        assertEquals(PERMIT_COUNT, permits.availablePermits());
    }

    @Test
    void readOfAClosedSessionFails() {
        FileScheduler file = open(memory);
        session.close();
        assertThrows(IOException.class, () -> file.read(ranges(0, 9, 1000, 9), Arena.ofAuto()));
    }

    private FileScheduler open(ObjectStore store) {
        return new MergingFileScheduler(store, FILE, content.length, null, null, GAP_BYTES, permits, session.ioExecutor());
    }

    private void assertRead(List<ByteRange> ranges) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            List<MemorySegment> read = open(counting).read(ranges, arena);
            assertEquals(ranges.size(), read.size());
            for (int i = 0; i < ranges.size(); i++) {
                ByteRange range = ranges.get(i);
                assertArrayEquals(
                        Arrays.copyOfRange(content, (int) range.offset(), (int) range.end()),
                        read.get(i).toArray(ValueLayout.JAVA_BYTE),
                        () -> "range " + range);
            }
        }
    }

    private static List<ByteRange> ranges(long... offsetsAndLengths) {
        var ranges = new ArrayList<ByteRange>();
        for (int i = 0; i < offsetsAndLengths.length; i += 2) {
            ranges.add(new ByteRange(offsetsAndLengths[i], offsetsAndLengths[i + 1]));
        }
        return ranges;
    }
}
