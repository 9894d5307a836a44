// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.ColumnValues;
import dev.joust.io.Durability;
import dev.joust.io.Session;
import dev.joust.io.store.LocalObjectStore;
import dev.joust.testdata.GoldenTables;

/// Fields of structs as columns, over a table whose structs lie in several files and are in part in none. That whole
/// structs are right, {@link GoldenDatasetsTest} shows.
class NestedColumnsTest {
    private final Session session = Session.create();
    private Dataset dataset;

    @BeforeEach
    void open() throws IOException {
        dataset = Dataset.open(
                session, new LocalObjectStore(GoldenTables.named("nested-evolution").table(), Durability.NONE));
    }

    @AfterEach
    void close() {
        session.close();
    }

    private static List<Map<String, @Nullable Object>> rows(BatchReader reader) throws IOException {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        try (reader) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                try (Batch open = batch) {
                    rows.addAll(rows(open));
                }
            }
        }
        return rows;
    }

    private static List<Map<String, @Nullable Object>> rows(Batch batch) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < batch.rowCount(); i++) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (ColumnBuffers column : batch.columns()) {
                row.put(column.field().name(), ColumnValues.get(column, i));
            }
            rows.add(row);
        }
        return rows;
    }

    private static @Nullable Object at(@Nullable Object value, String... path) {
        Object found = value;
        for (String name : path) {
            found = found == null ? null : ((Map<?, ?>) found).get(name);
        }
        return found;
    }

    @Test
    void fieldsOfStructsAreColumnsOfAScan() throws IOException {
        List<Map<String, @Nullable Object>> whole = rows(dataset.scan(ScanOptions.ALL));
        List<Map<String, @Nullable Object>> fields = rows(dataset.scan(ScanOptions.ALL
                .withColumns("a.s.v", "id", "a.w", "a.z", "a.q.r", "a.s", "a.x")
                .withBatchRowCount(7)));
        assertEquals(whole.size(), fields.size());
        int valuesOfS = 0;
        for (int i = 0; i < whole.size(); i++) {
            Object a = whole.get(i).get("a");
            Map<String, @Nullable Object> row = fields.get(i);
            assertEquals(List.of("a.s.v", "id", "a.w", "a.z", "a.q.r", "a.s", "a.x"), List.copyOf(row.keySet()));
            assertEquals(whole.get(i).get("id"), row.get("id"));
            assertEquals(at(a, "s", "v"), row.get("a.s.v"));
            assertEquals(at(a, "s"), row.get("a.s"));
            assertEquals(at(a, "w"), row.get("a.w"));
            assertEquals(at(a, "x"), row.get("a.x"));
            assertEquals(null, row.get("a.z"));
            assertEquals(null, row.get("a.q.r"));
            valuesOfS += row.get("a.s") == null ? 0 : 1;
        }
        assertTrue(valuesOfS > 20, "values: " + valuesOfS);
    }

    @Test
    void aTakeAnswersFieldsInTheirStructs() throws IOException {
        long last = dataset.countRows() - 1;
        long[] positions = LongStream.rangeClosed(0, last).map(i -> last - i * 7 % (last + 1)).toArray();
        List<Map<String, @Nullable Object>> whole;
        try (Batch batch = dataset.takePositions(positions, List.of("id", "a", "l"))) {
            whole = rows(batch);
        }
        try (Batch batch = dataset.takePositions(positions, List.of("a.w", "id", "a.s.v", "a.x"))) {
            assertEquals(List.of("a", "id"), batch.schema().fields().stream().map(field -> field.name()).toList());
            List<Map<String, @Nullable Object>> some = rows(batch);
            for (int i = 0; i < positions.length; i++) {
                Object a = whole.get(i).get("a");
                Object found = some.get(i).get("a");
                assertEquals(a == null, found == null, "row " + i);
                if (found != null) {
                    assertEquals(Set.of("x", "s", "w"), ((Map<?, ?>) found).keySet());
                    assertEquals(at(a, "x"), at(found, "x"));
                    assertEquals(at(a, "s") == null, at(found, "s") == null);
                    assertEquals(at(a, "s", "v"), at(found, "s", "v"));
                    assertEquals(at(a, "w"), at(found, "w"));
                }
            }
        }
    }

    /// As the reference answers it: the struct is null where its siblings say so, not where its own field is.
    @Test
    void aFieldThatNoFileHoldsIsNullInAStructThatItsSiblingsTellOf() throws IOException {
        long[] positions = LongStream.range(0, 50).toArray();
        try (Batch whole = dataset.takePositions(positions, List.of("a"));
                Batch missing = dataset.takePositions(positions, List.of("a.z"))) {
            int nulls = 0;
            for (int i = 0; i < positions.length; i++) {
                assertEquals(whole.columns().getFirst().isNull(i), missing.columns().getFirst().isNull(i), "row " + i);
                nulls += missing.columns().getFirst().isNull(i) ? 1 : 0;
            }
            assertTrue(nulls > 0 && nulls < positions.length, "null structs: " + nulls);
            assertEquals(List.of("z"),
                    missing.columns().getFirst().field().children().stream().map(field -> field.name()).toList());
        }
    }

    @Test
    void aPredicateMayNeedAFieldOfAStruct() throws IOException {
        RowPredicate evenX = new RowPredicate() {
            @Override
            public Set<String> columns() {
                return Set.of("a.x");
            }

            @Override
            public BitSet select(Batch batch) {
                BitSet selected = new BitSet();
                for (int i = 0; i < batch.rowCount(); i++) {
                    Object x = ColumnValues.get(batch.column("a.x"), i);
                    selected.set(i, x != null && (Long) x % 2 == 0);
                }
                return selected;
            }
        };
        List<Map<String, @Nullable Object>> found = rows(dataset.scan(
                ScanOptions.ALL.withPredicate(evenX).withColumns("id", "a.y", "a.x")));
        List<Map<String, @Nullable Object>> all = rows(dataset.scan(ScanOptions.ALL));
        List<Object> expected = all.stream()
                .filter(row -> at(row.get("a"), "x") != null && (Long) at(row.get("a"), "x") % 2 == 0)
                .<Object>map(row -> List.of(row.get("id"), at(row.get("a"), "y"), at(row.get("a"), "x")))
                .toList();
        assertTrue(expected.size() > 5, "rows: " + expected.size());
        assertEquals(
                expected,
                found.stream().<Object>map(row -> List.copyOf(row.values())).toList());
    }

    @Test
    void pathsThatLeadNowhereAreRefused() {
        for (String name : List.of("a.none", "none.x", "a.x.y", "l.x", "a.", ".a", "")) {
            assertThrows(
                    IllegalArgumentException.class, () -> dataset.scan(ScanOptions.ALL.withColumns(name)), name);
        }
    }
}
