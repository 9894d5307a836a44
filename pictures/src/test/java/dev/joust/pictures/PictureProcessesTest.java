// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.embed.ClipModel;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.ScanOptions;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;
import dev.joust.pictures.StoredPicture.Status;

/// Several processes on one folder, some of which end in the middle.
@Timeout(300)
class PictureProcessesTest {
    private static final ClipModel MODEL = ClipModel.openDefault();

    @TempDir
    private Path folder;

    @AfterAll
    static void close() {
        MODEL.close();
    }

    private List<String> ids() throws IOException {
        List<String> ids = new ArrayList<>();
        try (Session session = Session.create();
                ObjectStore store = ObjectStores.open(folder.resolve("images.lance").toString());
                BatchReader reader = Dataset.open(session, store).scan(ScanOptions.ALL.withColumns("id"))) {
            for (Batch next = reader.next(); next != null; next = reader.next()) {
                try (Batch batch = next) {
                    for (int i = 0; i < batch.rowCount(); i++) {
                        ids.add((String) ColumnValues.get(batch.column("id"), i));
                    }
                }
            }
        }
        return ids;
    }

    private static String idOf(String line) {
        return line.substring(line.indexOf(' ') + 1);
    }

    @Test
    void twoProcessesThatAddTheSamePicturesMakeOneRowOfEach() throws Exception {
        int count = 120;
        int storedHere = 0;
        int storedThere = 0;
        try (AddingProcess other = AddingProcess.start(folder, 0, count, 2);
                PictureLibrary library = PictureLibrary.open(folder.toString(), MODEL)) {
            assertEquals("READY", other.line());
            for (int i = 0; i < count; i++) {
                storedHere += library.add(Variants.of(i)).status() == Status.STORED ? 1 : 0;
            }
            for (String line = other.line(); !"DONE".equals(line); line = other.line()) {
                assertNotNull(line, "it ended by itself");
                storedThere += line.startsWith("STORED") ? 1 : 0;
            }
            List<String> ids = ids();
            assertEquals(count, ids.size());
            assertEquals(count, new HashSet<>(ids).size());
            assertEquals(count, storedHere + storedThere);
            System.out.println("two processes: " + storedHere + " stored here, " + storedThere + " there");
            for (int i = 0; i < count; i++) {
                assertEquals(Status.EXISTS, library.add(Variants.of(i)).status());
            }
        }
    }

    /// `-Djoust.kill.rounds=` for more of them.
    @Test
    void whatWasAcknowledgedBeforeAKillIsThereOnce() throws Exception {
        long seed = Long.getLong("joust.seed", 231_018_918);
        Random random = new Random(seed);
        Set<String> acknowledged = new TreeSet<>();
        int rounds = Integer.getInteger("joust.kill.rounds", 4);
        for (int round = 0; round < rounds; round++) {
            try (AddingProcess process = AddingProcess.start(folder, 0, 100_000, 3)) {
                assertEquals("READY", process.line());
                int linesBeforeKill = 1 + random.nextInt(40) + acknowledged.size();
                for (int i = 0; i < linesBeforeKill; i++) {
                    acknowledged.add(idOf(Objects.requireNonNull(process.line(), "it ended by itself")));
                }
                Thread.sleep(random.nextInt(20));
                process.kill();
                // What it managed to say before it died counts as well
                for (String line = process.line(); line != null; line = process.line()) {
                    acknowledged.add(idOf(line));
                }
            }
            List<String> ids = ids();
            assertEquals(new HashSet<>(ids).size(), ids.size(), "twice in the table, seed " + seed);
            assertTrue(ids.containsAll(acknowledged), "lost after an acknowledgement, seed " + seed);
            for (String id : acknowledged) {
                assertTrue(Files.size(folder.resolve(id)) > 0, "bytes of " + id + ", seed " + seed);
            }
        }
        try (PictureLibrary library = PictureLibrary.open(folder.toString(), MODEL)) {
            long before = library.stats().rowCount();
            Set<String> again = new HashSet<>();
            for (int i = 0; i < before + 10; i++) {
                again.add(library.add(Variants.of(i)).id());
            }
            assertTrue(again.containsAll(acknowledged));
            assertEquals(again.size(), library.stats().rowCount());
        }
        System.out.println("kills: " + rounds + ", acknowledged: " + acknowledged.size());
    }
}
