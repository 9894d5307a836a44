// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.SplittableRandom;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.RepeatedTest;

import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.ArrowSchemas;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.schema.Schema;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;
import dev.joust.io.store.MemoryObjectStore;
import dev.joust.testdata.RandomBatches;
import dev.joust.testdata.SameRows;

/// Any columns, cut in any way into batches and pages, read back as they were. (That the format is right is for the
/// differential suite to show: here writer and reader are both ours.)
class FileRoundTripTest {
    private static final ObjectPath PATH = ObjectPath.of("data/random.lance");
    private static final int MAX_ROWS = 9000;
    private static final FileVersion[] WRITTEN = {FileVersion.V2_0, FileVersion.V2_1, FileVersion.V2_2};

    @RepeatedTest(25)
    void randomRowsReadBackAsTheyWere() throws IOException {
        RandomBatches batches = RandomBatches.create();
        SplittableRandom random = batches.random();
        FileVersion version = WRITTEN[random.nextInt(WRITTEN.length)];
        var drawn = batches.anySchema(random.nextInt(1, 9), version == FileVersion.V2_2);
        var arrowSchema = version == FileVersion.V2_0 ? withoutNullStructs(drawn) : drawn;
        int rowCount = (int) Math.pow(MAX_ROWS, random.nextDouble());
        int pageSizeBytes = 1 << random.nextInt(4, 24);
        String what = "-Djoust.seed=" + batches.seed() + ": " + rowCount + " rows of " + arrowSchema + " in pages of "
                + pageSizeBytes + " bytes, file " + version;
        try (Session session = Session.create();
                MemoryObjectStore store = new MemoryObjectStore();
                VectorSchemaRoot expected =
                        batches.rows(arrowSchema, rowCount, ArrowMemory.of(session).allocator())) {
            ArrowMemory memory = ArrowMemory.of(session);
            Schema schema = ArrowSchemas.fromArrow(arrowSchema).withAssignedIds(0);
            FileWriteOptions options =
                    FileWriteOptions.DEFAULT.withVersion(version).withPageSizeBytes(pageSizeBytes);
            WrittenFile written;
            try (LanceFileWriter writer = LanceFileWriter.create(session, store, PATH, schema, options)) {
                writeInRandomCuts(expected, schema, memory, random, writer);
                written = writer.finish();
            }
            assertEquals(rowCount, written.rowCount(), what);
            try (LanceFileReader reader = LanceFileReader.open(session, store, PATH, written.sizeBytes())) {
                assertEquals(version, reader.version(), what);
                assertEquals(schema, reader.schema(), what);
                checkScan(reader, expected, memory, random.nextInt(1, 3000), what);
                checkTake(reader, expected, memory, random, what);
            }
        }
    }

    /// Files of 2.0 hold no null structs.
    private static org.apache.arrow.vector.types.pojo.Schema withoutNullStructs(
            org.apache.arrow.vector.types.pojo.Schema schema) {
        return new org.apache.arrow.vector.types.pojo.Schema(schema.getFields().stream()
                .map(FileRoundTripTest::withoutNullStructs)
                .toList());
    }

    private static Field withoutNullStructs(Field field) {
        boolean nullable = field.isNullable() && !(field.getType() instanceof ArrowType.Struct);
        return new Field(
                field.getName(),
                new FieldType(nullable, field.getType(), null, field.getMetadata()),
                field.getChildren().stream()
                        .map(FileRoundTripTest::withoutNullStructs)
                        .toList());
    }

    private static void writeInRandomCuts(
            VectorSchemaRoot rows, Schema schema, ArrowMemory memory, SplittableRandom random, LanceFileWriter writer)
            throws IOException {
        int start = 0;
        while (start < rows.getRowCount()) {
            int count = random.nextInt(1, rows.getRowCount() - start + 1);
            count = random.nextBoolean() ? count : Math.min(count, random.nextInt(1, 100));
            if (random.nextInt(4) == 0) { // a range of a larger batch
                try (Batch batch = ArrowBatches.toBatch(rows, schema, memory)) {
                    writer.write(batch, start, start + count);
                }
                start += count;
                continue;
            }
            try (VectorSchemaRoot slice = rows.slice(start, count);
                    Batch batch = ArrowBatches.toBatch(slice, schema, memory)) {
                writer.write(batch);
            }
            start += count;
        }
    }

    private static void checkScan(
            LanceFileReader reader, VectorSchemaRoot expected, ArrowMemory memory, int batchRowCount, String what)
            throws IOException {
        int row = 0;
        try (BatchReader scan = reader.scan(reader.projection(), 0, reader.rowCount(), batchRowCount, memory)) {
            for (Batch batch = scan.next(); batch != null; batch = scan.next()) {
                int first = row;
                row += batch.rowCount();
                checkRows(batch, expected, memory.allocator(), i -> first + i, what);
            }
        }
        assertEquals(expected.getRowCount(), row, what);
    }

    private static void checkTake(
            LanceFileReader reader, VectorSchemaRoot expected, ArrowMemory memory, SplittableRandom random, String what)
            throws IOException {
        long[] rows = random.longs(50, 0, expected.getRowCount()).toArray();
        try (Batch batch = reader.take(reader.projection(), rows, memory)) {
            checkRows(batch, expected, memory.allocator(), i -> (int) rows[i], what);
        }
    }

    private interface RowNumbers {
        int of(int rowInBatch);
    }

    /// Compares row for row, bit for bit, leaving out what lies under nulls. Closes the batch.
    private static void checkRows(
            Batch batch, VectorSchemaRoot expected, BufferAllocator allocator, RowNumbers rows, String what) {
        try (batch;
                VectorSchemaRoot found = ArrowBatches.toArrow(batch, allocator)) {
            for (FieldVector vector : found.getFieldVectors()) {
                FieldVector original = expected.getVector(vector.getName());
                SameRows rowsOf = new SameRows(original, vector);
                for (int i = 0; i < batch.rowCount(); i++) {
                    int row = rows.of(i);
                    assertTrue(
                            rowsOf.same(row, i),
                            () -> what + ": column " + vector.getName() + " row " + row + ": "
                                    + original.getObject(row));
                }
            }
        }
    }
}
