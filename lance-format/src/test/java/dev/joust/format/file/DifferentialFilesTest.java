// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.io.Durability;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;
import dev.joust.io.store.LocalObjectStore;
import dev.joust.testdata.ExpectedRows;

/// Any number of files of the reference, in a folder of pairs `x.lance` and `x.arrow`: run by hand, with
/// `-Djoust.differential.folder=`, over more files than a repository should hold.
@EnabledIfSystemProperty(named = "joust.differential.folder", matches = ".+")
class DifferentialFilesTest {
    @Test
    void everyFileReadsAsItsRowsWereWritten() throws IOException {
        Path folder = Path.of(System.getProperty("joust.differential.folder"));
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".lance")).sorted().toList();
        }
        List<String> failures = new ArrayList<>();
        long columns = 0;
        try (Session session = Session.create();
                ArrowMemory memory = new ArrowMemory(4L << 30);
                LocalObjectStore store = new LocalObjectStore(folder, Durability.NONE)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                Path rows = folder.resolve(name.replace(".lance", ".arrow"));
                try (ExpectedRows expected = ExpectedRows.open(rows)) {
                    LanceFileReader reader = LanceFileReader.open(session, store, ObjectPath.of(name), -1);
                    columns += reader.schema().fields().size();
                    try (ReaderChecks checks = new ReaderChecks(memory, reader, expected, name)) {
                        check(checks, (int) reader.rowCount());
                    }
                    assertEquals(0, memory.allocatedBytes(), "memory of " + name);
                } catch (RuntimeException | AssertionError e) {
                    failures.add(name + ": " + e);
                    if (failures.size() == 1) {
                        e.printStackTrace();
                    }
                }
            }
        }
        System.out.println(files.size() + " files, " + columns + " columns, " + failures.size() + " files differ");
        assertTrue(failures.isEmpty(), String.join("\n", failures.subList(0, Math.min(30, failures.size()))));
    }

    private static void check(ReaderChecks checks, int rows) throws IOException {
        checks.scan(8192);
        if (rows > 0) {
            checks.scan(Math.max(1, rows / 3));
            checks.scan(rows / 4, rows - rows / 5, 700);
            Random random = new Random(rows);
            checks.take(rows - 1, 0, rows / 2, 0);
            checks.takeAtRandom(random, 40);
        }
    }
}
