// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.util.TransferPair;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;
import dev.joust.format.schema.Schema;

class ArrowBatchesTest {
    private final ArrowMemory memory = new ArrowMemory(64 << 20);

    @AfterEach
    void everythingIsReleased() {
        assertEquals(0, memory.allocatedBytes());
        memory.close();
    }

    /// Makes a value of a type from a number.
    private static final Map<String, LongFunction<Object>> FLAT = new LinkedHashMap<>();

    static {
        FLAT.put("bool", i -> i % 3 == 0);
        FLAT.put("int8", i -> (byte) i);
        FLAT.put("int16", i -> (short) (i * 100));
        FLAT.put("int32", i -> (int) i * 1_000_003);
        FLAT.put("int64", i -> i * 1_000_000_007_000L);
        FLAT.put("uint8", i -> (short) (i & 0xff));
        FLAT.put("uint16", i -> (int) (i * 500 & 0xffff));
        FLAT.put("uint32", i -> 4_294_967_295L - i);
        FLAT.put("uint64", i -> BigInteger.ONE.shiftLeft(64).subtract(BigInteger.valueOf(i + 1)));
        FLAT.put("halffloat", i -> i / 2f);
        FLAT.put("float", i -> i / 3f);
        FLAT.put("double", i -> i / 3d);
        FLAT.put("decimal:128:20:3", i -> BigDecimal.valueOf(i * 7 - 50, 3));
        FLAT.put("decimal:256:50:3", i -> BigDecimal.valueOf(i * 7 - 50, 3));
        FLAT.put("string", i -> "s".repeat((int) i % 5) + i);
        FLAT.put("large_string", i -> "é" + i);
        FLAT.put("binary", i -> new byte[] {(byte) i, 1});
        FLAT.put("large_binary", i -> new byte[(int) i % 4]);
        FLAT.put("fixed_size_binary:3", i -> new byte[] {(byte) i, 2, 3});
        FLAT.put("date32:day", i -> LocalDate.ofEpochDay(i * 100 - 50));
        FLAT.put("date64:ms", i -> LocalDate.ofEpochDay(i * 100));
        FLAT.put("time32:s", i -> LocalTime.ofSecondOfDay(i));
        FLAT.put("time32:ms", i -> LocalTime.ofNanoOfDay(i * 1_000_000));
        FLAT.put("time64:us", i -> LocalTime.ofNanoOfDay(i * 1_000));
        FLAT.put("time64:ns", i -> LocalTime.ofNanoOfDay(i));
        FLAT.put("timestamp:s:-", i -> LocalDateTime.of(2024, 1, 1, 0, 0).plusSeconds(i));
        FLAT.put("timestamp:ms:-", i -> LocalDateTime.of(2024, 1, 1, 0, 0).plusNanos(i * 1_000_000));
        FLAT.put("timestamp:us:UTC", i -> Instant.ofEpochSecond(1_700_000_000 + i, i * 1_000));
        FLAT.put("timestamp:ns:+08:00", i -> Instant.ofEpochSecond(-i, i));
        FLAT.put("duration:s", i -> Duration.ofSeconds(i - 10));
        FLAT.put("duration:us", i -> Duration.ofNanos(i * 1_000));
        FLAT.put("fixed_size_list:float:2", i -> new float[] {i, -i});
        FLAT.put("fixed_size_list:double:2", i -> new double[] {i, -i});
        FLAT.put("fixed_size_list:uint8:3", i -> List.of((short) 1, (short) 2, (short) (i & 0xff)));
        FLAT.put("fixed_size_list:lance.bfloat16:2", i -> List.of(1.5f, (float) (i & 0x7f)));
        FLAT.put("fixed_size_list:fixed_size_list:float:2:2", i -> List.of(List.of(1f, 2f), List.of((float) i, 4f)));
        FLAT.put("null", i -> null);
        FLAT.put("json", i -> new byte[] {(byte) i});
        FLAT.put("dict:string:int8:false", i -> "word" + i % 3);
        FLAT.put("dict:int64:uint16:false", i -> i % 3);
    }

    private static List<Field> nested() {
        Field number = Field.nullable("n", new LogicalType.Int(32, true));
        Field text = Field.required("t", new LogicalType.Utf8(false));
        Field struct = Field.nullable("struct", new LogicalType.Struct()).withChildren(List.of(number, text));
        Field list = Field.nullable("list", new LogicalType.List(false, false))
                .withChildren(List.of(Field.nullable("item", new LogicalType.Utf8(false))));
        Field largeList = Field.nullable("large_list", new LogicalType.List(true, true))
                .withChildren(List.of(new Field(-1, "item", struct.type(), true, struct.children(), Map.of())));
        Field map = Field.nullable("map", new LogicalType.Map())
                .withChildren(List.of(Field.required("entries", new LogicalType.Struct())
                        .withChildren(List.of(
                                Field.required("key", new LogicalType.Utf8(false)),
                                Field.nullable("value", new LogicalType.Int(64, true))))));
        Field vectors = Field.nullable("structs", new LogicalType.FixedSizeList(null, 2))
                .withChildren(List.of(new Field(-1, "item", struct.type(), true, struct.children(), Map.of())));
        return List.of(struct, list, largeList, map, vectors);
    }

    private static @Nullable Object nestedValue(String name, long i) {
        Map<String, @Nullable Object> struct = new LinkedHashMap<>();
        struct.put("n", i % 5 == 0 ? null : (int) i);
        struct.put("t", "t" + i);
        return switch (name) {
            case "struct" -> struct;
            case "list" -> i % 4 == 0 ? List.of() : Arrays.asList("a" + i, null, "");
            case "large_list" -> i % 4 == 0 ? List.of() : List.of(struct, struct);
            case "map" -> Map.of("k" + i, i);
            default -> List.of(struct, struct);
        };
    }

    /// Rows of every type; every `nullEvery`-th value is null (0: none).
    private Batch everyType(int rowCount, int nullEvery) {
        List<Field> fields = new ArrayList<>();
        FLAT.keySet().forEach(type -> fields.add(Field.nullable(type, LogicalTypes.parse(type))));
        fields.addAll(nested());
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < rowCount; i++) {
            @Nullable Object[] row = new @Nullable Object[fields.size()];
            for (int c = 0; c < row.length; c++) {
                String name = fields.get(c).name();
                boolean isNull = nullEvery > 0 && (i + c) % nullEvery == 0;
                row[c] = isNull ? null : FLAT.containsKey(name) ? FLAT.get(name).apply(i) : nestedValue(name, i);
            }
            rows.add(row);
        }
        return ColumnBuilder.batch(new Schema(fields, Map.of("schema key", "value")), rows, memory);
    }

    /// With arrays as lists, which can be compared.
    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case List<?> list -> list.stream().map(ArrowBatchesTest::plain).toList();
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> Arrays.asList(plain(entry.getKey()), plain(entry.getValue())))
                        .toList();
            default -> value.getClass().isArray()
                    ? IntStream.range(0, Array.getLength(value))
                            .mapToObj(i -> plain(Array.get(value, i)))
                            .toList()
                    : value;
        };
    }

    private static void assertSameRows(Batch expected, int startRow, Batch found) {
        for (int c = 0; c < expected.columns().size(); c++) {
            for (int i = 0; i < found.rowCount(); i++) {
                Object one = ColumnValues.get(expected.columns().get(c), startRow + i);
                Object other = ColumnValues.get(found.columns().get(c), i);
                assertEquals(
 Arrays.asList(plain(one)),
 Arrays.asList(plain(other)),
                        expected.schema().fields().get(c).name() + ", row " + i);
            }
        }
    }

    @Test
    void arrowReadsTheValuesThatJavaWrote() {
        try (Batch batch = everyType(20, 3);
                VectorSchemaRoot root = ArrowBatches.toArrow(batch, memory.allocator())) {
            for (int c = 0; c < batch.columns().size(); c++) {
                FieldVector vector = root.getVector(c);
                // Arrow's checks do not know half floats and maps, and the full one no fixed-size lists.
                if (vector instanceof FixedSizeListVector) {
                    vector.validate();
                } else if (!(vector instanceof Float2Vector || vector instanceof MapVector)) {
                    vector.validateFull();
                }
                String type = batch.schema().fields().get(c).name();
                for (int i = 0; i < 20; i++) {
                    boolean isNull = (i + c) % 3 == 0 || type.equals("null");
                    assertEquals(isNull, vector.isNull(i), type);
                    if (!isNull) {
                        assertEquals(arrowText(type, i), vector.getObject(i) instanceof byte[] bytes
                                ? Arrays.toString(bytes)
                                : vector.getObject(i).toString(), type);
                    }
                }
            }
        }
    }

    /// What Arrow's own `getObject` prints for row `i` of a type, where it is not what Java prints.
    private static String arrowText(String type, int i) {
        Object value = FLAT.containsKey(type) ? FLAT.get(type).apply(i) : "";
        String struct = i % 5 == 0 ? "{\"t\":\"t" + i + "\"}" : "{\"n\":" + i + ",\"t\":\"t" + i + "\"}";
        String twoStructs = "[" + struct + "," + struct + "]";
        return switch (type) {
            case "struct" -> struct;
            case "structs" -> twoStructs;
            case "large_list" -> i % 4 == 0 ? "[]" : twoStructs;
            case "list" -> i % 4 == 0 ? "[]" : "[\"a" + i + "\",null,\"\"]";
            case "map" -> "[{\"key\":\"k" + i + "\",\"value\":" + i + "}]";
            case "uint8" -> Byte.toString((byte) i);
            case "uint16" -> Character.toString(i * 500 & 0xffff);
            case "uint32" -> Integer.toString(-1 - i);
            case "uint64" -> Long.toString(-i - 1);
            case "halffloat" -> Short.toString(Float.floatToFloat16(i / 2f));
            case "date32:day" -> Integer.toString(i * 100 - 50);
            case "date64:ms" -> ((LocalDate) value).atStartOfDay().toString();
            case "time32:s" -> Integer.toString(i);
            case "time32:ms" -> LocalTime.ofNanoOfDay(i * 1_000_000L).atDate(LocalDate.EPOCH).toString();
            case "time64:us", "time64:ns" -> Integer.toString(i);
            case "timestamp:us:UTC" -> Long.toString((1_700_000_000L + i) * 1_000_000 + i);
            case "timestamp:ns:+08:00" -> Long.toString(-i * 1_000_000_000L + i);
            case "fixed_size_list:float:2" -> "[" + (float) i + "," + (float) -i + "]";
            case "fixed_size_list:double:2" -> "[" + (double) i + "," + (double) -i + "]";
            case "fixed_size_list:uint8:3" -> "[1,2," + i + "]";
            case "fixed_size_list:fixed_size_list:float:2:2" -> "[[1.0,2.0],[" + (float) i + ",4.0]]";
            case "fixed_size_list:lance.bfloat16:2" ->
                // 1.5 is 0x3fc0; i in the upper half of its float.
                "[\"wD8=\",\"" + Base64.getEncoder().encodeToString(new byte[] {
                    (byte) (Float.floatToRawIntBits(i) >>> 16), (byte) (Float.floatToRawIntBits(i) >>> 24)
                }) + "\"]";
            default -> value instanceof byte[] bytes ? Arrays.toString(bytes) : value.toString();
        };
    }

    @Test
    void memoryOfTheSameRootIsSharedBothWays() {
        Batch batch = everyType(100, 4);
        long before = memory.allocatedBytes();
        MapDictionaryProvider dictionaries = new MapDictionaryProvider();
        VectorSchemaRoot root = ArrowBatches.toArrow(batch, memory.allocator(), dictionaries);
        int column = batch.schema().fields().indexOf(batch.schema().field("fixed_size_list:float:2").orElseThrow());
        ColumnBuffers items = batch.columns().get(column).children().getFirst();
        int row = 4 - column % 4 + 5; // not null
        FieldVector itemVector = root.getVector(column).getChildrenFromFields().getFirst();
        assertEquals(items.values().address(), itemVector.getDataBufferAddress());
        assertEquals(
                batch.column("string").values().address(), root.getVector("string").getDataBufferAddress());
        // Vectors of all-valid or all-null columns get a fresh bitmap from Arrow: a few bytes each.
        assertTrue(memory.allocatedBytes() - before < 4_000, before + " to " + memory.allocatedBytes());
        batch.close();
        assertEquals((float) row, itemVector.getObject(2 * row));
        Schema flat = new Schema(
                List.of(Field.nullable("string", new LogicalType.Utf8(false))), Map.of());
        Batch back = ArrowBatches.toBatch(root, flat, memory);
        assertEquals(
                back.columns().getFirst().values().address(), root.getVector("string").getDataBufferAddress());
        root.close();
        dictionaries.close();
        assertEquals("s".repeat(2) + 7, ColumnValues.get(back.columns().getFirst(), 7));
        back.close();
    }

    @Test
    void everyTypeComesBackAsItWas() {
        for (int nullEvery : new int[] {0, 1, 3}) {
            MapDictionaryProvider dictionaries = new MapDictionaryProvider();
            try (BufferAllocator other = new RootAllocator();
                    Batch batch = everyType(67, nullEvery)) {
                for (BufferAllocator allocator : List.of(memory.allocator(), other)) {
                    try (VectorSchemaRoot root = ArrowBatches.toArrow(batch, allocator, dictionaries);
                            Batch back = ArrowBatches.toBatch(
                                    root, ArrowSchemas.fromArrow(root.getSchema(), dictionaries), memory, dictionaries)) {
                        assertEquals(withExtensions(batch.schema()), back.schema());
                        assertSameRows(batch, 0, back);
                    }
                    dictionaries.close();
                    dictionaries = new MapDictionaryProvider();
                }
            }
        }
    }

    private static Schema withExtensions(Schema schema) {
        return new Schema(
                schema.fields().stream()
                        .map(field -> field.type() instanceof LogicalType.Json
                                ? new Field(-1, field.name(), field.type(), true, List.of(), Map.of(Field.EXTENSION_NAME, "lance.json"))
                                : field)
                        .toList(),
                schema.metadata());
    }

    @Test
    void slicesOfVectorsComeBackAsTheirRows() {
        MapDictionaryProvider dictionaries = new MapDictionaryProvider();
        try (Batch batch = everyType(67, 3);
                VectorSchemaRoot root = ArrowBatches.toArrow(batch, memory.allocator(), dictionaries)) {
            for (int start : new int[] {0, 1, 8, 13, 66}) {
                int count = Math.min(29, 67 - start);
                List<FieldVector> slices = new ArrayList<>();
                for (FieldVector vector : root.getFieldVectors()) {
                    if (!(vector.getField().getType() instanceof ArrowType.Null)) {
                        TransferPair pair = vector.getTransferPair(vector.getField(), memory.allocator());
                        pair.splitAndTransfer(start, count);
                        slices.add((FieldVector) pair.getTo());
                    }
                }
                Schema schema = new Schema(
                        batch.schema().fields().stream()
                                .filter(field -> !(field.type() instanceof LogicalType.Null))
                                .toList(),
                        Map.of());
                try (VectorSchemaRoot sliced = new VectorSchemaRoot(slices);
                        Batch back = ArrowBatches.toBatch(sliced, schema, memory, dictionaries)) {
                    for (ColumnBuffers column : back.columns()) {
                        ColumnBuffers whole = batch.column(column.field().name());
                        for (int i = 0; i < count; i++) {
                            assertEquals(
 Arrays.asList(plain(ColumnValues.get(whole, start + i))),
 Arrays.asList(plain(ColumnValues.get(column, i))),
                                    column.field().name());
                        }
                    }
                }
            }
        }
        dictionaries.close();
    }

    @Test
    void takeSliceAndHeadAgreeWithTheRowsThemselves() {
        try (Batch batch = everyType(67, 3);
                Batch taken = Columns.take(batch, new int[] {66, 0, 5, 5, 8}, memory);
                Batch sliced = Columns.slice(batch, 13, 29, memory)) {
            assertSameRows(batch, 13, sliced);
            int[] rows = {66, 0, 5, 5, 8};
            for (int c = 0; c < batch.columns().size(); c++) {
                ColumnBuffers column = batch.columns().get(c);
                ColumnBuffers head = Columns.head(column, 9);
                assertEquals(9, head.rowCount());
                for (int i = 0; i < 9; i++) {
                    assertEquals(
 Arrays.asList(plain(ColumnValues.get(column, i))),
 Arrays.asList(plain(ColumnValues.get(head, i))));
                }
                for (int i = 0; i < rows.length; i++) {
                    assertEquals(
 Arrays.asList(plain(ColumnValues.get(column, rows[i]))),
 Arrays.asList(plain(ColumnValues.get(taken.columns().get(c), i))),
                            column.field().name());
                }
            }
            assertThrows(IllegalArgumentException.class, () -> Columns.slice(batch, 40, 28, memory));
        }
    }

    @Test
    void takingRowsWithoutBytesOutOfOthersGivesEmptyStrings() {
        Schema schema = Schema.of(Field.nullable("s", new LogicalType.Utf8(false)));
        List<Object[]> rows = List.of(new Object[] {"abc"}, new Object[] {null}, new Object[] {""});
        try (Batch batch = ColumnBuilder.batch(schema, rows, memory);
                Batch taken = Columns.take(batch, new int[] {2, 1}, memory)) {
            assertEquals("", ColumnValues.get(taken.column("s"), 0));
            assertTrue(taken.column("s").isNull(1));
        }
    }

    @Test
    void takingMinusOneGivesANull() {
        try (Batch batch = everyType(10, 0);
                Batch taken = Columns.take(batch, new int[] {3, -1}, memory)) {
            for (int c = 0; c < batch.columns().size(); c++) {
                ColumnBuffers column = batch.columns().get(c);
                assertEquals(
 Arrays.asList(plain(ColumnValues.get(column, 3)), null),
 Arrays.asList(plain(ColumnValues.get(taken.columns().get(c), 0)), plain(ColumnValues.get(taken.columns().get(c), 1))),
                        column.field().name());
            }
        }
    }

    @Test
    void dictionaryColumnsAreHandedOutAsTheirValuesWithoutAProvider() {
        try (Batch batch = everyType(10, 4);
                VectorSchemaRoot root = ArrowBatches.toArrow(batch, memory.allocator())) {
            VarCharVector words = (VarCharVector) root.getVector("dict:string:int8:false");
            ColumnBuffers column = batch.column("dict:string:int8:false");
            for (int i = 0; i < 10; i++) {
                assertEquals(
                        ColumnValues.get(column, i), words.isNull(i) ? null : words.getObject(i).toString());
            }
        }
    }

    @Test
    void arrowDecodesTheDictionaryThatWeHandOut() {
        try (MapDictionaryProvider dictionaries = new MapDictionaryProvider();
                Batch batch = everyType(10, 4);
                VectorSchemaRoot root = ArrowBatches.toArrow(batch, memory.allocator(), dictionaries)) {
            FieldVector indices = root.getVector("dict:string:int8:false");
            try (FieldVector words = (FieldVector) DictionaryEncoder.decode(
                    indices, dictionaries.lookup(indices.getField().getDictionary().getId()))) {
                assertEquals("word1", words.getObject(1).toString());
            }
        }
    }

    @Test
    void nullSlotsThatHoldBytesBecomeEmpty() {
        try (VarCharVector strings = new VarCharVector("s", memory.allocator());
                ListVector lists = ListVector.empty("l", memory.allocator())) {
            strings.allocateNew(3);
            strings.setSafe(0, "aa".getBytes(StandardCharsets.UTF_8));
            strings.setSafe(1, "bbb".getBytes(StandardCharsets.UTF_8));
            strings.setSafe(2, "c".getBytes(StandardCharsets.UTF_8));
            strings.setValueCount(3);
            org.apache.arrow.vector.BitVectorHelper.unsetBit(strings.getValidityBuffer(), 1);
            lists.addOrGetVector(org.apache.arrow.vector.types.pojo.FieldType.nullable(new ArrowType.Int(32, true)));
            IntVector items = (IntVector) lists.getDataVector();
            for (int i = 0; i < 3; i++) {
                lists.startNewValue(i);
                items.setSafe(2 * i, 10 * i);
                items.setSafe(2 * i + 1, 10 * i + 1);
                lists.endValue(i, 2);
            }
            lists.setValueCount(3);
            org.apache.arrow.vector.BitVectorHelper.unsetBit(lists.getValidityBuffer(), 1);
            try (VectorSchemaRoot root = VectorSchemaRoot.of(strings, lists);
                    Batch batch = ArrowBatches.toBatch(root, memory)) {
                ColumnBuffers s = batch.column("s");
                assertEquals(List.of(0L, 2L, 2L, 3L), offsets(s));
                assertEquals("c", ColumnValues.get(s, 2));
                ColumnBuffers l = batch.column("l");
                assertEquals(List.of(0L, 2L, 2L, 4L), offsets(l));
                assertEquals(List.of(20, 21), ColumnValues.get(l, 2));
                assertEquals(4, l.children().getFirst().rowCount());
            }
        }
    }

    private static List<Long> offsets(ColumnBuffers column) {
        List<Long> offsets = new ArrayList<>();
        for (int i = 0; i <= column.rowCount(); i++) {
            offsets.add(Columns.offset(column, i));
        }
        return offsets;
    }

    @Test
    void stringViewsAreTakenAsStrings() {
        try (ViewVarCharVector views = new ViewVarCharVector("v", memory.allocator())) {
            views.allocateNew(3);
            views.setSafe(0, "a".getBytes(StandardCharsets.UTF_8));
            views.setSafe(2, "longer than the twelve bytes of a view".getBytes(StandardCharsets.UTF_8));
            views.setValueCount(3);
            try (VectorSchemaRoot root = VectorSchemaRoot.of(views);
                    Batch batch = ArrowBatches.toBatch(root, memory)) {
                assertEquals(new LogicalType.Utf8(false), batch.schema().fields().getFirst().type());
                assertEquals("a", ColumnValues.get(batch.column("v"), 0));
                assertTrue(batch.column("v").isNull(1));
                assertEquals("longer than the twelve bytes of a view", ColumnValues.get(batch.column("v"), 2));
            }
        }
    }

    @Test
    void buffersThatAreTooShortOrOffsetsThatLieAreRefused() {
        BufferAllocator allocator = memory.allocator();
        try (VarCharVector strings = new VarCharVector("s", allocator)) {
            for (int[] lie : new int[][] {{0, 5, 3}, {-1, 0, 1}, {0, 1, 100}}) {
                try (ArrowBuf offsets = allocator.buffer(12);
                        ArrowBuf data = allocator.buffer(8)) {
                    for (int i = 0; i < 3; i++) {
                        offsets.setInt(4L * i, lie[i]);
                    }
                    strings.loadFieldBuffers(new ArrowFieldNode(2, 0), List.of(allocator.getEmpty(), offsets, data));
                }
                try (VectorSchemaRoot root = new VectorSchemaRoot(
                        List.of(strings.getField()), List.of(strings), 2)) {
                    assertThrows(IllegalArgumentException.class, () -> ArrowBatches.toBatch(root, memory));
                }
            }
        }
        try (IntVector numbers = new IntVector("n", allocator)) {
            try (ArrowBuf data = allocator.buffer(8)) {
                numbers.loadFieldBuffers(new ArrowFieldNode(100, 0), List.of(allocator.getEmpty(), data));
            }
            try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(numbers.getField()), List.of(numbers), 100)) {
                String message = assertThrows(
                                IllegalArgumentException.class, () -> ArrowBatches.toBatch(root, memory))
                        .getMessage();
                assertEquals("column n: 400 values wanted, 8 there", message);
            }
        }
    }

    @Test
    void aNullInARequiredColumnAndAnotherTypeAreRefusedByName() {
        try (IntVector numbers = new IntVector("n", memory.allocator())) {
            numbers.allocateNew(3);
            numbers.set(0, 1);
            numbers.set(2, 1);
            numbers.setValueCount(3);
            try (VectorSchemaRoot root = VectorSchemaRoot.of(numbers)) {
                Schema required = Schema.of(Field.required("n", new LogicalType.Int(32, true)));
                assertEquals(
                        "column n takes no nulls; row 1 is null",
                        assertThrows(
                                        IllegalArgumentException.class,
                                        () -> ArrowBatches.toBatch(root, required, memory))
                                .getMessage());
                Schema wide = Schema.of(Field.required("n", new LogicalType.Int(64, true)));
                assertEquals(
                        "column n is int32, not int64",
                        assertThrows(IllegalArgumentException.class, () -> ArrowBatches.toBatch(root, wide, memory))
                                .getMessage());
                Schema missing = Schema.of(Field.required("m", new LogicalType.Int(64, true)));
                assertEquals(
                        "column m is missing; there are [n]",
                        assertThrows(
                                        IllegalArgumentException.class,
                                        () -> ArrowBatches.toBatch(root, missing, memory))
                                .getMessage());
            }
        }
    }

    @Test
    void anEmptyBatchHasEveryColumn() {
        MapDictionaryProvider dictionaries = new MapDictionaryProvider();
        try (Batch batch = everyType(0, 0);
                VectorSchemaRoot root = ArrowBatches.toArrow(batch, memory.allocator(), dictionaries);
                Batch back = ArrowBatches.toBatch(
                        root, ArrowSchemas.fromArrow(root.getSchema(), dictionaries), memory, dictionaries)) {
            assertEquals(0, back.rowCount());
            assertEquals(batch.columns().size(), back.columns().size());
            assertNotEquals(0, new HashMap<>(FLAT).size());
        }
        dictionaries.close();
    }
}
