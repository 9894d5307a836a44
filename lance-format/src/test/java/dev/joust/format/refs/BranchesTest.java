// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.refs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.MovedTables;
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.ScanOptions;
import dev.joust.format.table.TestRows;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.Durability;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;
import dev.joust.io.store.LocalObjectStore;
import dev.joust.io.store.MemoryObjectStore;
import dev.joust.testdata.ExpectedRows;
import dev.joust.testdata.GoldenTable;
import dev.joust.testdata.GoldenTables;

class BranchesTest {
    @TempDir
    private Path folder;

    private Session session;

    @BeforeEach
    void open() {
        session = Session.create();
    }

    @AfterEach
    void close() {
        session.close();
    }

    private static ObjectStore local(Path path) {
        return new LocalObjectStore(path, Durability.NONE);
    }

    private Dataset create(ObjectStore store) throws IOException {
        WriteOptions options = WriteOptions.DEFAULT.withMaxRowsPerFile(10);
        Dataset first =
                Dataset.create(session, store, TestRows.SCHEMA, TestRows.reader(session, 0, 30), options);
        return first.deleteRows(rows(0, 3), "three").append(TestRows.reader(session, 30, 10));
    }

    private static RowAddressSet rows(long fragment, int offset) {
        return RowAddressSet.builder().add(RowAddress.of(fragment, offset)).build();
    }

    private List<Long> ids(Dataset dataset) throws IOException {
        List<Long> ids = new ArrayList<>();
        try (BatchReader reader = dataset.scan(ScanOptions.ALL.withColumns(List.of("id")))) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                try (VectorSchemaRoot root =
                        ArrowBatches.toArrow(batch, ArrowMemory.of(session).allocator())) {
                    for (int row = 0; row < root.getRowCount(); row++) {
                        ids.add(((Number) root.getVector(0).getObject(row)).longValue());
                    }
                }
                batch.close();
            }
        }
        return ids;
    }

    private static List<Long> range(long start, long end, long... without) {
        return LongStream.range(start, end)
                .filter(id -> LongStream.of(without).noneMatch(left -> left == id))
                .boxed()
                .toList();
    }

    private static List<List<String>> rows(VectorSchemaRoot root) {
        List<List<String>> rows = new ArrayList<>();
        for (int row = 0; row < root.getRowCount(); row++) {
            int index = row;
            rows.add(root.getFieldVectors().stream()
                    .map(vector -> String.valueOf(vector.getObject(index)))
                    .toList());
        }
        return rows;
    }

    private void assertReads(Dataset dataset, ExpectedRows expected, String what) throws IOException {
        List<List<String>> found = new ArrayList<>();
        try (expected;
                BatchReader reader = dataset.scan(ScanOptions.ALL)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                try (VectorSchemaRoot root =
                        ArrowBatches.toArrow(batch, ArrowMemory.of(session).allocator())) {
                    found.addAll(rows(root));
                }
                batch.close();
            }
            assertEquals(rows(expected.root()), found, what);
        }
    }

    @Test
    void branchesOfTheReferenceAreCheckedOut() throws IOException {
        GoldenTable golden = GoldenTables.named("branches");
        Path moved = MovedTables.copy(golden, folder.resolve("case"));
        ObjectStore store = local(moved.resolve("data.lance"));
        Dataset main = Dataset.open(session, store);
        assertReads(main, golden.expected(), "main");
        assertEquals(Set.of("late", "try", "try/deeper"), main.refs().branches().list().keySet());
        for (String branch : main.refs().branches().list().keySet()) {
            Dataset checkedOut = main.checkout(Ref.branch(branch));
            assertEquals(branch, checkedOut.branch());
            assertReads(checkedOut, golden.expectedOfBranch(branch), branch);
            Dataset byFolder = Dataset.open(session, local(moved.resolve("data.lance/tree/" + branch)));
            assertReads(byFolder, golden.expectedOfBranch(branch), branch + " by its folder");
            assertEquals(main.version(), byFolder.checkout(Ref.branch("main")).version());
            assertEquals(3, byFolder.checkout(Ref.tag("on-try")).version());
        }
        assertEquals("try", main.refs().tags().get("on-try").branch());
        assertEquals(
                List.of("branch 'try'", "branch 'try/deeper'"),
                main.refs().referencedVersions(null).get(2L));
        assertEquals(List.of("tag 'on-try'"), main.refs().referencedVersions("try").get(3L));
    }

    @Test
    void whatIsWrittenToABranchIsOnThatBranchAlone() throws IOException {
        Path path = folder.resolve("t.lance");
        Dataset main = create(local(path));
        Dataset branch = main.createBranch("try/one", Ref.version(2));
        assertEquals("try/one", branch.branch());
        assertEquals(2, branch.version());
        assertEquals(range(0, 30, 3), ids(branch));
        Dataset appended = branch.append(TestRows.reader(session, 100, 5)).deleteRows(rows(1, 0), "ten");
        assertEquals(4, appended.version());
        List<Long> expected = new ArrayList<>(range(0, 30, 3, 10));
        expected.addAll(range(100, 105));
        assertEquals(expected, ids(appended));
        assertEquals(expected, ids(main.checkout(Ref.branch("try/one"))));
        assertEquals(3, main.refresh().version());
        assertEquals(range(0, 40, 3), ids(main.refresh()));
        assertTrue(Files.isDirectory(path.resolve("tree/try/one/data")));
        assertFalse(Files.exists(path.resolve("tree/try/one/_refs")));
    }

    @Test
    void aTagMadeOnABranchNamesAVersionOfIt() throws IOException {
        Dataset main = create(local(folder.resolve("t.lance")));
        Dataset branch = main.createBranch("b", Ref.version(3)).append(TestRows.reader(session, 100, 5));
        main.refs().tags().create("here", branch.branch(), branch.version());
        Dataset there = main.checkout(Ref.tag("here"));
        assertEquals("b", there.branch());
        assertEquals(4, there.version());
        assertThrows(NoSuchFileException.class, () -> main.checkout(Ref.version(4)));
        assertEquals(3, branch.checkout(Ref.version(3)).version());
        assertThrows(NoSuchFileException.class, () -> branch.checkout(Ref.version(1)));
        assertThrows(NoSuchRefException.class, () -> main.checkout(Ref.branch("none")));
        assertThrows(NoSuchRefException.class, () -> main.checkout(Ref.tag("none")));
    }

    @Test
    void aBranchThatOthersNeedStaysUntilTheyAreGone() throws IOException {
        Path path = folder.resolve("t.lance");
        Dataset main = create(local(path));
        Dataset outer = main.createBranch("b", Ref.version(3)).append(TestRows.reader(session, 100, 5));
        Dataset inner = outer.createBranch("b/in", new Ref.OnBranch("b", null));
        Branches branches = main.refs().branches();
        assertEquals(List.of(3L, 4L), branches.get("b/in").identifier().forks().stream()
                .map(BranchIdentifier.Fork::version)
                .toList());
        assertTrue(assertThrows(RefConflictException.class, () -> branches.delete("b"))
                .getMessage()
                .contains("branch 'b/in'"));
        Dataset other = main.createBranch("b/other", Ref.version(2));
        branches.delete("b/in");
        main.refs().tags().create("t", "b", 4);
        assertThrows(RefConflictException.class, () -> branches.delete("b"));
        main.refs().tags().delete("t");
        branches.delete("b");
        assertThrows(NoSuchRefException.class, () -> branches.delete("b"));
        assertEquals(Set.of("b/other"), branches.list().keySet());
        assertEquals(range(0, 30, 3), ids(other));
        assertFalse(Files.exists(path.resolve("tree/b/_versions")));
        assertFalse(Files.exists(path.resolve("tree/b/in")));
        assertEquals(4, inner.version());
        branches.delete("b/other");
        assertFalse(Files.exists(path.resolve("tree")));
        assertEquals(2, main.createBranch("b", Ref.version(2)).version());
    }

    @Test
    void oneOfManyMakesABranch() throws Exception {
        Dataset main = create(local(folder.resolve("t.lance")));
        List<Future<Boolean>> futures = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            long version = 1L + i % 3;
            futures.add(session.ioExecutor().submit(() -> {
                try {
                    main.createBranch("same", Ref.version(version));
                    return true;
                } catch (RefConflictException e) {
                    return false;
                }
            }));
        }
        int made = 0;
        for (Future<Boolean> future : futures) {
            made += future.get() ? 1 : 0;
        }
        assertEquals(1, made);
        Branch branch = main.refs().branches().get("same");
        Dataset checkedOut = main.checkout(Ref.branch("same"));
        assertEquals(branch.parentVersion(), checkedOut.version());
        assertEquals(ids(main.checkout(Ref.version(branch.parentVersion()))), ids(checkedOut));
    }

    @Test
    void whatWasLeftOfABranchIsDeletedByForce() throws IOException {
        Dataset main = create(local(folder.resolve("t.lance")));
        main.createBranch("b", Ref.version(2));
        Files.delete(folder.resolve("t.lance/_refs/branches/b.json"));
        assertThrows(NoSuchRefException.class, () -> main.checkout(Ref.branch("b")));
        assertThrows(RefConflictException.class, () -> main.createBranch("b", Ref.version(1)));
        assertThrows(NoSuchRefException.class, () -> main.refs().branches().delete("b"));
        main.refs().branches().deleteByForce("b");
        assertEquals(1, main.createBranch("b", Ref.version(1)).version());
    }

    @Test
    void branchesWorkInMemoryToo() throws IOException {
        Dataset main = create(new MemoryObjectStore());
        Dataset branch = main.createBranch("b", Ref.version(1)).append(TestRows.reader(session, 100, 1));
        assertEquals(31, ids(branch).size());
        assertNull(branch.checkout(Ref.branch("main")).branch());
        assertEquals(3, branch.checkout(Ref.branch("main")).version());
    }

    @Test
    void anOldVersionIsRestoredOnItsBranch() throws IOException {
        Dataset main = create(local(folder.resolve("t.lance")));
        Dataset branch = main.createBranch("b", Ref.version(2)).append(TestRows.reader(session, 100, 5));
        Dataset restored = branch.checkout(Ref.version(2)).restore();
        assertEquals(4, restored.version());
        assertEquals("b", restored.branch());
        assertEquals(range(0, 30, 3), ids(restored));
        assertEquals(5, main.checkout(Ref.version(1)).restore().append(TestRows.reader(session, 0, 1)).version());
    }

    @ParameterizedTest
    @ValueSource(strings = {"clones", "base-paths"})
    void tablesOfTheReferenceWithFilesElsewhereAreRead(String name) throws IOException {
        GoldenTable golden = GoldenTables.named(name);
        Path moved = MovedTables.copy(golden, folder.resolve("case"));
        ObjectStore store = local(moved.resolve("data.lance"));
        assertReads(Dataset.open(session, store), golden.expected(), "newest");
        for (long version : golden.olderVersions()) {
            assertReads(Dataset.openAt(session, store, version), golden.expected(version), "version " + version);
        }
        Dataset copy = Dataset.open(session, store).deepClone(local(folder.resolve("copy.lance")));
        assertReads(copy, golden.expected(), "deep clone");
        Dataset clone = Dataset.open(session, store).shallowClone(local(folder.resolve("clone.lance")));
        assertReads(clone, golden.expected(), "shallow clone");
        assertEquals(clone.version(), copy.version());
        assertEquals(List.of(), copy.manifest().basePaths());
    }

    @Test
    void aCloneOfACloneReadsFilesOfBoth() throws IOException {
        Dataset source = create(local(folder.resolve("a.lance")));
        Dataset first = source.shallowClone(local(folder.resolve("b.lance")))
                .append(TestRows.reader(session, 50, 2))
                .deleteRows(rows(2, 1), "21");
        Dataset second = first.shallowClone(local(folder.resolve("c.lance")))
                .append(TestRows.reader(session, 60, 2))
                .deleteRows(rows(1, 1), "11");
        List<Long> expected = new ArrayList<>(range(0, 40, 3, 21, 11));
        expected.addAll(List.of(50L, 51L, 60L, 61L));
        assertEquals(expected, ids(second));
        assertEquals(List.of(0, 1), second.manifest().basePaths().stream().map(base -> base.id()).toList());
        Dataset copy = second.deepClone(local(folder.resolve("d.lance")));
        for (String gone : List.of("a.lance", "b.lance", "c.lance")) {
            Files.move(folder.resolve(gone), folder.resolve("gone-" + gone));
        }
        session.close();
        session = Session.create();
        assertEquals(expected, ids(Dataset.open(session, local(folder.resolve("d.lance")))));
        assertThrows(
                NoSuchFileException.class,
                () -> ids(Dataset.open(session, local(folder.resolve("gone-c.lance")))));
        assertEquals(copy.version(), second.version());
    }

    @Test
    void aCloneDoesNotGoWhereATableIs() throws IOException {
        Dataset source = create(local(folder.resolve("a.lance")));
        create(local(folder.resolve("b.lance")));
        assertThrows(
                IllegalArgumentException.class, () -> source.shallowClone(local(folder.resolve("b.lance"))));
        assertThrows(IllegalArgumentException.class, () -> source.deepClone(local(folder.resolve("b.lance"))));
    }
}
