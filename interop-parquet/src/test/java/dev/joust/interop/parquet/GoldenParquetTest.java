// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.io.Session;
import dev.joust.search.RowFormat;

/// What pyarrow wrote is read value for value; what we write comes back.
class GoldenParquetTest {
    @TempDir
    Path folder;

    private final ParquetFormat format = new ParquetFormat();
    private Session session;
    private ArrowMemory memory;

    @BeforeEach
    void open() {
        session = Session.create();
        memory = ArrowMemory.of(session);
    }

    @AfterEach
    void close() {
        assertEquals(0, memory.allocatedBytes());
        session.close();
    }

    static List<String> names() {
        return GoldenParquet.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void filesOfPyarrowAreReadValueForValue(String name) throws IOException {
        try (RowFormat.Rows rows = format.read(GoldenParquet.file(name), session)) {
            assertEquals(60, rows.rowCount());
            GoldenParquet.assertRows(name, rows, memory);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void filesOfOursHoldTheSameRows(String name) throws IOException {
        Path copy = folder.resolve("copy.parquet");
        try (RowFormat.Rows rows = format.read(GoldenParquet.file(name), session)) {
            write(copy, rows.schema(), rows);
        }
        try (RowFormat.Rows rows = format.read(copy, session)) {
            GoldenParquet.assertRows(name, rows, memory);
        }
    }

    private void write(Path file, Schema schema, RowFormat.Rows rows) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                RowFormat.Writer writer = format.write(out, schema)) {
            for (Batch next = rows.next(); next != null; next = rows.next()) {
                try (Batch batch = next) {
                    writer.write(batch);
                }
            }
            writer.finish();
        }
    }

    @Test
    void theFormatIsFoundByItsEnding() {
        assertTrue(RowFormat.ofEnding("PARQUET").isPresent());
        assertTrue(RowFormat.named("parquet").isPresent());
        assertTrue(RowFormat.ofEnding("doc").isEmpty());
    }

    @Test
    void manyStringsLeaveTheDictionary() throws IOException {
        Schema schema = Schema.of(
                Field.nullable("unlike", new LogicalType.Utf8(false)), Field.nullable("alike", new LogicalType.Dictionary(new LogicalType.Utf8(false), new LogicalType.Int(32, true))));
        int count = 40_000;
        String filler = "x".repeat(60);
        Path file = folder.resolve("strings.parquet");
        try (OutputStream out = Files.newOutputStream(file);
                RowFormat.Writer writer = format.write(out, schema)) {
            for (int start = 0; start < count; start += 1000) {
                List<Object[]> rows = new ArrayList<>();
                for (int row = start; row < start + 1000; row++) {
                    rows.add(new Object[] {filler + row, row % 7 == 0 ? null : "value " + row % 5});
                }
                try (Batch batch = ColumnBuilder.batch(schema, rows, memory)) {
                    writer.write(batch);
                }
            }
            writer.finish();
        }
        try (RowFormat.Rows rows = format.read(file, session)) {
            assertEquals(schema, rows.schema());
            int row = 0;
            for (Batch next = rows.next(); next != null; next = rows.next()) {
                try (Batch batch = next) {
                    for (int i = 0; i < batch.rowCount(); i++, row++) {
                        assertEquals(filler + row, ColumnValues.get(batch.columns().get(0), i));
                        assertEquals(row % 7 == 0 ? null : "value " + row % 5, ColumnValues.get(batch.columns().get(1), i));
                    }
                }
            }
            assertEquals(count, row);
        }
    }

    @Test
    void readingStopsWhereItIsTold() throws IOException {
        try (RowFormat.Rows rows = format.read(GoldenParquet.file("row-groups-with-checksums"), session);
                Batch batch = rows.next()) {
            assertEquals(17, batch == null ? 0 : batch.rowCount());
        }
    }
}
