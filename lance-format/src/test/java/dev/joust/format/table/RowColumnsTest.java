// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongPredicate;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.io.Durability;
import dev.joust.io.Session;
import dev.joust.io.store.LocalObjectStore;
import dev.joust.io.store.MemoryObjectStore;
import dev.joust.testdata.ExpectedRows;
import dev.joust.testdata.GoldenTable;
import dev.joust.testdata.GoldenTables;

/// Columns that no file holds, as the reference answers them.
class RowColumnsTest {
    private Session session;

    @BeforeEach
    void open() {
        session = Session.create();
    }

    @AfterEach
    void close() {
        session.close();
    }

    private Dataset dataset(GoldenTable golden) throws IOException {
        return Dataset.open(session, new LocalObjectStore(golden.table(), Durability.NONE));
    }

    private static List<String> names(GoldenTable golden) {
        return List.of(golden.property("row_columns").split(","));
    }

    private List<List<String>> rows(Batch batch) {
        try (batch;
                VectorSchemaRoot root =
                        ArrowBatches.toArrow(batch, ArrowMemory.of(session).allocator())) {
            return rows(root);
        }
    }

    private static List<List<String>> rows(VectorSchemaRoot root) {
        List<List<String>> rows = new ArrayList<>();
        for (int row = 0; row < root.getRowCount(); row++) {
            List<String> values = new ArrayList<>();
            for (FieldVector vector : root.getFieldVectors()) {
                values.add(String.valueOf(vector.getObject(row)));
            }
            rows.add(values);
        }
        return rows;
    }

    private List<List<String>> rows(BatchReader reader) throws IOException {
        try (reader) {
            List<List<String>> rows = new ArrayList<>();
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                rows.addAll(rows(batch));
            }
            return rows;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"row-columns", "row-columns-of-addresses"})
    void aScanAnswersThemAmongTheOthersInTheOrderNamed(String name) throws IOException {
        GoldenTable golden = GoldenTables.named(name);
        try (ExpectedRows expected = golden.rowColumns()) {
            for (int batchRowCount : new int[] {8192, 7}) {
                ScanOptions scan =
                        ScanOptions.ALL.withColumns(names(golden)).withBatchRowCount(batchRowCount);
                BatchReader reader = dataset(golden).scan(scan);
                assertEquals(
                        expected.root().getSchema().getFields().stream()
                                .map(field -> field.getName() + " " + field.isNullable())
                                .toList(),
                        reader.schema().fields().stream()
                                .map(field -> field.name() + " " + field.nullable())
                                .toList());
                assertEquals(rows(expected.root()), rows(reader));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"row-columns", "row-columns-of-addresses"})
    void takesByEachOfThemAnswerTheSame(String name) throws IOException {
        GoldenTable golden = GoldenTables.named(name);
        Dataset dataset = dataset(golden);
        try (ExpectedRows expected = golden.rowColumns()) {
            List<List<String>> rows = rows(expected.root());
            int[] wanted = {rows.size() - 1, 0, rows.size() / 2, 0, 5, 17, 3};
            List<List<String>> asked = new ArrayList<>();
            for (int row : wanted) {
                asked.add(rows.get(row));
            }
            List<String> names = names(golden);
            assertEquals(asked, rows(dataset.takePositions(longs(asked, names, "_rowoffset"), names)));
            assertEquals(asked, rows(dataset.take(longs(asked, names, "_rowaddr"), names)));
            assertEquals(asked, rows(dataset.takeRowIds(longs(asked, names, "_rowid"), names)));
        }
    }

    private static long[] longs(List<List<String>> rows, List<String> names, String column) {
        int index = names.indexOf(column);
        return rows.stream().mapToLong(row -> Long.parseUnsignedLong(row.get(index))).toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"row-columns", "row-columns-of-addresses"})
    void aPredicateMayLookAtThem(String name) throws IOException {
        GoldenTable golden = GoldenTables.named(name);
        Dataset dataset = dataset(golden);
        List<String> names = names(golden);
        List<List<String>> all = rows(dataset.scan(ScanOptions.ALL.withColumns(names)));
        for (String column : ScanOptions.ROW_COLUMNS) {
            int index = names.indexOf(column);
            LongPredicate odd = value -> (value & 3) == 1;
            List<String> expected = all.stream()
                    .filter(row -> odd.test(Long.parseUnsignedLong(row.get(index))))
                    .map(row -> row.get(names.indexOf("id")))
                    .toList();
            ScanOptions scan = ScanOptions.ALL
                    .withColumns(List.of("id"))
                    .withPredicate(predicate(column, odd))
                    .withBatchRowCount(11);
            assertEquals(
                    expected,
                    rows(dataset.scan(scan)).stream().map(List::getFirst).toList(),
                    column);
        }
    }

    private static RowPredicate predicate(String column, LongPredicate passes) {
        return new RowPredicate() {
            @Override
            public Set<String> columns() {
                return Set.of(column);
            }

            @Override
            public BitSet select(Batch batch) {
                BitSet rows = new BitSet();
                for (int row = 0; row < batch.rowCount(); row++) {
                    rows.set(row, passes.test(Objects.requireNonNull(batch.column(column).values()).get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * row)));
                }
                return rows;
            }
        };
    }

    @Test
    void rowIdAndAddressMoveToTheEndWhereTheyAreAskedForByThemselves() throws IOException {
        Dataset dataset = dataset(GoldenTables.named("row-columns"));
        List<String> columns = List.of("_rowaddr", "_rowid", "id", "_rowoffset");
        assertEquals(
                List.of("_rowaddr", "id", "_rowoffset", "_rowid"),
                names(dataset.scan(ScanOptions.ALL.withColumns(columns).withRowIds())));
        assertEquals(
                List.of("id", "_rowoffset", "_rowid", "_rowaddr"),
                names(dataset.scan(
                        ScanOptions.ALL.withColumns(columns).withRowIds().withRowAddresses())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"_rowid", "_rowaddr", "_rowoffset", "_row_created_at_version"})
    void noColumnOfATableIsCalledSo(String name) {
        Schema schema = Schema.of(Field.nullable(name, new LogicalType.Int(32, true)));
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> Dataset.create(
                        session,
                        new MemoryObjectStore(),
                        schema,
                        TestRows.reader(schema, List.of()),
                        WriteOptions.DEFAULT));
        assertTrue(error.getMessage().contains(name), error.getMessage());
    }

    private static List<String> names(BatchReader reader) throws IOException {
        try (reader) {
            return reader.schema().fields().stream().map(Field::name).toList();
        }
    }
}
