// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.file.FileProjection;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.io.Durability;
import dev.joust.io.Session;
import dev.joust.io.store.LocalObjectStore;
import dev.joust.testdata.GoldenTable;
import dev.joust.testdata.GoldenTables;

/// Tables that the reference wrote, written to by us.
class GoldenWritesTest {
    /// Blobs as bytes: descriptors are not written.
    private static final ScanOptions EVERYTHING = ScanOptions.ALL.withBlobs(BlobHandling.BYTES);

    private Session session;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() {
        session = Session.create();
    }

    @AfterEach
    void close() {
        session.close();
    }

    static List<GoldenTable> tables() {
        return GoldenTables.all(GoldenTable.Reading.NOW).stream()
                .filter(table -> List.of("2.0", "2.1", "2.2").contains(table.storageVersion()))
                .toList();
    }

    private Dataset copyOf(GoldenTable table) throws IOException {
        Path copy = table.copyTo(folder.resolve(table.name()));
        return Dataset.open(session, new LocalObjectStore(copy, Durability.NONE));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void rowsOfTheTableItselfAreAppendedAndDeleted(GoldenTable golden) throws IOException {
        Dataset before = copyOf(golden);
        if (before.countRows() < 1 || !isWritable(before)) {
            return;
        }
        List<Map<String, @Nullable Object>> old = TestRows.rows(before.scan(EVERYTHING));
        Dataset appended = before.append(before.scan(EVERYTHING.withLimit(3)));
        int added = Math.min(3, old.size());
        assertEquals(before.version() + 1, appended.version());
        List<Map<String, @Nullable Object>> expected = new ArrayList<>(old);
        expected.addAll(old.subList(0, added));
        assertSameRows(expected, TestRows.rows(appended.scan(EVERYTHING)));

        long first = appended.manifest().fragments().getLast().id();
        Dataset deleted = appended.deleteRows(RowAddressSet.of(RowAddress.of(first, 0)), "the first one added");
        expected.remove(old.size());
        Dataset opened = deleted.refresh();
        assertSameRows(expected, TestRows.rows(opened.scan(EVERYTHING)));
        assertKept(before.manifest(), opened.manifest());
        if (before.manifest().hasStableRowIds()) {
            assertEquals(before.manifest().nextRowId() + added, opened.manifest().nextRowId());
        }
    }

    private static boolean isWritable(Dataset dataset) {
        try {
            FeatureFlags.checkWritable(dataset.manifest());
            return Set.of("2.0", "2.1", "2.2").contains(dataset.manifest().dataFormatVersion())
                    && dataset.schema().preOrder().stream()
                            .noneMatch(GoldenWritesTest::isPackedWithStructs);
        } catch (UnsupportedFormatException e) {
            return false;
        }
    }

    /// Such structs are read, and refused by the writer.
    private static boolean isPackedWithStructs(Field field) {
        return FileProjection.isPacked(field)
                && field.children().stream().anyMatch(child -> child.type() instanceof LogicalType.Struct);
    }

    private static void assertSameRows(
            List<Map<String, @Nullable Object>> expected, List<Map<String, @Nullable Object>> found) {
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            for (String column : expected.get(i).keySet()) {
                assertEquals(text(expected.get(i).get(column)), text(found.get(i).get(column)), column + ", row " + i);
            }
        }
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case float[] floats -> java.util.Arrays.toString(floats);
            case double[] doubles -> java.util.Arrays.toString(doubles);
            case byte[] bytes -> java.util.Arrays.toString(bytes);
            case Object[] objects -> java.util.Arrays.deepToString(objects);
            case List<?> items -> items.stream().map(item -> text(item)).toList().toString();
            case Map<?, ?> entries -> entries.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
                    .toList()
                    .toString();
            default -> value.toString();
        };
    }

    /// What an append or a delete has no business with.
    private static void assertKept(Manifest before, Manifest after) {
        assertEquals(before.storedSchema(), after.storedSchema());
        assertEquals(before.indices(), after.indices());
        assertEquals(before.config(), after.config());
        assertEquals(before.tableMetadata(), after.tableMetadata());
        assertEquals(before.basePaths(), after.basePaths());
        assertEquals(before.unmodelled(), after.unmodelled());
        assertEquals(before.dataFormatVersion(), after.dataFormatVersion());
        assertEquals(before.branch(), after.branch());
    }

    @Test
    void namesOfVersionsStayAsTheTableHasThem() throws IOException {
        Dataset table = copyOf(GoldenTables.named("manifest-names-v1"));
        Dataset next = table.append(table.scan(ScanOptions.ALL.withLimit(1)));
        Path versions = folder.resolve("manifest-names-v1").resolve("_versions");
        assertTrue(java.nio.file.Files.exists(versions.resolve(next.version() + ".manifest")));
    }

    @Test
    void fieldsOfNewerWritersSurvive() throws IOException {
        Dataset table = copyOf(GoldenTables.named("unknown-manifest-field"));
        assertFalse(table.manifest().unmodelled().isEmpty());
        Dataset next = table.append(table.scan(ScanOptions.ALL.withLimit(1))).refresh();
        assertEquals(table.manifest().unmodelled(), next.manifest().unmodelled());
    }

    @Test
    void tablesThatNeedMoreOfTheirWritersAreOnlyRead() throws IOException {
        Dataset table = copyOf(GoldenTables.named("unknown-writer-flag"));
        assertEquals(GoldenTables.named("unknown-writer-flag").rowCount(), table.countRows());
        var error = assertThrows(
                UnsupportedFormatException.class, () -> table.append(table.scan(ScanOptions.ALL.withLimit(1))));
        assertTrue(error.getMessage().contains("feature flag"), error.getMessage());
        assertThrows(
                UnsupportedFormatException.class, () -> table.deleteRows(RowAddressSet.of(0), "one"));
    }
}
