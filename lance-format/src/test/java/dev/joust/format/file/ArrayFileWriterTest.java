// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;
import dev.joust.format.schema.Schema;
import dev.joust.io.ByteRange;
import dev.joust.io.Durability;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;
import dev.joust.io.store.LocalObjectStore;
import dev.joust.io.store.MemoryObjectStore;
import dev.joust.testdata.GoldenTable;
import dev.joust.testdata.GoldenTables;

/// Files of version 2.0.
class ArrayFileWriterTest {
    private static final FileWriteOptions OPTIONS = FileWriteOptions.DEFAULT.withVersion(FileVersion.V2_0);
    private static final Field INT = Field.nullable("item", new LogicalType.Int(32, true));

    private final Session session = Session.create();
    private final ArrowMemory memory = ArrowMemory.of(session);
    private final MemoryObjectStore store = new MemoryObjectStore();

    /// Of the last file; readers remember what a path holds.
    private ObjectPath path = ObjectPath.of("data/0.lance");

    private int fileCount;

    @AfterEach
    void closeSession() {
        session.close();
    }

    private LanceFileReader write(FileWriteOptions options, Schema schema, List<Batch> batches) throws IOException {
        path = ObjectPath.of("data/" + ++fileCount + ".lance");
        try (LanceFileWriter writer = LanceFileWriter.create(session, store, path, schema, options)) {
            for (Batch batch : batches) {
                writer.write(batch);
            }
            return LanceFileReader.open(session, store, path, writer.finish().sizeBytes());
        } finally {
            batches.forEach(Batch::close);
        }
    }

    private static Schema schema(Field... fields) {
        return Schema.of(fields).withAssignedIds(0);
    }

    private static Field list(String name, Field item) {
        return Field.nullable(name, new LogicalType.List(false, item.type() instanceof LogicalType.Struct))
                .withChildren(List.of(item));
    }

    private static Field struct(String name, Field... fields) {
        return Field.nullable(name, new LogicalType.Struct()).withChildren(List.of(fields));
    }

    private Batch batch(Schema schema, @Nullable Object... values) {
        return ColumnBuilder.batch(
                schema, Arrays.stream(values).map(value -> new Object[] {value}).toList(), memory);
    }

    static Stream<GoldenTable> filesOfTheReference() {
        return GoldenTables.all().stream()
                .filter(table -> table.storageVersion().equals("2.0") && table.table().toString().contains("14.0.2"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("filesOfTheReference")
    void rowsThatTheReferenceWroteMakeThePagesThatItMade(GoldenTable golden) throws IOException {
        Path file;
        try (Stream<Path> files = Files.list(golden.table().resolve("data"))) {
            file = files.sorted().toList().getFirst();
        }
        try (LocalObjectStore goldenStore = new LocalObjectStore(golden.table(), Durability.NONE);
                LanceFileReader reader =
                        LanceFileReader.open(session, goldenStore, ObjectPath.of("data/" + file.getFileName()), -1)) {
            List<FileLayout.Column> expected = reader.layout().columns();
            long start = 0;
            for (int part = 0; part < expected.getFirst().pages().size(); part++) {
                long end = start + expected.getFirst().pages().get(part).rowCount();
                try (LanceFileReader written = write(OPTIONS, reader.schema(), rows(reader, start, end))) {
                    assertEquals(reader.schema(), written.schema());
                    List<FileLayout.Column> found = written.layout().columns();
                    assertEquals(expected.size(), found.size());
                    for (int column = 0; column < found.size(); column++) {
                        // structs and columns of little memory are in one page
                        if (expected.get(column).pages().size() == expected.getFirst().pages().size()) {
                            String what = "column " + column + " '" + found.get(column).name() + "' page " + part;
                            List<FileLayout.Page> pages = found.get(column).pages();
                            assertEquals(1, pages.size(), what);
                            assertAlike(expected.get(column).pages().get(part), pages.getFirst(), what);
                        }
                    }
                }
                start = end;
            }
            assertEquals(reader.rowCount(), start);
        }
    }

    private List<Batch> rows(LanceFileReader reader, long start, long end) throws IOException {
        List<Batch> batches = new ArrayList<>();
        try (BatchReader scan = reader.scan(reader.projection(), start, end, 1000, memory)) {
            for (Batch batch = scan.next(); batch != null; batch = scan.next()) {
                batches.add(batch);
            }
        }
        return batches;
    }

    /// The same buffers; smaller ones where the reference keeps what lies under nulls.
    private static void assertAlike(FileLayout.Page expected, FileLayout.Page found, String what) {
        assertEquals(expected.rowCount(), found.rowCount(), what);
        assertEquals(expected.encoding(), found.encoding(), what);
        List<Long> sizes = expected.buffers().stream().map(ByteRange::length).toList();
        List<Long> foundSizes = found.buffers().stream().map(ByteRange::length).toList();
        assertEquals(sizes.size(), foundSizes.size(), what);
        int last = sizes.size() - 1;
        for (int buffer = 0; buffer <= last; buffer++) {
            boolean bytes = buffer == last && expected.encoding().contains("flat8)");
            assertTrue(
                    bytes ? foundSizes.get(buffer) <= sizes.get(buffer) : foundSizes.get(buffer).equals(sizes.get(buffer)),
                    what + ": " + sizes + ", found " + foundSizes);
        }
    }

    /// The examples of the specification.
    @Test
    void nullsOfStringsAndListsAreEndsBeyondAllOthers() throws IOException {
        Schema schema = schema(Field.nullable("s", new LogicalType.Utf8(false)));
        write(OPTIONS, schema, List.of(batch(schema, "ab", null, "", "cde"))).close();
        assertArrayEquals(bytes(2, 8, 2, 5), Arrays.copyOf(store.readAll(path, 1 << 20), 32));

        Schema lists = schema(list("l", INT));
        write(OPTIONS, lists, List.of(batch(lists, List.of(1, 2), null, List.of(), List.of(3)))).close();
        assertArrayEquals(bytes(2, 6, 2, 3), Arrays.copyOf(store.readAll(path, 1 << 20), 32));
    }

    private static byte[] bytes(long... words) {
        byte[] bytes = new byte[8 * words.length];
        for (int i = 0; i < words.length; i++) {
            bytes[8 * i] = (byte) words[i];
        }
        return bytes;
    }

    @Test
    void aPageOfItemsEndsWhereAPageOfListsDoes() throws IOException {
        Schema schema = schema(list("l", list("m", struct("s", INT, Field.nullable("t", new LogicalType.Utf8(false))))));
        List<Object> rows = new ArrayList<>();
        for (int row = 0; row < 500; row++) {
            int fixed = row;
            rows.add(IntStream.range(0, row % 4)
                    .mapToObj(inner -> IntStream.range(0, inner)
                            .mapToObj(item -> Map.of("item", fixed * item, "t", "x".repeat(fixed % 17)))
                            .toList())
                    .toList());
        }
        List<Batch> batches = new ArrayList<>();
        for (int start = 0; start < 500; start += 70) {
            batches.add(batch(schema, rows.subList(start, Math.min(500, start + 70)).toArray()));
        }
        try (LanceFileReader file = write(OPTIONS.withPageSizeBytes(300), schema, batches)) {
            List<FileLayout.Column> columns = file.layout().columns();
            assertTrue(columns.get(0).pages().size() > 5);
            assertEndsLieAmong(columns.get(0), columns.get(1));
            assertEndsLieAmong(columns.get(1), columns.get(3));
            assertEndsLieAmong(columns.get(1), columns.get(4));
            assertEquals(1, columns.get(2).pages().size(), "pages of a struct");
            assertRows(rows, file);
        }
    }

    private void assertRows(List<Object> expected, LanceFileReader file) throws IOException {
        List<Object> found = new ArrayList<>();
        try (BatchReader scan = file.scan(file.projection(), 0, file.rowCount(), 64, memory)) {
            for (Batch batch = scan.next(); batch != null; batch = scan.next()) {
                try (Batch open = batch) {
                    for (int row = 0; row < open.rowCount(); row++) {
                        found.add(ColumnValues.get(open.columns().getFirst(), row));
                    }
                }
            }
        }
        assertEquals(expected, found);
    }

    private static void assertEndsLieAmong(FileLayout.Column lists, FileLayout.Column items) {
        List<Long> ends = new ArrayList<>();
        long itemEnd = 0;
        for (FileLayout.Page page : items.pages()) {
            itemEnd += page.rowCount();
            ends.add(itemEnd);
        }
        long listEnd = 0;
        for (FileLayout.Page page : lists.pages()) {
            listEnd += Long.parseLong(page.encoding().replaceAll(".* of (\\d+) items", "$1"));
            assertTrue(listEnd == 0 || ends.contains(listEnd), listEnd + " is not among " + ends);
        }
        assertEquals(itemEnd, listEnd);
    }

    @Test
    void batchesInDifferentCutsMakeTheSameFile() throws IOException {
        Schema schema = schema(list("l", INT));
        write(OPTIONS, schema, List.of(batch(schema, List.of(1), null, List.of(2, 3), List.of()))).close();
        byte[] whole = store.readAll(path, 1 << 20);
        List<Batch> cut = List.of(
                batch(schema, List.of(1)), batch(schema, (Object) null), batch(schema, List.of(2, 3), List.of()));
        write(OPTIONS, schema, cut).close();
        assertArrayEquals(whole, store.readAll(path, 1 << 20));
    }

    @Test
    void aNullStructIsRefusedByItsRow() throws IOException {
        Schema schema = schema(list("l", struct("s", INT)));
        Map<String, Object> one = Map.of("item", 1);
        try (LanceFileWriter writer = LanceFileWriter.create(session, store, path, schema, OPTIONS)) {
            try (Batch good = batch(schema, List.of(one), List.of(one, one), null)) {
                writer.write(good);
            }
            try (Batch bad = batch(schema, List.of(one), List.of(), Arrays.asList(one, null))) {
                var refused = assertThrows(IllegalArgumentException.class, () -> writer.write(bad));
                assertTrue(refused.getMessage().contains("'s' row 5"), refused.getMessage());
                assertTrue(refused.getMessage().contains("2.0"), refused.getMessage());
            }
            assertEquals(3, writer.finish().rowCount(), "nothing of the batch is written");
        }
    }

    @Test
    void aNullThatDictionaryIndicesCannotCountIsRefused() throws IOException {
        Schema schema = schema(Field.nullable("d", LogicalTypes.parse("dict:string:int8:false")));
        Object[] values = IntStream.rangeClosed(0, 128)
                .mapToObj(i -> i == 128 ? null : "v" + i)
                .toArray();
        try (LanceFileReader file = write(OPTIONS, schema, List.of(batch(schema, Arrays.copyOf(values, 128))))) {
            assertEquals(128, file.rowCount());
        }
        var refused = assertThrows(
                UnsupportedFormatException.class, () -> write(OPTIONS, schema, List.of(batch(schema, values))));
        assertTrue(refused.getMessage().contains("'d'"), refused.getMessage());
    }

    @Test
    void packedStructsOfNumbersAndVectorsComeBack() throws IOException {
        Field vector = Field.nullable("v", new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), 3));
        Schema schema = schema(packed(INT, vector));
        List<Object> rows = IntStream.range(0, 700)
                .mapToObj(i -> (Object) Map.of("item", i, "v", List.of((float) i, 0.5f, -1f)))
                .toList();
        try (LanceFileReader file = write(OPTIONS.withPageSizeBytes(1000), schema, List.of(batch(schema, rows.toArray())))) {
            FileLayout.Column column = file.layout().columns().getFirst();
            assertTrue(column.pages().size() > 5, "pages: " + column.pages().size());
            assertEquals("packed(flat32, fixed-size-list3(flat32))", column.pages().getFirst().encoding());
            assertEquals(700 * 16, column.sizeBytes());
            try (Batch found = file.take(file.projection(), new long[] {699, 0, 77}, memory)) {
                Map<?, ?> row = (Map<?, ?>) ColumnValues.get(found.columns().getFirst(), 0);
                assertEquals(699, row.get("item"));
                assertArrayEquals(new float[] {699, 0.5f, -1}, (float[]) row.get("v"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"zstd, 'binary(flat64, flat8 as zstd)'", "lz4, 'binary(flat64, flat8 as lz4)'", "fsst, 'fsst(binary(flat64, flat8))'"})
    void compressionThatTheFieldAsksForIsUsedWhereItIsSmaller(String compression, String encoding) throws IOException {
        Schema schema = schema(with(
                Field.nullable("t", new LogicalType.Utf8(false)), "lance-encoding:compression", compression));
        List<Object> texts = IntStream.range(0, 2000)
                .mapToObj(i -> (Object) ("the number of this row is " + i))
                .toList();
        try (LanceFileReader file = write(OPTIONS, schema, List.of(batch(schema, texts.toArray())))) {
            FileLayout.Page page = file.layout().columns().getFirst().pages().getFirst();
            assertEquals(encoding, page.encoding());
            assertTrue(page.buffers().get(1).length() < 40_000, "bytes: " + page.buffers());
            assertRows(texts, file);
        }
        List<Object> few = List.of("a", "b", "c");
        try (LanceFileReader file = write(OPTIONS, schema, List.of(batch(schema, few.toArray())))) {
            assertEquals("binary(flat64, flat8)", file.layout().columns().getFirst().pages().getFirst().encoding());
            assertRows(few, file);
        }
    }

    @Test
    void stringsOfWhichFewDifferAreNumbersOfThoseWhereThatIsSmaller() throws IOException {
        Schema schema = schema(Field.nullable("t", new LogicalType.Utf8(false)));
        assertEquals("dictionary(flat8, 99 x binary(flat64, flat8))", encodingOf(schema, 2000, 99));
        assertEquals("binary(flat64, flat8)", encodingOf(schema, 2000, 100));
        assertEquals("binary(flat64, flat8)", encodingOf(schema, 99, 2));
        assertEquals("binary(flat64, flat8)", encodingOf(schema, 100, 98));
    }

    private String encodingOf(Schema schema, int rows, int distinct) throws IOException {
        List<Object> texts = IntStream.range(0, rows).mapToObj(i -> (Object) ("t" + i % distinct)).toList();
        try (LanceFileReader file = write(OPTIONS, schema, List.of(batch(schema, texts.toArray())))) {
            assertRows(texts, file);
            return file.layout().columns().getFirst().pages().getFirst().encoding();
        }
    }

    /// What the reference refuses to write in 2.0, or cannot read back.
    static List<Field> refusedFields() {
        Field entries = Field.required("entries", new LogicalType.Struct())
                .withChildren(List.of(
                        Field.required("key", new LogicalType.Utf8(false)), Field.nullable("value", INT.type())));
        return List.of(
                Field.nullable("c", new LogicalType.Map()).withChildren(List.of(entries)),
                Field.nullable("c", new LogicalType.FixedSizeList(null, 2)).withChildren(List.of(struct("item", INT))),
                Field.nullable("c", new LogicalType.FixedSizeList(new LogicalType.Utf8(false), 2)),
                Field.nullable("c", new LogicalType.FixedSizeBinary(0)),
                Field.nullable("c", new LogicalType.Dictionary(new LogicalType.Date(32), new LogicalType.Int(8, true))),
                packed(INT, Field.nullable("t", new LogicalType.Utf8(false))),
                packed(INT, Field.nullable("b", new LogicalType.Bool())),
                packed(INT, struct("s", INT)),
                packed(),
                with(struct("c", INT), Field.EXTENSION_NAME, "lance.blob.v2"),
                with(Field.nullable("c", new LogicalType.Utf8(true)), FileProjection.BLOB_KEY, "true"),
                with(Field.nullable("c", new LogicalType.Binary(true)), FileProjection.BLOB_KEY, "false"));
    }

    private static Field packed(Field... fields) {
        return with(struct("c", fields), FileProjection.PACKED_KEY, "true");
    }

    private static Field with(Field field, String key, String value) {
        return new Field(field.id(), field.name(), field.type(), field.nullable(), field.children(), Map.of(key, value));
    }

    @ParameterizedTest
    @MethodSource("refusedFields")
    void whatTheReferenceCannotWriteAndReadIsRefusedByNameAndReason(Field field) throws IOException {
        for (Field each : List.of(field, struct("s", INT, field), list("l", field))) {
            var refused = assertThrows(
                    UnsupportedFormatException.class,
                    () -> LanceFileWriter.create(session, store, path, schema(each), OPTIONS));
            assertTrue(refused.getMessage().startsWith("column 'c' of type "), refused.getMessage());
        }
        assertEquals(List.of(), store.list(ObjectPath.ROOT));
    }
}
