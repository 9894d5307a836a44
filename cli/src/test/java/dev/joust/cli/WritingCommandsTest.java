// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.testdata.ExpectedRows;
import dev.joust.testdata.GoldenTable;
import dev.joust.testdata.GoldenTables;

/// Commands that write, checked by reading back; what the reference makes of it is for the differential suite.
class WritingCommandsTest {
    @TempDir
    Path folder;

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void goldenTablesGoThroughImportAndExportUnchanged() throws IOException {
        for (String name : List.of("integers-2.2", "strings-2.2", "temporal-2.2", "vectors-2.2", "binaries-2.2", "booleans-2.2", "decimals-2.2", "floats-2.2", "metadata-and-names", "deletions-arrow")) {
            GoldenTable golden = GoldenTables.named(name);
            Path copy = folder.resolve(name + ".lance");
            JsonNode answer = Run.json("import", golden.table(), copy, "--json");
            assertEquals(List.of("rows", "files", "version", "seconds"), names(answer));
            assertEquals(golden.rowCount(), answer.get("rows").asLong());
            assertEquals(1, answer.get("version").asLong());
            Path file = folder.resolve(name + ".arrow");
            Run.ok("export", copy, "-o", file);
            try (ExpectedRows expected = golden.expected()) {
                ArrowFiles.assertRowsEqual(expected, file);
            }
            Path again = folder.resolve(name + "-again.lance");
            Run.ok("import", file, again);
            Run.ok("export", again, "-o", file);
            try (ExpectedRows expected = golden.expected()) {
                ArrowFiles.assertRowsEqual(expected, file);
            }
        }
    }

    @Test
    void blobsOfATableAreImportedWithTheirBytes() throws IOException {
        for (String name : List.of("blob-2.0", "blob-2.2", "blobs-v1", "blobs-v2")) {
            Path golden = GoldenTables.named(name).table();
            Path copy = folder.resolve(name + ".lance");
            Run.ok("import", golden, copy);
            assertEquals(Run.ok("scan", golden, "--blobs", "bytes"), Run.ok("scan", copy, "--blobs", "bytes"));
        }
    }

    @Test
    void textFilesGoThroughATableUnchanged() throws IOException {
        Path csv = Files.writeString(folder.resolve("a.csv"), "id,name,vector,day\n1,\"a,b\",\"[1.0,2.0]\",2024-01-03\n2,\"\",,\n3,,\"[0.5,-0.0]\",2024-12-31\n");
        Path table = folder.resolve("a.lance");
        Run.ok("import", csv, table);
        assertEquals(Files.readString(csv), Run.ok("scan", table, "--format", "csv"));
        Path lines = Files.writeString(folder.resolve("a.jsonl"), Run.ok("scan", table, "--format", "jsonl"));
        Path second = folder.resolve("b.lance");
        Run.ok("import", lines, second);
        assertEquals(Files.readString(lines), Run.ok("scan", second, "--format", "jsonl"));
    }

    @Test
    void goldenTablesGoThroughParquetUnchanged() throws IOException {
        for (String name : List.of("nested-draw-1-2.2", "map-2.2", "strings-2.2", "temporal-2.2", "vectors-2.2", "list-2.2", "struct-2.2")) {
            GoldenTable golden = GoldenTables.named(name);
            Path parquet = folder.resolve(name + ".parquet");
            Run.ok("export", golden.table(), "-o", parquet);
            Path copy = folder.resolve(name + ".lance");
            assertEquals(golden.rowCount(), Run.json("import", parquet, copy, "--json").get("rows").asLong());
            Path file = folder.resolve(name + ".arrow");
            Run.ok("export", copy, "-o", file);
            try (ExpectedRows expected = golden.expected()) {
                ArrowFiles.assertRowsEqual(expected, file);
            }
        }
    }

    @Test
    void everyFormatComesInOnStandardInput() throws IOException {
        for (String ending : List.of("parquet", "csv", "jsonl")) {
            Path source = folder.resolve("rows." + ending);
            Run.ok("scan", GoldenTables.named("indexed").table(), "-c", "id", "-o", source);
            Path table = folder.resolve(ending + ".lance");
            try (var in = Files.newInputStream(source)) {
                Run run = Run.with(in, "import", "-", table, "--format", ending);
                assertEquals(0, run.exit(), run.err());
            }
            assertEquals("210\n", Run.ok("count", table));
        }
        assertEquals(2, Run.of("import", "-", folder.resolve("t.lance"), "--format", "word").exit());
    }

    @Test
    void textIsReadAsTheTypesOfTheTableItIsAppendedTo() throws IOException {
        Path table = folder.resolve("types.lance");
        Path all = folder.resolve("types.jsonl");
        Run.ok("import", GoldenTables.named("types-2.3").table(), table);
        String rows = Run.ok("scan", table, "--format", "jsonl");
        Files.writeString(all, rows);
        long count = rows.lines().count();
        Run.ok("import", all, table, "--mode", "append");
        assertEquals(rows + rows, Run.ok("scan", table, "--format", "jsonl"));
        Path csv = folder.resolve("types.csv");
        Run.ok("scan", table, "--limit", count, "-o", csv);
        Run.ok("import", csv, table, "--mode", "append");
        assertEquals(rows + rows + rows, Run.ok("scan", table, "--format", "jsonl"));
        Path wrong = Files.writeString(folder.resolve("wrong.csv"), Files.readString(csv).lines().findFirst().orElseThrow().split(",", 2)[0] + "\nnonsense\n");
        assertEquals(1, Run.of("import", wrong, table, "--mode", "append").exit());
    }

    @Test
    void listsNamedLikeVectorsBecomeThemUnlessToldNot() throws IOException {
        Path lines = Files.writeString(folder.resolve("a.jsonl"), "{\"my_embedding\":[1,2]}\n{\"my_embedding\":[3,4]}\n");
        Path table = folder.resolve("t.lance");
        Run.ok("import", lines, table);
        assertTrue(Run.ok("schema", table).contains("fixed_size_list<item: float>[2]"));
        Path lists = folder.resolve("lists.lance");
        Run.ok("import", lines, lists, "--keep-lists");
        assertTrue(Run.ok("schema", lists).contains("list<item: int64>"));
        Path arrow = folder.resolve("lists.parquet");
        Run.ok("export", lists, "-o", arrow);
        Path vectors = folder.resolve("vectors.lance");
        Run.ok("import", arrow, vectors);
        assertTrue(Run.ok("schema", vectors).contains("fixed_size_list<item: int64>[2]"), Run.ok("schema", vectors));
    }

    @Test
    void streamsComeInOnStandardInput() throws IOException {
        Path stream = folder.resolve("rows.arrows");
        Run.ok("scan", GoldenTables.named("indexed").table(), "-o", stream);
        Path table = folder.resolve("t.lance");
        try (var in = Files.newInputStream(stream)) {
            Run run = Run.with(in, "import", "-", table);
            assertEquals(0, run.exit(), run.err());
        }
        assertEquals("210\n", Run.ok("count", table));
    }

    @Test
    void modesCreateAppendAndOverwrite() throws IOException {
        Path table = folder.resolve("t.lance");
        Path ten = Files.writeString(folder.resolve("ten.csv"), "id\n0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
        assertEquals(4, Run.json("import", ten, table, "--max-rows-per-file", 3, "--json").get("files").asInt());
        Run again = Run.of("import", ten, table);
        assertEquals(1, again.exit());
        JsonNode appended = Run.json("import", ten, table, "--mode", "append", "--json");
        assertEquals("[10,1,2]", "[" + appended.get("rows") + "," + appended.get("files") + "," + appended.get("version") + "]");
        assertEquals("20\n", Run.ok("count", table));
        Path other = Files.writeString(folder.resolve("other.csv"), "name\nx\n");
        assertEquals(1, Run.of("import", other, table, "--mode", "append").exit());
        assertEquals("20\n", Run.ok("count", table));
        Run.ok("import", other, table, "--mode", "overwrite");
        assertEquals("{\"name\":\"x\"}\n", Run.ok("scan", table));
        assertEquals("20\n", Run.ok("count", table, "--at", 2));
        assertEquals("0\n", Run.ok("count", table, "--at", 3, "-w", "name = 'y'"));
    }

    @Test
    void deletedRowsAreGoneFromTheNextVersionOn() {
        Path table = folder.resolve("t.lance");
        Run.ok("import", GoldenTables.named("indexed").table(), table);
        JsonNode answer = Run.json("delete", table, "-w", "id < 10", "--json");
        assertEquals(List.of("rows_deleted", "version"), names(answer));
        long deleted = answer.get("rows_deleted").asLong();
        assertTrue(deleted > 0);
        assertEquals(2, answer.get("version").asLong());
        assertEquals((210 - deleted) + "\n", Run.ok("count", table));
        assertEquals("0\n", Run.ok("count", table, "-w", "id < 10"));
        assertEquals("210\n", Run.ok("count", table, "--at", 1));
        assertEquals(deleted, Run.json("info", table, "--json").get("deleted_rows").asLong());
    }

    @Test
    void mergeUpdatesAndInsertsByKey() throws IOException {
        Path table = folder.resolve("t.lance");
        Run.ok("import", Files.writeString(folder.resolve("a.csv"), "id,name\n1,a\n2,b\n"), table);
        Path changes = Files.writeString(folder.resolve("b.csv"), "id,name\n2,B\n3,c\n");
        JsonNode answer = Run.json("merge", changes, table, "--on", "id", "--json");
        assertEquals("{\"inserted\":1,\"updated\":1,\"deleted\":0,\"version\":2}", answer.toString());
        List<JsonNode> rows = new ArrayList<>(Run.rows("scan", table));
        rows.sort(java.util.Comparator.comparing(row -> row.get("id").asInt()));
        assertEquals("[{\"id\":1,\"name\":\"a\"}, {\"id\":2,\"name\":\"B\"}, {\"id\":3,\"name\":\"c\"}]", rows.toString());
        answer = Run.json("merge", changes, table, "--on", "id", "--matched", "ignore", "--json");
        assertEquals(0, answer.get("updated").asInt() + answer.get("inserted").asInt());
        assertEquals(1, Run.of("merge", changes, table, "--on", "nope").exit());
    }

    @Test
    void everyClauseOfAMergeIsAnOption() throws IOException {
        Path first = Files.writeString(folder.resolve("first.csv"), "id,x\n1,10\n2,20\n3,30\n4,40\n");
        Path changes = Files.writeString(folder.resolve("changes.csv"), "id,x\n1,11\n2,2\n9,90\n");
        Path table = folder.resolve("clauses");
        Run.ok("import", first, table);
        JsonNode answer = Run.json(
                "merge", changes, table, "--on", "id", "--matched-if", "source.x > target.x", "--not-matched-by-source", "delete",
                "--not-matched-by-source-if", "x > 35", "--json");
        assertEquals("{\"inserted\":1,\"updated\":1,\"deleted\":1,\"version\":2}", answer.toString());
        assertEquals(
                List.of("{\"id\":2,\"x\":20}", "{\"id\":3,\"x\":30}", "{\"id\":1,\"x\":11}", "{\"id\":9,\"x\":90}"),
                Run.ok("scan", table).lines().toList());
        answer = Run.json("merge", changes, table, "--on", "id", "--matched", "delete", "--not-matched", "ignore", "--json");
        assertEquals("{\"inserted\":0,\"updated\":0,\"deleted\":3,\"version\":3}", answer.toString());
        Run failed = Run.of("merge", first, table, "--on", "id", "--matched", "fail");
        assertEquals(1, failed.exit());
        assertTrue(failed.err().contains("[id] = [3]"), failed.err());
    }

    @Test
    void scansComputeColumnsAndSort() throws IOException {
        Path first = Files.writeString(folder.resolve("first.csv"), "id,x,my col\n1,10,b\n2,,a\n3,30,\n4,10,c\n");
        Path table = folder.resolve("sorted.lance");
        Run.ok("import", first, table);
        assertEquals(
                List.of("{\"id\":3,\"twice\":60,\"my col\":null,\"_rowid\":2}", "{\"id\":1,\"twice\":20,\"my col\":\"b\",\"_rowid\":0}"),
                Run.ok("scan", table, "-c", "id,x * 2 as twice,`my col`", "--order-by", "x desc", "--limit", "2", "--row-id").lines().toList());
        assertEquals(
                List.of("{\"id\":1}", "{\"id\":2}", "{\"id\":4}"),
                Run.ok("scan", table, "-c", "id", "--order-by", "x nulls first, id desc", "--limit", "3").lines().sorted().toList());
        assertEquals(List.of("4"), Run.ok("scan", table, "-c", "id", "--order-by", "`my col` desc", "--limit", "1", "--format", "csv").lines().skip(1).toList());
        Path out = folder.resolve("out.jsonl");
        Run.ok("export", table, "-c", "upper(`my col`) as name", "-w", "_rowid = 3", "-o", out);
        assertEquals("{\"name\":\"C\"}", Files.readString(out).strip());
        assertEquals(1, Run.of("scan", table, "--order-by", "nope").exit());
        assertEquals(1, Run.of("scan", table, "-c", "nope + 1").exit());
        assertEquals(2, Run.of("scan", table, "-c", "x + 1", "--blobs", "bytes").exit());
        assertEquals(2, Run.of("take", table, "--rows", "1", "-c", "x + 1").exit());
    }

    @Test
    void updateSetsColumnsToExpressions() throws IOException {
        Path first = Files.writeString(folder.resolve("first.csv"), "id,x,my col\n1,10,a\n2,20,b\n3,,c\n");
        Path table = folder.resolve("updated.lance");
        Run.ok("import", first, table);
        JsonNode answer =
                Run.json("update", table, "-w", "id >= 2", "--set", "x=x * 2 + 1", "--set", "`my col`='=' || `my col`", "--json");
        assertEquals("{\"rows_updated\":2,\"version\":2}", answer.toString());
        assertEquals(
                List.of("{\"id\":1,\"x\":10,\"my col\":\"a\"}", "{\"id\":2,\"x\":41,\"my col\":\"=b\"}", "{\"id\":3,\"x\":null,\"my col\":\"=c\"}"),
                Run.ok("scan", table).lines().toList());
        assertEquals("{\"rows_updated\":0,\"version\":3}", Run.json("update", table, "-w", "id > 5", "--set", "x=1", "--json").toString());
        assertEquals(1, Run.of("update", table, "--set", "y=1").exit());
        assertEquals(1, Run.of("update", table, "--set", "x='a'").exit());
    }

    @Test
    void failedCreateLeavesNoTable() throws IOException {
        Path table = folder.resolve("t.lance");
        Path broken = Files.writeString(folder.resolve("a.csv"), "id\n1\n\"x");
        assertEquals(1, Run.of("import", broken, table).exit());
        assertEquals(1, Run.of("info", table).exit());
        Path half = folder.resolve("half.arrows");
        Run.ok("scan", GoldenTables.named("indexed").table(), "-o", half);
        byte[] bytes = Files.readAllBytes(half);
        Files.write(half, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        Run run = Run.of("import", half, table);
        assertEquals(1, run.exit(), run.err());
        assertEquals(1, Run.of("info", table).exit());
        assertEquals(1, Run.of("import", folder.resolve("absent.arrow"), table).exit());
        assertFalse(Files.exists(table.resolve("_versions")));
    }

    @Test
    void benchWritesBesideTheTableAndCleansUp() throws IOException {
        Path source = folder.resolve("rows.arrow");
        Run.ok("scan", GoldenTables.named("indexed").table(), "-o", source);
        Path table = folder.resolve("t.lance");
        JsonNode append = Run.json("bench", table, "--op", "append", "--src", source, "--batch", 5, "--iterations", 4, "--warmup", 1, "--json");
        assertTrue(append.get("first50_median_ms").asDouble() > 0 && append.get("last50_median_ms").asDouble() > 0);
        assertTrue(append.get("bytes_written").asDouble() > 0);
        JsonNode write = Run.json("bench", table, "--op", "write", "--src", source, "--json");
        assertEquals(1, write.get("iterations").asInt());
        try (var files = Files.list(folder)) {
            assertEquals(List.of(source), files.toList());
        }
        Run.ok("bench", table, "--op", "append", "--src", source, "--batch", 5, "--iterations", 2, "--warmup", 0, "--in-place", "--json");
        assertEquals("15\n", Run.ok("count", table));
    }
}
