// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.wrap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.NoSuchFileException;
import java.util.EnumSet;
import java.util.function.Function;

import org.junit.jupiter.api.Test;

import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectTail;
import dev.joust.io.ObjectWriter;
import dev.joust.io.internal.wrap.StoreRequest.Kind;
import dev.joust.io.store.MemoryObjectStore;

final class FaultyObjectStoreTest {
    private static final ObjectPath A = ObjectPath.of("a");

    private final MemoryObjectStore base = new MemoryObjectStore();

    @Test
    void failedRequestIsNotDone() throws IOException {
        var store = with(Kind.PUT, 2, new Fault.Fail());
        store.put(A, new byte[1]);
        assertThrows(IOException.class, () -> store.put(A, new byte[2]));
        assertEquals(1, base.head(A).sizeBytes());
        store.put(A, new byte[3]);
        assertEquals(3, base.head(A).sizeBytes());
    }

    @Test
    void requestWhoseAnswerIsLostIsDone() throws IOException {
        var store = with(Kind.PUT_IF_ABSENT, 1, new Fault.LoseAnswer());
        assertThrows(IOException.class, () -> store.putIfAbsent(A, new byte[2]));
        assertEquals(2, base.head(A).sizeBytes());
        assertFalse(store.putIfAbsent(A, new byte[2]));
    }

    @Test
    void doubledPutIfAbsentAnswersThatItWasThere() throws IOException {
        var store = with(Kind.PUT_IF_ABSENT, 1, new Fault.Duplicate());
        assertFalse(store.putIfAbsent(A, new byte[] {7}));
        assertArrayEquals(new byte[] {7}, base.readAll(A, 1));
    }

    @Test
    void truncatedReadsSeeAShorterObject() throws IOException {
        base.put(A, new byte[] {1, 2, 3, 4});
        var store = new FaultyObjectStore(base, request -> new Fault.Truncate(3));
        assertArrayEquals(new byte[] {1, 2, 3}, store.readAll(A, 10));
        try (Arena arena = Arena.ofShared()) {
            ObjectTail tail = store.readTail(A, 2, arena);
            assertEquals(3, tail.objectSizeBytes());
            assertEquals(3, tail.bytes().get(ValueLayout.JAVA_BYTE, 1));
            store.read(A, 1, arena.allocate(2));
            assertThrows(EOFException.class, () -> store.read(A, 1, arena.allocate(3)));
            assertThrows(EOFException.class, () -> store.read(A, 4, arena.allocate(1)));
        }
    }

    @Test
    void truncatedWriteLeavesAPartAndThrows() throws IOException {
        var store = new FaultyObjectStore(base, request -> new Fault.Truncate(3));
        assertThrows(IOException.class, () -> store.put(A, new byte[5]));
        assertEquals(3, base.head(A).sizeBytes());
        assertThrows(IOException.class, () -> write(store, 9));
        assertEquals(3, base.head(A).sizeBytes());
    }

    @Test
    void failedFinishLeavesNothingAndLostOneTheObject() throws IOException {
        assertThrows(IOException.class, () -> write(with(Kind.FINISH, 1, new Fault.Fail()), 9));
        assertThrows(NoSuchFileException.class, () -> base.head(A));
        assertThrows(IOException.class, () -> write(with(Kind.FINISH, 1, new Fault.LoseAnswer()), 9));
        assertEquals(9, base.head(A).sizeBytes());
        write(with(Kind.FINISH, 1, new Fault.Duplicate()), 4);
        assertEquals(4, base.head(A).sizeBytes());
    }

    @Test
    void seededShareStrikesTheSameRequestsAgain() {
        Function<StoreRequest, Fault> plan = FaultyObjectStore.share(5, 0.3, EnumSet.of(Kind.READ), new Fault.Fail());
        int struck = 0;
        int differs = 0;
        for (int i = 1; i <= 1000; i++) {
            var request = new StoreRequest(i, i, Kind.READ, A);
            struck += plan.apply(request) instanceof Fault.Fail ? 1 : 0;
            assertEquals(plan.apply(request), plan.apply(request));
            assertEquals(new Fault.None(), plan.apply(new StoreRequest(i, i, Kind.PUT, A)));
            Fault other = FaultyObjectStore.share(6, 0.3, EnumSet.of(Kind.READ), new Fault.Fail()).apply(request);
            differs += plan.apply(request).equals(other) ? 0 : 1;
        }
        assertTrue(struck > 200 && struck < 400, struck + " of 1000");
        assertNotEquals(0, differs);
    }

    private FaultyObjectStore with(Kind kind, long n, Fault fault) {
        return new FaultyObjectStore(base, FaultyObjectStore.onNth(kind, n, fault));
    }

    private static void write(FaultyObjectStore store, int sizeBytes) throws IOException {
        try (ObjectWriter writer = store.create(A)) {
            writer.write(MemorySegment.ofArray(new byte[sizeBytes]));
            writer.finish();
        }
    }
}
