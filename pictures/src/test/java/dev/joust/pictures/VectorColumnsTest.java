// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.joust.embed.ClipModel;
import dev.joust.embed.SentenceModel;
import dev.joust.format.table.Dataset;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

/// A second and a third model for one table. These know nothing of the world: what is told is whose vectors are where.
class VectorColumnsTest {
    private static final Path MODELS = Path.of(System.getProperty("joust.repository.root", ".."),
            "embed/src/test/resources/dev/joust/embed/models");
    private static final ClipModel MODEL = ClipModel.openDefault();
    private static final ClipModel OTHER = ClipModel.open(MODELS.resolve("siglip"));
    private static final SentenceModel SENTENCES = SentenceModel.open(MODELS.resolve("sentence-mean"));

    private final MemoryObjectStore store = new MemoryObjectStore();
    private PictureLibrary library;

    @BeforeEach
    void open() {
        library = open(LibraryOptions.DEFAULT);
    }

    private PictureLibrary open(LibraryOptions options) {
        return PictureLibrary.open("memory://test", store, MODEL, options);
    }

    @AfterEach
    void close() {
        library.close();
    }

    @AfterAll
    static void closeTheModels() {
        MODEL.close();
        OTHER.close();
        SENTENCES.close();
    }

    private StoredPicture add(int number, boolean withCaption) {
        DemoPictures.DemoPicture picture = DemoPictures.list().get(number);
        return library.add(PictureUpload.of(DemoPictures.bytes(picture)).withCaption(withCaption ? picture.caption() : null));
    }

    private float distanceOfItself(String column, int number) {
        return library.search(PictureQuery.ALL.column(column)
                .sample(DemoPictures.bytes(DemoPictures.list().get(number)), 1).k(1)).hits().getFirst().distance();
    }

    @Test
    void picturesGetVectorsOfASecondModel() {
        for (int i = 0; i < 6; i++) {
            add(i, false);
        }
        List<String> progress = new ArrayList<>();
        FilledColumn filled = library.addVectorColumn("other", OTHER, (done, total, _) -> progress.add(done + "/" + total));
        assertEquals(6, filled.filledCount());
        assertEquals(0, filled.emptyCount());
        assertEquals("6/6", progress.getLast());
        for (int i = 0; i < 6; i++) {
            assertEquals(0, distanceOfItself("other", i), 1e-5);
            assertEquals(0, distanceOfItself("vector", i), 1e-5);
        }
        add(6, false);
        assertEquals(0, distanceOfItself("other", 6), 1e-5);
        assertEquals(7, library.search(PictureQuery.ofWords("red").column("other")).hits().size());
        assertEquals(List.of("vector", "other"), library.vectorColumns().stream().map(VectorColumnInfo::name).toList());
        assertTrue(library.vectorColumns().stream().allMatch(VectorColumnInfo::isOpen));
        assertEquals("siglip", library.vectorColumns().getLast().model());
        assertEquals(0, library.addVectorColumn("other", OTHER, FillListener.NONE).filledCount());
    }

    @Test
    void whatCameWithoutTheModelIsFilledLater() throws IOException {
        add(0, false);
        library.addVectorColumn("other", OTHER, FillListener.NONE);
        library.close();
        library = open(LibraryOptions.DEFAULT);
        add(1, false);
        StoredPicture broken = add(2, false);
        assertFalse(library.vectorColumns().getLast().isOpen());
        assertThrows(IllegalArgumentException.class, () -> library.search(PictureQuery.ofWords("red").column("other")));
        store.delete(ObjectPath.of(broken.id()));
        try (Session session = Session.create()) {
            Dataset.open(session, ObjectStores.below(store, ObjectPath.of("images.lance"))).upkeep().compact();
        }
        FilledColumn filled = library.addVectorColumn("other", OTHER, FillListener.NONE);
        assertEquals(1, filled.filledCount());
        assertEquals(1, filled.emptyCount());
        assertEquals(0, distanceOfItself("other", 1), 1e-5);
        assertEquals(0, distanceOfItself("other", 0), 1e-5);
        assertEquals(2, library.search(PictureQuery.ofWords("red").column("other")).hits().size());
    }

    @Test
    void captionsAreFoundByTheSentenceModel() {
        StoredPicture first = add(0, true);
        add(1, false);
        FilledColumn filled = library.addVectorColumn("caption_vector", SENTENCES, FillListener.NONE);
        assertEquals(1, filled.filledCount());
        add(2, true);
        String caption = DemoPictures.list().getFirst().caption();
        List<PictureHit> hits =
                library.search(PictureQuery.ofWords(caption).column("caption_vector")).hits();
        assertEquals(2, hits.size());
        assertEquals(first.id(), hits.getFirst().id());
        assertTrue(hits.getFirst().distance() < 0.2); // a question and a document, by their prompts
        assertThrows(IllegalArgumentException.class, () -> library.search(
                PictureQuery.ALL.sample(DemoPictures.bytes(DemoPictures.list().getFirst()), 1).column("caption_vector")));
        String name = first.id().substring("images/".length());
        PictureQuery query = PictureQuery.ofWords("something else").column("caption_vector").where("id = ?", first.id());
        float before = library.search(query).hits().getFirst().distance();
        library.edit(name, "something else", List.of());
        assertNotEquals(before, library.search(query).hits().getFirst().distance());
        library.edit(name, null, List.of());
        assertEquals(1, library.search(PictureQuery.ofWords("x").column("caption_vector")).hits().size());
    }

    @Test
    void aRestoredPictureHasAllItsVectors() {
        String name = add(0, true).id().substring("images/".length());
        library.addVectorColumn("other", OTHER, FillListener.NONE);
        library.addVectorColumn("caption_vector", SENTENCES, FillListener.NONE);
        library.delete(name);
        library.restore(name);
        assertEquals(0, distanceOfItself("other", 0), 1e-5);
        assertEquals(1, library.search(PictureQuery.ofWords("x").column("caption_vector")).hits().size());
    }

    @Test
    void anotherModelThanTheOneOfTheColumnIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> library.addVectorColumn("other", OTHER, FillListener.NONE));
        add(0, false);
        library.addVectorColumn("other", OTHER, FillListener.NONE);
        for (String taken : List.of("vector", "id", "caption", "a b", "")) {
            assertThrows(IllegalArgumentException.class, () -> library.addVectorColumn(taken, OTHER, FillListener.NONE));
        }
        assertThrows(IllegalArgumentException.class, () -> library.addVectorColumn("other", SENTENCES, FillListener.NONE));
        try (ClipModel third = ClipModel.open(MODELS.resolve("clip-one-file"))) {
            assertThrows(IllegalArgumentException.class, () -> library.addVectorColumn("other", third, FillListener.NONE));
            assertThrows(IllegalArgumentException.class,
                    () -> open(LibraryOptions.DEFAULT.withModel("other", third)).close());
        }
        String message = assertThrows(IllegalArgumentException.class,
                () -> PictureLibrary.open("memory://test", store, OTHER).close()).getMessage();
        assertTrue(message.contains("model"), message);
        open(LibraryOptions.DEFAULT.withModel("other", OTHER)).close();
    }
}
