// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.ArrowSchemas;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.ColumnValues;

/// The expressions of `testdata/filters`, with the types and values that the reference gives each.
class ReferenceProjectionsTest {
    private static final Path FOLDER = Path.of(System.getProperty("joust.repository.root"), "testdata", "filters");

    private static Batch read(String name, ArrowMemory memory, ArrowFileReader reader) throws IOException {
        assertTrue(reader.loadNextBatch(), name);
        return ArrowBatches.toBatch(reader.getVectorSchemaRoot(), ArrowSchemas.fromArrow(reader.getVectorSchemaRoot().getSchema(), reader), memory, reader);
    }

    private static @Nullable String difference(ColumnBuffers expected, ColumnBuffers actual) {
        if (!Types.value(expected.field().type()).equals(Types.value(actual.field().type()))) {
            return actual.field().type() + " instead of " + expected.field().type();
        }
        for (int row = 0; row < expected.rowCount(); row++) {
            Object one = ColumnValues.get(expected, row);
            Object other = ColumnValues.get(actual, row);
            boolean equal = Objects.deepEquals(one, other);
            if (!equal) {
                return "row " + row + ": " + other + " instead of " + one;
            }
        }
        return null;
    }

    @Test
    void everyExpressionHasTheTypeAndValuesThatTheReferenceGives() throws IOException {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        try (ArrowMemory memory = new ArrowMemory(64 << 20);
                ArrowFileReader rowsReader = new ArrowFileReader(
                        Files.newByteChannel(FOLDER.resolve("projection_rows.arrow")), memory.allocator());
                ArrowFileReader expectedReader = new ArrowFileReader(
                        Files.newByteChannel(FOLDER.resolve("projections.arrow")), memory.allocator());
                Batch rows = read("rows", memory, rowsReader);
                Batch expected = read("expected", memory, expectedReader)) {
            for (ColumnBuffers column : expected.columns()) {
                String text = column.field().name();
                count++;
                try (BufferSource source = memory.open()) {
                    Projection projection = Projection.of(
                            List.of(ExpressionParser.parseOutput(text, rows.schema(), Dialect.LANCE)), Map.of());
                    String difference = difference(column, projection.evaluate(rows, source).getFirst());
                    if (difference != null) {
                        wrong.add(text + ": " + difference);
                    }
                } catch (RuntimeException e) {
                    wrong.add(text + ": " + e);
                }
            }
            for (String text : Files.readAllLines(FOLDER.resolve("projections_refused.txt"))) {
                count++;
                try (BufferSource source = memory.open()) {
                    Projection projection = Projection.of(
                            List.of(ExpressionParser.parseOutput(text, rows.schema(), Dialect.LANCE)), Map.of());
                    projection.evaluate(rows, source);
                    wrong.add(text + ": answered, and refused by the reference");
                } catch (IllegalArgumentException e) {
                    assertTrue(e.getMessage() != null, text);
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
        assertTrue(count > 350, count + " expressions");
    }
}
