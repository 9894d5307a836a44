// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.file.FileProjection;
import dev.joust.format.file.FileVersion;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

/// Structs in one column, in fixed-size lists, and without fields.
class WrittenStructsTest {
    private static final Field X = Field.required("x", new LogicalType.Int(32, true));
    private static final Field WORD = Field.required("word", new LogicalType.Utf8(false));
    private static final Field VECTOR =
            Field.required("v", new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), 2));

    private final Session session = Session.create();

    @AfterEach
    void close() {
        session.close();
    }

    private static Field packed(Field... fields) {
        return new Field(
                Field.UNASSIGNED, "c", new LogicalType.Struct(), true, List.of(fields),
                Map.of(FileProjection.PACKED_KEY, "true"));
    }

    private static Field struct(String name, Field... fields) {
        return Field.nullable(name, new LogicalType.Struct()).withChildren(List.of(fields));
    }

    private List<@Nullable Object> writtenAndRead(Field column, FileVersion version, List<@Nullable Object> values)
            throws IOException {
        Schema schema = Schema.of(column);
        List<Object[]> rows = values.stream().map(value -> new Object[] {value}).toList();
        Dataset dataset = Dataset.create(
                session, new MemoryObjectStore(), schema, TestRows.reader(session, schema, rows),
                WriteOptions.DEFAULT.withFileVersion(version).withPageSizeBytes(5000));
        List<@Nullable Object> found = new ArrayList<>();
        for (Map<String, @Nullable Object> row : TestRows.rows(dataset.scan(ScanOptions.ALL))) {
            found.add(row.get("c"));
        }
        return found;
    }

    private void check(Field column, FileVersion version, List<@Nullable Object> values) throws IOException {
        List<@Nullable Object> found = writtenAndRead(column, version, values);
        assertEquals(values.size(), found.size());
        for (int row = 0; row < found.size(); row++) {
            assertEquals(text(values.get(row)), text(found.get(row)), "row " + row);
        }
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case float[] floats -> Arrays.toString(floats);
            case Map<?, ?> fields -> fields.keySet().stream()
                    .map(Object::toString)
                    .sorted()
                    .map(key -> key + "=" + text(fields.get(key)))
                    .toList()
                    .toString();
            case List<?> items -> items.stream().map(item -> text(item)).toList().toString();
            default -> Objects.toString(value);
        };
    }

    private static List<@Nullable Object> rows(int count, boolean withWords) {
        List<@Nullable Object> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            Map<String, Object> value = new HashMap<>();
            value.put("x", row);
            value.put("v", new float[] {row, -row});
            if (withWords) {
                value.put("word", "word number " + row % 50);
            } else {
                value.remove("v");
            }
            rows.add(row % 7 == 3 ? null : value);
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource(value = FileVersion.class, names = {"V2_1", "V2_2"})
    void packedStructsOfFixedWidthComeBack(FileVersion version) throws IOException {
        check(packed(X), version, rows(2000, false));
    }

    @Test
    void packedStructsOfVariableWidthComeBack() throws IOException {
        check(packed(WORD, X, VECTOR), FileVersion.V2_2, rows(6000, true));
    }

    @Test
    void nullFieldOfPackedStructIsRefused() {
        Map<String, @Nullable Object> value = new HashMap<>();
        value.put("x", null);
        Field column = packed(Field.nullable("x", new LogicalType.Int(32, true)));
        var error = assertThrows(
                UnsupportedFormatException.class, () -> writtenAndRead(column, FileVersion.V2_2, List.of(value)));
        assertTrue(error.getMessage().contains("'x'"), error.getMessage());
        assertTrue(error.getMessage().contains("row 0"), error.getMessage());
    }

    @Test
    void fixedSizeListsOfStructsComeBackWithNullsInEveryLayer() throws IOException {
        Field item = struct(
                "item", Field.nullable("x", new LogicalType.Int(32, true)), Field.nullable("word", new LogicalType.Utf8(false)));
        Field column = Field.nullable("c", new LogicalType.FixedSizeList(null, 2)).withChildren(List.of(item));
        List<@Nullable Object> values = new ArrayList<>();
        for (int row = 0; row < 3000; row++) {
            Map<String, @Nullable Object> first = new HashMap<>();
            first.put("x", row % 5 == 0 ? null : row);
            first.put("word", row % 3 == 0 ? null : "w" + row);
            values.add(row % 11 == 0 ? null : Arrays.asList(first, row % 4 == 0 ? null : first));
        }
        check(column, FileVersion.V2_2, values);
    }

    /// As the rows come from a table: there, fields of null structs are null.
    @Test
    void fieldsWithoutNullsBelowNullStructsAreCopied() throws IOException {
        Field inner = Field.required("inner", new LogicalType.Struct()).withChildren(List.of(X, WORD));
        Schema schema = Schema.of(struct("c", inner, X));
        Map<String, Object> value = Map.of("inner", Map.of("x", 1, "word", "w"), "x", 2);
        Dataset source = Dataset.create(
                session, new MemoryObjectStore(), schema,
                TestRows.reader(session, schema, List.of(new Object[] {value}, new Object[] {null})), WriteOptions.DEFAULT);
        Dataset copy = Dataset.create(
                session, new MemoryObjectStore(), schema, source.scan(ScanOptions.ALL), WriteOptions.DEFAULT);
        assertEquals(
                TestRows.rows(source.scan(ScanOptions.ALL)).toString(),
                TestRows.rows(copy.scan(ScanOptions.ALL)).toString());
        assertEquals(2, copy.countRows());
    }

    @Test
    void structsWithoutFieldsAreWrittenUnlessOneIsNull() throws IOException {
        Field column = struct("c");
        check(column, FileVersion.V2_2, List.of(Map.of(), Map.of()));
        assertThrows(
                UnsupportedFormatException.class,
                () -> writtenAndRead(column, FileVersion.V2_2, Arrays.asList(Map.of(), null)));
    }
}
