// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.file.FileVersion;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

/// Dictionary columns: batches come with dictionaries of their own, a page has one.
class WrittenDictionariesTest {
    private static final LogicalType.Int INT8 = new LogicalType.Int(8, true);

    private final Session session = Session.create();

    @AfterEach
    void close() {
        session.close();
    }

    private static Schema schema(LogicalType value, LogicalType.Int index) {
        return Schema.of(Field.nullable("d", new LogicalType.Dictionary(value, index)));
    }

    /// One batch, with a dictionary of its own, for each list of values.
    private Dataset written(Schema schema, WriteOptions options, List<List<@Nullable Object>> batches)
            throws IOException {
        List<Batch> made = new ArrayList<>();
        for (List<@Nullable Object> values : batches) {
            List<Object[]> rows = values.stream().map(value -> new Object[] {value}).toList();
            made.add(ColumnBuilder.batch(schema, rows, ArrowMemory.of(session)));
        }
        return Dataset.create(session, new MemoryObjectStore(), schema, TestRows.reader(schema, made), options);
    }

    private static List<@Nullable Object> values(Dataset dataset) throws IOException {
        List<@Nullable Object> values = new ArrayList<>();
        for (Map<String, @Nullable Object> row : TestRows.rows(dataset.scan(ScanOptions.ALL))) {
            values.add(row.get("d"));
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(value = FileVersion.class, names = {"V2_1", "V2_2"})
    void dictionariesOfSeveralBatchesAreUnited(FileVersion version) throws IOException {
        List<List<@Nullable Object>> batches = List.of(
                Arrays.asList("a", "b", null, "a"), Arrays.asList("c", "b"), Arrays.asList(null, null), Arrays.asList("b", ""));
        Dataset dataset = written(
                schema(new LogicalType.Utf8(false), INT8), WriteOptions.DEFAULT.withFileVersion(version), batches);
        assertEquals(batches.stream().flatMap(List::stream).toList().toString(), values(dataset).toString());
    }

    static Stream<Arguments> valueTypes() {
        return Stream.of(
                Arguments.of(new LogicalType.Utf8(true), List.of("x", "yy")),
                Arguments.of(new LogicalType.Int(64, true), List.of(-1L, 7L)),
                Arguments.of(new LogicalType.FloatingPoint(64), List.of(0.5, -0.0)),
                Arguments.of(new LogicalType.Bool(), List.of(true, false)));
    }

    @ParameterizedTest
    @MethodSource("valueTypes")
    void valuesOfEachTypeComeBack(LogicalType type, List<Object> pair) throws IOException {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            values.add(i % 11 == 0 ? null : pair.get(i % 2));
        }
        Schema schema = schema(type, new LogicalType.Int(16, false));
        Dataset dataset = written(schema, WriteOptions.DEFAULT.withPageSizeBytes(1000), List.of(values));
        assertEquals(values, values(dataset));
    }

    @Test
    void moreValuesThanIndicesTellApartAreRefused() {
        List<List<@Nullable Object>> batches = IntStream.range(0, 2)
                .mapToObj(batch -> IntStream.range(0, 100)
                        .<@Nullable Object>mapToObj(i -> batch + "." + i)
                        .toList())
                .toList();
        var error = assertThrows(
                UnsupportedFormatException.class,
                () -> written(schema(new LogicalType.Utf8(false), INT8), WriteOptions.DEFAULT, batches));
        assertTrue(error.getMessage().contains("128 values"), error.getMessage());
    }

    @Test
    void typeThatItsNameCannotTellIsRefusedEvenWithoutRows() {
        for (LogicalType value : List.of(new LogicalType.Date(32), new LogicalType.FixedSizeBinary(3))) {
            var error = assertThrows(
                    UnsupportedFormatException.class,
                    () -> written(schema(value, INT8), WriteOptions.DEFAULT, List.of()));
            assertTrue(error.getMessage().contains("'d'"), error.getMessage());
        }
    }
}
