// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.PrimaryKey;
import dev.joust.format.schema.Schema;

class InsertedKeysTest {
    private static Field keyField(String name, LogicalType type) {
        return Field.required(name, type).withMetadata(Map.of(PrimaryKey.MARK, "true"));
    }

    private static Schema schema(Field... fields) {
        return new Schema(List.of(fields), Map.of()).withAssignedIds(3);
    }

    @Test
    void theFilterOfOneNumberIsTheReferences() {
        InsertedKeys keys = InsertedKeys.of(schema(keyField("k", new LogicalType.Int(64, true))));
        keys.add(List.of(50L));
        Operation.KeyFilter filter = keys.toFilter();
        assertEquals(List.of(3), filter.fieldIds());
        assertEquals(32_768, filter.bloom().sizeBytes());
        BitSet bits = BitSet.valueOf(filter.bloom().toByteArray());
        assertEquals(8, bits.cardinality());
        assertEquals(96_256, bits.nextSetBit(0));
        assertEquals(96_292, bits.nextSetBit(96_257));
        assertEquals(96_509, bits.length() - 1);
    }

    /// Bits that lance 14.0.2 set when it merged these keys.
    @Test
    void stringsBytesUnsignedAndCompositeKeysAreTheReferences() {
        assertBits(
                "{165120, 165161, 165208, 165247, 165254, 165294, 165338, 165350}",
                schema(keyField("k", new LogicalType.Utf8(false))),
                List.of("\u017c\u00f3\u0142w"));
        assertBits(
                "{29194, 29234, 29272, 29283, 29317, 29360, 29400, 29428}",
                schema(keyField("k", new LogicalType.Binary(false))),
                List.of(new byte[] {1, 0, 2}));
        assertBits(
                "{33812, 33825, 33877, 33889, 33930, 33977, 34010, 34026}",
                schema(keyField("k", new LogicalType.Int(32, false))),
                List.of((int) 4_000_000_000L));
        assertBits(
                "{162306, 162356, 162372, 162418, 162458, 162480, 162515, 162540}",
                schema(
                        positioned("k", new LogicalType.Utf8(false), 2),
                        positioned("j", new LogicalType.Int(32, true), 1)),
                List.of(-7, "x"));
    }

    private static Field positioned(String name, LogicalType type, int position) {
        return Field.required(name, type).withMetadata(Map.of(PrimaryKey.POSITION, String.valueOf(position)));
    }

    private static void assertBits(String expected, Schema schema, List<?> key) {
        InsertedKeys keys = InsertedKeys.of(schema);
        keys.add(key);
        assertEquals(
                expected,
                BitSet.valueOf(keys.toFilter().bloom().toByteArray()).toString());
    }

    @Test
    void numbersOfEitherWidthAreOneKeyAndUnsignedOnesAreNotNegative() {
        InsertedKeys narrow = InsertedKeys.of(schema(keyField("k", new LogicalType.Int(32, true))));
        narrow.add(List.of(-5));
        InsertedKeys wide = InsertedKeys.of(schema(keyField("k", new LogicalType.Int(64, true))));
        wide.add(List.of(-5L));
        assertEquals(wide.toFilter(), narrow.toFilter());
        InsertedKeys unsigned = InsertedKeys.of(schema(keyField("k", new LogicalType.Int(32, false))));
        unsigned.add(List.of(-5));
        assertFalse(unsigned.toFilter().equals(narrow.toFilter()));
    }

    @Test
    void keysThatCantBeRecordedAreNamed() {
        assertFalse(InsertedKeys.canRecord(schema(Field.required("k", new LogicalType.Int(64, true)))));
        assertFalse(InsertedKeys.canRecord(schema(keyField("k", new LogicalType.FloatingPoint(64)))));
        Schema composite = schema(
                keyField("a", new LogicalType.Utf8(false)), keyField("b", new LogicalType.Binary(false)));
        assertTrue(InsertedKeys.canRecord(composite));
        InsertedKeys keys = InsertedKeys.of(composite);
        keys.add(List.of("x", new byte[] {1}));
        assertThrows(IllegalArgumentException.class, () -> keys.add(List.of("x")));
        assertThrows(IllegalArgumentException.class, () -> keys.add(List.of("x", 1.5)));
    }
}
