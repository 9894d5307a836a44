// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;

class ColumnBuilderTest {
    private static String hexOf(String type, Object value) {
        ColumnBuilder builder = ColumnBuilder.of(Field.nullable("c", LogicalTypes.parse(type)));
        builder.append(value);
        try (Arena arena = Arena.ofConfined()) {
            ColumnBuffers column = builder.build(arena);
            MemorySegment values = column.values();
            return HexFormat.of().formatHex(values.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void valuesAreLaidOutLittleEndianInTheirWidth() {
        assertEquals("01", hexOf("bool", true));
        assertEquals("20000000200000025011", hexOf("json", " 17"));
        assertEquals("ff", hexOf("int8", -1));
        assertEquals("ff", hexOf("uint8", 255));
        assertEquals("feff", hexOf("int16", (short) -2));
        assertEquals("04030201", hexOf("int32", 0x01020304L));
        assertEquals("ffffffffffffffff", hexOf("uint64", new BigInteger("18446744073709551615")));
        assertEquals("003c", hexOf("halffloat", 1.0f));
        assertEquals("0000803f", hexOf("float", 1));
        assertEquals("000000000000f83f", hexOf("double", 1.5));
        assertEquals("9600".concat("00".repeat(14)), hexOf("decimal:128:10:2", new BigDecimal("1.5")));
        assertEquals("6aff".concat("ff".repeat(14)), hexOf("decimal:128:10:2", new BigDecimal("-1.50")));
        assertEquals("c3a9", hexOf("string", "é"));
        assertEquals("0102", hexOf("fixed_size_binary:2", new byte[] {1, 2}));
        assertEquals("01000000", hexOf("date32:day", LocalDate.of(1970, 1, 2)));
        assertEquals("00e0ffff", hexOf("date32:day", LocalDate.ofEpochDay(-8192)));
        assertEquals("005c260500000000", hexOf("date64:ms", LocalDate.of(1970, 1, 2)));
        assertEquals("01000000", hexOf("time32:s", LocalTime.of(0, 0, 1)));
        assertEquals("40420f0000000000", hexOf("timestamp:us:-", Instant.ofEpochSecond(1)));
        assertEquals("ffffffffffffffff", hexOf("timestamp:ns:UTC", Instant.ofEpochSecond(-1, 999_999_999)));
        assertEquals("e803000000000000", hexOf("duration:ms", Duration.ofSeconds(1)));
        assertEquals("0100000000000000", hexOf("timestamp:s:-", LocalDateTime.of(1970, 1, 1, 0, 0, 1)));
    }

    private static String refusal(String type, @Nullable Object value) {
        ColumnBuilder builder = ColumnBuilder.of(Field.required("c", LogicalTypes.parse(type)));
        String message =
                assertThrows(IllegalArgumentException.class, () -> builder.append(value)).getMessage();
        assertEquals(0, builder.rowCount());
        return message;
    }

    @Test
    void whatDoesNotFitIsRefusedByColumnAndRow() {
        assertEquals("column 'c', row 0: 300 does not fit uint8", refusal("uint8", 300));
        assertEquals("column 'c', row 0: -1 does not fit uint64", refusal("uint64", -1));
        assertEquals("column 'c', row 0: 128 does not fit int8", refusal("int8", 128L));
        assertEquals("column 'c', row 0: Double given, a whole number expected", refusal("int32", 1.0));
        assertEquals("column 'c', row 0: String given, a number expected", refusal("float", "1"));
        assertEquals("column 'c', row 0: 1.234 has more than 2 decimal places", refusal("decimal:128:5:2", new BigDecimal("1.234")));
        assertEquals("column 'c', row 0: 12345 has more than 5 digits", refusal("decimal:128:5:2", 12345));
        assertEquals("column 'c', row 0: Integer given, String expected", refusal("string", 1));
        assertEquals("column 'c', row 0: text is no JSON: the end at character 1 instead of a value", refusal("json", "["));
        assertEquals("column 'c', row 0: 3 items given, 2 expected", refusal("fixed_size_list:float:2", new float[3]));
        assertEquals("column 'c', row 0: 1 bytes given, 2 expected", refusal("fixed_size_binary:2", new byte[1]));
        assertEquals("column 'c' takes no nulls; row 0 is null", refusal("string", null));
        assertEquals("column 'c', row 0: String given, LocalDate expected", refusal("date32:day", "2024-01-01"));
        assertEquals(
                "column 'c', row 0: 1970-01-01T00:00:00.000001Z does not fit timestamp:ms:-",
                refusal("timestamp:ms:-", Instant.ofEpochSecond(0, 1000)));
    }

    @Test
    void aRowThatIsRefusedLeavesNothingBehindInNestedColumns() {
        Field list = Field.nullable("l", new LogicalType.List(false, false))
                .withChildren(List.of(Field.required("item", new LogicalType.Int(8, true))));
        Field struct = Field.nullable("s", new LogicalType.Struct())
                .withChildren(List.of(
                        Field.nullable("a", new LogicalType.Int(32, true)),
                        Field.nullable("b", new LogicalType.Utf8(false))));
        ColumnBuilder lists = ColumnBuilder.of(list);
        ColumnBuilder structs = ColumnBuilder.of(struct);
        assertThrows(IllegalArgumentException.class, () -> lists.append(List.of(1, 2, 300)));
        assertThrows(IllegalArgumentException.class, () -> structs.append(Map.of("a", 1, "b", 2)));
        assertThrows(IllegalArgumentException.class, () -> structs.append(Map.of("a", 1, "x", 2)));
        lists.append(new int[] {7});
        structs.append(Map.of("b", "z"));
        try (Arena arena = Arena.ofConfined()) {
            assertEquals(List.of((byte) 7), ColumnValues.get(lists.build(arena), 0));
            Map<?, ?> row = (Map<?, ?>) ColumnValues.get(structs.build(arena), 0);
            assertEquals("{a=null, b=z}", row.toString());
        }
    }
}
