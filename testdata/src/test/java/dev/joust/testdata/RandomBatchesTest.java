// SPDX-License-Identifier: Apache-2.0
package dev.joust.testdata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.validate.ValidateUtil;
import org.apache.arrow.vector.validate.ValidateVectorVisitor;
import org.junit.jupiter.api.Test;

import dev.joust.testdata.RandomBatches.Nulls;
import dev.joust.testdata.RandomBatches.Values;

class RandomBatchesTest {

    @Test
    void theSameSeedMakesTheSameRows() throws ValidateUtil.ValidateException {
        RandomBatches one = new RandomBatches(7);
        RandomBatches other = new RandomBatches(7);
        Schema schema = one.schema(30);
        assertEquals(schema, other.schema(30));
        assertNotEquals(schema, new RandomBatches(8).schema(30));
        try (RootAllocator allocator = new RootAllocator();
                VectorSchemaRoot rows = one.rows(schema, 257, allocator);
                VectorSchemaRoot same = other.rows(schema, 257, allocator)) {
            assertTrue(rows.equals(same));
            rows.setRowCount(257);
            for (FieldVector vector : rows.getFieldVectors()) {
                vector.accept(new ValidateVectorVisitor(), null);
            }
        }
    }

    @Test
    void nestedRowsAreTheSameForTheSameSeedAndUnlikeEachOther() {
        RandomBatches one = new RandomBatches(5);
        RandomBatches other = new RandomBatches(5);
        Schema schema = one.anySchema(40, true);
        assertEquals(schema, other.anySchema(40, true));
        try (RootAllocator allocator = new RootAllocator();
                VectorSchemaRoot rows = one.rows(schema, 130, allocator);
                VectorSchemaRoot same = other.rows(schema, 130, allocator)) {
            int differing = 0;
            for (FieldVector vector : rows.getFieldVectors()) {
                assertEquals(130, vector.getValueCount());
                SameRows sameRows = new SameRows(vector, same.getVector(vector.getName()));
                for (int row = 0; row < 130; row++) {
                    assertTrue(sameRows.same(row, row), vector.getField() + " row " + row);
                    differing += sameRows.same(row, 129 - row) ? 0 : 1;
                }
            }
            assertTrue(differing > 40 * 130 / 4, differing + " of " + 40 * 130 + " rows differ from others");
        }
    }

    @Test
    void everyTypeHasEveryDistributionAndNullPattern() {
        RandomBatches batches = new RandomBatches(11);
        try (RootAllocator allocator = new RootAllocator()) {
            for (Field field : RandomBatches.flatFields()) {
                for (Values values : Values.values()) {
                    for (Nulls nulls : Nulls.values()) {
                        checkColumn(batches, field, values, nulls, allocator);
                    }
                }
            }
        }
    }

    private static void checkColumn(
            RandomBatches batches, Field field, Values values, Nulls nulls, RootAllocator allocator) {
        try (FieldVector vector = field.createVector(allocator)) {
            batches.fill(vector, 300, values, nulls);
            String column = field + " " + values + " " + nulls;
            assertEquals(300, vector.getValueCount(), column);
            switch (nulls) {
                case NONE -> assertEquals(0, vector.getNullCount(), column);
                case ALL -> assertEquals(300, vector.getNullCount(), column);
                case SOME -> assertTrue(vector.getNullCount() > 30 && vector.getNullCount() < 270, column);
                case RUNS -> assertTrue(vector.getNullCount() < 300, column);
            }
            if (nulls == Nulls.NONE && vector.getField().getChildren().isEmpty()) {
                Set<String> distinct = new HashSet<>();
                for (int row = 0; row < 300; row++) {
                    Object value = vector.getObject(row);
                    distinct.add(value instanceof byte[] bytes ? Arrays.toString(bytes) : value.toString());
                }
                int most = switch (values) {
                    case SAME -> 1;
                    case FEW -> 12;
                    case WIDE, SMALL, RUNS -> 300;
                };
                assertTrue(distinct.size() <= most, column + ": " + distinct.size() + " distinct");
            }
        }
    }
}
