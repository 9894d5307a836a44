// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.joust.format.CorruptFileException;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;

class JsonTextTest {
    private static final byte[] OBJECT = HexFormat.of().parseHex("400000011000000120000002615001");
    private static final byte[] TRUE = HexFormat.of().parseHex("2000000040000000");
    private static final Field JSON = new Field(
            1, "j", new LogicalType.Json(), true, List.of(), Map.of(Field.EXTENSION_NAME, "lance.json", "kept", "yes"));

    @Test
    void jsonIsTextWithTheExtensionOfArrow() {
        Schema schema = Schema.of(
                Field.required("id", new LogicalType.Int(32, true)),
                JSON,
                new Field(2, "list", new LogicalType.List(false, false), true, List.of(JSON), Map.of()));
        List<Object[]> rows = List.of(
                new Object[] {1, OBJECT, Arrays.asList(TRUE, null)},
                new Object[] {2, null, List.of()},
                new Object[] {3, TRUE, null});
        try (ArrowMemory memory = new ArrowMemory(1 << 20);
                Batch stored = ColumnBuilder.batch(schema, rows, memory)) {
            Batch text = JsonText.decode(stored);
            assertEquals(JsonText.decoded(schema).fields(), text.schema().fields());
            assertEquals(
                    Map.of(Field.EXTENSION_NAME, "arrow.json", "kept", "yes"),
                    text.column("j").field().metadata());
            assertEquals("{\"a\":1}", ColumnValues.get(text.column("j"), 0));
            assertEquals(null, ColumnValues.get(text.column("j"), 1));
            assertEquals("true", ColumnValues.get(text.column("j"), 2));
            assertEquals(Arrays.asList("true", null), ColumnValues.get(text.column("list"), 0));
            assertEquals(3, ColumnValues.get(text.column("id"), 2));
        }
    }

    @Test
    void otherBatchesStayAsTheyAre() {
        Schema schema = Schema.of(Field.required("id", new LogicalType.Int(32, true)));
        try (ArrowMemory memory = new ArrowMemory(1 << 20);
                Batch batch = ColumnBuilder.batch(schema, List.<Object[]>of(new Object[] {1}), memory)) {
            assertSame(batch, JsonText.decode(batch));
        }
    }

    @Test
    void damageNamesColumnAndRow() {
        try (ArrowMemory memory = new ArrowMemory(1 << 20);
                Batch batch = ColumnBuilder.batch(
                        Schema.of(JSON), List.of(new Object[] {OBJECT}, new Object[] {new byte[] {1}}), memory)) {
            String message = assertThrows(CorruptFileException.class, () -> JsonText.decode(batch)).getMessage();
            assertEquals("column j, row 1 of a batch: a JSONB value of 1 bytes ends too early", message);
        }
    }
}
