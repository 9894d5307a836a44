// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every store must do. A store's test extends this class and opens an empty store per test.
public abstract class ObjectStoreContract {
    private static final int RACER_COUNT = 16;
    private static final int RACED_KEY_COUNT = 50;

    private ObjectStore store;

    /// A new store without objects.
    protected abstract ObjectStore openEmptyStore() throws IOException;

    @BeforeEach
    final void openStore() throws IOException {
        store = openEmptyStore();
    }

    @AfterEach
    final void closeStore() throws IOException {
        store.close();
    }

    /// The store of the running test.
    protected final ObjectStore store() {
        return store;
    }

    @Test
    void whatIsNewIsCalledAsListingsCallIt() throws IOException {
        ObjectStore store = store();
        String made = store.putNew(path("new"), bytes(3, 1)).orElseThrow().identity();
        assertTrue(made == null || made.equals(store.head(path("new")).identity()), made);
        assertTrue(made == null || made.equals(store.list(ObjectPath.ROOT).getFirst().identity()), made);
        assertTrue(store.putNew(path("new"), bytes(3, 2)).isEmpty());
        assertArrayEquals(bytes(3, 1), store.readAll(path("new"), 3));
    }

    @Test
    void putObjectIsReadBack() throws IOException {
        byte[] bytes = bytes(1000, 1);
        store.put(path("a/b"), bytes);
        assertArrayEquals(bytes, store.readAll(path("a/b"), 1000));
        assertEquals(1000, store.head(path("a/b")).sizeBytes());
        assertEquals(path("a/b"), store.head(path("a/b")).path());
    }

    @Test
    void emptyObjectIsAnObject() throws IOException {
        store.put(path("empty"), new byte[0]);
        assertEquals(0, store.head(path("empty")).sizeBytes());
        assertEquals(0, store.readAll(path("empty"), 10).length);
        try (Arena arena = Arena.ofShared()) {
            ObjectTail tail = store.readTail(path("empty"), 10, arena);
            assertEquals(0, tail.objectSizeBytes());
            assertEquals(0, tail.bytes().byteSize());
            store.read(path("empty"), 0, MemorySegment.NULL);
        }
        assertEquals(1, store.list(ObjectPath.ROOT).size());
    }

    @Test
    void rangesAtTheBordersAreRead() throws IOException {
        byte[] bytes = bytes(100, 2);
        store.put(path("r"), bytes);
        for (int[] range : new int[][] {{0, 100}, {0, 1}, {99, 1}, {0, 0}, {100, 0}, {37, 11}}) {
            assertArrayEquals(
                    Arrays.copyOfRange(bytes, range[0], range[0] + range[1]), read("r", range[0], range[1]));
        }
    }

    @Test
    void readPastTheEndNamesObjectOffsetAndBytes() throws IOException {
        store.put(path("short"), bytes(100, 3));
        for (int[] range : new int[][] {{90, 11}, {100, 1}, {5000, 7}}) {
            EOFException e = assertThrows(EOFException.class, () -> read("short", range[0], range[1]));
            assertTrue(e.getMessage().contains("short"), e.getMessage());
            assertTrue(e.getMessage().contains(Integer.toString(range[0])), e.getMessage());
            assertTrue(e.getMessage().contains(Integer.toString(range[1])), e.getMessage());
        }
    }

    @Test
    void negativeOffsetIsRefused() throws IOException {
        store.put(path("o"), bytes(10, 3));
        assertThrows(IllegalArgumentException.class, () -> read("o", -1, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99, 100, 101, 1 << 20})
    void tailIsTheEndOrTheWholeOfASmallerObject(int maxSizeBytes) throws IOException {
        byte[] bytes = bytes(100, 4);
        store.put(path("t"), bytes);
        try (Arena arena = Arena.ofShared()) {
            ObjectTail tail = store.readTail(path("t"), maxSizeBytes, arena);
            int length = Math.min(100, maxSizeBytes);
            assertEquals(100, tail.objectSizeBytes());
            assertEquals(100 - length, tail.startInFile());
            assertArrayEquals(
                    Arrays.copyOfRange(bytes, 100 - length, 100), tail.bytes().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void objectLargerThanExpectedIsNotReadWhole() throws IOException {
        store.put(path("large"), bytes(101, 5));
        IOException e = assertThrows(IOException.class, () -> store.readAll(path("large"), 100));
        assertTrue(e.getMessage().contains("large"), e.getMessage());
        assertTrue(e.getMessage().contains("101"), e.getMessage());
    }

    @Test
    void missingObjectIsNamed() {
        List<Callable<Object>> requests = List.of(
                () -> store.head(path("not/there")),
                () -> store.readAll(path("not/there"), 10),
                () -> store.readTail(path("not/there"), 10, Arena.ofAuto()),
                () -> {
                    store.read(path("not/there"), 0, MemorySegment.NULL);
                    return this;
                });
        for (Callable<Object> request : requests) {
            NoSuchFileException e = assertThrows(NoSuchFileException.class, request::call);
            assertTrue(e.getMessage().contains("not/there"), e.getMessage());
        }
    }

    @Test
    void folderIsNotAnObject() throws IOException {
        store.put(path("folder/object"), bytes(10, 6));
        assertThrows(NoSuchFileException.class, () -> store.head(path("folder")));
        assertThrows(NoSuchFileException.class, () -> store.readAll(path("folder"), 1 << 20));
        assertThrows(NoSuchFileException.class, () -> store.readTail(path("folder"), 10, Arena.ofAuto()));
        assertThrows(NoSuchFileException.class, () -> read("folder", 0, 1));
        store.delete(path("folder"));
        assertEquals(List.of("folder/object"), listed(""));
    }

    @Test
    void nothingIsBelowAnObject() throws IOException {
        store.put(path("plain"), bytes(10, 6));
        assertThrows(NoSuchFileException.class, () -> store.head(path("plain/x")));
        assertThrows(NoSuchFileException.class, () -> store.readAll(path("plain/x"), 10));
        store.delete(path("plain/x"));
        assertEquals(List.of(), listed("plain"));
        assertEquals(List.of(), store.listNames(path("plain")));
    }

    @Test
    void deleteOfMissingObjectIsNoError() throws IOException {
        store.delete(path("never/was"));
        store.put(path("was"), bytes(1, 7));
        store.delete(path("was"));
        store.delete(path("was"));
        assertThrows(NoSuchFileException.class, () -> store.head(path("was")));
    }

    @Test
    void deleteAllTakesThemAllAndThoseThatAreNotThere() throws IOException {
        var paths = new ArrayList<ObjectPath>();
        for (String name : List.of("a", "b/c", "b/d & e", "ü%20")) {
            store.put(path(name), bytes(3, 1));
            paths.add(path(name));
        }
        store.put(path("kept"), bytes(3, 1));
        paths.add(path("never/was"));
        store.deleteAll(paths);
        assertEquals(List.of("kept"), listed(""));
        store.deleteAll(List.of());
        ObjectStores.below(store, ObjectPath.ROOT).deleteAll(List.of(path("kept")));
        assertEquals(List.of(), listed(""));
    }

    @Test
    void folderGoesWithItsLastObject() throws IOException {
        store.put(path("t/data/1"), bytes(1, 7));
        store.put(path("t/data/2"), bytes(1, 7));
        store.delete(path("t/data/1"));
        assertEquals(List.of("t"), store.listNames(ObjectPath.ROOT));
        store.delete(path("t/data/2"));
        assertEquals(List.of(), store.listNames(ObjectPath.ROOT));
        store.put(path("t/data/3"), bytes(1, 7));
        assertEquals(List.of("t/data/3"), listed(""));
    }

    @Test
    void listIsDeepAndInTheOrderOfBytes() throws IOException {
        var paths = new ArrayList<>(List.of(
                "p/a", "p/a.x", "p/a/1", "p/b/c/d", "p/A", "p/é", "p/Z z", "p/\uFF5E", "p/\uD83D\uDE00", "p/10", "p/9"));
        paths.remove("p/a"); // a file and a folder of one name cannot be on a local disk
        for (String path : paths.reversed()) {
            store.put(path(path), bytes(3, 8));
        }
        store.put(path("q"), bytes(3, 8));
        store.put(path("p0"), bytes(3, 8));
        var sorted = new ArrayList<>(paths);
        sorted.sort((a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)));
        List<String> found = listed("p");
        if (!store.listsInOrder()) {
            found = found.stream().sorted((a, b) -> ObjectPath.compareNames(a, b)).toList();
        }
        assertEquals(sorted, found);
        for (ObjectMeta meta : store.list(path("p"))) {
            assertEquals(3, meta.sizeBytes());
        }
        assertEquals(paths.size() + 2, store.list(ObjectPath.ROOT).size());
    }

    @Test
    void theFirstObjectIsTheFirstWantedNameOfOneLevel() throws IOException {
        store.put(path("d/b"), bytes(10, 1));
        store.put(path("d/a"), bytes(10, 2));
        store.put(path("d/a0/x"), bytes(10, 3));
        store.put(path("e"), bytes(10, 4));
        assertEquals(
                Optional.of(path("d/a")), store.firstObject(path("d"), _ -> true).map(ObjectMeta::path));
        ObjectMeta found = store.firstObject(path("d"), name -> !name.equals("a")).orElseThrow();
        assertEquals(path("d/b"), found.path());
        assertEquals(10, found.sizeBytes());
        assertEquals(store.head(path("d/b")).identity(), found.identity());
        assertEquals(Optional.empty(), store.firstObject(path("d"), "x"::equals));
        assertEquals(Optional.empty(), store.firstObject(path("nowhere"), _ -> true));
        assertEquals(
                Optional.of(path("e")), store.firstObject(ObjectPath.ROOT, "e"::equals).map(ObjectMeta::path));
    }

    @Test
    void anObjectWrittenAnewHasAnotherIdentityAndKeepsIt() throws IOException {
        store.put(path("d/a"), bytes(10, 1));
        ObjectMeta first = store.head(path("d/a"));
        assertEquals(first.identity(), store.head(path("d/a")).identity());
        assertEquals(first.identity(), store.list(path("d")).getFirst().identity());
        store.delete(path("d/a"));
        store.put(path("d/a"), bytes(10, 2));
        assertNotEquals(first.identity(), store.head(path("d/a")).identity());
    }

    @Test
    void listNamesIsOneLevel() throws IOException {
        for (String path : List.of("d/x/1", "d/x/2", "d/y", "d/z/deep/er", "e")) {
            store.put(path(path), bytes(1, 9));
        }
        assertEquals(List.of("x", "y", "z"), store.listNames(path("d")).stream().sorted().toList());
        assertEquals(List.of("d", "e"), store.listNames(ObjectPath.ROOT).stream().sorted().toList());
    }

    @Test
    void folderThatIsNotThereHasNoObjects() throws IOException {
        assertEquals(List.of(), listed("nowhere"));
        assertEquals(List.of(), store.listNames(path("nowhere/deeper")));
        assertEquals(List.of(), listed(""));
        assertEquals(List.of(), store.listNames(ObjectPath.ROOT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", "100%", "a%2Fb", "übung", "日本", "😀", "a+b&c=d#e?f", "'quoted\"", "-", "~", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})
    void unusualNamesAreNames(String name) throws IOException {
        byte[] bytes = bytes(10, name.length());
        store.put(path(name + "/" + name), bytes);
        assertArrayEquals(bytes, store.readAll(path(name + "/" + name), 10));
        assertEquals(List.of(name), store.listNames(ObjectPath.ROOT));
        assertEquals(List.of(name + "/" + name), listed(name));
        ObjectStore below = ObjectStores.below(store, path(name));
        assertEquals(List.of(name), below.listNames(ObjectPath.ROOT));
        assertFalse(store.putIfAbsent(path(name + "/" + name), bytes));
        store.delete(path(name + "/" + name));
        assertEquals(List.of(), listed(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../x", "a/../../x", "a/..", "/etc/passwd", "a//b", "a/", ".", "a/./b", "a\\..\\b", "a\0b"})
    void pathThatClimbsIsRefused(String value) {
        assertThrows(IllegalArgumentException.class, () -> store.readAll(path(value), 10));
    }

    @Test
    void rootIsNotAnObject() {
        assertThrows(IllegalArgumentException.class, () -> store.put(ObjectPath.ROOT, bytes(1, 1)));
        assertThrows(IllegalArgumentException.class, () -> store.create(ObjectPath.ROOT));
    }

    @Test
    void derivedObjectsAreThereAtOnceAndReplaced() throws IOException {
        ObjectPath path = ObjectPath.of("derived/a");
        store.putDerived(path, new byte[] {1, 2, 3});
        assertArrayEquals(new byte[] {1, 2, 3}, store.readAll(path, 10));
        store.putDerived(path, new byte[] {4});
        assertArrayEquals(new byte[] {4}, store.readAll(path, 10));
    }

    @Test
    void putIfAbsentKeepsTheFirst() throws IOException {
        assertTrue(store.putIfAbsent(path("v/1"), bytes(10, 1)));
        assertFalse(store.putIfAbsent(path("v/1"), bytes(10, 2)));
        assertArrayEquals(bytes(10, 1), store.readAll(path("v/1"), 10));
        store.delete(path("v/1"));
        assertTrue(store.putIfAbsent(path("v/1"), bytes(10, 3)));
        assertEquals(List.of("v/1"), listed(""));
    }

    @Test
    void putIfAbsentRaceHasOneWinnerPerKey() throws Exception {
        var barrier = new CyclicBarrier(RACER_COUNT);
        var racers = new ArrayList<Callable<int[]>>();
        for (int racer = 0; racer < RACER_COUNT; racer++) {
            byte[] own = bytes(4096, racer);
            racers.add(() -> {
                int[] won = new int[RACED_KEY_COUNT];
                for (int key = 0; key < RACED_KEY_COUNT; key++) {
                    barrier.await();
                    won[key] = store.putIfAbsent(path("race/" + key), own) ? 1 : 0;
                }
                return won;
            });
        }
        List<int[]> results = inParallel(racers);
        for (int key = 0; key < RACED_KEY_COUNT; key++) {
            var winners = new ArrayList<Integer>();
            for (int racer = 0; racer < RACER_COUNT; racer++) {
                if (results.get(racer)[key] == 1) {
                    winners.add(racer);
                }
            }
            assertEquals(1, winners.size(), "winners of key " + key);
            assertArrayEquals(bytes(4096, winners.getFirst()), store.readAll(path("race/" + key), 4096));
        }
        assertEquals(RACED_KEY_COUNT, store.list(ObjectPath.ROOT).size());
    }

    @Test
    void putReplacesAtOnceUnderReaders() throws Exception {
        int sizeBytes = 256 << 10;
        store.put(path("swap"), filled(sizeBytes, 0));
        var done = new AtomicBoolean();
        var tasks = new ArrayList<Callable<Integer>>();
        tasks.add(() -> {
            try {
                for (int i = 1; i <= 60; i++) {
                    store.put(path("swap"), filled(sizeBytes + i, i));
                }
            } finally {
                done.set(true);
            }
            return 1;
        });
        for (int reader = 0; reader < 3; reader++) {
            tasks.add(() -> {
                int reads = 0;
                while (!done.get() || reads == 0) {
                    byte[] bytes = store.readAll(path("swap"), 2 * sizeBytes);
                    assertEquals(sizeBytes + bytes[0], bytes.length);
                    for (byte b : bytes) {
                        if (b != bytes[0]) {
                            throw new AssertionError("bytes of two objects: " + bytes[0] + " and " + b);
                        }
                    }
                    reads++;
                }
                return reads;
            });
        }
        inParallel(tasks);
        assertEquals(List.of("swap"), listed(""));
    }

    @Test
    void writerShowsTheObjectWhenFinished() throws IOException {
        byte[] bytes = bytes(3 << 20, 11);
        try (Arena arena = Arena.ofShared();
                ObjectWriter writer = store.create(path("w/file"))) {
            MemorySegment source = arena.allocate(bytes.length);
            MemorySegment.copy(bytes, 0, source, ValueLayout.JAVA_BYTE, 0, bytes.length);
            int[] ends = {0, 1, 1, 100, 300_000, 300_001, 3 << 20};
            for (int i = 1; i < ends.length; i++) {
                writer.write(source.asSlice(ends[i - 1], ends[i] - ends[i - 1]));
                assertEquals(ends[i], writer.position());
            }
            assertEquals(List.of(), listed(""));
            assertThrows(NoSuchFileException.class, () -> store.head(path("w/file")));
            writer.finish();
            assertThrows(IllegalStateException.class, () -> writer.write(source));
        }
        assertArrayEquals(bytes, store.readAll(path("w/file"), bytes.length));
    }

    @Test
    void writtenBytesMayBeReusedAtOnce() throws IOException {
        try (Arena arena = Arena.ofShared();
                ObjectWriter writer = store.create(path("reused"))) {
            MemorySegment source = arena.allocate(10);
            source.fill((byte) 1);
            writer.write(source);
            source.fill((byte) 2);
            writer.write(source);
            writer.write(MemorySegment.ofArray(new byte[] {3}));
            writer.finish();
        }
        byte[] expected = new byte[21];
        Arrays.fill(expected, 0, 10, (byte) 1);
        Arrays.fill(expected, 10, 20, (byte) 2);
        expected[20] = 3;
        assertArrayEquals(expected, store.readAll(path("reused"), 21));
    }

    @Test
    void writerClosedWithoutFinishLeavesNothing() throws IOException {
        store.put(path("kept"), bytes(5, 1));
        try (ObjectWriter writer = store.create(path("kept"))) {
            writer.write(MemorySegment.ofArray(bytes(1 << 20, 2)));
        }
        try (ObjectWriter writer = store.create(path("new"))) {
            writer.write(MemorySegment.ofArray(bytes(10, 2)));
        }
        assertEquals(List.of("kept"), listed(""));
        assertArrayEquals(bytes(5, 1), store.readAll(path("kept"), 5));
    }

    @Test
    void writerReplacesAnOlderObject() throws IOException {
        store.put(path("old"), bytes(50, 1));
        try (ObjectWriter writer = store.create(path("old"))) {
            writer.write(MemorySegment.ofArray(bytes(10, 2)));
            writer.finish();
        }
        assertArrayEquals(bytes(10, 2), store.readAll(path("old"), 50));
    }

    @Test
    void requestsAndBytesAreCounted() throws IOException {
        store.put(path("c"), bytes(100, 1));
        ReadStats before = store.stats();
        read("c", 10, 20);
        read("c", 10, 20);
        assertEquals(new ReadStats(2, 0, 0, 0, 0, 40, 0), store.stats().since(before));
        store.readTail(path("c"), 1000, Arena.ofAuto());
        store.readAll(path("c"), 1000);
        assertEquals(new ReadStats(4, 0, 0, 0, 0, 240, 0), store.stats().since(before));
        store.head(path("c"));
        store.list(ObjectPath.ROOT);
        store.listNames(ObjectPath.ROOT);
        store.put(path("c"), bytes(7, 1));
        store.putIfAbsent(path("c"), bytes(7, 1));
        store.putIfAbsent(path("d"), bytes(5, 1));
        store.delete(path("d"));
        assertEquals(new ReadStats(4, 1, 2, 3, 1, 240, 12), store.stats().since(before));
        try (ObjectWriter writer = store.create(path("e"))) {
            writer.write(MemorySegment.ofArray(bytes(9, 1)));
            writer.finish();
        }
        assertEquals(21, store.stats().since(before).bytesWritten());
    }

    @Test
    void viewBelowAFolderIsAStore() throws IOException {
        ObjectStore view = ObjectStores.below(store, path("db/t.lance"));
        view.put(path("data/1"), bytes(4, 1));
        assertTrue(view.putIfAbsent(path("data/2"), bytes(5, 2)));
        assertEquals(List.of("db/t.lance/data/1", "db/t.lance/data/2"), listed(""));
        assertEquals(
                List.of("data/1", "data/2"),
                view.list(path("data")).stream().map(meta -> meta.path().value()).toList());
        assertEquals(path("data/1"), view.head(path("data/1")).path());
        assertEquals(List.of("data"), view.listNames(ObjectPath.ROOT));
        assertTrue(view.root().toString().endsWith("db/t.lance/"), view.root().toString());
        view.close();
        assertArrayEquals(bytes(4, 1), store.readAll(path("db/t.lance/data/1"), 4));
    }

    /// Runs all tasks, each on its own thread, at the same time.
    protected static <T> List<T> inParallel(List<Callable<T>> tasks) throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(tasks.size())) {
            var answers = new ArrayList<T>();
            for (Future<T> future : executor.invokeAll(tasks)) {
                answers.add(future.get());
            }
            return answers;
        }
    }

    protected static ObjectPath path(String value) {
        return ObjectPath.of(value);
    }

    /// Bytes that differ by seed.
    protected static byte[] bytes(int count, int seed) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 31 + (i >>> 8) + seed * 17);
        }
        return bytes;
    }

    private static byte[] filled(int count, int value) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private List<String> listed(String folder) throws IOException {
        return store.list(path(folder)).stream().map(meta -> meta.path().value()).toList();
    }

    private byte[] read(String path, long offsetInFile, int length) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment target = arena.allocate(length);
            store.read(path(path), offsetInFile, target);
            return target.toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
