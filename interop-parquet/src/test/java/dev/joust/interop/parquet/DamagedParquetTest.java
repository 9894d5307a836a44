// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.io.Session;
import dev.joust.search.RowFormat;

/// Damaged files end in one clear error, or in rows where the damage does not show.
class DamagedParquetTest {
    private static final int CASES = 600;

    @TempDir
    Path folder;

    private final ParquetFormat format = new ParquetFormat();
    private Session session;

    @BeforeEach
    void open() {
        session = Session.builder().batchMemoryBytes(128 << 20).build();
    }

    @AfterEach
    void close() {
        assertEquals(0, ArrowMemory.of(session).allocatedBytes());
        session.close();
    }

    private void readAll(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("damaged.parquet"), bytes);
        try (RowFormat.Rows rows = format.read(file, session)) {
            for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
                batch.close();
            }
        }
    }

    @Test
    void changedBytesAreErrorsOrRows() throws IOException {
        long seed = Long.getLong("joust.seed", 231_018_918);
        Random random = new Random(seed);
        List<String> names = GoldenParquet.names();
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            String name = names.get(random.nextInt(names.size()));
            byte[] bytes = Files.readAllBytes(GoldenParquet.file(name));
            int at = bytes.length;
            for (int change = random.nextInt(3); change >= 0; change--) {
                at = random.nextBoolean() ? random.nextInt(bytes.length) : bytes.length - 1 - random.nextInt(bytes.length / 3);
                bytes[at] = (byte) random.nextInt();
            }
            try {
                readAll(bytes);
            } catch (CorruptFileException | UnsupportedFormatException e) {
                refused++;
                String message = String.valueOf(e.getMessage());
                assertTrue(message.contains("damaged.parquet") && message.length() < 500 && message.lines().count() == 1, message);
            } catch (IOException | RuntimeException | Error e) {
                fail("-Djoust.seed=" + seed + ", case " + i + ": " + name + " with byte " + at + " changed", e);
            }
        }
        assertTrue(refused > CASES / 4, "-Djoust.seed=" + seed + ": only " + refused + " of " + CASES + " were refused");
    }

    @Test
    void filesCutShortAreRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(GoldenParquet.file("plain"));
        for (int length : new int[] {0, 3, 11, 12, 1000, bytes.length / 2, bytes.length - 9, bytes.length - 4, bytes.length - 1}) {
            assertThrows(CorruptFileException.class, () -> readAll(Arrays.copyOf(bytes, length)), "cut to " + length);
        }
    }

    @Test
    void aWrongChecksumIsNoticed() throws IOException {
        byte[] bytes = Files.readAllBytes(GoldenParquet.file("row-groups-with-checksums"));
        bytes[200] ^= 1;
        CorruptFileException failure = assertThrows(CorruptFileException.class, () -> readAll(bytes));
        assertTrue(String.valueOf(failure.getMessage()).contains(" @ "), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PAR1", "nothing that is a table", "PAR1 then nothing of use PAR1"})
    void otherFilesAreRefused(String text) {
        assertThrows(CorruptFileException.class, () -> readAll(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)));
    }
}
