// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.CommitConflictException;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;
import dev.joust.pictures.StoredPicture.Status;
import dev.joust.search.ConnectOptions;
import dev.joust.search.Database;
import dev.joust.search.Table;

/// A library whose table others change as they like.
class OtherProgramsTest extends InMemoryLibrary {
    private final Session session = Session.create();
    private final Database others =
            Database.over(ObjectStores.below(store, dev.joust.io.ObjectPath.ROOT), session, ConnectOptions.DEFAULT);

    @BeforeEach
    void addOne() {
        library.add(Variants.of(1));
    }

    @AfterEach
    void closeTheOthers() {
        others.close();
        session.close();
    }

    @Test
    void pictureIsAddedThoughSomebodyAddedAColumnThatHoldsNoNulls() {
        Table table = others.openTable("images");
        table.addColumns(Map.of("rating", "5"));
        assertFalse(table.schema().field("rating").orElseThrow().nullable(), "the premise");

        assertEquals(Status.STORED, library.add(Variants.of(2)).status());
        assertEquals(5L, table.refresh().query().where("id = ?", library.list(PictureQuery.ALL).pictures().getFirst().id())
                .toMaps().getFirst().get("rating"));
        assertNull(table.query().where("rating is null").toMaps().getFirst().get("rating"));
    }

    @Test
    void columnOfMetadataThatSomebodyDroppedComesBackWithTheNextPicture() {
        Table table = others.openTable("images");
        table.dropColumns("camera", "width");
        assertEquals(1, library.search("a red star", 5).size());

        library.add(Variants.of(2));
        assertEquals(1, library.list(PictureQuery.ALL.where("width > 0")).pictures().size());
        assertEquals(2, library.search("a red star", 5).size());
    }

    @Test
    void rowsGetWhatTheyLackFromTheirPictures() {
        Table table = others.openTable("images");
        byte[] second = Variants.of(2);
        String id = library.add(PictureUpload.of(second).withCaption("said")).id();
        library.add(Variants.of(3));
        float[] vector = (float[]) table.refresh().query().where("id = ?", id).toMaps().getFirst().get("vector");
        table.dropColumns("width", "camera", "taken_at");
        table.update("id = ?", Map.of("vector", "NULL", "height", "NULL", "format", "NULL"), id);
        table.add(List.of(Map.of("id", "images/" + "0".repeat(64) + ".jpg", "path", "nowhere", "vector", vector)));
        List<double[]> progress = new ArrayList<>();

        RefilledLibrary refilled =
                library.refill((done, total, seconds) -> progress.add(new double[] {done, total, seconds}));
        assertEquals(3, refilled.metadataCount());
        assertEquals(1, refilled.vectorCount());
        assertEquals(1, refilled.emptyCount());
        assertEquals(4, progress.getFirst()[1]);
        List<Picture> found = library.list(PictureQuery.ALL.where("width > 0 and format = 'jpeg'")).pictures();
        assertEquals(3, found.size());
        assertEquals("said", library.find(id.substring("images/".length())).orElseThrow().metadata().caption());
        assertEquals(0, library.searchByPicture(second, 1).getFirst().distance(), 1e-6);
        RefilledLibrary again = library.refill(FillListener.NONE);
        assertEquals(new RefilledLibrary(0, 0, 1, again.version()), again);
        assertEquals(4, library.stats().rowCount());
    }

    @Test
    void picturesAreAddedWhileSomebodyAddsAndDropsColumns() throws Exception {
        Table table = others.openTable("images");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> changes = threads.submit(() -> {
                for (int i = 0; i < 15; i++) {
                    String column = "x" + i;
                    evenIfInterfered(() -> table.refresh().addColumns(Map.of(column, "1")));
                    evenIfInterfered(() -> table.refresh().dropColumns("camera"));
                }
            });
            for (int i = 2; i < 30; i++) {
                assertEquals(Status.STORED, library.add(Variants.of(i)).status());
            }
            changes.get();
        }
        library.add(Variants.of(30));
        assertEquals(30, library.list(PictureQuery.ALL.where("width > 0").k(100)).pictures().size());
    }

    private static void evenIfInterfered(Runnable change) {
        try {
            change.run();
        } catch (CommitConflictException | IllegalArgumentException e) {
            assertNotNull(e.getMessage()); // the column has gone already, or is not there yet
        }
    }
}
