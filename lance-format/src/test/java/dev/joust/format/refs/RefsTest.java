// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.refs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.format.CorruptFileException;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.TestRows;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;

class RefsTest {
    private static final String METADATA = "\"metadata\": {\n    \"k\": \"v\",\n    \"a\": \"ü\\\"\\\\\\n\"\n  }\n}";
    /// As the reference writes it.
    private static final String TAG = "{\n  \"branch\": null,\n  \"version\": 2,\n"
            + "  \"createdAt\": \"2026-11-21T19:59:41.186032546Z\",\n"
            + "  \"updatedAt\": \"2026-11-21T19:59:41.213750547Z\",\n  \"manifestSize\": 422,\n  " + METADATA;

    private Session session;
    private MemoryObjectStore store;
    private Refs refs;

    @BeforeEach
    void open() {
        session = Session.create();
        store = new MemoryObjectStore();
        refs = new Refs(session, store);
    }

    @AfterEach
    void close() {
        session.close();
    }

    private void put(String path, String text) throws IOException {
        store.put(ObjectPath.of(path), text.getBytes(StandardCharsets.UTF_8));
    }

    private String text(String path) throws IOException {
        return new String(store.readAll(ObjectPath.of(path), 1 << 20), StandardCharsets.UTF_8);
    }

    private void createVersions(int count) throws IOException {
        Dataset dataset = Dataset.create(
                session, store, TestRows.SCHEMA, TestRows.reader(session, 0, 10), WriteOptions.DEFAULT);
        for (int i = 1; i < count; i++) {
            dataset = dataset.append(TestRows.reader(session, 10L * i, 10));
        }
    }

    @Test
    void tagsOfTheReferenceAreRead() throws IOException {
        put("_refs/tags/v1.json", TAG);
        Tag tag = refs.tags().get("v1");
        assertNull(tag.branch());
        assertEquals(2, tag.version());
        assertEquals(Instant.parse("2026-11-21T19:59:41.186032546Z"), tag.createdAt());
        assertEquals(Instant.parse("2026-11-21T19:59:41.213750547Z"), tag.updatedAt());
        assertEquals(422, tag.manifestSizeBytes());
        assertEquals(Map.of("k", "v", "a", "ü\"\\\n"), tag.metadata());
        assertEquals(Map.of("v1", tag), refs.tags().list());
    }

    @Test
    void whatATagIsNotChangedInStaysByteForByte() throws IOException {
        put("_refs/tags/v1.json", TAG);
        refs.tags().replaceMetadata("v1", refs.tags().get("v1").metadata());
        assertEquals(TAG, text("_refs/tags/v1.json"));
    }

    @Test
    void membersThatNobodyKnowsStayInTheFile() throws IOException {
        createVersions(2);
        put("_refs/tags/v1.json", "{\"version\":1,\"field9999\":{\"x\":[1.50,true]},\"manifestSize\":3}");
        refs.tags().update("v1", null, 2);
        assertTrue(text("_refs/tags/v1.json").contains("1.50"), () -> "lost");
        assertEquals(2, refs.tags().get("v1").version());
        assertNull(refs.tags().get("v1").createdAt());
    }

    @Test
    void branchesOfTheReferenceAreRead() throws IOException {
        put(
                "_refs/branches/a%2Fb.json",
                """
                {
                  "parentBranch": null,
                  "identifier": {
                    "version_mapping": [
                      [
                        1,
                        "35c11ed632b74d56959901b533c2f4e7"
                      ]
                    ]
                  },
                  "parentVersion": 1,
                  "createAt": 1795291181,
                  "manifestSize": 368,
                  "metadata": {}
                }""");
        put("_refs/branches/%C3%BC.json", "{\"parentVersion\": 7, \"createAt\": 1, \"manifestSize\": 3}");
        Branch branch = refs.branches().get("a/b");
        assertNull(branch.parentBranch());
        assertEquals(1, branch.parentVersion());
        assertEquals(Instant.ofEpochSecond(1_795_291_181L), branch.createdAt());
        assertEquals(
                new BranchIdentifier(List.of(new BranchIdentifier.Fork(1, "35c11ed632b74d56959901b533c2f4e7"))),
                branch.identifier());
        assertEquals(Set.of("a/b", "ü"), refs.branches().list().keySet());
    }

    @Test
    void branchesOfOldWritersGetTheIdentifierThatTheReferenceWorksOut() throws IOException {
        put(
                "_refs/branches/a%2Fold.json",
                "{\"parentBranch\": null, \"parentVersion\": 1, \"createAt\": 1795291181, \"manifestSize\": 369}");
        assertEquals(
                new BranchIdentifier(List.of(new BranchIdentifier.Fork(0, "cc941ab421795c9f16bd64d89272fd8e"))),
                refs.branches().get("a/old").identifier());
    }

    @Test
    void referencedVersionsAreThoseOfTagsAndOfBranchesAllTheWayDown() throws IOException {
        put("_refs/tags/first.json", "{\"branch\":null,\"version\":3,\"manifestSize\":1}");
        put("_refs/tags/other.json", "{\"branch\":\"b\",\"version\":9,\"manifestSize\":1}");
        put("_refs/branches/b.json", branch("null", 5, "[5,\"x\"]"));
        put("_refs/branches/b%2Fc.json", branch("\"b\"", 8, "[5,\"x\"],[8,\"y\"]"));
        put("_refs/branches/old.json", "{\"parentBranch\":null,\"parentVersion\":4,\"createAt\":1}");
        assertEquals(
                Map.of(
                        3L, List.of("tag 'first'"),
                        4L, List.of("branch 'old'"),
                        5L, List.of("branch 'b'", "branch 'b/c'")),
                refs.referencedVersions(null));
        assertEquals(refs.referencedVersions(null), refs.referencedVersions("main"));
        assertEquals(
                Map.of(8L, List.of("branch 'b/c'"), 9L, List.of("tag 'other'")), refs.referencedVersions("b"));
        assertEquals(Map.of(), refs.referencedVersions("b/c"));
    }

    private static String branch(String parent, long version, String forks) {
        return "{\"parentBranch\":" + parent + ",\"identifier\":{\"version_mapping\":[" + forks
                + "]},\"parentVersion\":" + version + ",\"createAt\":1,\"manifestSize\":1}";
    }

    @Test
    void tagsAreMadeMovedAndDeleted() throws IOException {
        createVersions(3);
        Tag made = refs.tags().create("v-1", null, 2);
        assertEquals(made, refs.tags().get("v-1"));
        assertTrue(made.manifestSizeBytes() > 100);
        Tag moved = refs.tags().update("v-1", "main", 3);
        assertEquals(3, moved.version());
        assertNull(moved.branch());
        assertEquals(made.createdAt(), moved.createdAt());
        refs.tags().delete("v-1");
        assertEquals(Map.of(), refs.tags().list());
        assertThrows(NoSuchRefException.class, () -> refs.tags().delete("v-1"));
        assertThrows(NoSuchRefException.class, () -> refs.tags().update("v-1", null, 1));
        assertThrows(NoSuchRefException.class, () -> refs.tags().get("v-1"));
    }

    @Test
    void aTagNamesAVersionThatIsThere() throws IOException {
        createVersions(1);
        assertThrows(NoSuchRefException.class, () -> refs.tags().create("x", null, 2));
        assertThrows(NoSuchRefException.class, () -> refs.tags().create("x", "nobranch", 1));
        assertEquals(Map.of(), refs.tags().list());
    }

    @Test
    void oneOfManyMakesATag() throws Exception {
        createVersions(2);
        List<Callable<String>> callers = List.of(
                () -> created(1), () -> created(2), () -> created(1), () -> created(2), () -> created(1));
        int made = 0;
        for (Future<String> future : session.ioExecutor().invokeAll(callers)) {
            made += future.get().equals("made") ? 1 : 0;
        }
        assertEquals(1, made);
    }

    private String created(long version) throws IOException {
        try {
            refs.tags().create("same", null, version);
            return "made";
        } catch (RefConflictException e) {
            return "taken";
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".a", "a.", "a..b", "a/b", "x.lock", "a b", "%", "ü", "a\\b", "a\n"})
    void namesThatNoNewTagMayHaveAreRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> refs.tags().create(name, null, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "main", "a//b", "/a", "a/", "a..b", "x.lock", "a b", "a\\b", "a%b", "a/./b"})
    void namesThatNoBranchMayHaveAreRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> refs.branches().find(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"b1", "a/b", ".x", "x.", "x.lock/y", "ü", "HEAD", "1", "main/x", "x/main", "a/.b"})
    void namesThatTheReferenceAllowsABranchAreAllowed(String name) throws IOException {
        assertTrue(refs.branches().find(name).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "[]", "{\"version\":1}x", "{\"version\":1,\"version\":2}", "{\"version\":-1}", "{\"version\":\"1\"}",
                "{\"version\":1.5}", "{\"version\":18446744073709551616}", "{\"version\":01}", "{}", "{\"version\":1,}",
                "{\"version\":1,\"branch\":3}", "{\"version\":1,\"createdAt\":\"yesterday\"}",
                "{\"version\":1,\"metadata\":{\"a\":1}}", "{\"version\":1,\"x\":\"\\u12g4\"}", "{\"version\":1,\"x\":\"\\u+123\"}", "{\"a\":\"\u0001\"}",
                "{\"version\":1,\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"
            })
    void damagedTagsAreReportedByName(String text) throws IOException {
        put("_refs/tags/bad.json", text);
        var e = assertThrows(CorruptFileException.class, () -> refs.tags().list());
        assertTrue(e.getMessage().startsWith("_refs/tags/bad.json"), e.getMessage());
    }

    @Test
    void otherFilesBesideTagsAreNoTags() throws IOException {
        put("_refs/tags/v1.json", TAG);
        put("_refs/tags/v2.json#1", "half");
        put("_refs/tags/notes.txt", "x");
        assertEquals(Set.of("v1"), refs.tags().list().keySet());
    }
}
