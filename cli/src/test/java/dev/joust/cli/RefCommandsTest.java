// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `tag`, `branch`, `restore`, `versions`, and what pins a version.
class RefCommandsTest {
    @TempDir
    Path folder;

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
            lines.append("{\"id\":").append(i).append("}\n");
        }
        return Files.writeString(folder.resolve(first + ".jsonl"), lines);
    }

    private static String count(Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = "count";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Run.ok(all).strip();
    }

    @Test
    void tagsNameVersions() {
        assertEquals(
                "{\"name\":\"new\",\"version\":2,\"branch\":\"main\"}",
                Run.ok("tag", "create", table, "new", "--json").strip());
        Run.ok("tag", "create", table, "old", 1);
        Run.ok("tag", "create", table + "@1", "old2");
        Run.ok("tag", "create", table, "old3", "--at", "old");
        assertEquals("3", count(table + "@old"));
        assertEquals("3", count(table, "--at", "old3"));
        assertEquals("5", count(table, "--at", "new"));
        var tags = Run.json("tag", "list", table, "--json");
        assertEquals(4, tags.size());
        assertEquals("new", tags.get(0).get("name").asText());
        assertEquals("{\"new\":2,\"old\":1,\"old2\":1,\"old3\":1}", Run.json("info", table, "--json").get("tags").toString());
        assertEquals(1, Run.of("tag", "create", table, "old", 2).exit());
        assertEquals(1, Run.of("tag", "create", table, "x", 9).exit());
        assertEquals(1, Run.of("tag", "create", table, "a/b").exit());
        assertEquals(2, Run.of("tag", "create", table + "@1", "x", 2).exit());
        assertEquals(2, Run.of("tag", "create", table, "x", 2, "--at", 1).exit());
        assertEquals(2, Run.of("tag", "delete", table + "@1", "old").exit());
        assertEquals(2, Run.of("tag").exit());
        Run.ok("tag", "delete", table, "old");
        assertEquals(1, Run.of("tag", "delete", table, "old").exit());
        assertEquals(1, Run.of("count", table + "@old").exit());
    }

    @Test
    void branchesAreReadAndWrittenTo() throws IOException {
        assertEquals(
                "{\"name\":\"a/b\",\"version\":1}",
                Run.ok("branch", "create", table, "a/b", 1, "--json").strip());
        assertEquals("3", count(table, "--branch", "a/b"));
        Run.ok("import", lines(10, 4), table + "/tree/a/b", "--mode", "append");
        assertEquals("7", count(table, "--branch", "a/b"));
        assertEquals("3", count(table, "--branch", "a/b", "--at", 1));
        assertEquals("5", count(table));
        assertEquals("5", count(table, "--branch", "main"));
        assertEquals(2, Run.json("versions", table, "--branch", "a/b", "--json").size());
        Run.ok("tag", "create", table, "there", "--branch", "a/b");
        assertEquals("7", count(table + "@there"));
        assertEquals(2, Run.of("count", table + "@there", "--branch", "main").exit());
        assertEquals("a/b", Run.json("tag", "list", table, "--json").get(0).get("branch").asText());
        var branches = Run.json("branch", "list", table, "--json");
        assertEquals(1, branches.get(0).get("parent_version").asInt());
        assertTrue(Run.of("branch", "delete", table, "a/b").err().contains("tag 'there'"));
        Run.ok("tag", "delete", table, "there");
        Run.ok("branch", "delete", table, "a/b");
        assertEquals(1, Run.of("count", table, "--branch", "a/b").exit());
        assertEquals(2, Run.of("import", lines(20, 1), table, "--mode", "append", "--branch", "x").exit());
        assertEquals(1, Run.of("branch", "create", table, "main").exit());
    }

    @Test
    void versionsAreRestored() {
        assertEquals("{\"version\":3}", Run.ok("restore", table, 1, "--json").strip());
        assertEquals("3", count(table));
        Run.ok("tag", "create", table, "all", 2);
        Run.ok("restore", table, "all");
        assertEquals("5", count(table));
        Run.ok("restore", table + "@1");
        Run.ok("restore", table, "--at", "all");
        assertEquals(6, Run.json("versions", table, "--json").size());
        assertEquals(1, Run.of("restore", table, 99).exit());
        assertEquals(2, Run.of("restore", table).exit());
        assertEquals(2, Run.of("versions", table + "@1").exit());
        var versions = Run.json("versions", table, "--json");
        assertEquals("Restore", versions.get(5).get("operation").asText());
        assertEquals(5, versions.get(5).get("rows").asInt());
    }

    @Test
    void aManifestIsShownWithItsDeletedRows() {
        Run.ok("delete", table, "-w", "id = 1 or id = 2 or id = 4");
        var shown = Run.json("manifest", "show", table, "--json");
        assertEquals(3, shown.get("version").asInt());
        assertEquals("Delete", shown.get("transaction").get("operation").asText());
        assertEquals("[1,2]", shown.get("fragments").get(0).get("deleted_offsets").toString());
        assertEquals("[1]", shown.get("fragments").get(1).get("deleted_offsets").toString());
        assertEquals("[]", Run.json("manifest", "show", table + "@1", "--json").get("fragments").get(0).get("deleted_offsets").toString());
        assertTrue(Run.ok("manifest", "show", table).contains("deleted 2: 1-2"));
        assertEquals(shown, Run.json("manifest", "show", table + "/_versions/18446744073709551612.manifest", "--json"));
        String deletions = shown.get("fragments").get(0).get("deletion_file").get("path").asText();
        assertEquals("[1,2]", Run.json("manifest", "show", table + "/_deletions/" + deletions, "--json").get("deleted_offsets").toString());
        assertEquals("fragment 0  deleted 2: 1-2\n", Run.ok("manifest", "show", table + "/_deletions/" + deletions));
        String transaction = table + "/_transactions/" + shown.get("transaction_file").asText();
        assertEquals(shown.get("transaction"), Run.json("manifest", "show", transaction, "--json"));
        assertEquals(1, Run.of("manifest", "show", table + "/_deletions/0-1-2.bin").exit());
        assertEquals(2, Run.of("manifest", "show", table + "@1", "--at", 1).exit());
        assertEquals(1, Run.of("manifest", "show", table + "@9").exit());
    }

    @Test
    void whatDiffersBetweenVersionsIsListed() {
        Run.ok("delete", table, "-w", "id = 1");
        var diff = Run.json("manifest", "diff", table, 1, 3, "--json");
        assertEquals(3, diff.get("to").asInt());
        String changes = Run.ok("manifest", "diff", table, 1, 3);
        assertTrue(changes.contains("~ rows  3 -> 4"), changes);
        assertTrue(changes.contains("+ fragment 1  2 rows"), changes);
        assertTrue(changes.contains("~ fragment 0  3 rows"), changes);
        assertEquals("", Run.ok("manifest", "diff", table, 2, 2));
        assertTrue(Run.ok("manifest", "diff", table, 3, 1).contains("- fragment 1"));
        assertEquals(2, Run.of("manifest", "diff", table, 1).exit());
    }

    @Test
    void columnsThatNoFileHoldsAreScannedTakenAndFilteredBy() {
        Run.ok("delete", table, "-w", "id = 1");
        assertEquals(
                "{\"_rowoffset\":2,\"id\":3,\"_rowaddr\":4294967296}\n{\"_rowoffset\":3,\"id\":4,\"_rowaddr\":4294967297}\n",
                Run.ok("scan", table, "-c", "_rowoffset,id,_rowaddr", "-w", "_rowid > 5", "--format", "jsonl"));
        assertEquals(
                "{\"id\":4,\"_rowoffset\":3}\n{\"id\":0,\"_rowoffset\":0}\n",
                Run.ok("take", table, "--rows", "3,0", "-c", "id,_rowoffset", "--format", "jsonl"));
        assertEquals("2", count(table, "-w", "_rowoffset BETWEEN 1 AND 2"));
    }
}
