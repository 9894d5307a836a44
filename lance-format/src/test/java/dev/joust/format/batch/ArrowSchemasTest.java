// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.Test;

import dev.joust.format.schema.LogicalTypes;
import dev.joust.format.schema.Schema;

class ArrowSchemasTest {
    private static Field nullable(ArrowType type, Field... children) {
        return new Field("c", FieldType.nullable(type), List.of(children));
    }

    private static String logicalType(Field field) {
        Schema schema = ArrowSchemas.fromArrow(new org.apache.arrow.vector.types.pojo.Schema(List.of(field)));
        return LogicalTypes.format(schema.fields().getFirst().type());
    }

    private static final Field FLOAT = new Field(
            "item", FieldType.nullable(new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)), List.of());

    @Test
    void arrowTypesHaveTheNamesOfTheFormat() {
        Map<String, Field> table = Map.ofEntries(
                Map.entry("null", nullable(new ArrowType.Null())),
                Map.entry("uint16", nullable(new ArrowType.Int(16, false))),
                Map.entry("halffloat", nullable(new ArrowType.FloatingPoint(FloatingPointPrecision.HALF))),
                Map.entry("double", nullable(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE))),
                Map.entry("decimal:128:10:-2", nullable(new ArrowType.Decimal(10, -2, 128))),
                Map.entry("string", nullable(new ArrowType.Utf8View())),
                Map.entry("binary", nullable(new ArrowType.BinaryView())),
                Map.entry("large_string", nullable(new ArrowType.LargeUtf8())),
                Map.entry("fixed_size_binary:7", nullable(new ArrowType.FixedSizeBinary(7))),
                Map.entry("date32:day", nullable(new ArrowType.Date(DateUnit.DAY))),
                Map.entry("date64:ms", nullable(new ArrowType.Date(DateUnit.MILLISECOND))),
                Map.entry("time64:ns", nullable(new ArrowType.Time(TimeUnit.NANOSECOND, 64))),
                Map.entry("timestamp:us:-", nullable(new ArrowType.Timestamp(TimeUnit.MICROSECOND, null))),
                Map.entry("timestamp:s:+08:00", nullable(new ArrowType.Timestamp(TimeUnit.SECOND, "+08:00"))),
                Map.entry("duration:ms", nullable(new ArrowType.Duration(TimeUnit.MILLISECOND))),
                Map.entry("fixed_size_list:float:768", nullable(new ArrowType.FixedSizeList(768), FLOAT)),
                Map.entry(
                        "fixed_size_list:fixed_size_list:float:3:4",
                        nullable(new ArrowType.FixedSizeList(4), nullable(new ArrowType.FixedSizeList(3), FLOAT))),
                Map.entry(
                        "fixed_size_list:struct:2",
                        nullable(new ArrowType.FixedSizeList(2), nullable(new ArrowType.Struct(), FLOAT))),
                Map.entry("list", nullable(new ArrowType.List(), FLOAT)),
                Map.entry("large_list.struct", nullable(new ArrowType.LargeList(), nullable(new ArrowType.Struct()))),
                Map.entry("struct", nullable(new ArrowType.Struct(), FLOAT)));
        table.forEach((name, field) -> assertEquals(name, logicalType(field)));
    }

    @Test
    void extensionsKeepTheirNameAndBfloat16VectorsTheirItems() {
        Field bfloat = new Field(
                "item",
                new FieldType(
                        true, new ArrowType.FixedSizeBinary(2), null, Map.of("ARROW:extension:name", "lance.bfloat16")),
                List.of());
        Field vector = nullable(new ArrowType.FixedSizeList(4), bfloat);
        assertEquals("fixed_size_list:lance.bfloat16:4", logicalType(vector));
        assertEquals("fixed_size_binary:2", logicalType(bfloat));
        Field json = new Field(
                "j",
                new FieldType(false, new ArrowType.LargeBinary(), null, Map.of("ARROW:extension:name", "lance.json")),
                List.of());
        assertEquals("json", logicalType(json));
        Field uuid = new Field(
                "u",
                new FieldType(
                        false,
                        new ArrowType.FixedSizeBinary(16),
                        null,
                        Map.of("ARROW:extension:name", "arrow.uuid", "mine", "x")),
                List.of());
        org.apache.arrow.vector.types.pojo.Schema schema = new org.apache.arrow.vector.types.pojo.Schema(
                List.of(vector, bfloat, json, uuid), Map.of("key", "value"));
        assertEquals(schema, ArrowSchemas.toArrow(ArrowSchemas.fromArrow(schema)));
    }

    @Test
    void typesThatTheFormatDoesNotHaveAreRefusedByColumn() {
        Field interval = nullable(new ArrowType.Interval(IntervalUnit.DAY_TIME));
        for (Field field : List.of(
                interval,
                nullable(new ArrowType.Union(UnionMode.Dense, new int[] {0}), FLOAT),
                nullable(new ArrowType.RunEndEncoded(), FLOAT, FLOAT),
                nullable(new ArrowType.ListView(), FLOAT),
                nullable(new ArrowType.LargeListView(), FLOAT),
                nullable(new ArrowType.Struct(), interval),
                nullable(new ArrowType.Map(true), nullable(new ArrowType.Struct(), FLOAT, FLOAT)),
                nullable(new ArrowType.FixedSizeList(2), nullable(new ArrowType.Utf8())))) {
            String message = assertThrows(IllegalArgumentException.class, () -> logicalType(field))
                    .getMessage();
            assertTrue(message.startsWith("column c"), message);
        }
    }
}
