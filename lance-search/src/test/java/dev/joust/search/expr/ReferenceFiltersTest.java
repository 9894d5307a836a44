// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.junit.jupiter.api.Test;

import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;

/// The filters of `testdata/filters`, with the rows that the reference found for each.
class ReferenceFiltersTest {
    private static final Path FOLDER = Path.of(System.getProperty("joust.repository.root"), "testdata", "filters");

    /// Read by the reference up to a whole expression, the rest passed over; refused here.
    private static final Set<String> TRAILING = Set.of("i32 > 1)", "i32 > 1; i32 < 2", "i32 > 1_000");

    /// Refused by the reference and answered here.
    private static final Map<String, String> WIDER = Map.of("trim(s) = 'a'", "1");

    private static Batch withRowIds(Batch rows, ArrowMemory memory) {
        List<ColumnBuffers> columns = new ArrayList<>(rows.columns());
        for (String name : List.of("_rowid", "_rowaddr")) {
            ColumnBuilder ids = ColumnBuilder.of(Field.required(name, new LogicalType.Int(64, false)));
            for (int i = 0; i < rows.rowCount(); i++) {
                ids.append(i);
            }
            columns.add(ids.build(rows.memory()));
        }
        assertTrue(memory.allocatedBytes() > 0);
        return Batch.of(rows.rowCount(), columns, rows.memory());
    }

    @Test
    void everyFilterFindsTheRowsThatTheReferenceFinds() throws IOException {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        try (ArrowMemory memory = new ArrowMemory(16 << 20);
                ArrowFileReader reader = new ArrowFileReader(
                        Files.newByteChannel(FOLDER.resolve("rows.arrow")), memory.allocator())) {
            reader.loadNextBatch();
            try (Batch read = ArrowBatches.toBatch(reader.getVectorSchemaRoot(), memory);
                    Batch rows = withRowIds(read, memory)) {
                Schema schema = rows.schema();
                for (String line : Files.readAllLines(FOLDER.resolve("cases.tsv"))) {
                    int tab = line.lastIndexOf('\t');
                    String filter = line.substring(0, tab);
                    String expected = WIDER.getOrDefault(filter, line.substring(tab + 1));
                    if (TRAILING.contains(filter)) {
                        expected = "error";
                    }
                    String found = answer(filter, schema, rows);
                    count++;
                    if (!(expected.equals("error") ? found.startsWith("error") : found.equals(expected))) {
                        wrong.add(filter + "\n   expected " + expected + "\n   found    " + found);
                    }
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
        assertTrue(count > 350, count + " filters");
    }

    private static String answer(String filter, Schema schema, Batch rows) {
        BitSet selected;
        try {
            selected = new ExpressionEvaluator(ExpressionParser.parseFilter(filter, schema)).select(rows);
        } catch (IllegalArgumentException e) {
            return "error: " + e.getMessage();
        }
        return selected.stream().mapToObj(Integer::toString).collect(Collectors.joining(","));
    }
}
