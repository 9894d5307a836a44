// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.commit.Operation;
import dev.joust.format.file.FileProjection;
import dev.joust.format.file.FileVersion;
import dev.joust.format.file.FileWriteOptions;
import dev.joust.format.file.LanceFileWriter;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.io.Durability;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;
import dev.joust.io.store.LocalObjectStore;
import dev.joust.io.store.MemoryObjectStore;
import dev.joust.testdata.GoldenTables;

/// Blobs: bytes that lie outside of pages, in the data file or beside it.
class WrittenBlobsTest {
    private static final LogicalType BYTES = new LogicalType.Binary(true);
    private static final String KEY = "lance-encoding:blob-";

    private final Session session = Session.create();
    private final MemoryObjectStore store = new MemoryObjectStore();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        session.close();
    }

    private static Field marked(String name, LogicalType type) {
        return new Field(
                Field.UNASSIGNED, name, type, true, List.of(), Map.of(FileProjection.BLOB_KEY, "true"));
    }

    private static Field blob(String name, Map<String, String> thresholds) {
        Map<String, String> metadata = new HashMap<>(thresholds);
        metadata.put(Field.EXTENSION_NAME, BlobFields.EXTENSION_V2);
        LogicalType u64 = new LogicalType.Int(64, false);
        return new Field(
                Field.UNASSIGNED, name, new LogicalType.Struct(), true,
                List.of(
                        Field.nullable("data", BYTES),
                        Field.nullable("uri", new LogicalType.Utf8(false)),
                        Field.nullable("position", u64),
                        Field.nullable("size", u64)),
                metadata);
    }

    private Dataset created(Field column, List<@Nullable Object> values, WriteOptions options) throws IOException {
        Schema schema = Schema.of(column);
        List<Object[]> rows = values.stream().map(value -> new Object[] {value}).toList();
        return Dataset.create(session, store, schema, TestRows.reader(session, schema, rows), options);
    }

    private static List<byte @Nullable []> blobs(Dataset dataset, String column, int count) throws IOException {
        long[] addresses = LongStream.range(0, count).toArray();
        List<byte @Nullable []> bytes = new ArrayList<>();
        for (BlobFile blob : dataset.takeBlobs(addresses, column)) {
            bytes.add(blob == null ? null : blob.readRange(0, Math.toIntExact(blob.size())));
        }
        return bytes;
    }

    private static void assertSame(List<byte @Nullable []> expected, List<byte @Nullable []> found) {
        assertEquals(expected.size(), found.size());
        for (int row = 0; row < expected.size(); row++) {
            assertArrayEquals(expected.get(row), found.get(row), "row " + row);
        }
    }

    private static List<byte @Nullable []> random(int... sizes) {
        Random random = new Random(17);
        List<byte @Nullable []> values = new ArrayList<>();
        for (int size : sizes) {
            byte[] bytes = size < 0 ? null : new byte[size];
            if (bytes != null) {
                random.nextBytes(bytes);
            }
            values.add(bytes);
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(value = FileVersion.class, names = {"V2_0", "V2_1", "V2_2"})
    void markedBytesBecomeBlobsOfTheVersionsKind(FileVersion version) throws IOException {
        List<byte @Nullable []> values = random(3, -1, 0, 100_000, 64, 1);
        Dataset dataset = created(
                marked("b", BYTES), new ArrayList<>(values), WriteOptions.DEFAULT.withFileVersion(version));
        boolean v2 = version == FileVersion.V2_2;
        assertEquals(v2, BlobFields.isLogicalV2(dataset.schema().fields().getFirst()));
        assertSame(values, blobs(dataset, "b", values.size()));
        long sidecars = store.list(ObjectPath.of("data")).stream()
                .filter(file -> file.path().value().endsWith(".blob"))
                .count();
        assertEquals(v2 ? 1 : 0, sidecars);
    }

    @Test
    void blobsInStructsComeBackWithNullsInBothLayers() throws IOException {
        Field struct = Field.nullable("s", new LogicalType.Struct())
                .withChildren(List.of(marked("b", BYTES), Field.nullable("x", new LogicalType.Int(32, true))));
        List<byte @Nullable []> values = random(10, -1, 0, 5000);
        List<@Nullable Object> rows = new ArrayList<>();
        for (byte[] value : values) {
            Map<String, @Nullable Object> row = new HashMap<>();
            row.put("b", value);
            row.put("x", 1);
            rows.add(row);
        }
        rows.add(null);
        for (FileVersion version : List.of(FileVersion.V2_1, FileVersion.V2_2)) {
            store.list(ObjectPath.ROOT).forEach(file -> store.delete(file.path()));
            Dataset dataset = created(struct, rows, WriteOptions.DEFAULT.withFileVersion(version));
            List<byte @Nullable []> expected = new ArrayList<>(values);
            expected.add(null);
            assertSame(expected, blobs(dataset, "s.b", rows.size()));
        }
    }

    /// Sizes and numbers of files as the reference has them for the same sizes.
    @Test
    void thresholdsOfTheFieldSayWhereBlobsGo() throws IOException {
        Field column = blob("b", Map.of(
                KEY + "inline-size-threshold", "10",
                KEY + "dedicated-size-threshold", "100",
                KEY + "pack-file-size-threshold", "150"));
        List<byte @Nullable []> values = random(0, 5, 10, 11, 50, 100, 101, 1000, 60, 90, 20, -1);
        List<@Nullable Object> rows = new ArrayList<>();
        for (byte[] value : values) {
            Map<String, Object> row = new HashMap<>();
            if (value != null) {
                row.put("data", value);
            }
            rows.add(value == null ? null : row);
        }
        Dataset dataset = created(column, rows, WriteOptions.DEFAULT);
        assertSame(values, blobs(dataset, "b", values.size()));
        List<String> sidecars = store.list(ObjectPath.of("data")).stream()
                .filter(file -> file.path().value().endsWith(".blob"))
                .map(file -> name(file) + " " + file.sizeBytes())
                .sorted()
                .toList();
        assertEquals(
                List.of("001 1000", "010 100", "011 20", "100 61", "101 150", "110 101").stream()
                        .map(line -> line.substring(0, 3) + "0".repeat(29) + ".blob" + line.substring(3))
                        .toList(),
                sidecars);
    }

    private static String name(ObjectMeta file) {
        String path = file.path().value();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Test
    void thresholdThatIsNoNumberIsRefused() {
        for (String value : List.of("-1", "many", "0")) {
            Field column = blob("b", Map.of(KEY + "dedicated-size-threshold", value));
            var error = assertThrows(
                    IllegalArgumentException.class, () -> created(column, List.of(), WriteOptions.DEFAULT));
            assertTrue(error.getMessage().contains("'" + value + "'"), error.getMessage());
        }
    }

    @Test
    void urisOutsideTheTableAreKeptIfThatIsAllowed() throws IOException {
        Path file = Files.write(folder.resolve("a file.bin"), new byte[] {0, 1, 2, 3, 4, 5, 6, 7});
        String uri = "file://" + file;
        List<@Nullable Object> rows = List.of(
                Map.of("uri", uri), Map.of("uri", uri, "position", 2L, "size", 3L), Map.of("data", new byte[] {9}));
        var refused = assertThrows(
                IllegalArgumentException.class, () -> created(blob("b", Map.of()), rows, WriteOptions.DEFAULT));
        assertTrue(refused.getMessage().contains("allowed"), refused.getMessage());
        Dataset dataset =
                created(blob("b", Map.of()), rows, WriteOptions.DEFAULT.withExternalBlobs(true));
        assertSame(
                List.of(new byte[] {0, 1, 2, 3, 4, 5, 6, 7}, new byte[] {2, 3, 4}, new byte[] {9}),
                blobs(dataset, "b", 3));
    }

    static Stream<Map<String, Object>> badBlobs() {
        return Stream.of(
                Map.of(),
                Map.of("data", new byte[1], "uri", "file:///a"),
                Map.of("uri", "file:///a", "position", 1L),
                Map.of("uri", "file:///a", "position", 1L, "size", 0L),
                Map.of("data", new byte[1], "position", 1L, "size", 1L),
                Map.of("uri", "no uri"));
    }

    @ParameterizedTest
    @MethodSource("badBlobs")
    void blobOfNoSenseIsRefused(Map<String, Object> blob) {
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> created(blob("b", Map.of()), List.of(blob), WriteOptions.DEFAULT.withExternalBlobs(true)));
        assertNotNull(error.getMessage());
        assertTrue(error.getMessage().contains("blob"), error.getMessage());
    }

    @Test
    void bytesAreAppendedToBlobsOfATable() throws IOException {
        Dataset dataset = created(
                blob("b", Map.of()), List.of(Map.of("data", new byte[] {1})), WriteOptions.DEFAULT);
        Schema plain = Schema.of(Field.nullable("b", BYTES));
        List<Fragment> fragments = dataset.writeFragments(
                TestRows.reader(session, plain, Arrays.asList(new Object[] {new byte[] {2, 3}}, new Object[] {null})));
        Dataset appended = dataset.commit(new Operation.Append(fragments));
        long[] addresses = {RowAddress.of(1, 0), RowAddress.of(1, 1), RowAddress.of(0, 0)};
        List<@Nullable BlobFile> found = appended.takeBlobs(addresses, "b");
        assertArrayEquals(new byte[] {2, 3}, Objects.requireNonNull(found.get(0)).readRange(0, 2));
        assertNull(found.get(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"blobs-v1", "blobs-v2", "blob-2.0"})
    void tableOfTheReferenceIsCopiedWithItsBlobs(String name) throws IOException {
        var golden = new LocalObjectStore(GoldenTables.named(name).table(), Durability.NONE);
        Dataset source = Dataset.open(session, golden);
        BatchReader rows = source.scanToWrite(ScanOptions.ALL.withColumns("blob"));
        Dataset copy = Dataset.create(session, store, rows.schema(), rows, WriteOptions.DEFAULT);
        assertTrue(BlobFields.isLogicalV2(copy.schema().fields().getFirst()));
        List<byte @Nullable []> expected = bytes(source);
        assertSame(expected, bytes(copy));
        assertSame(expected, blobs(copy, "blob", expected.size()));
    }

    private static List<byte @Nullable []> bytes(Dataset dataset) throws IOException {
        List<byte @Nullable []> values = new ArrayList<>();
        for (var row : TestRows.rows(dataset.scan(ScanOptions.ALL.withColumns("blob").withBlobs(BlobHandling.BYTES)))) {
            values.add((byte[]) row.get("blob"));
        }
        return values;
    }

    @Test
    void whatAnUnfinishedFileLeavesIsReferredToByNobody() throws IOException {
        Schema schema = Schema.of(blob("b", Map.of(
                        KEY + "inline-size-threshold", "1", KEY + "dedicated-size-threshold", "3")))
                .withAssignedIds(0);
        ObjectPath path = ObjectPath.of("data/a.lance");
        var local = new LocalObjectStore(folder, Durability.NONE);
        try (LanceFileWriter writer =
                        LanceFileWriter.create(session, local, path, schema, FileWriteOptions.DEFAULT);
                Batch batch = ColumnBuilder.batch(
                        schema,
                        List.of(new Object[] {Map.of("data", new byte[9])}, new Object[] {Map.of("data", new byte[2])}),
                        ArrowMemory.of(session))) {
            writer.write(batch);
        }
        List<String> left = local.list(ObjectPath.ROOT).stream().map(WrittenBlobsTest::name).toList();
        assertEquals(List.of("1" + "0".repeat(31) + ".blob"), left, "the file of its own, complete");
    }

    @Test
    void blobsThatCannotBeReadBackAreRefused() {
        Field inList = Field.nullable("l", new LogicalType.List(false, false)).withChildren(List.of(marked("item", BYTES)));
        Field v2InList = Field.nullable("l", new LogicalType.List(false, true)).withChildren(List.of(blob("item", Map.of())));
        for (Field column : List.of(inList, v2InList, marked("b", new LogicalType.Utf8(false)))) {
            var error = assertThrows(
                    UnsupportedFormatException.class, () -> created(column, List.of(), WriteOptions.DEFAULT));
            assertTrue(error.getMessage().contains("blob"), error.getMessage());
        }
        var older = WriteOptions.DEFAULT.withFileVersion(FileVersion.V2_1);
        assertThrows(UnsupportedFormatException.class, () -> created(blob("b", Map.of()), List.of(), older));
        assertThrows(
                UnsupportedFormatException.class,
                () -> created(marked("b", new LogicalType.Binary(false)), List.of(), older));
    }
}
