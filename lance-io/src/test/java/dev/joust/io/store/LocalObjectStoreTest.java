// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.io.Durability;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStoreContract;
import dev.joust.io.ObjectStores;
import dev.joust.io.ObjectWriter;

final class LocalObjectStoreTest extends ObjectStoreContract {
    private static final int PROCESS_COUNT = 4;
    private static final int PROCESS_KEY_COUNT = 200;
    private static final int KEYS_PER_ROUND = 10;

    @TempDir
    Path folder;

    private Path root;

    @Override
    protected ObjectStore openEmptyStore() {
        root = folder.resolve("made/by first write");
        return new LocalObjectStore(root, Durability.FSYNC);
    }

    @Test
    void nothingIsCreatedByReading() throws IOException {
        store().listNames(ObjectPath.ROOT);
        store().delete(path("x"));
        assertThrows(NoSuchFileException.class, () -> store().head(path("x")));
        assertFalse(Files.exists(folder.resolve("made")));
    }

    @Test
    void rootIsAFileUri() {
        assertEquals(root.toUri().toString() + "/", store().root().toString());
        assertEquals("file", store().root().getScheme());
    }

    @Test
    void strayTemporaryFilesAreNotListed() throws IOException {
        store().put(path("_versions/1.manifest"), bytes(10, 1));
        ObjectWriter killed = store().create(path("_versions/2.manifest"));
        killed.write(MemorySegment.ofArray(bytes(1 << 20, 1)));
        try (Stream<Path> files = Files.list(root.resolve("_versions"))) {
            List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
            assertEquals(2, names.size());
            assertFalse(names.getFirst().endsWith(".manifest"), names.toString());
        }
        assertEquals(List.of("1.manifest"), store().listNames(path("_versions")));
        assertEquals(1, store().list(ObjectPath.ROOT).size());
        ObjectMeta left = store().unfinished(ObjectPath.ROOT).getFirst();
        assertEquals(1 << 20, left.sizeBytes());
        assertEquals(List.of(left), store().unfinished(path("_versions")));
        assertEquals(List.of(), store().unfinished(path("data")));
        store().delete(left.path());
        assertEquals(List.of(), store().unfinished(ObjectPath.ROOT));
        killed.close();
    }

    @Test
    void nameOfATemporaryFileIsReserved() {
        assertThrows(IllegalArgumentException.class, () -> store().put(path("a/.tmp-joust-1"), bytes(1, 1)));
    }

    @Test
    void symbolicLinkOutOfTheRootIsRefused() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createDirectories(root);
        Files.createSymbolicLink(root.resolve("link"), outside);
        Files.createSymbolicLink(root.resolve("file"), outside.resolve("secret"));
        assertThrows(AccessDeniedException.class, () -> store().readAll(path("link/secret"), 100));
        assertThrows(AccessDeniedException.class, () -> store().readAll(path("file"), 100));
        assertThrows(AccessDeniedException.class, () -> store().head(path("file")));
        assertThrows(AccessDeniedException.class, () -> store().put(path("link/new"), bytes(1, 1)));
        assertThrows(AccessDeniedException.class, () -> store().putIfAbsent(path("link/new"), bytes(1, 1)));
        assertThrows(AccessDeniedException.class, () -> store().delete(path("link/secret")));
        assertThrows(AccessDeniedException.class, () -> store().list(path("link")));
        assertThrows(AccessDeniedException.class, () -> store().listNames(path("link")));
        assertEquals(List.of(), store().list(ObjectPath.ROOT));
        assertEquals("secret", Files.readString(outside.resolve("secret")));
        store().put(path("file"), bytes(3, 1));
        assertEquals("secret", Files.readString(outside.resolve("secret")));
    }

    @Test
    void symbolicLinksWithinTheRootAndOfTheRootAreFollowed() throws IOException {
        store().put(path("real/object"), bytes(20, 1));
        Files.createSymbolicLink(root.resolve("alias"), root.resolve("real"));
        Files.createSymbolicLink(root.resolve("one"), root.resolve("real/object"));
        Files.createSymbolicLink(folder.resolve("root link"), root);
        assertArrayEquals(bytes(20, 1), store().readAll(path("alias/object"), 20));
        assertArrayEquals(bytes(20, 1), store().readAll(path("one"), 20));
        assertEquals(20, store().head(path("one")).sizeBytes());
        try (var linked = new LocalObjectStore(folder.resolve("root link"))) {
            linked.put(path("real/other"), bytes(5, 2));
            assertArrayEquals(bytes(20, 1), linked.readAll(path("real/object"), 20));
        }
        assertArrayEquals(bytes(5, 2), store().readAll(path("real/other"), 5));
    }

    @Test
    void fileWhereAFolderShouldBeIsToldByName() throws IOException {
        store().put(path("plain"), bytes(1, 1));
        FileSystemException e =
                assertThrows(FileSystemException.class, () -> store().put(path("plain/below"), bytes(1, 1)));
        assertTrue(e.getMessage().contains("plain/below"), e.getMessage());
        store().put(path("folder/x"), bytes(1, 1));
        e = assertThrows(FileSystemException.class, () -> store().put(path("folder"), bytes(1, 1)));
        assertTrue(e.getMessage().contains("folder"), e.getMessage());
    }

    @Test
    void fullDiskIsToldByNameAndLeavesNothing() throws IOException {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full));
        // a device that is always full, reached as no object can be: through the writer of the temporary file
        IOException e = assertThrows(IOException.class, () -> {
            try (var channel = java.nio.channels.FileChannel.open(full, java.nio.file.StandardOpenOption.WRITE)) {
                channel.write(java.nio.ByteBuffer.allocate(1));
            }
        });
        IOException named = LocalFiles.named("writing", path("data/1.lance"), e);
        assertTrue(named.getMessage().contains("data/1.lance: writing: No space left on device"), named.getMessage());
    }

    @Test
    void missingPermissionIsToldByName() throws IOException {
        store().put(path("shut/object"), bytes(1, 1));
        Path shut = root.resolve("shut");
        Assumptions.assumeFalse(System.getProperty("user.name").equals("root"), "root may write everywhere");
        Files.setPosixFilePermissions(shut, java.nio.file.attribute.PosixFilePermissions.fromString("r-x------"));
        try {
            IOException e = assertThrows(IOException.class, () -> store().put(path("shut/new"), bytes(1, 1)));
            assertTrue(e.getMessage().contains("shut/new"), e.getMessage());
            assertTrue(e.getMessage().contains("permission denied"), e.getMessage());
        } finally {
            Files.setPosixFilePermissions(shut, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void interruptedReadSaysSoAndHarmsNoOther() throws Exception {
        store().put(path("i"), bytes(100, 1));
        Thread.currentThread().interrupt();
        try (Arena arena = Arena.ofShared()) {
            assertThrows(InterruptedIOException.class, () -> store().read(path("i"), 0, arena.allocate(10)));
        }
        assertTrue(Thread.interrupted());
        assertArrayEquals(bytes(100, 1), store().readAll(path("i"), 100));
    }

    @Test
    void foldersMadeAndRemovedAtOnceLoseNoWrite() throws Exception {
        var tasks = new ArrayList<Callable<Integer>>();
        for (int worker = 0; worker < 4; worker++) {
            ObjectPath own = path("shared/folder/" + worker);
            tasks.add(() -> {
                for (int i = 0; i < 200; i++) {
                    assertTrue(store().putIfAbsent(own, bytes(8, i)));
                    assertArrayEquals(bytes(8, i), store().readAll(own, 8));
                    store().delete(own);
                }
                return 1;
            });
        }
        inParallel(tasks);
        assertEquals(List.of(), store().listNames(ObjectPath.ROOT));
    }

    @Test
    void putIfAbsentRaceOfProcessesHasOneWinnerPerKey() throws Exception {
        var processes = new ArrayList<Process>();
        for (int i = 0; i < PROCESS_COUNT; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-Xmx64m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Racer.class.getName(),
                            root.toString(),
                            Integer.toString(i),
                            Integer.toString(PROCESS_KEY_COUNT))
                    .redirectErrorStream(true)
                    .start());
        }
        var winners = new ArrayList<String>();
        for (Process process : processes) {
            String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), output);
            winners.addAll(output.lines().toList());
        }
        assertEquals(PROCESS_KEY_COUNT, winners.size());
        assertEquals(PROCESS_KEY_COUNT, winners.stream().map(line -> line.split(" ")[0]).distinct().count());
        for (String line : winners) {
            String[] keyAndRacer = line.split(" ");
            assertArrayEquals(
                    bytes(1000, Integer.parseInt(keyAndRacer[1])),
                    store().readAll(path("race/" + keyAndRacer[0]), 1000));
        }
        long racersThatWon = winners.stream().map(line -> line.split(" ")[1]).distinct().count();
        assertTrue(racersThatWon > 1, "the processes did not meet: the race proves nothing");
    }

    @Test
    void localStoreIsFoundByPathAndUri() throws IOException {
        store().put(path("x y"), bytes(3, 1));
        for (String name : List.of(root.toString(), root.toUri().toString(), "file://" + root)) {
            try (ObjectStore opened = ObjectStores.open(name)) {
                assertInstanceOf(LocalObjectStore.class, opened);
                assertArrayEquals(bytes(3, 1), opened.readAll(path("x y"), 3));
            }
        }
        assertThrows(IllegalArgumentException.class, () -> ObjectStores.open("gopher://x"));
        assertThrows(IllegalArgumentException.class, () -> ObjectStores.open(root.toString(), Map.of("colour", "red")));
        assertThrows(
                IllegalArgumentException.class, () -> ObjectStores.open(root.toString(), Map.of("durability", "some")));
        ObjectStores.open(root.toString(), Map.of("durability", "none")).close();
    }

    /// Tries to put every key, and prints those that it won.
    static final class Racer {
        private Racer() {}

        public static void main(String[] args) throws IOException {
            Path starts = Path.of(args[0]).resolveSibling("started");
            int keyCount = Integer.parseInt(args[2]);
            try (var store = new LocalObjectStore(Path.of(args[0]), Durability.NONE)) {
                for (int key = 0; key < keyCount; key++) {
                    if (key % KEYS_PER_ROUND == 0) {
                        awaitAll(starts.resolve(Integer.toString(key)), args[1]);
                    }
                    if (store.putIfAbsent(path("race/" + key), bytes(1000, Integer.parseInt(args[1])))) {
                        System.out.println(key + " " + args[1]);
                    }
                }
            }
        }

        /// All begin each round together: else the one that is scheduled first is done before the others have started,
        /// and the last to arrive, which begins at once, is another one in the next round.
        private static void awaitAll(Path round, String racer) throws IOException {
            Files.createDirectories(round);
            Files.createFile(round.resolve(racer));
            while (true) {
                try (Stream<Path> started = Files.list(round)) {
                    if (started.count() == PROCESS_COUNT) {
                        return;
                    }
                }
                Thread.onSpinWait();
            }
        }
    }
}
