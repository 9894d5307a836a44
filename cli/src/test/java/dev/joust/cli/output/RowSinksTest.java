// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalType.TimeUnit;
import dev.joust.format.schema.Schema;
import dev.joust.io.Session;

class RowSinksTest {
    @TempDir
    Path folder;

    private Session session;
    private ArrowMemory memory;

    @BeforeEach
    void open() {
        session = Session.create();
        memory = ArrowMemory.of(session);
    }

    @AfterEach
    void close() {
        session.close();
    }

    private String write(OutputFormat format, Schema schema, List<Object[]> rows) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Batch batch = ColumnBuilder.batch(schema, rows, memory);
                VectorSchemaRoot root = ArrowBatches.toArrow(batch, memory.allocator());
                RowSink sink = RowSinks.toStream(new PrintStream(out), format, RowSinks.RowType.plain(root.getSchema()), memory)) {
            sink.write(root);
            sink.finish();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private String json(LogicalType type, Object value) throws IOException {
        List<Object[]> rows = new ArrayList<>();
        rows.add(new Object[] {value});
        String line = write(OutputFormat.JSONL, Schema.of(Field.nullable("v", type)), rows);
        assertTrue(line.startsWith("{\"v\":") && line.endsWith("}\n"), line);
        return line.substring(5, line.length() - 2);
    }

    @Test
    void numbersAreShortestAndExact() throws IOException {
        assertEquals("-128", json(new LogicalType.Int(8, true), -128));
        assertEquals("255", json(new LogicalType.Int(8, false), 255));
        assertEquals("65535", json(new LogicalType.Int(16, false), 65535));
        assertEquals("4294967295", json(new LogicalType.Int(32, false), 4294967295L));
        assertEquals("-9223372036854775808", json(new LogicalType.Int(64, true), Long.MIN_VALUE));
        assertEquals("18446744073709551615",
                json(new LogicalType.Int(64, false), new java.math.BigInteger("18446744073709551615")));
        assertEquals("0.1", json(new LogicalType.FloatingPoint(32), 0.1f));
        assertEquals("0.1", json(new LogicalType.FloatingPoint(64), 0.1));
        assertEquals("1.0E-45", json(new LogicalType.FloatingPoint(32), Float.MIN_VALUE).replace("1.4E", "1.0E"));
        assertEquals("1.7976931348623157E308", json(new LogicalType.FloatingPoint(64), Double.MAX_VALUE));
        assertEquals("-0.0", json(new LogicalType.FloatingPoint(64), -0.0));
        assertEquals("0.1", json(new LogicalType.FloatingPoint(16), 0.1f));
        assertEquals("65500.0", json(new LogicalType.FloatingPoint(16), 65504f));
        assertEquals("true", json(new LogicalType.Bool(), true));
        assertEquals("null", json(new LogicalType.Int(32, true), null));
    }

    @Test
    void whatIsNoNumberIsAWord() throws IOException {
        for (int width : new int[] {16, 32, 64}) {
            assertEquals("\"NaN\"", json(new LogicalType.FloatingPoint(width), Double.NaN));
            assertEquals("\"Infinity\"", json(new LogicalType.FloatingPoint(width), Double.POSITIVE_INFINITY));
            assertEquals("\"-Infinity\"", json(new LogicalType.FloatingPoint(width), Double.NEGATIVE_INFINITY));
        }
    }

    @Test
    void halfFloatsAllReadBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = Float.float16ToFloat((short) bits);
            float back = Float.parseFloat(Numbers.shortestHalf((short) bits));
            assertEquals(Float.isNaN(value) ? Float.NaN : value, Float.float16ToFloat(Float.floatToFloat16(back)));
        }
    }

    @Test
    void decimalsAreText() throws IOException {
        assertEquals("\"1.50\"", json(new LogicalType.Decimal(128, 10, 2), new BigDecimal("1.5")));
        assertEquals("\"-0.001\"", json(new LogicalType.Decimal(128, 38, 3), new BigDecimal("-0.001")));
        assertEquals("\"12345678901234567890123456789012345678\"",
                json(new LogicalType.Decimal(128, 38, 0), new BigDecimal("12345678901234567890123456789012345678")));
    }

    @Test
    void timesHaveTheDigitsOfTheirUnit() throws IOException {
        assertEquals("\"2024-02-29\"", json(new LogicalType.Date(32), LocalDate.of(2024, 2, 29)));
        assertEquals("\"2024-02-29\"", json(new LogicalType.Date(64), LocalDate.of(2024, 2, 29)));
        assertEquals("\"01:02:03\"", json(new LogicalType.Time(TimeUnit.SECOND, 32), LocalTime.of(1, 2, 3)));
        assertEquals("\"01:02:03.004\"", json(new LogicalType.Time(TimeUnit.MILLISECOND, 32), LocalTime.of(1, 2, 3, 4_000_000)));
        assertEquals("\"01:02:03.000005\"", json(new LogicalType.Time(TimeUnit.MICROSECOND, 64), LocalTime.of(1, 2, 3, 5_000)));
        assertEquals("\"01:02:03.000000006\"", json(new LogicalType.Time(TimeUnit.NANOSECOND, 64), LocalTime.of(1, 2, 3, 6)));
        assertEquals("\"1970-01-01T00:00:00\"", json(new LogicalType.Timestamp(TimeUnit.SECOND, null), 0L));
        assertEquals("\"1969-12-31T23:59:59.999\"", json(new LogicalType.Timestamp(TimeUnit.MILLISECOND, null), -1L));
        assertEquals("\"1970-01-01T00:00:00.000001Z\"", json(new LogicalType.Timestamp(TimeUnit.MICROSECOND, "UTC"), 1L));
        assertEquals("\"1970-01-01T05:30:00.000000001+05:30\"", json(new LogicalType.Timestamp(TimeUnit.NANOSECOND, "Asia/Kolkata"), 1L));
        assertEquals("\"1970-01-01T00:00:00+00:00\"", json(new LogicalType.Timestamp(TimeUnit.SECOND, "Africa/Abidjan"), 0L));
        assertEquals("9223372036854775807", json(new LogicalType.Duration(TimeUnit.NANOSECOND), Long.MAX_VALUE));
    }

    @Test
    void binaryIsBase64AndVectorsAreArrays() throws IOException {
        assertEquals("\"AP8=\"", json(new LogicalType.Binary(false), new byte[] {0, -1}));
        assertEquals("\"AP8=\"", json(new LogicalType.Binary(true), new byte[] {0, -1}));
        assertEquals("\"AP8=\"", json(new LogicalType.FixedSizeBinary(2), new byte[] {0, -1}));
        assertEquals("[0.5,\"NaN\",null]",
                json(new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), 3), new Object[] {0.5f, Float.NaN, null}));
    }

    @Test
    void stringsAreEscaped() throws IOException {
        assertEquals("\"a\\\"b\\\\c\\nd\\u0001 \u00e9\u2603\"", json(new LogicalType.Utf8(false), "a\"b\\c\nd\u0001 \u00e9\u2603"));
        assertEquals("\"\"", json(new LogicalType.Utf8(true), ""));
    }

    private static final Schema TWO = Schema.of(
            Field.nullable("name", new LogicalType.Utf8(false)), Field.nullable("n", new LogicalType.Int(32, true)));

    private static List<Object[]> two() {
        List<Object[]> rows = new ArrayList<>();
        rows.add(new Object[] {"a,b", 1});
        rows.add(new Object[] {"", null});
        rows.add(new Object[] {null, 3});
        rows.add(new Object[] {"say \"hi\"\nthere", 4});
        return rows;
    }

    @Test
    void csvTellsNullFromEmptyAndQuotes() throws IOException {
        assertEquals("name,n\n\"a,b\",1\n\"\",\n,3\n\"say \"\"hi\"\"\nthere\",4\n", write(OutputFormat.CSV, TWO, two()));
    }

    @Test
    void csvHoldsNestedValuesAsJson() throws IOException {
        List<Object[]> rows = new ArrayList<>();
        rows.add(new Object[] {new float[] {1, 2}});
        Schema schema = Schema.of(Field.nullable("v", new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), 2)));
        assertEquals("v\n\"[1.0,2.0]\"\n", write(OutputFormat.CSV, schema, rows));
    }

    @Test
    void jsonIsOneArray() throws IOException {
        String text = write(OutputFormat.JSON, TWO, two());
        List<?> rows = new com.fasterxml.jackson.databind.ObjectMapper().readValue(text, List.class);
        assertEquals(4, rows.size());
        assertEquals(Map.of("name", "a,b", "n", 1), rows.get(0));
        assertEquals(List.of(), new com.fasterxml.jackson.databind.ObjectMapper()
                .readValue(write(OutputFormat.JSON, TWO, List.of()), List.class));
    }

    @Test
    void tableAlignsAndHidesControlCharacters() throws IOException {
        String text = write(OutputFormat.TABLE, TWO, two());
        assertEquals(6, text.lines().count());
        assertTrue(text.lines().findFirst().orElseThrow().matches("name +n"), text);
        assertEquals(1, text.lines().map(String::length).distinct().count(), text);
        assertTrue(text.contains("null"), text);
        assertFalse(text.contains("\"\nthere"), text);
    }

    @Test
    void tableShortensVectors() throws IOException {
        List<Object[]> rows = new ArrayList<>();
        rows.add(new Object[] {new float[768]});
        Schema schema = Schema.of(Field.nullable("v", new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), 768)));
        String text = write(OutputFormat.TABLE, schema, rows);
        assertTrue(text.contains("[0.0, 0.0, 0.0, … 768 values]"), text);
    }

    @Test
    void arrowStreamReadsBackWithSchemaEvenWithoutRows() throws IOException {
        for (List<Object[]> rows : List.of(two(), List.<Object[]>of())) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (Batch batch = ColumnBuilder.batch(TWO, rows, memory);
                    VectorSchemaRoot root = ArrowBatches.toArrow(batch, memory.allocator());
                    RowSink sink = RowSinks.toStream(out, OutputFormat.ARROW, RowSinks.RowType.plain(root.getSchema()), memory)) {
                sink.write(root);
                sink.finish();
            }
            try (ArrowStreamReader reader = new ArrowStreamReader(new ByteArrayInputStream(out.toByteArray()), memory.allocator())) {
                assertEquals(2, reader.getVectorSchemaRoot().getSchema().getFields().size());
                int count = 0;
                while (reader.loadNextBatch()) {
                    count += reader.getVectorSchemaRoot().getRowCount();
                }
                assertEquals(rows.size(), count);
            }
        }
    }

    @Test
    void fileAppearsOnlyWhenFinished() throws IOException {
        Path file = folder.resolve("rows.csv");
        Files.writeString(file, "before");
        try (Batch batch = ColumnBuilder.batch(TWO, two(), memory);
                VectorSchemaRoot root = ArrowBatches.toArrow(batch, memory.allocator())) {
            try (RowSink sink = RowSinks.toFile(file, OutputFormat.CSV, RowSinks.RowType.plain(root.getSchema()), memory)) {
                sink.write(root);
            }
            assertEquals("before", Files.readString(file));
            try (RowSink sink = RowSinks.toFile(file, OutputFormat.CSV, RowSinks.RowType.plain(root.getSchema()), memory)) {
                sink.write(root);
                sink.finish();
            }
        }
        assertTrue(Files.readString(file).startsWith("name,n\n"));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }
}
