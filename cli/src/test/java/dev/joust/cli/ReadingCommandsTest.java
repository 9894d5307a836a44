// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.joust.testdata.ExpectedRows;
import dev.joust.testdata.GoldenTable;
import dev.joust.testdata.GoldenTables;

/// Commands that read, on tables that the reference wrote.
class ReadingCommandsTest {
    @TempDir
    Path folder;

    static Stream<GoldenTable> readable() {
        return GoldenTables.all(GoldenTable.Reading.NOW).stream();
    }

    private static Path table(String name) {
        return GoldenTables.named(name).table();
    }

    @ParameterizedTest
    @MethodSource("readable")
    void scanToArrowIsWhatTheReferenceReads(GoldenTable golden) throws IOException {
        Path file = folder.resolve("rows.arrow");
        Run.ok("scan", golden.table(), "-o", file);
        try (ExpectedRows expected = golden.expected()) {
            ArrowFiles.assertRowsEqual(expected, file);
        }
        assertEquals(golden.rowCount() + "\n", Run.ok("count", golden.table()));
        assertEquals(golden.version(), Run.json("info", golden.table(), "--json").get("version").asLong());
        assertEquals(0, Run.of("validate", golden.table()).exit());
    }

    @Test
    void rowIdsAndAddressesComeLast() throws IOException {
        for (String name : List.of("deletions-arrow", "stable-row-ids")) {
            GoldenTable golden = GoldenTables.named(name);
            Path file = folder.resolve(name + ".arrow");
            Run.ok("scan", golden.table(), "-c", "id", "--row-addr", "--row-id", "-o", file);
            try (ExpectedRows ids = golden.rowIds();
                    ArrowFiles rows = ArrowFiles.read(file)) {
                assertEquals(List.of("id", "_rowid", "_rowaddr"),
                        rows.root().getSchema().getFields().stream().map(Field::getName).toList());
                for (String column : List.of("_rowid", "_rowaddr")) {
                    assertEquals(values(ids.root().getVector(column)), values(rows.root().getVector(column)), name + " " + column);
                }
            }
        }
    }

    private static List<?> values(FieldVector vector) {
        return IntStream.range(0, vector.getValueCount()).mapToObj(vector::getObject).toList();
    }

    @Test
    void everyFormatHoldsTheSameRows() throws IOException {
        Path table = table("versions-and-tags");
        List<JsonNode> lines = Run.rows("scan", table, "--format", "jsonl");
        assertEquals(40, lines.size());
        List<JsonNode> array = new ArrayList<>();
        Run.json("scan", table, "--format", "json").forEach(array::add);
        assertEquals(lines, array);
        assertEquals(41, Run.ok("scan", table, "--format", "csv").lines().count());
        assertEquals(42, Run.ok("scan", table, "--format", "table").lines().count());
        for (String ending : List.of("json", "jsonl", "csv", "arrows")) {
            Path file = folder.resolve("rows." + ending);
            Run.ok("export", table, "-o", file);
            assertTrue(Files.size(file) > 100, ending);
        }
        assertEquals(Run.ok("scan", table, "--format", "jsonl"), Files.readString(folder.resolve("rows.jsonl")));
        // Not a terminal: lines of JSON
        assertEquals(Run.ok("scan", table, "--format", "jsonl"), Run.ok("scan", table));
    }

    @Test
    void limitOffsetColumnsAndFilterWorkTogether() {
        Path table = table("versions-and-tags");
        List<JsonNode> all = Run.rows("scan", table, "-c", "name,id");
        assertEquals(List.of("name", "id"), names(all.getFirst()));
        assertEquals(all.subList(5, 8), Run.rows("scan", table, "-c", "name,id", "--offset", 5, "--limit", 3));
        assertEquals(all.subList(0, 4), Run.rows("head", table, "-n", 4, "--select", "name,id"));
        assertEquals(10, Run.rows("head", table).size());
        assertEquals(List.of(), Run.rows("head", table, "-n", 0));
        long firstId = all.get(3).get("id").asLong();
        assertEquals(List.of(all.get(3)), Run.rows("scan", table, "-c", "name,id", "-w", "id = " + firstId));
        assertEquals("1\n", Run.ok("count", table, "-w", "id = " + firstId));
        assertEquals("0\n", Run.ok("count", table, "-w", "false"));
        assertEquals("40\n", Run.ok("count", table, "-w", "true"));
    }

    private static List<String> names(JsonNode row) {
        List<String> names = new ArrayList<>();
        row.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void doubleQuotesMeanWhatTheDialectSays() {
        Path table = table("versions-and-tags");
        String name = Run.rows("scan", table).stream().map(row -> row.get("name").textValue()).filter(Objects::nonNull).findFirst().orElseThrow();
        String asString = Run.ok("count", table, "-w", "name = \"" + name + "\"");
        String asColumn = Run.ok("count", table, "--dialect", "lancedb", "-w", "\"name\" = '" + name + "'");
        assertEquals(asString, asColumn);
        assertTrue(!asString.equals("0\n"));
    }

    @Test
    void takeKeepsOrderAndDuplicates() throws IOException {
        Path table = table("deletions-arrow");
        List<JsonNode> all = Run.rows("scan", table, "--row-id");
        List<JsonNode> taken = Run.rows("take", table, "--rows", "5,1,795,5", "-c", "id,name");
        assertEquals(4, taken.size());
        int[] wanted = {5, 1, 795, 5};
        for (int i = 0; i < 4; i++) {
            assertEquals(all.get(wanted[i]).get("id"), taken.get(i).get("id"));
        }
        Path file = Files.writeString(folder.resolve("rows.json"), "[795, 0]");
        assertEquals(List.of(all.get(795).get("id"), all.get(0).get("id")),
                Run.rows("take", table, "--rows", "@" + file).stream().map(row -> row.get("id")).toList());
        String rowId = all.get(7).get("_rowid").asText();
        assertEquals(all.get(7).get("id"), Run.rows("take", table, "--row-ids", rowId).getFirst().get("id"));
        assertEquals(List.of(), Run.rows("take", table, "--rows", "@" + Files.writeString(folder.resolve("none.json"), "[]")));
    }

    @Test
    void versionsAndTagsPinWhatIsRead() throws IOException {
        GoldenTable golden = GoldenTables.named("versions-and-tags");
        for (long version : golden.olderVersions()) {
            try (ExpectedRows expected = golden.expected(version)) {
                String rows = expected.root().getRowCount() + "\n";
                assertEquals(rows, Run.ok("count", golden.table(), "--at", version));
                assertEquals(rows, Run.ok("count", golden.table() + "@" + version));
                assertEquals(rows, Run.ok("count", golden.table(), "--version", version));
            }
        }
        assertEquals(Run.ok("count", golden.table(), "--at", 3), Run.ok("count", golden.table() + "@third"));
        assertEquals(Run.ok("count", golden.table(), "--at", 1), Run.ok("count", golden.table(), "--at", "first"));
    }

    @Test
    void infoHasTheKeysOfTheContract() {
        JsonNode info = Run.json("info", table("versions-and-tags"), "--json");
        assertEquals(List.of("version", "storage_version", "rows", "deleted_rows", "fragments", "data_files", "bytes", "columns", "indices", "tags"), names(info));
        assertEquals("{\"name\":\"vector\",\"type\":\"fixed_size_list<item: float>[4]\",\"nullable\":true,\"field_id\":3}", info.get("columns").get(3).toString());
        assertEquals("{\"first\":1,\"third\":3}", info.get("tags").toString());
        JsonNode indexed = Run.json("info", table("indexed"), "--json").get("indices").get(0);
        assertEquals("id_idx", indexed.get("name").asText());
        assertEquals("BTREE", indexed.get("type").asText());
        assertEquals("[\"id\"]", indexed.get("columns").toString());
        assertTrue(Run.json("info", table("deletions-arrow"), "--json").get("deleted_rows").asInt() > 0);
    }

    @Test
    void factsArePrintedForPeopleToo() {
        assertTrue(Run.ok("info", table("indexed")).contains("vector: fixed_size_list<item: float>[4]"));
        String schema = Run.ok("schema", table("metadata-and-names"));
        assertTrue(schema.contains("metadata "), schema);
        assertEquals("id", Run.json("schema", table("indexed"), "--json").get("fields").get(0).get("name").asText());
        assertTrue(Run.ok("versions", table("indexed")).lines().count() >= 2);
        JsonNode versions = Run.json("versions", table("indexed"), "--json");
        assertEquals(List.of("version", "timestamp", "rows", "operation"), names(versions.get(0)));
        assertEquals(1, versions.get(0).get("version").asInt());
    }

    @Test
    void validateFindsDamage() throws IOException {
        Path copy = GoldenTables.named("fragments").copyTo(folder.resolve("copy.lance"));
        assertEquals("{\"ok\":true,\"problems\":[]}\n", Run.ok("validate", copy, "--deep", "--json"));
        Path dataFile;
        try (Stream<Path> files = Files.list(copy.resolve("data"))) {
            dataFile = files.sorted().findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(dataFile);
        Files.write(dataFile, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        Run shorter = Run.of("validate", copy, "--json");
        assertEquals(1, shorter.exit());
        JsonNode report = Run.parse(shorter.out());
        assertEquals(false, report.get("ok").asBoolean());
        assertEquals("data/" + dataFile.getFileName(), report.get("problems").get(0).get("path").asText());
        Files.delete(dataFile);
        assertEquals(1, Run.of("validate", copy).exit());
        byte[] broken = bytes.clone();
        java.util.Arrays.fill(broken, broken.length - 40, broken.length - 20, (byte) 0x7f);
        Files.write(dataFile, broken);
        assertEquals(1, Run.of("validate", copy, "--json").exit());
    }

    @Test
    void requestsAreCountedOnAsking() {
        Run run = Run.of("count", table("indexed"), "--io-stats", "--timing");
        assertEquals(0, run.exit());
        List<String> lines = run.err().lines().toList();
        JsonNode stats = Run.parse(lines.get(0));
        assertEquals(List.of("get", "head", "list", "put", "delete", "bytes_read", "bytes_written"), names(stats));
        assertEquals(1, stats.get("list").asInt());
        assertEquals(0, stats.get("put").asInt());
        assertTrue(lines.get(1).matches("[0-9]+\\.[0-9]{3} s"), lines.get(1));
    }

    @Test
    void searchFindsTheNearestOfTheDefinition() {
        Path table = table("indexed");
        List<JsonNode> rows = Run.rows("scan", table);
        double[] query = {1, 2, 3, 4};
        List<Long> expected = rows.stream()
                .filter(row -> !row.get("vector").isNull())
                .sorted((a, b) -> Double.compare(distance(a, query), distance(b, query)))
                .limit(5)
                .map(row -> row.get("id").asLong())
                .toList();
        List<JsonNode> found = Run.rows("search", table, "--vector", "[1,2,3,4]", "-k", 5);
        assertEquals(expected, found.stream().map(row -> row.get("id").asLong()).toList());
        assertEquals(List.of("id", "name", "score", "vector", "_distance"), names(found.getFirst()));
        for (JsonNode row : found) {
            assertEquals(distance(row, query), row.get("_distance").asDouble(), 1e-3 * (1 + distance(row, query)));
        }
        assertEquals(List.of("name", "_distance", "_rowid"),
                names(Run.rows("search", table, "--vector", "[1,2,3,4]", "--select", "name", "--row-id").getFirst()));
        assertEquals(found.subList(2, 5), Run.rows("search", table, "--vector", "[1,2,3,4]", "-k", 3, "--offset", 2));
        assertEquals(List.of(), Run.rows("search", table, "--vector", "[1,2,3,4]", "-w", "false"));
        for (JsonNode row : Run.rows("search", table, "--vector", "[1,2,3,4]", "-k", 3, "-w", "id > 100")) {
            assertTrue(row.get("id").asLong() > 100);
        }
    }

    private static double distance(JsonNode row, double[] query) {
        double sum = 0;
        for (int i = 0; i < query.length; i++) {
            double difference = query[i] - row.get("vector").get(i).asDouble();
            sum += difference * difference;
        }
        return sum;
    }

    @Test
    void severalQueriesSayWhichOneEachRowAnswers() {
        List<JsonNode> found = Run.rows("search", table("indexed"), "--vector", "[[1,2,3,4],[0,0,0,0]]", "-k", 2);
        assertEquals(4, found.size());
        assertEquals("query_index", names(found.getFirst()).getFirst());
        assertEquals(List.of(0, 0, 1, 1), found.stream().map(row -> row.get("query_index").asInt()).toList());
        assertEquals(Run.rows("search", table("indexed"), "--vector", "[0,0,0,0]", "-k", 2).getFirst().get("id"), found.get(2).get("id"));
    }

    @Test
    void benchReportsTheKeysOfTheContract() {
        Path table = table("indexed");
        for (List<Object> op : List.<List<Object>>of(List.of("scan"), List.of("take", "--batch", 7), List.of("search", "--vector", "[1,2,3,4]"))) {
            List<Object> arguments = new ArrayList<>(List.of("bench", table, "--iterations", 3, "--json", "--op"));
            arguments.addAll(op);
            JsonNode report = Run.json(arguments.toArray());
            assertEquals(List.of("op", "iterations", "median_ms", "p95_ms", "p99_ms", "min_ms", "rows_per_s", "requests", "bytes_read", "bytes_written"), names(report));
            assertTrue(report.get("median_ms").asDouble() > 0 && report.get("bytes_read").asDouble() >= 0);
        }
    }

    @Test
    void schemaRootsAreComparedColumnByColumn() {
        // Guards the helper: a difference in one value must be seen
        try (ExpectedRows one = GoldenTables.named("versions-and-tags").expected(); ExpectedRows other = GoldenTables.named("versions-and-tags").expected(1)) {
            VectorSchemaRoot a = one.root();
            assertTrue(!ArrowFiles.difference(a, one.dictionaries(), other.root(), other.dictionaries()).isEmpty());
            assertEquals("", ArrowFiles.difference(a, one.dictionaries(), a, one.dictionaries()));
        }
    }

    @Test
    void fileCommandsTellWhatADataFileIsMadeOf() throws IOException {
        Path file;
        try (Stream<Path> files = Files.list(table("versions-and-tags").resolve("data"))) {
            file = files.sorted().findFirst().orElseThrow();
        }
        JsonNode meta = Run.json("file", "meta", file, "--json");
        JsonNode pages = Run.json("file", "pages", file, "--json");
        assertEquals(Files.size(file), meta.get("bytes").asLong());
        long columnBytes = 0;
        for (JsonNode column : meta.get("columns")) {
            columnBytes += column.get("bytes").asLong();
        }
        long pageBytes = 0;
        for (JsonNode page : pages.get("pages")) {
            for (JsonNode buffer : page.get("buffers")) {
                pageBytes += buffer.get("bytes").asLong();
                assertTrue(buffer.get("offset").asLong() + buffer.get("bytes").asLong() <= Files.size(file));
            }
            assertTrue(page.get("encoding").asText().startsWith("mini-block "), page::toString);
        }
        assertEquals(columnBytes, pageBytes);
        assertTrue(Run.ok("file", "meta", file).contains(": int64"));
        assertEquals(pages.get("pages").size(), Run.ok("file", "pages", file).lines().filter(line -> line.startsWith("  ")).count());
        assertEquals(1, Run.of("file", "meta", folder.resolve("none.lance")).exit());
        assertEquals(2, Run.of("file").exit());
    }
}
