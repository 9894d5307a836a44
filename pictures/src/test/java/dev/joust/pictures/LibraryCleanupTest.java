// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.embed.ClipModel;
import dev.joust.format.table.Dataset;
import dev.joust.io.Session;
import dev.joust.io.store.LocalObjectStore;

class LibraryCleanupTest {
    private static final ClipModel MODEL = ClipModel.openDefault();
    private static final LibraryCleanup AT_ONCE = LibraryCleanup.LEFTOVERS.withLeftoversOlderThan(Duration.ZERO);
    private static final String NAME_OF_NO_ROW = "0".repeat(64);

    @TempDir
    Path folder;

    private PictureLibrary library;
    private String kept;

    @BeforeEach
    void open() {
        library = PictureLibrary.open(folder.toString(), Map.of("durability", "none"), MODEL);
        kept = nameOf(library.add(Variants.of(1)));
    }

    @AfterEach
    void close() {
        library.close();
    }

    @AfterAll
    static void closeTheModel() {
        MODEL.close();
    }

    private static String nameOf(StoredPicture picture) {
        return picture.id().substring("images/".length());
    }

    private Path write(String path, byte[] bytes) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> below = Files.walk(folder)) {
            return below.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(file -> !file.startsWith("images.lance"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void whatStoppedWritersLeftGoesWhenItIsOldAndNothingElse() throws IOException {
        List<String> before = files();
        write("images/.tmp-joust-1", new byte[9]);
        write("thumbnails/.tmp-joust-2", new byte[9]);
        write("images.lance/data/.tmp-joust-3", new byte[9]);
        write("thumbnails/" + NAME_OF_NO_ROW + ".jpg", new byte[9]);
        Path notes = write("images/notes.txt", new byte[9]);
        assertEquals(new CleanedLibrary(0, 0, 0, 0), library.cleanup(LibraryCleanup.LEFTOVERS), "it may be under way");
        assertEquals(new CleanedLibrary(0, 0, 0, 4), library.cleanup(AT_ONCE));
        assertTrue(Files.deleteIfExists(notes), "nobody knows what it is");
        assertEquals(before, files());
    }

    @Test
    void picturesWithoutARowCanBeRestoredUntilTheyArePurged() throws IOException {
        byte[] bytes = Variants.of(2);
        String stray = nameOf(library.add(bytes));
        try (Session session = Session.create();
                LocalObjectStore table = new LocalObjectStore(folder.resolve("images.lance"))) {
            Dataset dataset = Dataset.open(session, table);
            long address = dataset.manifest().fragments().getLast().id() << 32;
            dataset.deleteRows(dev.joust.format.table.RowAddressSet.of(new long[] {address}), "by another program");
        }
        assertEquals(1, library.stats().rowCount());
        assertEquals(1, library.cleanup(AT_ONCE).strayCount());
        assertFalse(Files.exists(folder.resolve("images/" + stray)));
        assertEquals("images/" + stray, library.deleted().getFirst().picture().id());
        assertTrue(library.restore(stray).isPresent());
        assertArrayEquals(bytes, library.read(stray).orElseThrow());
        assertEquals(2, library.list(PictureQuery.ALL.where("width > 0")).pictures().size());
        assertTrue(library.delete(stray));
        assertEquals(0, library.cleanup(AT_ONCE.withDeletedOlderThan(Duration.ofDays(1))).purgedCount());
        assertEquals(1, library.cleanup(AT_ONCE.withDeletedOlderThan(Duration.ZERO)).purgedCount());
        assertTrue(library.restore(stray).isEmpty());
        assertTrue(library.read(kept).isPresent());
    }

    @Test
    void purgeKeepsTheBytesOfARowThatTheTableRestoredAndFindsWhatLostItsDescription() throws IOException {
        long version = library.stats().version();
        assertTrue(library.delete(kept));
        try (Session session = Session.create();
                LocalObjectStore table = new LocalObjectStore(folder.resolve("images.lance"))) {
            Dataset.openAt(session, table, version).restore();
        }
        write("trash/" + NAME_OF_NO_ROW + ".jpg", new byte[9]);
        assertEquals(2, library.purge(Instant.now().plusSeconds(1)));
        assertArrayEquals(Variants.of(1), library.read(kept).orElseThrow());
        assertEquals(List.of(), files().stream().filter(file -> file.startsWith("trash")).toList());
    }

    @Test
    void versionsGoWhenTheyAreAskedTo() {
        library.add(Variants.of(2));
        library.add(Variants.of(3));
        assertEquals(0, library.cleanup(AT_ONCE).versionCount());
        assertTrue(library.cleanup(AT_ONCE.withVersionsOlderThan(Duration.ZERO)).versionCount() >= 2);
        assertEquals(3, library.stats().rowCount());
        assertEquals(1, library.versions(10).size());
    }
}
