// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `column`, `compact` and `cleanup`.
class UpkeepCommandsTest {
    @TempDir
    private Path folder;

    private Path table;

    @BeforeEach
    void create() throws IOException {
        table = folder.resolve("t.lance");
        Run.ok("import", lines(0, 3), table);
        Run.ok("import", lines(3, 2), table, "--mode", "append");
    }

    private Path lines(int first, int count) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = first; i < first + count; i++) {
            lines.append("{\"id\":").append(i).append(",\"name\":\"n").append(i).append("\"}\n");
        }
        return Files.writeString(folder.resolve(first + ".jsonl"), lines);
    }

    private List<String> rows() {
        return Run.rows("scan", table).stream().map(JsonNode::toString).toList();
    }

    @Test
    void columnsAreAddedDroppedRenamedAndCast() {
        assertEquals(3, Run.json("column", "add", table, "twice=id * 2", "none=CAST(NULL AS int)", "--json").get("version").asInt());
        assertEquals("{\"id\":4,\"name\":\"n4\",\"twice\":8,\"none\":null}", rows().getLast());
        Run.ok("column", "rename", table, "name", "title");
        Run.ok("column", "cast", table, "twice", "int16");
        assertEquals("version 6", Run.ok("column", "drop", table, "none").strip());
        assertEquals("{\"id\":4,\"title\":\"n4\",\"twice\":8}", rows().getLast());
        assertTrue(Run.ok("schema", table).contains("int16"), Run.ok("schema", table));
        assertEquals(1, Run.of("column", "drop", table, "absent").exit());
        assertEquals(1, Run.of("column", "add", table, "id=1").exit());
        assertEquals(1, Run.of("column", "cast", table, "title", "int32").exit());
        assertEquals(2, Run.of("column", "cast", table, "twice", "blue").exit());
        assertEquals(2, Run.of("column", "add", table, "x").exit());
        assertEquals(2, Run.of("column", "add", table, "x=1", "x=2").exit());
        assertEquals(2, Run.of("column", "drop", table + "@1", "id").exit());
    }

    @Test
    void compactingTellsWhatItDid() {
        assertEquals(
                "{\"fragments_removed\":2,\"fragments_added\":1,\"files_removed\":2,\"files_added\":1,\"version\":3}",
                Run.ok("compact", table, "--json").strip());
        assertEquals("nothing to do, version 3", Run.ok("compact", table).strip());
        assertEquals(5, rows().size());
        assertEquals(2, Run.of("compact", table, "--target-rows", 0).exit());
    }

    @Test
    void cleaningUpTellsWhatItDid() {
        Run.ok("compact", table);
        JsonNode dry = Run.json("cleanup", table, "--older-than", "0s", "--dry-run", "--json");
        assertEquals(2, dry.get("old_versions").asInt());
        assertEquals(6, dry.get("files").size());
        assertEquals(3, Run.rows("versions", table, "--json").getFirst().size());
        JsonNode done = Run.json("cleanup", table, "--older-than", "0s", "--json");
        for (String key : List.of(
                "bytes_removed", "old_versions", "data_files_removed", "transaction_files_removed",
                "index_files_removed", "deletion_files_removed", "failed_deletes")) {
            assertEquals(dry.get(key), done.get(key), key);
        }
        assertEquals(1, Run.rows("versions", table, "--json").getFirst().size());
        assertEquals(5, rows().size());
    }

    @Test
    void taggedVersionsAreNotCleanedUp() {
        Run.ok("tag", "create", table, "first", 1);
        Run tagged = Run.of("cleanup", table, "--retain", 1);
        assertEquals(1, tagged.exit());
        assertTrue(tagged.err().contains("'first' of version 1"), tagged.err());
        Run.ok("cleanup", table, "--retain", 1, "--keep-tagged");
        assertEquals("3", Run.ok("count", table + "@first").strip());
        assertEquals(2, Run.of("cleanup", table, "--older-than", "soon").exit());
        assertEquals(2, Run.of("cleanup", table, "--retain", 0).exit());
    }
}
