// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;

final class VectorColumnTest {
    private static final Field VECTOR = vector("vector", new LogicalType.FloatingPoint(32));
    private static final Schema SCHEMA = Schema.of(
            VECTOR,
            vector("Vector", new LogicalType.FloatingPoint(16)),
            vector("My Vec", new LogicalType.FloatingPoint(64)),
            struct("a", struct("B", vector("v.ec", new LogicalType.Int(8, false)), several("many"))),
            Field.nullable("words", new LogicalType.Utf8(false)));

    private static Field vector(String name, LogicalType item) {
        return Field.nullable(name, new LogicalType.FixedSizeList(item, 3));
    }

    private static Field several(String name) {
        return Field.nullable(name, new LogicalType.List(false, false)).withChildren(List.of(VECTOR));
    }

    private static Field struct(String name, Field... children) {
        return Field.nullable(name, new LogicalType.Struct()).withChildren(List.of(children));
    }

    @Test
    void columnIsFoundByItsPathInAnyCaseThatIsClear() {
        assertEquals(VectorElement.FLOAT32, VectorColumn.of(SCHEMA, "vector").element());
        assertEquals(VectorElement.FLOAT16, VectorColumn.of(SCHEMA, "Vector").element());
        assertThrows(IllegalArgumentException.class, () -> VectorColumn.of(SCHEMA, "VECTOR"));
        assertEquals("My Vec", VectorColumn.of(SCHEMA, "my vec").name());
        VectorColumn nested = VectorColumn.of(SCHEMA, "a.b.`v.ec`");
        assertEquals(List.of("a.B.`v.ec`", "`a`.`B`.`v.ec`"), List.of(nested.name(), nested.path()));
        assertEquals(DistanceType.HAMMING, nested.element().defaultMetric());
        assertTrue(VectorColumn.of(SCHEMA, "a.B.many").isMulti());
        assertThrows(IllegalArgumentException.class, () -> VectorColumn.of(SCHEMA, "a.B.v.ec"));
        assertThrows(IllegalArgumentException.class, () -> VectorColumn.of(SCHEMA, "a.B.many.vector"));
    }

    @Test
    void whatHoldsNoVectorsIsRefusedByName() {
        var refused = assertThrows(IllegalArgumentException.class, () -> VectorColumn.of(SCHEMA, "words"));
        assertTrue(refused.getMessage().contains("'words'"), refused.getMessage());
        assertFalse(VectorColumn.isVectors(vector("wide", new LogicalType.Int(32, true))));
        assertFalse(VectorColumn.isVectors(Field.nullable("empty", new LogicalType.FixedSizeList(new LogicalType.FloatingPoint(32), 0))));
    }

    @Test
    void queryMustFit() {
        VectorColumn one = VectorColumn.of(VECTOR);
        assertEquals(1, one.queryCount(3));
        assertThrows(IllegalArgumentException.class, () -> one.queryCount(6));
        VectorColumn many = VectorColumn.of(several("many"));
        assertEquals(2, many.queryCount(6));
        assertThrows(IllegalArgumentException.class, () -> many.queryCount(0));
        assertThrows(IllegalArgumentException.class, () -> many.queryCount(4));
        assertThrows(IllegalArgumentException.class, () -> one.require(DistanceType.HAMMING));
        assertThrows(
                IllegalArgumentException.class,
                () -> VectorElement.UINT8.asQuery(new float[] {1, 2, 256}, DistanceType.HAMMING));
    }
}
