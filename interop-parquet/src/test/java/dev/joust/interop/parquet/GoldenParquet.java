// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;
import org.apache.arrow.vector.ipc.ArrowFileReader;

import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.ArrowSchemas;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.testdata.GoldenTables;

/// The golden files, and comparison with the rows that belong to them.
final class GoldenParquet {
    private GoldenParquet() {}

    static Path folder() {
        return GoldenTables.directory().resolveSibling("parquet");
    }

    static Path file(String name) {
        return folder().resolve(name + ".parquet");
    }

    static List<String> names() {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".parquet"))
                    .map(name -> name.substring(0, name.length() - ".parquet".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Fails unless the reader has exactly the rows and columns expected of the golden file.
    static void assertRows(String name, BatchReader reader, ArrowMemory memory) throws IOException {
        try (FileChannel channel = FileChannel.open(folder().resolve(name + ".arrow"));
                ArrowFileReader file = new ArrowFileReader(channel, memory.allocator())) {
            assertTrue(file.loadNextBatch());
            VectorSchemaRoot expected = file.getVectorSchemaRoot();
            assertEquals(expected.getSchema().toString(), ArrowSchemas.toArrow(reader.schema()).toString(), name);
            int row = 0;
            for (Batch next = reader.next(); next != null; next = reader.next()) {
                try (Batch batch = next;
                        VectorSchemaRoot actual = ArrowBatches.toArrow(batch, memory.allocator())) {
                    for (FieldVector vector : actual.getFieldVectors()) {
                        FieldVector want = expected.getVector(vector.getName());
                        boolean same = row + batch.rowCount() <= want.getValueCount()
                                && new RangeEqualsVisitor(want, vector, null).rangeEquals(new Range(row, 0, batch.rowCount()));
                        assertTrue(same, () -> name + ", column " + vector.getField() + ": " + vector + " instead of " + want);
                    }
                    row += batch.rowCount();
                }
            }
            assertEquals(expected.getRowCount(), row, name);
        }
    }
}
