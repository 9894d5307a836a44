// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.io.Durability;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;
import dev.joust.io.store.LocalObjectStore;
import dev.joust.testdata.ExpectedRows;
import dev.joust.testdata.GoldenTable;
import dev.joust.testdata.GoldenTables;

/// Data files that the reference wrote, read and compared with what the reference reads.
class GoldenFilesTest {
    /// Tables of one data file that holds all their rows: their files can be compared without a table.
    static Stream<GoldenTable> wholeFiles() throws IOException {
        return GoldenTables.all().stream()
                .filter(table -> table.reading() == GoldenTable.Reading.NOW)
                .filter(table -> List.of("0.1", "2.0", "2.1", "2.2", "2.3").contains(table.storageVersion()))
                // the file's schema has bytes, what the reference answers of a table are descriptors
                .filter(table -> !table.name().equals("blob-2.0"))
                .filter(table -> dataFiles(table).size() == 1
                        && !Files.exists(table.table().resolve("_deletions"))
                        && table.rowCount() > 0);
    }

    private static List<Path> dataFiles(GoldenTable table) {
        try (Stream<Path> files = Files.list(table.table().resolve("data"))) {
            return files.toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wholeFiles")
    void filesOfTheReferenceReadAsTheReferenceReadsThem(GoldenTable table) throws IOException {
        try (Session session = Session.create();
                ArrowMemory memory = new ArrowMemory(1L << 30);
                LocalObjectStore store = new LocalObjectStore(table.table(), Durability.NONE);
                ExpectedRows expected = table.expected()) {
            ObjectPath path = ObjectPath.of("data/" + dataFiles(table).getFirst().getFileName());
            LanceFileReader reader = LanceFileReader.open(session, store, path, -1);
            assertEquals(table.storageVersion(), reader.version().label());
            assertEquals(table.rowCount(), reader.rowCount());
            try (ReaderChecks checks = new ReaderChecks(memory, reader, expected, table.name())) {
                int rows = (int) reader.rowCount();
                checks.scan(8192);
                checks.scan(Math.max(1, rows / 3));
                checks.scan(7);
                checks.scan(rows / 4, rows - rows / 5, 64);
                Random random = new Random(42);
                checks.take(0);
                checks.take(rows - 1, 0, rows / 2, 0);
                checks.takeAtRandom(random, 10);
                checks.takeAtRandom(random, 200);
            }
            assertEquals(0, memory.allocatedBytes(), "memory of " + table.name());
        }
    }

    static Stream<GoldenTable> refusedFiles() {
        return GoldenTables.all().stream()
                .filter(table -> table.reading() == GoldenTable.Reading.REFUSED)
                .filter(table -> !table.name().startsWith("unknown") && !dataFiles(table).isEmpty());
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("refusedFiles")
    void whatIsNotReadIsRefusedByName(GoldenTable table) throws IOException {
        try (Session session = Session.create();
                ArrowMemory memory = new ArrowMemory(1L << 30);
                LocalObjectStore store = new LocalObjectStore(table.table(), Durability.NONE)) {
            ObjectPath path = ObjectPath.of("data/" + dataFiles(table).getFirst().getFileName());
            UnsupportedFormatException refused = assertThrows(UnsupportedFormatException.class, () -> {
                LanceFileReader reader = LanceFileReader.open(session, store, path, -1);
                reader.scan(reader.projection(), 0, reader.rowCount(), 100, memory).next();
            });
            assertTrue(String.valueOf(refused.getMessage()).contains(table.refusedName()), refused.getMessage());
        }
    }

    @Test
    void thereAreFilesToCompare() throws IOException {
        assertTrue(wholeFiles().count() > 40);
    }
}
