// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.ColumnAlteration;
import dev.joust.format.table.CompactionMetrics;
import dev.joust.format.table.MetadataUpdate;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

/// Columns changed, rows compacted and versions cleaned up through a table of the embedded database.
class ColumnsOfTablesTest {
    record Row(int id, @Nullable Double price) {}

    private final Session session = Session.create();
    private final MemoryObjectStore store = new MemoryObjectStore();
    private final Table table = Database.over(
                    store, session, ConnectOptions.DEFAULT.withWriteOptions(WriteOptions.DEFAULT.withMaxRowsPerFile(2)))
            .createTable("t", List.of(new Row(1, 1.5), new Row(2, null), new Row(3, 3.5), new Row(4, 4.5)));

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void expressionsMakeColumns() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("twice", "id * 2");
        columns.put("label", "CAST(id AS string) || '!'");
        table.delete("id = 3");
        assertEquals(3, table.addColumns(columns));
        Map<String, Object> last = table.query().toMaps().getLast();
        assertEquals("4!", last.get("label"));
        assertEquals(8L, ((Number) last.get("twice")).longValue());
        assertThrows(IllegalArgumentException.class, () -> table.addColumns(Map.of("x", "nope + 1")));
        assertThrows(IllegalArgumentException.class, () -> table.addColumns(Map.of("twice", "1")));
        assertThrows(IllegalArgumentException.class, () -> table.at(1).addColumns(Map.of("y", "1")));
    }

    @Test
    void aConstantNullWritesNoData() {
        int files = table.dataset().manifest().fragments().getFirst().files().size();
        table.addColumns(Map.of("later", "CAST(NULL AS int)"));
        assertEquals(files, table.dataset().manifest().fragments().getFirst().files().size());
        table.addColumns(Schema.of(Field.nullable("text", new LogicalType.Utf8(false))));
        assertEquals(files, table.dataset().manifest().fragments().getFirst().files().size());
        assertTrue(table.query().toMaps().getFirst().containsKey("text"));
    }

    @Test
    void whatCantBeNullIsDeclaredSo() {
        table.addColumns(Map.of("one", "1", "cheap", "price < 2", "known", "price IS NOT NULL"));
        Schema schema = table.schema();
        assertFalse(schema.field("one").orElseThrow().nullable());
        assertFalse(schema.field("known").orElseThrow().nullable());
        assertTrue(schema.field("cheap").orElseThrow().nullable());
    }

    @Test
    void columnsAreChangedAndDropped() {
        table.alterColumns(
                ColumnAlteration.of("price").rename("cost").castTo(new LogicalType.FloatingPoint(32)),
                ColumnAlteration.of("id").rename("number"));
        assertEquals(List.of("number", "cost"), table.schema().fields().stream().map(Field::name).toList());
        assertEquals(1.5f, table.query().toMaps().getFirst().get("cost"));
        table.dropColumns("cost");
        assertEquals(List.of("number"), table.schema().fields().stream().map(Field::name).toList());
    }

    @Test
    void metadataIsChanged() {
        table.updateConfig(MetadataUpdate.set("a", "b"));
        table.updateMetadata(MetadataUpdate.set("c", "d"));
        table.updateSchemaMetadata(MetadataUpdate.set("e", "f"));
        table.updateFieldMetadata("id", MetadataUpdate.set("g", "h"));
        assertEquals("b", table.dataset().config().get("a"));
        assertEquals("d", table.dataset().manifest().tableMetadata().get("c"));
        assertEquals("f", table.schema().metadata().get("e"));
        assertEquals("h", table.schema().field("id").orElseThrow().metadata().get("g"));
    }

    @Test
    void aTableIsCompactedAndCleanedUp() {
        table.delete("id = 3");
        CompactionMetrics metrics = table.compact();
        assertEquals(2, metrics.fragmentsRemoved());
        assertEquals(1, metrics.fragmentsAdded());
        assertEquals(CompactionMetrics.NONE, table.compact());
        assertEquals(2, table.cleanup(Duration.ZERO).oldVersions());
        assertEquals(1, table.versions().size());
        assertEquals(3, table.countRows());
        table.truncate();
        assertEquals(0, table.countRows());
        table.add(List.of(new Row(9, null)));
        assertEquals(1, table.query().toMaps().size());
    }

    @Test
    void anotherHandlesRowsGetValuesToo() throws Exception {
        Table other = Database.over(store, session, ConnectOptions.DEFAULT).openTable("t");
        other.add(List.of(new Row(5, null)));
        table.addColumns(Map.of("twice", "id * 2"));
        assertEquals(10L, ((Number) table.query().toMaps().getLast().get("twice")).longValue());
        assertTrue(store.list(ObjectPath.of("t.lance")).size() > 4);
    }
}
