// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads what the reference's Arrow wrote: `testdata/filters/rows.arrow` holds all flat types.
class ArrowIpcTest {
    private static final Path ROWS =
            Path.of(System.getProperty("joust.repository.root"), "testdata", "filters", "rows.arrow");

    private final ArrowMemory memory = new ArrowMemory(64 << 20);

    @AfterEach
    void everythingIsReleased() {
        assertEquals(0, memory.allocatedBytes());
        memory.close();
    }

    private static String text(Batch batch) {
        StringBuilder text = new StringBuilder();
        for (ColumnBuffers column : batch.columns()) {
            text.append(column.field().name()).append(':');
            for (int i = 0; i < batch.rowCount(); i++) {
                text.append(Arrays.deepToString(new Object[] {ColumnValues.get(column, i)}));
            }
        }
        return text.toString();
    }

    @Test
    void filesAndStreamsComeBackAsTheyWere(@TempDir Path folder) throws IOException {
        try (BatchReader reader = ArrowIpc.read(ROWS, memory);
                Batch rows = reader.next()) {
            assertNotNull(rows);
            assertEquals(16, rows.rowCount());
            assertEquals("hello", ColumnValues.get(rows.column("s"), 3));
            for (boolean file : new boolean[] {true, false}) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (ArrowIpc.Writer writer =
                        file ? ArrowIpc.writeFile(bytes, memory) : ArrowIpc.writeStream(bytes, memory)) {
                    writer.write(rows);
                    writer.write(rows);
                }
                Path copy = folder.resolve("copy" + file);
                Files.write(copy, bytes.toByteArray());
                try (BatchReader again = ArrowIpc.read(copy, memory)) {
                    assertEquals(rows.schema(), again.schema());
                    int count = 0;
                    for (Batch batch = again.next(); batch != null; batch = again.next(), count++) {
                        assertEquals(text(rows), text(batch));
                        batch.close();
                    }
                    assertEquals(2, count);
                }
            }
        }
    }

    @Test
    void aBatchOutlivesItsReader() throws IOException {
        Batch rows;
        try (BatchReader reader = ArrowIpc.read(ROWS, memory)) {
            rows = reader.next();
        }
        assertNotNull(rows);
        assertEquals("zebra", ColumnValues.get(rows.column("s"), 13));
        rows.close();
    }

    @Test
    void damagedDataEndsInAnException() throws IOException {
        byte[] sound = stream();
        long seed = Long.getLong("joust.seed", 231_018_918);
        Random random = new Random(seed);
        List<String> outcomes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] damaged = Arrays.copyOf(sound, i < 50 ? random.nextInt(sound.length) : sound.length);
            for (int flips = 0; i >= 50 && flips < 3; flips++) {
                damaged[random.nextInt(sound.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try (BatchReader reader = ArrowIpc.readStream(new ByteArrayInputStream(damaged), memory)) {
                for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                    batch.close();
                }
                outcomes.add("read");
            } catch (IOException | BufferSource.OutOfBudgetException e) {
                outcomes.add("refused");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", case " + i, e);
            }
        }
        assertTrue(outcomes.contains("refused"));
        assertThrows(
                IOException.class, () -> ArrowIpc.readStream(new ByteArrayInputStream("hello, world".getBytes(StandardCharsets.UTF_8)), memory));
    }

    private byte[] stream() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BatchReader reader = ArrowIpc.read(ROWS, memory);
                Batch rows = reader.next();
                ArrowIpc.Writer writer = ArrowIpc.writeStream(bytes, memory)) {
            assertNotNull(rows);
            writer.write(rows);
        }
        return bytes.toByteArray();
    }

    @Test
    void columnsLieWhereArrowReadThem() throws IOException {
        try (BatchReader reader = ArrowIpc.read(ROWS, memory);
                Batch rows = reader.next()) {
            assertNotNull(rows);
            MemorySegment values = rows.column("i64").values();
            assertNotNull(values);
            assertTrue(rows.memory() instanceof ArrowBufferSource source && source.bufferOf(values) != null);
        }
    }
}
