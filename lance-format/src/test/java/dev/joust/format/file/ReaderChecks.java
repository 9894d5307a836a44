// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;

import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.PlainRows;
import dev.joust.testdata.ExpectedRows;

/// Compares what a reader reads with what the reference reads.
final class ReaderChecks implements AutoCloseable {
    private final ArrowMemory memory;
    private final LanceFileReader reader;
    private final PlainRows rows;
    private final VectorSchemaRoot expected;
    private final String what;

    ReaderChecks(ArrowMemory memory, LanceFileReader reader, ExpectedRows expected, String what) {
        this.memory = memory;
        this.reader = reader;
        this.rows = new PlainRows(expected);
        this.expected = rows.root();
        this.what = what;
    }

    @Override
    public void close() {
        rows.close();
    }

    /// Scans all columns and compares every row.
    void scan(int batchRowCount) throws IOException {
        scan(0, reader.rowCount(), batchRowCount);
    }

    void scan(long start, long end, int batchRowCount) throws IOException {
        try (BatchReader batches = reader.scan(reader.projection(), start, end, batchRowCount, memory)) {
            long row = start;
            for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
                try (Batch open = batch) {
                    assertEquals(reader.projection().fields().size(), open.columns().size(), what);
                    assertEquals(Math.min(batchRowCount, end - row), batch.rowCount(), what);
                    try (VectorSchemaRoot actual = ArrowBatches.toArrow(batch, memory.allocator())) {
                        for (int column = 0; column < expected.getFieldVectors().size(); column++) {
                            compare(column, row, actual.getVector(column), 0, batch.rowCount());
                        }
                    }
                    row += batch.rowCount();
                }
            }
            assertEquals(end, row, what);
        }
    }

    void takeAtRandom(Random random, int count) throws IOException {
        take(random.longs(count, 0, reader.rowCount()).toArray());
    }

    void take(long... rows) throws IOException {
        try (Batch batch = reader.take(reader.projection(), rows, memory);
                VectorSchemaRoot actual = ArrowBatches.toArrow(batch, memory.allocator())) {
            assertEquals(rows.length, batch.rowCount(), what);
            for (int column = 0; column < expected.getFieldVectors().size(); column++) {
                for (int i = 0; i < rows.length; i++) {
                    compare(column, rows[i], actual.getVector(column), i, 1);
                }
            }
        } catch (RuntimeException e) {
            throw new IllegalStateException(what + ": take of " + Arrays.toString(rows), e);
        }
    }

    private void compare(int column, long expectedRow, FieldVector actual, int actualRow, int count) {
        FieldVector wanted = expected.getVector(column);
        String where = what + ", column " + wanted.getName() + " " + wanted.getField().getType() + ", " + count
                + " rows from " + expectedRow;
        assertEquals(wanted.getField().getType(), actual.getField().getType(), where);
        RangeEqualsVisitor visitor = new RangeEqualsVisitor(wanted, actual, (left, right) -> true);
        if (!visitor.rangeEquals(new Range((int) expectedRow, actualRow, count))) {
            for (int i = 0; i < count; i++) {
                Object left = wanted.getObject((int) expectedRow + i);
                Object right = actual.getObject(actualRow + i);
                boolean same = visitor.rangeEquals(new Range((int) expectedRow + i, actualRow + i, 1));
                assertTrue(same, where + ": row " + (expectedRow + i) + " is " + text(right) + ", not " + text(left));
            }
            assertTrue(false, where + " differ");
        }
    }

    private static String text(Object value) {
        String text = value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
        return text.length() > 200 ? text.substring(0, 200) + "..." : text;
    }
}
