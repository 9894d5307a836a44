// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;

import dev.joust.format.table.CleanupPolicy;
import dev.joust.format.table.Dataset;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;
import dev.joust.pictures.StoredPicture.Status;

class DeletedPicturesTest extends InMemoryLibrary {
    private String addWithCaption() {
        PictureUpload upload = PictureUpload.of(Variants.of(1)).withCaption("a boat").withTags(List.of("sea", "sun"));
        return library.add(upload).id().substring("images/".length());
    }

    @Test
    void aRestoredPictureIsAsItWas() {
        String name = addWithCaption();
        Picture before = library.find(name).orElseThrow();
        long versionBefore = library.stats().version();
        assertTrue(library.delete(name));
        assertTrue(library.read(name).isEmpty());
        assertTrue(library.thumbnail(name).isEmpty());
        assertTrue(library.find(name).isEmpty());
        assertArrayEquals(Variants.of(1), library.readKept(name).orElseThrow());
        assertTrue(library.thumbnailOfKept(name).isPresent());
        DeletedPicture deleted = library.deleted().getFirst();
        assertEquals(before, deleted.picture());
        assertEquals(versionBefore, deleted.version());
        assertEquals(Status.STORED, library.restore(name).orElseThrow().status());
        assertEquals(List.of(), library.deleted());
        assertEquals(before, library.find(name).orElseThrow());
        assertArrayEquals(Variants.of(1), library.read(name).orElseThrow());
        assertEquals(0, library.searchByPicture(Variants.of(1), 1).getFirst().distance(), 1e-6);
        assertEquals(Status.EXISTS, library.restore(name).orElseThrow().status());
        assertEquals(1, library.stats().rowCount());
    }

    @Test
    void itComesBackThoughTheVersionThatHadItIsCleanedUp() throws IOException {
        String name = addWithCaption();
        library.add(Variants.of(2));
        Picture before = library.find(name).orElseThrow();
        assertTrue(library.delete(name));
        try (Session session = Session.create()) {
            Dataset table = Dataset.open(session, ObjectStores.below(store, ObjectPath.of("images.lance")));
            table.upkeep().compact();
            table.refresh().upkeep().cleanup(CleanupPolicy.olderThan(Duration.ZERO));
            assertEquals(1, table.refresh().versionNumbers().size());
        }
        assertEquals(Status.STORED, library.restore(name).orElseThrow().status());
        assertEquals(before, library.find(name).orElseThrow());
    }

    @Test
    void bytesComeBackWithARowThatTheTableRestored() throws IOException {
        String name = addWithCaption();
        long version = library.stats().version();
        assertTrue(library.delete(name));
        try (Session session = Session.create()) {
            Dataset.openAt(session, ObjectStores.below(store, ObjectPath.of("images.lance")), version).restore();
        }
        assertArrayEquals(Variants.of(1), library.read(name).orElseThrow());
        assertTrue(library.thumbnail(name).isPresent());
        assertEquals(List.of(), library.deleted());
    }

    @Test
    void whatIsPurgedIsGoneForGood() throws IOException {
        String name = addWithCaption();
        assertTrue(library.delete(name));
        assertEquals(0, library.purge(Instant.EPOCH));
        assertEquals(1, library.purge(Instant.now().plusSeconds(1)));
        assertTrue(library.restore(name).isEmpty());
        assertTrue(library.readKept(name).isEmpty());
        assertEquals(List.of(), store.list(ObjectPath.of("trash")));
        assertEquals(Status.STORED, library.add(Variants.of(1)).status());
        assertTrue(library.restore("0".repeat(64) + ".jpg").isEmpty());
        assertTrue(library.restore("../x").isEmpty());
    }

    @Test
    void deletedRestoredAndAddedAtOnceAPictureIsThereWholeOrNotAtAll() throws Exception {
        String name = addWithCaption();
        for (int round = 0; round < 10; round++) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> results = List.of(
                        threads.submit(() -> library.delete(name)),
                        threads.submit(() -> library.restore(name)),
                        threads.submit(() -> library.add(Variants.of(1))),
                        threads.submit(() -> library.delete(name)));
                for (Future<?> result : results) {
                    result.get();
                }
            }
            long rowCount = library.stats().rowCount();
            assertTrue(rowCount <= 1);
            if (rowCount == 1) {
                assertArrayEquals(Variants.of(1), library.read(name).orElseThrow());
            } else {
                assertFalse(library.read(name).isPresent());
                assertEquals(Status.STORED, library.restore(name).orElseThrow().status());
            }
        }
    }
}
