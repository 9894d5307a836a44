// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.refs.Ref;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.Fault;
import dev.joust.io.internal.wrap.FaultyObjectStore;
import dev.joust.io.internal.wrap.StoreRequest;
import dev.joust.io.store.MemoryObjectStore;

/// Whole tables copied: what arrives, what a stopped copy leaves, and what is refused.
class TableCopyTest {
    private static final TableCopy.Progress SILENT = (_, _) -> {};

    private final ObjectStore source = new MemoryObjectStore();
    private final ObjectStore target = new MemoryObjectStore();
    private Session session;

    @BeforeEach
    void open() throws IOException {
        session = Session.create();
        Dataset one = Dataset.create(session, source, TestRows.SCHEMA, TestRows.reader(session, 0, 20),
                WriteOptions.DEFAULT.withMaxRowsPerFile(10));
        one.deleteRows(RowAddressSet.of(3), "id = 3").append(TestRows.reader(session, 20, 5));
    }

    @AfterEach
    void close() {
        session.close();
    }

    private static List<String> paths(ObjectStore store) throws IOException {
        return store.list(ObjectPath.ROOT).stream().map(meta -> meta.path().value()).sorted().toList();
    }

    private void assertCopied() throws IOException {
        assertEquals(paths(source), paths(target));
        for (ObjectMeta meta : source.list(ObjectPath.ROOT)) {
            assertArrayEquals(source.readAll(meta.path(), 1 << 20), target.readAll(meta.path(), 1 << 20), meta.path().value());
        }
        for (VersionInfo version : Dataset.open(session, source).versions()) {
            assertEquals(
                    TestRows.ids(Dataset.open(session, source).checkout(Ref.version(version.version()))),
                    TestRows.ids(Dataset.open(session, target).checkout(Ref.version(version.version()))));
        }
    }

    @Test
    void everyFileAndVersionArrives() throws IOException {
        TableCopy.Result result = TableCopy.copy(session, source, target, SILENT);
        assertEquals(3, result.versionCount());
        assertEquals(paths(source).size(), result.fileCount());
        assertEquals(0, result.skippedCount());
        assertCopied();
    }

    @Test
    void aSecondCopyTakesWhatIsNew() throws IOException {
        TableCopy.copy(session, source, target, SILENT);
        assertEquals(0, TableCopy.copy(session, source, target, SILENT).fileCount());
        Dataset.open(session, source).append(TestRows.reader(session, 30, 5));
        TableCopy.Result result = TableCopy.copy(session, source, target, SILENT);
        assertTrue(result.fileCount() > 0 && result.fileCount() <= 3, result::toString);
        assertEquals(4, result.versionCount());
        assertCopied();
    }

    /// Wherever it stops: each version that shows is whole, and the next copy completes it.
    @Test
    void aCopyThatStopsShowsNothingHalfAndGoesOn() throws IOException {
        for (StoreRequest.Kind kind : List.of(StoreRequest.Kind.FINISH, StoreRequest.Kind.PUT_IF_ABSENT)) {
            for (int n = 1; n <= 3; n++) {
                MemoryObjectStore stopped = new MemoryObjectStore();
                ObjectStore failing = new FaultyObjectStore(stopped, FaultyObjectStore.onNth(kind, n, new Fault.Fail()));
                assertThrows(IOException.class, () -> TableCopy.copy(session, source, failing, SILENT));
                Set<String> there = Set.copyOf(paths(stopped));
                if (there.stream().anyMatch(path -> path.startsWith("_versions/"))) {
                    for (VersionInfo version : Dataset.open(session, stopped).versions()) {
                        assertEquals(
                                TestRows.ids(Dataset.open(session, source).checkout(Ref.version(version.version()))),
                                TestRows.ids(Dataset.open(session, stopped).checkout(Ref.version(version.version()))));
                    }
                }
                TableCopy.Result result = TableCopy.copy(session, source, stopped, SILENT);
                assertEquals(paths(source).size(), result.fileCount() + result.skippedCount());
                assertEquals(paths(source), paths(stopped));
            }
        }
    }

    @Test
    void anotherTableIsNotWrittenOver() throws IOException {
        Dataset.create(session, target, TestRows.SCHEMA, TestRows.reader(session, 0, 20), WriteOptions.DEFAULT);
        List<String> before = paths(target);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> TableCopy.copy(session, source, target, SILENT))
                .getMessage().contains("another table"));
        assertEquals(before, paths(target));
    }

    @Test
    void aCopyThatWasWrittenToIsNotBroughtUpToDate() throws IOException {
        TableCopy.copy(session, source, target, SILENT);
        Dataset.open(session, target).append(TestRows.reader(session, 30, 5));
        assertThrows(IllegalArgumentException.class, () -> TableCopy.copy(session, source, target, SILENT));
    }

    @Test
    void whatIsNoTableOrTheSameIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> TableCopy.copy(session, target, source, SILENT));
        assertThrows(IllegalArgumentException.class, () -> TableCopy.copy(session, source, source, SILENT));
    }

    @Test
    void aFileOfAnotherLengthIsCopiedAnew() throws IOException {
        String data = paths(source).stream().filter(path -> path.startsWith("data/")).findFirst().orElseThrow();
        target.put(ObjectPath.of(data), new byte[] {1, 2, 3});
        TableCopy.copy(session, source, target, SILENT);
        assertCopied();
    }
}
