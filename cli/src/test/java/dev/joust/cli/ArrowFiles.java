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
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.compare.VectorEqualsVisitor;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.util.VectorSchemaRootAppender;

import dev.joust.testdata.ExpectedRows;

/// An Arrow file, all batches of it in one.
record ArrowFiles(BufferAllocator allocator, ArrowFileReader reader, VectorSchemaRoot root) implements AutoCloseable {
    static ArrowFiles read(Path file) throws IOException {
        BufferAllocator allocator = new RootAllocator();
        try (FileChannel channel = FileChannel.open(file)) {
            ArrowFileReader reader = new ArrowFileReader(channel, allocator);
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
            return new ArrowFiles(allocator, reader, all);
        }
    }

    /// Schema, metadata and every value are equal.
    static void assertRowsEqual(ExpectedRows expected, Path file) throws IOException {
        try (ArrowFiles actual = read(file)) {
            assertEquals("", difference(expected.root(), expected.dictionaries(), actual.root(), actual.reader()));
        }
    }

    /// What differs first; empty where nothing does.
    static String difference(
            VectorSchemaRoot expected, DictionaryProvider expectedDictionaries, VectorSchemaRoot actual, DictionaryProvider actualDictionaries) {
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
            DictionaryEncoding encoding = a.getField().getDictionary();
            if (encoding == null) {
                compare(a, b, differences);
                continue;
            }
            try (ValueVector decodedA = DictionaryEncoder.decode(a, expectedDictionaries.lookup(encoding.getId()));
                    ValueVector decodedB = DictionaryEncoder.decode(b, actualDictionaries.lookup(encoding.getId()))) {
                compare(decodedA, decodedB, differences);
            }
        }
        return String.join("; ", differences);
    }

    private static void compare(ValueVector a, ValueVector b, List<String> differences) {
        if (VectorEqualsVisitor.vectorEquals(a, b)) {
            return;
        }
        for (int row = 0; row < a.getValueCount(); row++) {
            if (!Objects.deepEquals(a.getObject(row), b.getObject(row))) {
                differences.add(a.getName() + ", row " + row + ": " + b.getObject(row) + " instead of " + a.getObject(row));
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        root.close();
        reader.close();
        allocator.close();
    }
}
