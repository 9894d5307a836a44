// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.cli.input.RowSources;
import dev.joust.format.batch.Batch;
import dev.joust.index.IndexBuildListener;
import dev.joust.io.Session;
import dev.joust.pictures.BulkOutcome;
import dev.joust.pictures.BulkProgress;
import dev.joust.pictures.StoredPicture;

class ProgressTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Context context = new Context(
            new ByteArrayInputStream(new byte[0]), new PrintStream(new ByteArrayOutputStream()), new PrintStream(err, true, StandardCharsets.UTF_8));

    private Progress opened(Session session, long rowCount) throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "id\n1\n2\n3\n");
        RowSources.Opened rows = RowSources.file(file, RowSources.Kind.CSV, session, RowSources.Hints.NONE);
        return rowCount < 0 ? Progress.of(rows, context) : Progress.of(rows.rows(), rowCount, context);
    }

    private static void drain(Progress rows) throws IOException {
        for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
            batch.close();
        }
    }

    @Test
    void rowsThatAreKnownTellTheTimeLeft() throws IOException {
        try (Session session = Session.create();
                Progress rows = opened(session, 12)) {
            assertEquals("0 rows  0 rows/s  0.0 MB/s", rows.line(1));
            drain(rows);
            assertEquals(3, rows.rowCount());
            assertEquals("3 rows  0 rows/s  0.0 MB/s   25 %  3:00 left", rows.line(60));
        }
    }

    @Test
    void elseTheBytesOfTheFileDo() throws IOException {
        try (Session session = Session.create();
                Progress rows = opened(session, -1)) {
            drain(rows);
            assertTrue(rows.line(2).endsWith("100 %  0:00 left"), rows.line(2));
        }
    }

    @Test
    void nothingIsShownWhereThereIsNoTerminal() throws IOException {
        try (Session session = Session.create();
                Progress rows = opened(session, 3)) {
            drain(rows);
        }
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aBarTellsThePartAndTheTimeLeft() {
        var shares = new BulkProgress.Shares(0, 0, 0, 0);
        assertEquals(
                "[###############               ]  50 %  30 pictures  2 pictures/s  0:15 left",
                PictureProgress.line(new BulkProgress(60, 20, 4, 1, 5, 3, 15, shares)));
        assertEquals("30 pictures  2 pictures/s", PictureProgress.line(new BulkProgress(-1, 20, 4, 1, 5, 3, 15, shares)));
        assertEquals(
                "write    [##############################] 100 %", IndexProgress.line(IndexBuildListener.Phase.WRITE, 7, 7, 9));
    }

    @Test
    void picturesThatWereStoredBeforeAFailureAreCounted() {
        try (PictureProgress progress = new PictureProgress(context)) {
            progress.done(stored(StoredPicture.Status.STORED));
            progress.done(stored(StoredPicture.Status.EXISTS));
            progress.done(stored(StoredPicture.Status.STORED));
        }
        assertEquals("ended early, 2 stored; the same command goes on from there", err.toString(StandardCharsets.UTF_8).strip());
    }

    @Test
    void nothingIsSaidWhereAllAreGoneThrough() {
        try (PictureProgress progress = new PictureProgress(context)) {
            progress.done(stored(StoredPicture.Status.STORED));
            progress.indexing();
        }
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    private static BulkOutcome stored(StoredPicture.Status status) {
        return new BulkOutcome("a.jpg", new StoredPicture("images/a.jpg", "data/images/a.jpg", status, 1), null);
    }
}
