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
