// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.embed.image.PictureException;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.RowAddressSet;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;
import dev.joust.pictures.StoredPicture.Status;
import dev.joust.pictures.internal.PictureRow;
import dev.joust.pictures.internal.PictureTable;

class PictureLibraryTest extends InMemoryLibrary {
    private static final List<DemoPictures.DemoPicture> DEMO = DemoPictures.list();


    private static byte[] demo(int number) {
        return DemoPictures.bytes(DEMO.get(number));
    }

    private static String name(StoredPicture picture) {
        return picture.id().substring("images/".length());
    }

    private List<String> files() throws IOException {
        return store.list(ObjectPath.ROOT).stream().map(meta -> meta.path().value()).toList();
    }

    @Test
    void addedByThreeAtOnceEveryPictureIsThereOnce() throws Exception {
        for (Status expected : List.of(Status.STORED, Status.EXISTS)) {
            List<Future<List<StoredPicture>>> results = new ArrayList<>();
            try (var threads = Executors.newFixedThreadPool(3)) {
                for (int client = 0; client < 3; client++) {
                    results.add(threads.submit(() -> DEMO.stream()
                            .map(picture -> library.add(DemoPictures.bytes(picture))).toList()));
                }
            }
            int storedCount = 0;
            for (Future<List<StoredPicture>> result : results) {
                storedCount += (int) result.get().stream().filter(it -> it.status() == Status.STORED).count();
            }
            assertEquals(expected == Status.STORED ? DEMO.size() : 0, storedCount);
            assertEquals(DEMO.size(), library.stats().rowCount());
        }
        assertEquals(DEMO.size(), files().stream().filter(path -> path.startsWith("images/")).count());
    }

    @Test
    void colourAndShapeAreFoundByTheirWords() {
        DemoPictures.addTo(library, _ -> {});
        Map<String, DemoPictures.DemoPicture> byId = new java.util.HashMap<>();
        DEMO.forEach(picture -> byId.put(library.add(DemoPictures.bytes(picture)).id(), picture));
        TreeSet<String> pairs = new TreeSet<>();
        DEMO.forEach(picture -> picture.objects()
                .forEach(drawn -> pairs.add(drawn.colour() + " " + drawn.shape())));
        List<String> missed = new ArrayList<>();
        for (String pair : pairs) {
            PictureHit first = library.search("a " + pair, 1).getFirst();
            if (byId.get(first.id()).objects().stream()
                    .noneMatch(drawn -> pair.equals(drawn.colour() + " " + drawn.shape()))) {
                missed.add(pair);
            }
        }
        assertEquals(99, pairs.size());
        System.out.println("first hit right for " + (pairs.size() - missed.size()) + " of " + pairs.size());
        assertTrue(pairs.size() - missed.size() >= 85, "missed " + missed);
    }

    @Test
    void aPictureFindsItself() {
        DemoPictures.addTo(library, _ -> {});
        for (int i = 0; i < DEMO.size(); i += 17) {
            List<PictureHit> hits = library.searchByPicture(demo(i), 5);
            assertEquals(5, hits.size());
            assertEquals(library.add(demo(i)).id(), hits.getFirst().id());
            assertEquals("memory://test/" + hits.getFirst().id(), hits.getFirst().path());
            assertEquals(0, hits.getFirst().distance(), 1e-6);
            for (int j = 1; j < hits.size(); j++) {
                assertTrue(hits.get(j - 1).distance() <= hits.get(j).distance());
            }
        }
    }

    @Test
    void aPictureWithoutRowGetsItWithTheNextUpload() throws IOException {
        StoredPicture first = library.add(demo(0));
        assertTrue(library.delete(name(first)));
        // As after a crash between the two steps
        store.put(ObjectPath.of(first.id()), demo(0));
        assertEquals(0, library.stats().rowCount());
        assertEquals(Status.STORED, library.add(demo(0)).status());
        assertEquals(1, library.stats().rowCount());
    }

    @Test
    void bytesThatHaveGoneComeBackWithTheNextUpload() throws IOException {
        StoredPicture first = library.add(demo(0));
        store.delete(ObjectPath.of(first.id()));
        assertTrue(library.read(name(first)).isEmpty());
        assertEquals(Status.EXISTS, library.add(demo(0)).status());
        assertArrayEquals(demo(0), library.read(name(first)).orElseThrow());
    }

    @Test
    void whatIsNoPictureLeavesNothingBehind() throws IOException {
        byte[] cut = java.util.Arrays.copyOf(demo(0), demo(0).length / 2);
        for (byte[] bytes : List.of(new byte[0], "hello".getBytes(java.nio.charset.StandardCharsets.UTF_8), cut)) {
            assertThrows(PictureException.class, () -> library.add(bytes));
            assertThrows(PictureException.class, () -> library.searchByPicture(bytes, 3));
        }
        assertEquals(List.of(), files());
        assertEquals(0, library.stats().version());
    }

    @Test
    void aDeletedPictureIsGoneAndCanBeAddedAgain() {
        DemoPictures.addTo(library, _ -> {});
        StoredPicture picture = library.add(demo(7));
        assertArrayEquals(demo(7), library.read(name(picture)).orElseThrow());
        assertTrue(library.delete(name(picture)));
        assertFalse(library.delete(name(picture)));
        assertTrue(library.read(name(picture)).isEmpty());
        assertEquals(DEMO.size() - 1, library.stats().rowCount());
        assertTrue(library.searchByPicture(demo(7), 200).stream().noneMatch(hit -> hit.id().equals(picture.id())));
        assertEquals(Status.STORED, library.add(demo(7)).status());
        assertEquals(picture.id(), library.searchByPicture(demo(7), 1).getFirst().id());
        assertEquals(DEMO.size(), library.stats().rowCount());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../images.lance/_versions/1.manifest", "/etc/passwd", "a.jpg", "\0", "x/y.png",
        "0000000000000000000000000000000000000000000000000000000000000000.jpg/",
        "0000000000000000000000000000000000000000000000000000000000000000.gif",
        "0000000000000000000000000000000000000000000000000000000000000000.jpg"})
    void aNameOfNoPictureIsNotFound(String name) {
        library.add(demo(0));
        assertTrue(library.read(name).isEmpty());
        assertFalse(library.delete(name));
        assertEquals(1, library.stats().rowCount());
    }

    @Test
    void statsSayWhatTheTableHolds() {
        PictureStats before = library.stats();
        assertEquals(0, before.rowCount());
        library.add(demo(0));
        PictureStats stats = library.stats();
        assertEquals(1, stats.rowCount());
        assertEquals(11, stats.columnCount());
        assertEquals("{id=string, path=string, vector=fixed_size_list<item: float>[128], width=int32, height=int32, bytes=int64, "
                + "format=string, taken_at=timestamp[us], camera=string, caption=string, tags=list<item: string>}", stats.columns().toString());
        assertEquals(before.columns(), stats.columns());
        assertEquals(128, stats.lastVectorDim());
        assertEquals("memory://test/images.lance", stats.tablePath());
        assertEquals(List.of(), stats.indices());
        assertTrue(stats.version() > 0);
    }

    @Test
    void wrongQuestionsAreRefused() {
        assertEquals(List.of(), library.search("a red star", 3));
        for (int k : new int[] {0, -1, 10_001}) {
            assertThrows(IllegalArgumentException.class, () -> library.search("a red star", k));
            assertThrows(IllegalArgumentException.class, () -> library.searchByPicture(demo(0), k));
        }
        assertThrows(IllegalArgumentException.class, () -> library.search(" \t", 3));
    }

    @Test
    void aTableOfAnotherModelIsRefused() throws IOException {
        ObjectStore tableStore = ObjectStores.below(store, ObjectPath.of("images.lance"));
        try (Session session = Session.create()) {
            Dataset.create(session, tableStore, PictureTable.schema(512),
                    PictureTable.reader(session, PictureTable.schema(512), List.of()),
                    dev.joust.format.table.WriteOptions.DEFAULT);
        }
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> PictureLibrary.open("memory://test", store, MODEL)).getMessage().contains("512"));
    }

    @Test
    void rowsThatOthersAppendAndDeleteCountAtOnce() throws IOException {
        StoredPicture mine = library.add(demo(0));
        ObjectStore tableStore = ObjectStores.below(store, ObjectPath.of("images.lance"));
        try (Session session = Session.create()) {
            StoredPicture theirs;
            try (PictureLibrary other = PictureLibrary.open(
                    "memory://test", ObjectStores.below(store, ObjectPath.of("x")), MODEL)) {
                theirs = other.add(demo(1));
            }
            float[] vector = MODEL.embedPicture(demo(1));
            Dataset.open(session, tableStore).append(PictureTable.reader(session, PictureTable.schema(128),
                    List.of(new PictureRow(theirs.id(), "elsewhere", vector))));
            PictureHit hit = library.searchByPicture(demo(1), 1).getFirst();
            assertEquals(theirs.id(), hit.id());
            assertEquals("elsewhere", hit.path());
            assertEquals(Status.EXISTS, library.add(demo(1)).status());
            assertEquals(2, library.stats().rowCount());
            // Rows go to addresses in the order of versions: fragment 0 is mine
            Dataset.open(session, tableStore).deleteRows(RowAddressSet.of(0), "all of mine");
            assertTrue(library.searchByPicture(demo(0), 9).stream().noneMatch(it -> it.id().equals(mine.id())));
            assertEquals(Status.STORED, library.add(demo(0)).status());
            assertEquals(2, library.stats().rowCount());
        }
    }

    /// Merging small fragments is part of the price, so appends are counted a few hundred at a time.
    @Test
    void laterAppendsCostWhatTheFirstOnesDid() throws IOException {
        int windowCount = 5;
        int window = 200;
        List<ReadStats> costs = new ArrayList<>();
        for (int w = 0; w < windowCount; w++) {
            ReadStats before = store.stats();
            for (int i = 0; i < window; i++) {
                assertEquals(Status.STORED, library.add(Variants.of(w * window + i)).status());
            }
            costs.add(store.stats().since(before));
        }
        costs.forEach(cost -> System.out.println("per append: " + (double) cost.requestCount() / window + " requests, "
                + cost.bytesWritten() / window + " bytes written"));
        for (ReadStats cost : costs.subList(1, windowCount)) {
            assertTrue(cost.requestCount() <= 1.3 * costs.getFirst().requestCount(), costs.toString());
            assertTrue(cost.bytesWritten() <= 1.5 * costs.getFirst().bytesWritten(), costs.toString());
        }
        assertTrue(costs.getFirst().requestCount() <= 9L * window, costs.toString());
        long repeated = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) { // fragments may be merged meanwhile, once
            ReadStats before = store.stats();
            assertEquals(Status.EXISTS, library.add(Variants.of(3)).status());
            repeated = Math.min(repeated, store.stats().since(before).requestCount());
        }
        assertTrue(repeated <= 3, repeated + " requests");
        library.close();
        try (Session session = Session.create()) {
            Dataset table = Dataset.open(session, ObjectStores.below(store, ObjectPath.of("images.lance")));
            assertEquals((long) windowCount * window, table.countRows());
            assertTrue(table.manifest().fragments().size() <= 100, table.manifest().fragments().size() + " fragments");
        }
        library = PictureLibrary.open("memory://test", store, MODEL);
        for (int i = 0; i < 20; i++) {
            assertEquals(Status.EXISTS, library.add(Variants.of(i * 47)).status());
        }
    }

    @Test
    void waitingAppendsShareACommit() throws Exception {
        library.add(Variants.of(0));
        long before = library.stats().version();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<StoredPicture>> results = new ArrayList<>();
            for (int i = 1; i <= 200; i++) {
                int number = i;
                results.add(threads.submit(() -> library.add(Variants.of(number))));
            }
            for (Future<StoredPicture> result : results) {
                assertEquals(Status.STORED, result.get().status());
            }
        }
        assertEquals(201, library.stats().rowCount());
        assertTrue(library.stats().version() - before <= 200);
    }
}
