// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.channels.Channels;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

/// Rows of every kind go in, and come out as they were.
class RowsTest {
    private final Session session = Session.create();
    private final Database database = Database.over(new MemoryObjectStore(), session, ConnectOptions.DEFAULT);

    @AfterEach
    void everythingIsReleased() {
        dev.joust.search.internal.exec.VectorCaches.clear(session);
        assertEquals(0, ArrowMemory.of(session).allocatedBytes());
        database.close();
        session.close();
    }

    record Place(String name, List<Double> at) {}

    record Photo(
            UUID key,
            @Column(name = "taken_at", type = "timestamp:ms:UTC") @Nullable Instant takenAt,
            @Column(type = "decimal:128:10:2") @Nullable BigDecimal price,
            @Column(dimension = 3, metadata = {"model", "toy"}) float @Nullable [] vector,
            @Nullable Place place,
            Map<String, Place> others,
            List<Place> route,
            Set<String> tags,
            String[] words,
            int[] counts,
            boolean[] flags,
            char letter,
            LocalTime time,
            LocalDateTime local,
            OffsetDateTime offset,
            Duration length,
            Optional<Integer> maybe) {}

    /// The example of the row-level API: a table of records, one more row, and the records back.
    @Test
    void recordsOfAllKindsComeBack() {
        Place here = new Place("here", List.of(1.5, 2.5));
        Photo full = new Photo(
                new UUID(1, -2), Instant.parse("2024-01-01T00:00:00.001Z"), new BigDecimal("1.25"), new float[] {1, 2, 3},
                here, Map.of("a", here), List.of(here, new Place("", List.of())), Set.of("x"), new String[] {"a", "b"},
                new int[] {1, 2, 3}, new boolean[] {true, false}, 'ü', LocalTime.of(1, 2, 3), LocalDateTime.of(2024, 2, 29, 1, 2),
                OffsetDateTime.parse("2024-01-01T00:00:00Z"), Duration.ofMillis(5), Optional.of(7));
        Photo sparse = new Photo(
                new UUID(0, 0), null, null, null, null, Map.of(), List.of(), Set.of(), new String[0], new int[0],
                new boolean[] {false, false}, 'x', LocalTime.MIDNIGHT, LocalDateTime.of(1969, 1, 1, 0, 0),
                OffsetDateTime.parse("1969-01-01T00:00:00Z"), Duration.ofNanos(-1000), Optional.empty());
        Table photos = database.createTable("photos", List.of(full));
        photos.add(List.of(full));
        assertThrows(IllegalArgumentException.class, () -> photos.add(List.of(sparse)), "no array of the length of those before");
        Table table = database.createTable("more", List.of(full, sparse));
        List<Photo> rows = table.query().toList(Photo.class);
        assertEquals(text(full), text(rows.get(0)));
        assertEquals(text(sparse), text(rows.get(1)));
        Map<String, Field> fields = new java.util.HashMap<>();
        table.schema().fields().forEach(field -> fields.put(field.name(), field));
        assertEquals("timestamp:ms:UTC", LogicalTypes.format(fields.get("taken_at").type()));
        assertEquals("decimal:128:10:2", LogicalTypes.format(fields.get("price").type()));
        assertEquals("fixed_size_list:float:3", LogicalTypes.format(fields.get("vector").type()));
        assertEquals(Map.of("model", "toy"), fields.get("vector").metadata());
        assertEquals("list", LogicalTypes.format(fields.get("counts").type()));
        assertEquals("fixed_size_list:bool:2", LogicalTypes.format(fields.get("flags").type()));
        assertEquals("fixed_size_binary:16", LogicalTypes.format(fields.get("key").type()));
    }

    private static String text(Photo p) {
        return p.key + " " + p.takenAt + " " + p.price + " " + Arrays.toString(p.vector) + " " + p.place + " " + p.others + " "
                + p.route + " " + p.tags + " " + Arrays.toString(p.words) + " " + Arrays.toString(p.counts) + " "
                + Arrays.toString(p.flags) + " " + p.letter + " " + p.time + " " + p.local + " " + p.offset + " " + p.length + " " + p.maybe;
    }

    record Hinted(@Column(nullable = false) String id, @Column(dimension = 2) List<Float> embedding) {}

    record Unhinted(float[] vector) {}

    record Wrong(@Column(type = "struct") String id) {}

    @Test
    void anEmptyTableIsMadeOfAClass() {
        Table table = database.createTable("t", Hinted.class);
        assertEquals(0, table.countRows());
        table.add(List.of(new Hinted("a", List.of(1f, 2f))));
        assertEquals(List.of(new Hinted("a", List.of(1f, 2f))), table.query().toList(Hinted.class));
        assertThrows(IllegalArgumentException.class, () -> table.add(List.of(new Hinted("b", List.of(1f)))));
        List<Map<String, @Nullable Object>> withoutId = List.of(Collections.singletonMap("embedding", null));
        assertThrows(IllegalArgumentException.class, () -> table.add(withoutId));
        assertThrows(IllegalArgumentException.class, () -> database.createTable("u", Unhinted.class));
        assertThrows(IllegalArgumentException.class, () -> database.createTable("w", Wrong.class));
    }

    @Test
    void listsNamedLikeVectorsAreVectors() {
        Table table = database.createTable("t", List.of(
                Map.of("id", 1, "my_Vector", List.of(1.0, 2.0), "other", List.of(1, 2)),
                Map.of("id", 2, "my_Vector", List.of(3.0, 4.0), "other", List.of(1))));
        assertArrayEquals(new float[] {3, 4}, (float[]) table.query().where("id = 2").toMaps().getFirst().get("my_Vector"));
        assertTrue(table.schema().field("other").orElseThrow().type() instanceof LogicalType.List);
        assertEquals(1, table.search(new float[] {3, 4}).limit(1).hits().size());
    }

    @Test
    void aRowThatDoesNotFitIsNamed() {
        Table table = database.createTable("t", List.of(Map.of("i", 1)));
        Iterator<?> rows = IntStream.range(0, 20_000).mapToObj(i -> Map.of("i", i == 12_345 ? (Object) "x" : i)).iterator();
        String message = assertThrows(IllegalArgumentException.class, () -> table.add(rows)).getMessage();
        assertEquals("row 12345: column 'i': String given, a whole number expected", message);
        assertEquals(1, table.countRows());
    }

    @Test
    void streamsNeedNotFitIntoMemory() {
        Table table = database.createTable("t", IntStream.range(0, 20_000).mapToObj(i -> Map.of("i", i)));
        table.add(IntStream.range(20_000, 50_000).mapToObj(i -> Map.of("i", i)));
        assertEquals(50_000, table.countRows());
        assertEquals(1, table.countRows("i = 49999"));
    }

    @Test
    void vectorsStandAmongRows() {
        Table table = database.createTable("t", List.of(Map.of("i", 1, "s", "a"), Map.of("i", 2, "s", "b")));
        try (VectorSchemaRoot numbers = table.query().select("i").toArrow(ArrowMemory.of(session).allocator())) {
            List<Object> mixed = new ArrayList<>(List.of(Map.of("i", 3), numbers, Map.of("s", "c"), numbers));
            table.add(mixed);
            Table copy = database.createTable("copy", List.of(numbers).iterator());
            assertEquals(2, copy.countRows());
        }
        assertEquals("[1a, 2b, 3null, 1null, 2null, nullc, 1null, 2null]",
                table.query().toMaps().stream().map(row -> "" + row.get("i") + row.get("s")).toList().toString());
    }

    @Test
    void arrowStreamsGoIn() throws Exception {
        Table table = database.createTable("t", List.of(Map.of("i", 1, "s", "a"), Map.of("i", 2, "s", "b")));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (VectorSchemaRoot rows = table.query().toArrow(ArrowMemory.of(session).allocator());
                ArrowStreamWriter writer = new ArrowStreamWriter(rows, new DictionaryProvider.MapDictionaryProvider(), Channels.newChannel(bytes))) {
            writer.writeBatch();
            writer.writeBatch();
            writer.end();
        }
        table.add(new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), ArrowMemory.of(session).allocator()));
        assertEquals(6, table.countRows());
        Table copy = database.createTable("copy", new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), ArrowMemory.of(session).allocator()));
        assertEquals("[1, 2, 1, 2]", copy.query().toMaps().stream().map(row -> row.get("i")).toList().toString());
    }
}
