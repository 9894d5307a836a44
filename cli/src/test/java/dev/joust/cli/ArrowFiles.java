// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.compare.VectorEqualsVisitor;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.util.VectorSchemaRootAppender;

/// An Arrow file, all batches of it in one.
record ArrowFiles(BufferAllocator allocator, VectorSchemaRoot root) implements AutoCloseable {
    static ArrowFiles read(Path file) throws IOException {
        BufferAllocator allocator = new RootAllocator();
        try (FileChannel channel = FileChannel.open(file);
                ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
            VectorSchemaRoot next = reader.getVectorSchemaRoot();
            VectorSchemaRoot all = VectorSchemaRoot.create(next.getSchema(), allocator);
            all.allocateNew();
            all.setRowCount(0);
            // the appender does not know large lists: a first batch is loaded instead
            if (reader.loadNextBatch()) {
                try (ArrowRecordBatch first = new VectorUnloader(next).getRecordBatch()) {
                    new VectorLoader(all).load(first);
                }
            }
            while (reader.loadNextBatch()) {
                VectorSchemaRootAppender.append(all, next);
            }
            return new ArrowFiles(allocator, all);
        }
    }

    /// Schema, metadata and every value are equal.
    static void assertRowsEqual(VectorSchemaRoot expected, Path file) throws IOException {
        try (ArrowFiles actual = read(file)) {
            assertEquals("", difference(expected, actual.root()));
        }
    }

    /// What differs first; empty where nothing does.
    static String difference(VectorSchemaRoot expected, VectorSchemaRoot actual) {
        if (!expected.getSchema().equals(actual.getSchema())) {
            return "schema " + actual.getSchema() + " instead of " + expected.getSchema();
        }
        if (expected.getRowCount() != actual.getRowCount()) {
            return actual.getRowCount() + " rows instead of " + expected.getRowCount();
        }
        List<String> differences = new ArrayList<>();
        for (int column = 0; column < expected.getFieldVectors().size(); column++) {
            FieldVector a = expected.getVector(column);
            FieldVector b = actual.getVector(column);
            if (!VectorEqualsVisitor.vectorEquals(a, b)) {
                for (int row = 0; row < expected.getRowCount(); row++) {
                    if (!Objects.deepEquals(a.getObject(row), b.getObject(row))) {
                        differences.add(a.getName() + ", row " + row + ": " + b.getObject(row) + " instead of " + a.getObject(row));
                        break;
                    }
                }
            }
        }
        return String.join("; ", differences);
    }

    @Override
    public void close() {
        root.close();
        allocator.close();
    }
}
