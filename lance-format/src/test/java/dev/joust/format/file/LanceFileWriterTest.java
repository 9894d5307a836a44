// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.file.AnnotatedFile;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;
import dev.joust.io.internal.wrap.Fault;
import dev.joust.io.internal.wrap.FaultyObjectStore;
import dev.joust.io.internal.wrap.StoreRequest;
import dev.joust.io.store.MemoryObjectStore;

class LanceFileWriterTest {
    private static final ObjectPath PATH = ObjectPath.of("data/a.lance");
    private static final Schema ONE_INT =
            Schema.of(Field.nullable("c", new LogicalType.Int(32, true))).withAssignedIds(0);

    private final Session session = Session.create();
    private final MemoryObjectStore store = new MemoryObjectStore();

    @AfterEach
    void closeSession() {
        session.close();
    }

    private LanceFileWriter writer(Schema schema, FileWriteOptions options) throws IOException {
        return LanceFileWriter.create(session, store, PATH, schema, options);
    }

    /// The file of the specification's appendix A, which the reference wrote.
    @Test
    void threeIntegersMakeTheFileThatTheReferenceMakes() throws IOException {
        WrittenFile written;
        try (LanceFileWriter writer = writer(ONE_INT, FileWriteOptions.DEFAULT)) {
            writer.write(TestColumns.batch(TestColumns.int32(ONE_INT.fields().getFirst(), 1, 2, 3)));
            written = writer.finish();
        }
        assertArrayEquals(AnnotatedFile.bytes(), store.readAll(PATH, 1 << 20));
        assertEquals(342, written.sizeBytes());
        assertEquals(3, written.rowCount());
        assertEquals(FileVersion.V2_2, written.version());
        assertArrayEquals(new int[] {0}, written.fieldIds());
        assertArrayEquals(new int[] {0}, written.columnIndices());
    }

    @Test
    void batchesInDifferentCutsMakeTheSameFile() throws IOException {
        Field field = ONE_INT.fields().getFirst();
        try (LanceFileWriter writer = writer(ONE_INT, FileWriteOptions.DEFAULT)) {
            writer.write(TestColumns.batch(TestColumns.int32(field, 1, null, 3, 4, 5, 6, 7, 8, null, 10)));
            writer.finish();
        }
        byte[] whole = store.readAll(PATH, 1 << 20);
        try (LanceFileWriter writer = writer(ONE_INT, FileWriteOptions.DEFAULT)) {
            writer.write(TestColumns.batch(TestColumns.int32(field, 1)));
            writer.write(TestColumns.batch(TestColumns.int32(field, null, 3, 4, 5, 6, 7)));
            writer.write(TestColumns.batch(TestColumns.int32(field, 8, null, 10)));
            writer.finish();
        }
        assertArrayEquals(whole, store.readAll(PATH, 1 << 20));
    }

    @Test
    void writerClosedWithoutFinishLeavesNothing() throws IOException {
        try (LanceFileWriter writer = writer(ONE_INT, FileWriteOptions.DEFAULT.withPageSizeBytes(1))) {
            writer.write(TestColumns.batch(TestColumns.int32(ONE_INT.fields().getFirst(), 1, 2, 3)));
        }
        assertEquals(List.of(), store.list(ObjectPath.ROOT));
    }

    @Test
    void writerWhoseStoreFailsRefusesMoreAndLeavesNothing() throws IOException {
        var faulty = new FaultyObjectStore(
                store, FaultyObjectStore.onNth(StoreRequest.Kind.FINISH, 1, new Fault.Fail()));
        try (LanceFileWriter writer =
                LanceFileWriter.create(session, faulty, PATH, ONE_INT, FileWriteOptions.DEFAULT)) {
            var batch = TestColumns.batch(TestColumns.int32(ONE_INT.fields().getFirst(), 1, 2, 3));
            writer.write(batch);
            IOException failure = assertThrows(IOException.class, writer::finish);
            assertTrue(failure.getMessage().contains(PATH.value()), failure.getMessage());
            assertThrows(IllegalStateException.class, () -> writer.write(batch));
            assertThrows(IllegalStateException.class, writer::finish);
        }
        assertEquals(List.of(), store.list(ObjectPath.ROOT));
    }

    @Test
    void batchOfOtherColumnsIsRefusedAndNothingOfItWritten() throws IOException {
        Field field = ONE_INT.fields().getFirst();
        try (LanceFileWriter writer = writer(ONE_INT, FileWriteOptions.DEFAULT)) {
            var strings = TestColumns.batch(
                    TestColumns.string(Field.nullable("c", new LogicalType.Utf8(false)), "a", "b"));
            assertThrows(IllegalArgumentException.class, () -> writer.write(strings));
            writer.write(TestColumns.batch(TestColumns.int32(field, 1, 2)));
            assertEquals(2, writer.finish().rowCount());
        }
    }

    @Test
    void nullInColumnWithoutNullsIsRefused() throws IOException {
        Schema schema = Schema.of(Field.required("c", new LogicalType.Int(32, true))).withAssignedIds(0);
        try (LanceFileWriter writer = writer(schema, FileWriteOptions.DEFAULT)) {
            var batch = TestColumns.batch(TestColumns.int32(schema.fields().getFirst(), 1, null));
            var failure = assertThrows(IllegalArgumentException.class, () -> writer.write(batch));
            assertTrue(failure.getMessage().contains("'c'"), failure.getMessage());
        }
    }

    @Test
    void typeThatIsNotWrittenIsRefusedByNameBeforeAnythingIsCreated() {
        Schema schema = new Schema(
                        List.of(new Field(
                                -1, "m", new LogicalType.Dictionary(new LogicalType.Date(32), new LogicalType.Int(8, true)), true, List.of(), Map.of())), Map.of())
                .withAssignedIds(0);
        var failure = assertThrows(
                UnsupportedFormatException.class, () -> writer(schema, FileWriteOptions.DEFAULT));
        assertTrue(failure.getMessage().contains("'m'"), failure.getMessage());
        assertTrue(failure.getMessage().contains("dict:date32"), failure.getMessage());
        assertEquals(List.of(), store.list(ObjectPath.ROOT));
    }

    @Test
    void versionThatIsNotWrittenIsRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> FileWriteOptions.DEFAULT.withVersion(FileVersion.V0_1));
    }
}
