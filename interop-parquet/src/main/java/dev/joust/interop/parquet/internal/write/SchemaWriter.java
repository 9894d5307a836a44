// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.write;

import java.util.ArrayList;
import java.util.List;

import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DateType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.Float16Type;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.ListType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MapType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.MilliSeconds;
import org.apache.parquet.format.NanoSeconds;
import org.apache.parquet.format.NullType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;

import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.interop.parquet.internal.write.LeafWriter.Step;

/// A schema of ours as Parquet's, in pre-order, with a writer for each of its columns (Parquet's LogicalTypes document).
final class SchemaWriter {
    private final List<SchemaElement> elements = new ArrayList<>();
    /// By column of ours.
    private final List<List<LeafWriter>> leaves = new ArrayList<>();

    SchemaWriter(Schema schema) {
        elements.add(group("schema", null, schema.fields().size()));
        for (Field field : schema.fields()) {
            leaves.add(new ArrayList<>());
            add(field, field.name(), List.of(), List.of());
        }
    }

    List<SchemaElement> elements() {
        return elements;
    }

    List<List<LeafWriter>> leaves() {
        return leaves;
    }

    private static SchemaElement group(
            String name, @org.jspecify.annotations.Nullable FieldRepetitionType repetition, int childCount) {
        SchemaElement element = new SchemaElement(name);
        element.setRepetition_type(repetition);
        element.setNum_children(childCount);
        return element;
    }

    private static FieldRepetitionType repetition(Field field) {
        boolean optional = field.nullable() || field.type() instanceof dev.joust.format.schema.LogicalType.Null;
        return optional ? FieldRepetitionType.OPTIONAL : FieldRepetitionType.REQUIRED;
    }

    private void add(Field field, String name, List<Step> above, List<String> pathAbove) {
        List<String> path = with(pathAbove, name);
        switch (field.type()) {
            case dev.joust.format.schema.LogicalType.Struct _ -> {
                if (field.children().isEmpty()) {
                    throw new IllegalArgumentException("column '" + String.join(".", path) + "': Parquet has no struct without fields");
                }
                elements.add(group(name, repetition(field), field.children().size()));
                for (int i = 0; i < field.children().size(); i++) {
                    Field child = field.children().get(i);
                    add(child, child.name(), with(above, step(field, i, 0)), path);
                }
            }
            case dev.joust.format.schema.LogicalType.List _, dev.joust.format.schema.LogicalType.FixedSizeList _ -> {
                SchemaElement list = group(name, repetition(field), 1);
                list.setConverted_type(ConvertedType.LIST);
                list.setLogicalType(LogicalType.LIST(new ListType()));
                elements.add(list);
                elements.add(group("list", FieldRepetitionType.REPEATED, 1));
                boolean fixed = field.type() instanceof dev.joust.format.schema.LogicalType.FixedSizeList;
                Field item = fixed ? Columns.itemField(field) : field.children().getFirst();
                add(item, "element", with(above, step(field, 0, listsIn(above) + 1)), with(path, "list"));
            }
            case dev.joust.format.schema.LogicalType.Map _ -> {
                SchemaElement map = group(name, repetition(field), 1);
                map.setConverted_type(ConvertedType.MAP);
                map.setLogicalType(LogicalType.MAP(new MapType()));
                elements.add(map);
                elements.add(group("key_value", FieldRepetitionType.REPEATED, 2));
                Field entries = field.children().getFirst();
                List<Step> inMap = with(above, step(field, 0, listsIn(above) + 1));
                for (int i = 0; i < 2; i++) {
                    Step entry = new Step(entries.type(), false, i, 0);
                    add(entries.children().get(i), i == 0 ? "key" : "value", with(inMap, entry), with(path, "key_value"));
                }
            }
            default -> addLeaf(field, name, above, path);
        }
    }

    private static int listsIn(List<Step> steps) {
        return steps.stream().mapToInt(Step::repetition).max().orElse(0);
    }

    private static Step step(Field field, int child, int repetition) {
        return new Step(field.type(), field.nullable(), child, repetition);
    }

    private static <T> List<T> with(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }

    private void addLeaf(Field field, String name, List<Step> above, List<String> path) {
        SchemaElement element = new SchemaElement(name);
        element.setRepetition_type(repetition(field));
        describe(element, field.type());
        elements.add(element);
        boolean nullable = repetition(field) == FieldRepetitionType.OPTIONAL;
        List<Step> steps = with(above, new Step(field.type(), nullable, -1, 0));
        leaves.getLast().add(new LeafWriter(steps, path, element.getType()));
    }

    private static void describe(SchemaElement element, dev.joust.format.schema.LogicalType type) {
        switch (type) {
            case dev.joust.format.schema.LogicalType.Null _ -> {
                element.setType(Type.INT32);
                element.setLogicalType(LogicalType.UNKNOWN(new NullType()));
            }
            case dev.joust.format.schema.LogicalType.Bool _ -> element.setType(Type.BOOLEAN);
            case dev.joust.format.schema.LogicalType.Int(int bitWidth, boolean signed) -> {
                element.setType(bitWidth == 64 ? Type.INT64 : Type.INT32);
                if (!signed || bitWidth < 32) {
                    element.setLogicalType(LogicalType.INTEGER(new IntType((byte) bitWidth, signed)));
                    element.setConverted_type(ConvertedType.valueOf((signed ? "INT_" : "UINT_") + bitWidth));
                }
            }
            case dev.joust.format.schema.LogicalType.FloatingPoint(int bitWidth) -> {
                if (bitWidth == 16) {
                    fixed(element, 2);
                    element.setLogicalType(LogicalType.FLOAT16(new Float16Type()));
                } else {
                    element.setType(bitWidth == 32 ? Type.FLOAT : Type.DOUBLE);
                }
            }
            case dev.joust.format.schema.LogicalType.Decimal(int _, int precision, int scale) -> {
                if (scale < 0 || scale > precision) {
                    throw new IllegalArgumentException("column '" + element.getName() + "': Parquet has no decimal("
                            + precision + ", " + scale + ")");
                }
                fixed(element, ValueWriter.decimalWidth(precision));
                element.setLogicalType(LogicalType.DECIMAL(new DecimalType(scale, precision)));
                element.setConverted_type(ConvertedType.DECIMAL);
                element.setPrecision(precision);
                element.setScale(scale);
            }
            case dev.joust.format.schema.LogicalType.Utf8 _ -> {
                element.setType(Type.BYTE_ARRAY);
                element.setLogicalType(LogicalType.STRING(new StringType()));
                element.setConverted_type(ConvertedType.UTF8);
            }
            case dev.joust.format.schema.LogicalType.Binary _, dev.joust.format.schema.LogicalType.Json _ -> element.setType(Type.BYTE_ARRAY);
            case dev.joust.format.schema.LogicalType.FixedSizeBinary(int byteWidth) -> fixed(element, byteWidth);
            case dev.joust.format.schema.LogicalType.BFloat16 _ -> fixed(element, 2);
            case dev.joust.format.schema.LogicalType.Date _ -> {
                element.setType(Type.INT32);
                element.setLogicalType(LogicalType.DATE(new DateType()));
                element.setConverted_type(ConvertedType.DATE);
            }
            case dev.joust.format.schema.LogicalType.Time(var unit, int bitWidth) -> {
                element.setType(bitWidth == 32 ? Type.INT32 : Type.INT64);
                element.setLogicalType(LogicalType.TIME(new TimeType(true, unit(unit))));
            }
            case dev.joust.format.schema.LogicalType.Timestamp(var unit, String zone) -> {
                element.setType(Type.INT64);
                element.setLogicalType(LogicalType.TIMESTAMP(new TimestampType(zone != null, unit(unit))));
            }
            case dev.joust.format.schema.LogicalType.Duration _ -> element.setType(Type.INT64);
            case dev.joust.format.schema.LogicalType.Dictionary _, dev.joust.format.schema.LogicalType.FixedSizeList _,
                    dev.joust.format.schema.LogicalType.Struct _, dev.joust.format.schema.LogicalType.List _,
                    dev.joust.format.schema.LogicalType.Map _ -> throw new AssertionError(type);
        }
    }

    private static void fixed(SchemaElement element, int width) {
        element.setType(Type.FIXED_LEN_BYTE_ARRAY);
        element.setType_length(width);
    }

    private static TimeUnit unit(dev.joust.format.schema.LogicalType.TimeUnit unit) {
        return switch (unit) {
            case SECOND, MILLISECOND -> TimeUnit.MILLIS(new MilliSeconds());
            case MICROSECOND -> TimeUnit.MICROS(new MicroSeconds());
            case NANOSECOND -> TimeUnit.NANOS(new NanoSeconds());
        };
    }
}
