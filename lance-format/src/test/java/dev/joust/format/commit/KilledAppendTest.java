// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.format.table.Dataset;
import dev.joust.format.table.TestRows;
import dev.joust.io.Durability;
import dev.joust.io.Session;
import dev.joust.io.store.LocalObjectStore;

class KilledAppendTest {
    /// `-Djoust.kills=` for more.
    private static final int KILLS = Integer.getInteger("joust.kills", 5);

    @Test
    void everyAcknowledgedRowIsThereAfterAKill(@TempDir Path folder) throws Exception {
        long seed = Long.getLong("joust.seed", 231_018_918);
        Random random = new Random(seed);
        Set<Long> acknowledged = new HashSet<>();
        long lastVersion = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process child = start(folder, 1000L * kill);
            try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
                int patience = 1 + random.nextInt(40);
                String line = "";
                for (int i = 0; i < patience; i++) {
                    line = lines.readLine();
                    assertTrue(line != null, "the child ended by itself, seed " + seed);
                    lastVersion = acknowledge(line, acknowledged);
                }
                Thread.sleep(random.nextInt(5));
                // The handle's, which leaves the pipe open: what is in it was acknowledged.
                child.toHandle().destroyForcibly();
                assertTrue(child.waitFor(30, TimeUnit.SECONDS));
                for (line = lines.readLine(); line != null && line.indexOf(' ') > 0; line = lines.readLine()) {
                    lastVersion = acknowledge(line, acknowledged);
                }
            }
            try (Session session = Session.create()) {
                Dataset table = Dataset.open(session, new LocalObjectStore(folder, Durability.NONE));
                assertTrue(table.version() >= lastVersion, table.version() + " < " + lastVersion + ", seed " + seed);
                List<Long> ids = TestRows.ids(table);
                assertEquals(ids.size(), new HashSet<>(ids).size(), "seed " + seed);
                assertTrue(ids.containsAll(acknowledged), "seed " + seed);
                assertTrue(ids.size() <= acknowledged.size() + kill + 1, "one unacknowledged row per kill at most");
                assertEquals(table.countRows(), ids.size());
            }
        }
        assertTrue(acknowledged.size() >= KILLS);
    }

    private static long acknowledge(String line, Set<Long> acknowledged) {
        String[] parts = line.split(" ");
        // A line cut short by the kill acknowledges nothing.
        if (parts.length == 2 && !parts[1].isEmpty()) {
            acknowledged.add(Long.parseLong(parts[0]));
            return Long.parseLong(parts[1]);
        }
        return 0;
    }

    private static Process start(Path folder, long firstId) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                AppendUntilKilled.class.getName(),
                folder.toString(),
                Long.toString(firstId),
                "-1"));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
