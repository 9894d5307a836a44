// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.input;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.io.Session;

class RowSourcesTest {
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

    /// Types of the columns, then the rows as Arrow shows them.
    private List<String> read(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        List<String> lines = new ArrayList<>();
        try (BatchReader reader = RowSources.file(file, RowSources.kindOf(name).orElseThrow(), session, RowSources.Hints.NONE).rows()) {
            lines.add(reader.schema().fields().stream()
                    .map(field -> field.name() + " " + field.type())
                    .collect(Collectors.joining("; ")));
            while (true) {
                Batch batch = reader.next();
                if (batch == null) {
                    break;
                }
                try (batch;
                        VectorSchemaRoot root = ArrowBatches.toArrow(batch, memory.allocator())) {
                    for (int row = 0; row < root.getRowCount(); row++) {
                        int index = row;
                        lines.add(root.getFieldVectors().stream()
                                .map(vector -> String.valueOf(vector.getObject(index)))
                                .collect(Collectors.joining("|")));
                    }
                }
            }
        }
        return lines;
    }

    @Test
    void csvTypesFollowFromAllValues() throws IOException {
        List<String> lines = read("a.csv", """
                i,d,b,s,day,at,zip,mixed
                1,1,true,x,2024-01-03,2024-01-03T04:05:06.5,007,1
                -9,2.5,false,"a,b",2024-12-31,2024-01-03 04:05:07,123,x
                ,NaN,,,,,,
                """);
        assertEquals("i Int[bitWidth=64, signed=true]; d FloatingPoint[bitWidth=64]; b Bool[]; s Utf8[large=false]; "
                + "day Date[bitWidth=32]; at Timestamp[unit=MILLISECOND, timeZone=null]; zip Utf8[large=false]; "
                + "mixed Utf8[large=false]", lines.get(0));
        assertTrue(lines.get(1).startsWith("1|1.0|true|x|"), lines.get(1));
        assertTrue(lines.get(2).startsWith("-9|2.5|false|a,b|"), lines.get(2));
        assertEquals("null|NaN|null|null|null|null|null|null", lines.get(3));
    }

    @Test
    void csvTellsNullFromEmptyString() throws IOException {
        assertEquals(List.of("s Utf8[large=false]; t Utf8[large=false]", "|null", "x|"), read("a.csv", "s,t\n\"\",\nx,\"\"\n"));
    }

    @Test
    void csvVectorsBecomeFixedSizeLists() throws IOException {
        List<String> lines = read("a.csv", "id,my_vector\n1,\"[1,2.5]\"\n2,\n3,\"[0,\"\"NaN\"\"]\"\n");
        assertTrue(lines.get(0).contains("FixedSizeList[item=FloatingPoint[bitWidth=32], dimension=2]"), lines.get(0));
        assertEquals(List.of("1|[1.0,2.5]", "2|null", "3|[0.0,\"NaN\"]"), lines.subList(1, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,a\n1,2\n", "a,\n1,2\n", "a,b\n1\n", "a,b\n1,2,3\n", "a\n\"x\n", "a\n\"x\"y\n", "vector\n\"[1]\"\n\"[1,2]\"\n", "vector\n[]\n"})
    void brokenCsvIsRefusedWithItsLine(String text) {
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> read("a.csv", text));
        assertTrue(String.valueOf(failure.getMessage()).matches("a\\.csv, line [0-9]+: .*"), failure.getMessage());
    }

    @Test
    void csvLineEndsAndByteOrderMarkMakeNoDifference() throws IOException {
        List<String> expected = List.of("a Int[bitWidth=64, signed=true]; b Utf8[large=false]", "1|x", "2|y\nz");
        for (String end : List.of("\n", "\r\n", "\r")) {
            assertEquals(expected, read("a.csv", "\ufeffa,b" + end + "1,x" + end + end + "2,\"y\nz\""));
        }
    }

    @Test
    void csvParserKeepsOddText() throws IOException {
        CsvParser parser = new CsvParser(new StringReader("a\"b, c ,\"\"\"\"\n"));
        assertEquals(Arrays.asList("a\"b", " c ", "\""), parser.next());
        assertEquals(null, parser.next());
    }

    @Test
    void jsonLinesTakeColumnsAsTheyCome() throws IOException {
        List<String> lines = read("a.jsonl", """
                {"id": 1, "embedding": [1, 2]}
                {"name": "x", "id": 2.5, "ok": true}
                {"id": "NaN", "embedding": null}
                """);
        assertEquals("id FloatingPoint[bitWidth=64]; embedding FixedSizeList[item=FloatingPoint[bitWidth=32], dimension=2]; "
                + "name Utf8[large=false]; ok Bool[]", lines.get(0));
        assertEquals(List.of("1.0|[1.0,2.0]|null|null", "2.5|null|x|true", "NaN|null|null|null"), lines.subList(1, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[1]", "{\"a\":1}\n{\"a\":\"x\"}", "{\"a\":[1]}\n{\"a\":2}", "{\"a\":{}}", "{\"a\":{\"b\":1}}\n{\"a\":{\"b\":\"x\"}}", "{\"vector\":[1]}\n{\"vector\":[1,2]}", "{\"vector\":[]}", "{\"a\":", "{\"a\":1}}", "nonsense"})
    void brokenJsonLinesAreRefused(String text) {
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> read("a.jsonl", text));
        assertTrue(String.valueOf(failure.getMessage()).startsWith("a.jsonl"), failure.getMessage());
    }

    @Test
    void nestedJsonBecomesListsAndStructs() throws IOException {
        List<String> lines = read("a.jsonl", """
                {"tags": ["x", null], "place": {"name": "here", "at": [{"lat": 1.5}]}, "vector_names": ["a"]}
                {"tags": [], "place": {"name": null, "at": null}}
                """);
        assertEquals("tags List[large=false, ofStruct=false]; place Struct[]; vector_names List[large=false, ofStruct=false]", lines.get(0));
        assertEquals(List.of("[\"x\",null]|{\"name\":\"here\",\"at\":[{\"lat\":1.5}]}|[\"a\"]", "[]|{}|null"), lines.subList(1, 3));
    }

    private Batch lists(int... lengths) {
        Schema schema = Schema.of(Field.nullable("my_Vector", new LogicalType.List(false, false))
                .withChildren(List.of(Field.nullable("item", new LogicalType.FloatingPoint(32)))));
        List<Object[]> rows = new ArrayList<>();
        for (int length : lengths) {
            rows.add(new Object[] {length < 0 ? null : new float[length]});
        }
        return ColumnBuilder.batch(schema, rows, memory);
    }

    private BatchReader batches(int[]... lengths) {
        Iterator<int[]> all = List.of(lengths).iterator();
        return new BatchReader() {
            private @Nullable Batch first = lists(all.next());
            private final Schema schema = first.schema();

            @Override
            public Schema schema() {
                return schema;
            }

            @Override
            public @Nullable Batch next() {
                Batch batch = first != null ? first : all.hasNext() ? lists(all.next()) : null;
                first = null;
                return batch;
            }

            @Override
            public void close() {
                if (first != null) {
                    first.close();
                }
            }
        };
    }

    @Test
    void listsOfOneLengthBecomeVectors() throws IOException {
        try (BatchReader rows = VectorColumns.of(batches(new int[] {-1, -1}, new int[] {3, -1, 3}, new int[] {3}), Map.of())) {
            assertEquals(new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), 3), rows.schema().fields().getFirst().type());
            int count = 0;
            for (Batch next = rows.next(); next != null; next = rows.next()) {
                try (Batch batch = next) {
                    assertEquals(batch.rowCount() * 3, batch.columns().getFirst().children().getFirst().rowCount());
                    count += batch.rowCount();
                }
            }
            assertEquals(6, count);
        }
        try (BatchReader rows = VectorColumns.of(batches(new int[] {3, 2}), Map.of())) {
            assertTrue(rows.schema().fields().getFirst().type() instanceof LogicalType.List);
        }
        assertEquals(0, memory.allocatedBytes());
    }

    @Test
    void aLaterListOfAnotherLengthNamesColumnAndRow() throws IOException {
        try (BatchReader rows = VectorColumns.of(batches(new int[] {3, 3}, new int[] {3, 4}), Map.of());
                Batch first = rows.next()) {
            assertEquals(2, first == null ? 0 : first.rowCount());
            IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, rows::next);
            assertTrue(String.valueOf(failure.getMessage()).startsWith("column 'my_Vector', row 3: a list of 4 items"), failure.getMessage());
        }
        assertEquals(0, memory.allocatedBytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ARROW1", "nonsense that is long enough to be read as something", "ARROW1\0\0 and nothing behind ARROW1"})
    void brokenArrowFilesAreRefused(String text) {
        for (String name : List.of("a.arrow", "a.arrows")) {
            Exception failure = assertThrows(Exception.class, () -> {
                List<String> lines = read(name, text);
                // An empty stream has no schema
                throw new AssertionError("read " + lines);
            });
            assertTrue(failure instanceof IllegalArgumentException || failure instanceof IOException, failure::toString);
        }
    }

    @Test
    void numpyArraysAreRead() throws IOException {
        Path file = folder.resolve("a.npy");
        Files.write(file, npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 24));
        NpyFile array = NpyFile.read(file);
        assertArrayEquals(new int[] {2, 3}, array.shape());
        assertArrayEquals(new float[] {0, 1, 2}, array.floats(3));
        assertArrayEquals(new float[] {3, 4, 5}, array.floats(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (999999999, 999999999), }", "{'descr': [('a', '<f4')], 'shape': (6,)}", "{}"
    })
    void otherNumpyFilesAreRefused(String header) throws IOException {
        Path file = folder.resolve("a.npy");
        Files.write(file, npy(header, 24));
        assertThrows(IllegalArgumentException.class, () -> NpyFile.read(file));
        Files.write(file, Arrays.copyOf(npy(header, 24), 9));
        assertThrows(IllegalArgumentException.class, () -> NpyFile.read(file));
    }

    private static byte[] npy(String header, int valueBytes) {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer bytes = ByteBuffer.allocate(10 + text.length + valueBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.ISO_8859_1)).put((byte) 1).put((byte) 0);
        bytes.putShort((short) text.length).put(text);
        for (int i = 0; i < valueBytes / 4; i++) {
            bytes.putFloat(i);
        }
        return bytes.array();
    }
}
