// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.joust.embed.ClipModel;
import dev.joust.io.ObjectPath;
import dev.joust.io.ReadStats;
import dev.joust.io.store.MemoryObjectStore;
import dev.joust.search.NoSuchTableException;

/// Searches and lists of one library of the demo pictures, with captions, added in two halves.
class PictureQueryTest {
    private static final List<DemoPictures.DemoPicture> DEMO = DemoPictures.list();
    private static final Map<String, DemoPictures.DemoPicture> BY_ID = new HashMap<>();
    private static ClipModel model;
    private static PictureLibrary library;
    private static long versionOfHalf;
    private static Instant timeOfHalf;

    @BeforeAll
    static void load() throws InterruptedException {
        model = ClipModel.openDefault();
        library = PictureLibrary.open("memory://test", new MemoryObjectStore(), model);
        addAll(DEMO.subList(0, 60));
        versionOfHalf = library.stats().version();
        timeOfHalf = Instant.now();
        Thread.sleep(2);
        addAll(DEMO.subList(60, DEMO.size()));
    }

    private static void addAll(List<DemoPictures.DemoPicture> pictures) {
        List<PictureSource> sources = pictures.stream()
                .map(picture -> PictureSource.of(picture.fileName(), new PictureUpload(
                        DemoPictures.bytes(picture), picture.fileName(), picture.caption(),
                        picture.objects().stream().map(DemoPictures.DrawnObject::colour).distinct().toList())))
                .toList();
        BulkProgress ended = library.addAll(sources.iterator(), BulkOptions.DEFAULT, new BulkListener() {
            @Override
            public void done(BulkOutcome outcome) {
                BY_ID.put(outcome.picture().id(), DEMO.get(Integer.parseInt(outcome.name().substring(0, 3))));
            }
        });
        assertEquals(pictures.size(), ended.storedCount());
    }

    @AfterAll
    static void close() {
        library.close();
        model.close();
    }

    private static String idOf(int number) {
        return BY_ID.entrySet().stream()
                .filter(entry -> entry.getValue().equals(DEMO.get(number))).findFirst().orElseThrow().getKey();
    }

    private static List<String> ids(PictureResults results) {
        return results.hits().stream().map(PictureHit::id).toList();
    }

    private static boolean shows(String id, String colour) {
        return BY_ID.get(id).objects().stream().anyMatch(drawn -> drawn.colour().equals(colour));
    }

    @Test
    void hitsCarryWhatIsKnownOfThem() {
        PictureHit hit = library.search(PictureQuery.ofWords("a red star")).hits().getFirst();
        PictureMetadata metadata = hit.metadata();
        assertEquals(BY_ID.get(hit.id()).caption(), metadata.caption());
        assertEquals("jpeg", metadata.format());
        assertEquals(DemoPictures.bytes(BY_ID.get(hit.id())).length, metadata.sizeBytes());
        assertEquals(160, metadata.width());
        assertTrue(metadata.tags().contains("red"));
        assertEquals(hit.metadata(), library.find(hit.id().substring("images/".length())).orElseThrow().metadata());
    }

    @Test
    void conditionsDecideAmongWhichIsSearched() {
        List<String> found = ids(library.search(
                PictureQuery.ofWords("a red star").where("array_has(tags, ?)", "blue").where("width >= ?", 10).k(20)));
        assertEquals(20, found.size());
        assertTrue(found.stream().allMatch(id -> shows(id, "blue")));
        assertEquals(List.of(), ids(library.search(PictureQuery.ofWords("a red star").where("camera is not null"))));
        assertThrows(IllegalArgumentException.class,
                () -> library.search(PictureQuery.ofWords("a red star").where("no_such_column = 1")));
    }

    @Test
    void pagesContinueEachOther() {
        List<String> all = ids(library.search(PictureQuery.ofWords("a green circle").k(30)));
        List<String> second = ids(library.search(PictureQuery.ofWords("a green circle").k(10).offset(10)));
        assertEquals(all.subList(10, 20), second);
        String liked = idOf(5);
        List<String> alike = ids(library.search(PictureQuery.ALL.like(liked, 1).k(30)));
        assertEquals(alike.subList(10, 30), ids(library.search(PictureQuery.ALL.like(liked, 1).k(20).offset(10))));
    }

    @Test
    void moreLikeAPictureFindsItsNeighboursAndNotItself() {
        String liked = idOf(11);
        List<String> byBytes = ids(library.search(
                PictureQuery.ALL.sample(DemoPictures.bytes(BY_ID.get(liked)), 1).k(11)));
        assertEquals(liked, byBytes.getFirst());
        assertEquals(byBytes.subList(1, 11), ids(library.search(PictureQuery.ALL.like(liked, 1))));
        assertThrows(NoSuchPictureException.class,
                () -> library.search(PictureQuery.ALL.like("images/none.jpg", 1)));
    }

    @Test
    void wordsAndPicturesAreWeighedAgainstEachOther() {
        String liked = idOf(11);
        PictureQuery words = PictureQuery.ofWords("a purple ring");
        List<String> byWords = ids(library.search(words));
        assertEquals(byWords, ids(library.search(words.sample(DemoPictures.bytes(BY_ID.get(liked)), 0.001f))));
        List<String> both = ids(library.search(words.like(liked, 1)));
        assertNotEquals(byWords, both);
        assertEquals(ids(library.search(PictureQuery.ALL.like(liked, 1))).getFirst(),
                ids(library.search(words.like(liked, 1000))).getFirst());
        String first = byWords.getFirst();
        List<String> less = ids(library.search(words.unlike(first, 0.5f).k(120)));
        assertFalse(less.contains(first));
        assertThrows(IllegalArgumentException.class,
                () -> library.search(PictureQuery.ALL.like(liked, 1).unlike(liked, 1)));
    }

    @Test
    void olderVersionsAreSearchedAsTheyWere() {
        PictureQuery query = PictureQuery.ofWords("a yellow square").k(120);
        PictureResults half = library.search(query.version(versionOfHalf));
        assertEquals(60, half.hits().size());
        assertEquals(versionOfHalf, half.version());
        assertEquals(half, library.search(query.at(timeOfHalf)));
        assertEquals(120, library.search(query.at(Instant.now())).hits().size());
        assertThrows(NoSuchTableException.class, () -> library.search(query.version(99_999L)));
        assertThrows(NoSuchTableException.class, () -> library.search(query.at(Instant.EPOCH)));
        assertTrue(library.versions(1000).stream().anyMatch(version -> version.version() == versionOfHalf));
        assertEquals(1, library.versions(1).size());
    }

    @Test
    void listsComeInTheTablesOrder() {
        PicturePage page = library.list(PictureQuery.ALL.where("array_has(tags, 'red')").k(3));
        assertTrue(page.totalCount() > 3);
        assertEquals(page.pictures().subList(1, 3),
                library.list(PictureQuery.ALL.where("array_has(tags, 'red')").k(2).offset(1)).pictures());
        assertTrue(page.pictures().stream().allMatch(picture -> shows(picture.id(), "red")));
        assertEquals(120, library.list(PictureQuery.ALL).totalCount());
        assertEquals(60, library.list(PictureQuery.ALL.version(versionOfHalf)).totalCount());
    }

    @Test
    void theSameQuestionIsAnsweredOutOfMemoryUntilTheTableChanges() {
        MemoryObjectStore store = new MemoryObjectStore();
        try (PictureLibrary other = PictureLibrary.open("memory://test", store, model)) {
            other.add(DemoPictures.bytes(DEMO.getFirst()));
            for (PictureQuery query : List.of(PictureQuery.ofWords("a red star"),
                    PictureQuery.ALL.sample(DemoPictures.bytes(DEMO.get(2)), 1))) {
                PictureResults first = other.search(query);
                ReadStats before = store.stats();
                assertSame(first, other.search(query));
                ReadStats cost = store.stats().since(before);
                assertEquals(0, cost.bytesRead());
                assertEquals(1, cost.requestCount()); // whether there is a newer version
                assertNotSame(first, other.search(query.k(9)));
            }
            other.add(DemoPictures.bytes(DEMO.get(1)));
            assertEquals(2, other.search(PictureQuery.ofWords("a red star")).hits().size());
        }
    }

    @Test
    void aLargeEnoughLibraryIndexesItself() throws InterruptedException {
        LibraryOptions options = LibraryOptions.DEFAULT.withLeastIndexed(200);
        try (PictureLibrary other = PictureLibrary.open("memory://test", new MemoryObjectStore(), model, options)) {
            List<PictureSource> sources = new ArrayList<>();
            for (int i = 0; i < 360; i++) {
                sources.add(PictureSource.of("" + i, PictureUpload.of(Variants.of(i))));
            }
            other.addAll(sources.subList(0, 150).iterator(), BulkOptions.DEFAULT, BulkListener.NONE);
            assertTrue(other.awaitMaintenance(Duration.ofMinutes(1)));
            assertEquals(List.of(), other.stats().indices());
            other.addAll(sources.subList(150, 300).iterator(), BulkOptions.DEFAULT, BulkListener.NONE);
            assertTrue(other.awaitMaintenance(Duration.ofMinutes(1)));
            assertEquals(List.of("vector_idx"), other.stats().indices());
            other.addAll(sources.subList(300, 360).iterator(), BulkOptions.DEFAULT, BulkListener.NONE);
            int found = 0;
            for (DemoPictures.DemoPicture picture : DEMO.subList(0, 30)) {
                PictureQuery query = PictureQuery.ofWords(picture.caption()).k(30);
                List<String> exact = ids(other.search(query.effort(PictureQuery.Effort.EXACT)));
                found += (int) ids(other.search(query)).stream().filter(exact::contains).count();
            }
            assertTrue(found >= 0.95 * 30 * 30, "found " + found + " of 900");
        }
    }

    @Test
    void thumbnailsAreMadeOnceAndAgainWhereTheyAreGoneOrCut() throws Exception {
        MemoryObjectStore store = new MemoryObjectStore();
        try (PictureLibrary other = PictureLibrary.open("memory://test", store, model)) {
            String name = other.add(DemoPictures.bytes(DEMO.getFirst())).id().substring("images/".length());
            byte[] made = other.thumbnail(name).orElseThrow();
            assertTrue(made.length < 20_000);
            ObjectPath kept = ObjectPath.of("thumbnails/" + name);
            store.delete(kept);
            assertArrayEquals(made, other.thumbnail(name).orElseThrow());
            // what a power cut may leave of one that nobody waited for
            for (byte[] left : List.of(new byte[0], Arrays.copyOf(made, made.length / 2), new byte[made.length])) {
                store.put(kept, left);
                assertArrayEquals(made, other.thumbnail(name).orElseThrow());
                assertArrayEquals(made, store.readAll(kept, made.length));
            }
            assertTrue(other.delete(name));
            assertTrue(other.thumbnail(name).isEmpty());
            assertEquals(List.of(), store.list(ObjectPath.of("thumbnails")));
        }
    }

    @Test
    void captionAndTagsCanBeChanged() {
        try (PictureLibrary other = PictureLibrary.open("memory://test", new MemoryObjectStore(), model)) {
            String id = other.add(DemoPictures.bytes(DEMO.getFirst())).id();
            other.add(DemoPictures.bytes(DEMO.get(1)));
            String name = id.substring("images/".length());
            Picture edited = other.edit(name, " at the sea ", List.of("sea", "sea", "sun")).orElseThrow();
            assertEquals("at the sea", edited.metadata().caption());
            assertEquals(List.of("sea", "sun"), edited.metadata().tags());
            assertEquals(edited, other.find(name).orElseThrow());
            assertEquals(2, other.stats().rowCount());
            assertEquals(0, other.searchByPicture(DemoPictures.bytes(DEMO.getFirst()), 1).getFirst().distance(), 1e-6);
            assertEquals(List.of(id), ids(other.search(PictureQuery.ofWords("sea").where("array_has(tags, 'sun')"))));
            assertTrue(other.edit("0".repeat(64) + ".jpg", null, List.of()).isEmpty());
            assertTrue(other.delete(name));
        }
    }
}
