// SPDX-License-Identifier: Apache-2.0
package dev.joust.testdata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/// Random schemas and random rows for them, the same for the same seed and the same calls. The slots below
/// nulls hold arbitrary values, as Arrow allows. Not thread-safe.
///
/// `-Djoust.seed=N` repeats a run: a test calls [#create] once and shows [#seed] in what it reports.
public final class RandomBatches {

    /// How a column's nulls lie.
    public enum Nulls {
        NONE,
        SOME,
        RUNS,
        ALL
    }

    /// How a column's values are drawn; a type that has no such distribution takes the nearest.
    public enum Values {
        /// Over the type's whole range, extremes and special floats among them.
        WIDE,
        /// Few bits, no negatives.
        SMALL,
        /// Each value many times in a row.
        RUNS,
        /// A dozen distinct values.
        FEW,
        /// One value.
        SAME
    }

    private final long seed;
    private final SplittableRandom random;

    public RandomBatches(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /// From the system property `joust.seed`, else from the clock; prints the seed.
    public static RandomBatches create() {
        RandomBatches batches = new RandomBatches(Long.getLong("joust.seed", System.nanoTime()));
        System.out.println("-Djoust.seed=" + batches.seed);
        return batches;
    }

    public long seed() {
        return seed;
    }

    /// The generator behind, for a test's own choices.
    public SplittableRandom random() {
        return random;
    }

    /// One nullable field of each flat type: integers, floats, bool, text, bytes, dates, times, timestamps, durations,
    /// decimals of 128 bits, fixed-size lists of numbers.
    public static List<Field> flatFields() {
        List<Field> fields = new ArrayList<>();
        for (int bitWidth : new int[] {8, 16, 32, 64}) {
            fields.add(nullable("int" + bitWidth, new ArrowType.Int(bitWidth, true)));
            fields.add(nullable("uint" + bitWidth, new ArrowType.Int(bitWidth, false)));
        }
        for (FloatingPointPrecision precision : FloatingPointPrecision.values()) {
            fields.add(nullable("float_" + precision, new ArrowType.FloatingPoint(precision)));
        }
        fields.add(nullable("bool", new ArrowType.Bool()));
        fields.add(nullable("string", new ArrowType.Utf8()));
        fields.add(nullable("large_string", new ArrowType.LargeUtf8()));
        fields.add(nullable("binary", new ArrowType.Binary()));
        fields.add(nullable("large_binary", new ArrowType.LargeBinary()));
        for (int byteWidth : new int[] {1, 3, 16, 300}) {
            fields.add(nullable("fixed_size_binary" + byteWidth, new ArrowType.FixedSizeBinary(byteWidth)));
        }
        fields.add(nullable("date32", new ArrowType.Date(DateUnit.DAY)));
        fields.add(nullable("date64", new ArrowType.Date(DateUnit.MILLISECOND)));
        for (TimeUnit unit : TimeUnit.values()) {
            int bitWidth = unit == TimeUnit.SECOND || unit == TimeUnit.MILLISECOND ? 32 : 64;
            fields.add(nullable("time_" + unit, new ArrowType.Time(unit, bitWidth)));
            fields.add(nullable("timestamp_" + unit, new ArrowType.Timestamp(unit, null)));
            fields.add(nullable("timestamp_utc_" + unit, new ArrowType.Timestamp(unit, "UTC")));
            fields.add(nullable("duration_" + unit, new ArrowType.Duration(unit)));
        }
        fields.add(nullable("decimal_5_2", new ArrowType.Decimal(5, 2, 128)));
        fields.add(nullable("decimal_38_0", new ArrowType.Decimal(38, 0, 128)));
        fields.add(vector("vector_float32", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE), 8));
        fields.add(vector("vector_float32_wide", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE), 96));
        fields.add(vector("vector_float16", new ArrowType.FloatingPoint(FloatingPointPrecision.HALF), 4));
        fields.add(vector("vector_float64", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE), 3));
        fields.add(vector("vector_int8", new ArrowType.Int(8, true), 16));
        fields.add(vector("vector_uint8_wide", new ArrowType.Int(8, false), 300));
        fields.add(vector("vector_int64", new ArrowType.Int(64, true), 2));
        return List.copyOf(fields);
    }

    /// A schema of that many columns, types drawn from [#flatFields], a fourth of them declared without nulls.
    public Schema schema(int columnCount) {
        List<Field> known = flatFields();
        List<Field> fields = new ArrayList<>();
        for (int column = 0; column < columnCount; column++) {
            Field drawn = known.get(random.nextInt(known.size()));
            FieldType type = new FieldType(random.nextInt(4) > 0, drawn.getType(), null, Map.of());
            fields.add(new Field("c" + column + "_" + drawn.getName(), type, drawn.getChildren()));
        }
        return new Schema(fields);
    }

    /// A schema of that many columns, flat ones as of [#schema] and nested ones, drawn to a depth of four layers: lists,
    /// large lists, structs and, if asked for, maps.
    public Schema anySchema(int columnCount, boolean maps) {
        List<Field> fields = new ArrayList<>();
        for (Field flat : schema(columnCount).getFields()) {
            int depth = random.nextInt(4);
            fields.add(depth == 0 ? flat : nested(flat.getName() + "_nested", random.nextInt(4) > 0, depth, maps));
        }
        return new Schema(fields);
    }

    private Field nested(String name, boolean nullable, int depth, boolean maps) {
        int kind = depth == 0 ? -1 : random.nextInt(maps ? 4 : 3);
        return switch (kind) {
            case 0 -> of(name, nullable, new ArrowType.List(), below("item", depth, maps));
            case 1 -> of(name, nullable, new ArrowType.LargeList(), below("item", depth, maps));
            case 2 -> {
                List<Field> children = new ArrayList<>();
                for (int child = random.nextInt(1, 4); child > 0; child--) {
                    children.add(below("f" + child, depth, maps));
                }
                yield of(name, nullable, new ArrowType.Struct(), children.toArray(Field[]::new));
            }
            case 3 -> {
                Field key = of("key", false, random.nextBoolean() ? new ArrowType.Utf8() : new ArrowType.Int(32, true));
                Field entries = of("entries", false, new ArrowType.Struct(), key, below("value", depth, maps));
                yield of(name, nullable, new ArrowType.Map(false), entries);
            }
            default -> {
                Field leaf = flatFields().get(random.nextInt(flatFields().size()));
                yield of(name, nullable, leaf.getType(), leaf.getChildren().toArray(Field[]::new));
            }
        };
    }

    private Field below(String name, int depth, boolean maps) {
        return nested(name, random.nextInt(4) > 0, random.nextInt(depth), maps);
    }

    private static Field of(String name, boolean nullable, ArrowType type, Field... children) {
        return new Field(name, new FieldType(nullable, type, null, Map.of()), List.of(children));
    }

    /// Rows with a distribution and null pattern drawn for each column; columns declared without nulls have none.
    ///
    /// @return the caller's to close
    public VectorSchemaRoot rows(Schema schema, int rowCount, BufferAllocator allocator) {
        VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
        for (FieldVector vector : root.getFieldVectors()) {
            Nulls nulls = vector.getField().isNullable() ? draw(Nulls.values()) : Nulls.NONE;
            fill(vector, rowCount, draw(Values.values()), nulls);
        }
        root.setRowCount(rowCount);
        return root;
    }

    /// Fills an empty vector.
    public void fill(FieldVector vector, int rowCount, Values values, Nulls nulls) {
        RandomColumn.fill(vector, rowCount, values, nulls, random.split());
    }

    private <T> T draw(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static Field nullable(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), null);
    }

    private static Field vector(String name, ArrowType item, int dimension) {
        return new Field(
                name, FieldType.nullable(new ArrowType.FixedSizeList(dimension)), List.of(nullable("item", item)));
    }
}
