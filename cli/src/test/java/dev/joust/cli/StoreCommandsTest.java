// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `copy` and `doctor` on folders, and what they and the options of stores refuse.
class StoreCommandsTest {
    @TempDir
    Path folder;

    private Path table() throws IOException {
        Path table = folder.resolve("t.lance");
        Run.ok("import", Files.writeString(folder.resolve("a.jsonl"), "{\"id\":1}\n{\"id\":2}\n"), table);
        Run.ok("import", Files.writeString(folder.resolve("b.jsonl"), "{\"id\":3}\n"), table, "--mode", "append");
        return table;
    }

    @Test
    void aBranchOfACopyNeedsTheTableNoMore() throws IOException {
        Path table = table();
        Run.ok("branch", "create", table, "b");
        Run.ok("tag", "create", table, "old", 1);
        Path copy = folder.resolve("copy.lance");
        var done = Run.json("copy", table, copy, "--json");
        assertEquals(3, done.get("versions").asInt());
        assertEquals(0, done.get("bases").size());
        Files.move(table, folder.resolve("away.lance"));
        assertEquals("3", Run.ok("count", copy, "--branch", "b").strip());
        assertEquals("2", Run.ok("count", copy, "--at", "old").strip());
        assertEquals("3", Run.ok("count", copy).strip());
        Run.ok("validate", copy, "--deep");
    }

    @Test
    void aCopyOverAnotherTableIsRefused() throws IOException {
        Path table = table();
        Path other = folder.resolve("other.lance");
        Run.ok("import", folder.resolve("b.jsonl"), other);
        Run run = Run.of("copy", table, other);
        assertEquals(1, run.exit());
        assertTrue(run.err().contains("another table"), run.err());
        assertEquals("1", Run.ok("count", other).strip());
        assertEquals(1, Run.of("copy", folder.resolve("absent"), folder.resolve("x")).exit());
        assertEquals(2, Run.of("copy", table + "@1", folder.resolve("x")).exit());
    }

    @Test
    void aFolderIsExaminedAndLeftAsItWas() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        String said = Run.ok("doctor", data);
        for (String check : new String[] {"write", "ranged get", "conditional put", "listing order", "delete"}) {
            assertTrue(said.contains("ok      " + check), said);
        }
        try (var left = Files.list(data)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aWrongSettingIsAFindingWithWhatToDo() {
        var said = Run.of("doctor", "s3://b/x", "--json", "--storage-option", "aws_endpoint=http://localhost:1");
        assertEquals(1, said.exit());
        var check = Run.parse(said.out()).get("checks").get(0);
        assertEquals("failed", check.get("outcome").asText());
        assertTrue(check.get("found").asText().contains("allow_http"), said.out());
        assertFalse(check.get("fix").asText().isEmpty());
    }

    /// Of one command that is about a folder and a bucket, the settings are the bucket's.
    @Test
    void settingsOfABucketDoNotDisturbAFolder() throws IOException {
        Path table = table();
        assertEquals("3", Run.ok("count", table, "--storage-option", "aws_region=x", "--unsafe-commit").strip());
        assertEquals(1, Run.of("count", table, "--storage-option", "durability=never").exit());
    }

    @Test
    void aMistypedSecretIsNotRepeated() {
        Run run = Run.of("count", "s3://b/x", "--storage-option", "aws_secret_access_key:wJalrSECRET");
        assertEquals(2, run.exit());
        assertFalse(run.err().contains("SECRET") || run.out().contains("SECRET"), run.err());
    }
}
