// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.FieldType;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;

/// Schemas between the format's words and Arrow's (spec: file format 1.3).
///
/// Kept both ways: names, nullability, metadata, extension names. Lost on the way in, as the reference loses it: the
/// name and nullability of the items of a fixed-size list of primitives, the difference between views and plain
/// strings, the order flag of dictionaries; JSON text (`arrow.json`) becomes JSONB (`lance.json`). In Arrow Java a dictionary column's field has the type of its indices; the
/// values' type stands in a dictionary provider.
public final class ArrowSchemas {
    static final String BFLOAT16 = "lance.bfloat16";
    static final String JSON = "lance.json";
    /// As text.
    static final String ARROW_JSON = "arrow.json";

    private ArrowSchemas() {}

    /// Dictionary columns get the ids 0, 1, 2 in pre-order.
    public static org.apache.arrow.vector.types.pojo.Schema toArrow(Schema schema) {
        long[] nextDictionaryId = {0};
        List<org.apache.arrow.vector.types.pojo.Field> fields = new ArrayList<>();
        for (Field field : schema.fields()) {
            fields.add(toArrow(field, nextDictionaryId));
        }
        return new org.apache.arrow.vector.types.pojo.Schema(fields, schema.metadata());
    }

    static org.apache.arrow.vector.types.pojo.Field toArrow(Field field, long[] nextDictionaryId) {
        Map<String, String> metadata = field.metadata();
        ArrowType arrowType = arrowType(field.type());
        DictionaryEncoding dictionary = null;
        List<org.apache.arrow.vector.types.pojo.Field> children = new ArrayList<>();
        switch (field.type()) {
            case LogicalType.FixedSizeList _ -> children.add(toArrow(Columns.itemField(field), nextDictionaryId));
            case LogicalType.Dictionary(LogicalType _, LogicalType.Int index) ->
                dictionary = new DictionaryEncoding(
                        nextDictionaryId[0]++, false, new ArrowType.Int(index.bitWidth(), index.signed()));
            case LogicalType.BFloat16 _ -> metadata = with(metadata, Field.EXTENSION_NAME, BFLOAT16);
            case LogicalType.Json _ -> metadata = with(metadata, Field.EXTENSION_NAME, JSON);
            default -> field.children().forEach(child -> children.add(toArrow(child, nextDictionaryId)));
        }
        return new org.apache.arrow.vector.types.pojo.Field(
                field.name(), new FieldType(field.nullable(), arrowType, dictionary, metadata), children);
    }

    private static Map<String, String> with(Map<String, String> metadata, String key, String value) {
        Map<String, String> extended = new HashMap<>(metadata);
        extended.put(key, value);
        return extended;
    }

    private static ArrowType arrowType(LogicalType type) {
        return switch (type) {
            case LogicalType.Null _ -> new ArrowType.Null();
            case LogicalType.Bool _ -> new ArrowType.Bool();
            case LogicalType.Int(int bitWidth, boolean signed) -> new ArrowType.Int(bitWidth, signed);
            case LogicalType.FloatingPoint(int bitWidth) ->
                new ArrowType.FloatingPoint(
                        switch (bitWidth) {
                            case 16 -> FloatingPointPrecision.HALF;
                            case 32 -> FloatingPointPrecision.SINGLE;
                            default -> FloatingPointPrecision.DOUBLE;
                        });
            case LogicalType.Decimal(int bitWidth, int precision, int scale) ->
                new ArrowType.Decimal(precision, scale, bitWidth);
            case LogicalType.Utf8(boolean large) -> large ? new ArrowType.LargeUtf8() : new ArrowType.Utf8();
            case LogicalType.Binary(boolean large) -> large ? new ArrowType.LargeBinary() : new ArrowType.Binary();
            case LogicalType.FixedSizeBinary(int byteWidth) -> new ArrowType.FixedSizeBinary(byteWidth);
            case LogicalType.Date(int bitWidth) ->
                new ArrowType.Date(bitWidth == 32 ? DateUnit.DAY : DateUnit.MILLISECOND);
            case LogicalType.Time(LogicalType.TimeUnit unit, int bitWidth) ->
                new ArrowType.Time(arrowUnit(unit), bitWidth);
            case LogicalType.Timestamp t -> new ArrowType.Timestamp(arrowUnit(t.unit()), t.timeZone());
            case LogicalType.Duration(LogicalType.TimeUnit unit) -> new ArrowType.Duration(arrowUnit(unit));
            case LogicalType.Dictionary(LogicalType _, LogicalType.Int index) ->
                new ArrowType.Int(index.bitWidth(), index.signed());
            case LogicalType.FixedSizeList f -> new ArrowType.FixedSizeList(f.dimension());
            case LogicalType.Struct _ -> new ArrowType.Struct();
            case LogicalType.List(boolean large, boolean _) ->
                large ? new ArrowType.LargeList() : new ArrowType.List();
            case LogicalType.Map _ -> new ArrowType.Map(false);
            case LogicalType.Json _ -> new ArrowType.LargeBinary();
            case LogicalType.BFloat16 _ -> new ArrowType.FixedSizeBinary(2);
        };
    }

    private static TimeUnit arrowUnit(LogicalType.TimeUnit unit) {
        return switch (unit) {
            case SECOND -> TimeUnit.SECOND;
            case MILLISECOND -> TimeUnit.MILLISECOND;
            case MICROSECOND -> TimeUnit.MICROSECOND;
            case NANOSECOND -> TimeUnit.NANOSECOND;
        };
    }

    /// Of a schema without dictionary columns.
    public static Schema fromArrow(org.apache.arrow.vector.types.pojo.Schema schema) {
        return fromArrow(schema, new DictionaryProvider.MapDictionaryProvider());
    }

    /// Field ids are not assigned.
    ///
    /// @param dictionaries tells the type of the values of dictionary columns
    /// @throws IllegalArgumentException naming a column whose type the format does not have
    public static Schema fromArrow(
            org.apache.arrow.vector.types.pojo.Schema schema, DictionaryProvider dictionaries) {
        List<Field> fields = new ArrayList<>();
        for (org.apache.arrow.vector.types.pojo.Field field : schema.getFields()) {
            fields.add(fromArrow(field, dictionaries, field.getName()));
        }
        Map<String, String> metadata = schema.getCustomMetadata();
        return new Schema(fields, metadata == null ? Map.of() : metadata);
    }

    static Field fromArrow(
            org.apache.arrow.vector.types.pojo.Field field, DictionaryProvider dictionaries, String path) {
        Map<String, String> metadata = field.getMetadata();
        ArrowType arrowType = field.getType();
        if (arrowType instanceof ArrowType.ExtensionType extension) {
            metadata = with(metadata, Field.EXTENSION_NAME, extension.extensionName());
            metadata = with(metadata, Field.EXTENSION_METADATA, extension.serialize());
            arrowType = extension.storageType();
        }
        LogicalType type = field.getDictionary() == null
                ? logicalType(field, arrowType, metadata, dictionaries, path)
                : dictionaryType(field.getDictionary(), dictionaries, path);
        if (type instanceof LogicalType.Json) {
            metadata = with(metadata, Field.EXTENSION_NAME, JSON); // text is stored as JSONB
        }
        List<Field> children = new ArrayList<>();
        boolean itemsAreFields = type instanceof LogicalType.FixedSizeList f && f.item() == null;
        if (itemsAreFields
                || type instanceof LogicalType.Struct
                || type instanceof LogicalType.List
                || type instanceof LogicalType.Map) {
            for (org.apache.arrow.vector.types.pojo.Field child : field.getChildren()) {
                children.add(fromArrow(child, dictionaries, path + "." + child.getName()));
            }
        }
        return new Field(Field.UNASSIGNED, field.getName(), type, field.isNullable(), children, metadata);
    }

    private static LogicalType dictionaryType(
            DictionaryEncoding encoding, DictionaryProvider dictionaries, String path) {
        Dictionary dictionary = dictionaries.lookup(encoding.getId());
        if (dictionary == null) {
            throw new IllegalArgumentException(
                    "column " + path + ": dictionary " + encoding.getId() + " is not there");
        }
        Field value = fromArrow(dictionary.getVector().getField(), dictionaries, path);
        if (value.type() instanceof LogicalType.Dictionary || !value.children().isEmpty()) {
            throw new IllegalArgumentException("column " + path + ": a dictionary of nested values is not stored");
        }
        ArrowType.Int index = encoding.getIndexType();
        return new LogicalType.Dictionary(value.type(), new LogicalType.Int(index.getBitWidth(), index.getIsSigned()));
    }

    private static org.apache.arrow.vector.types.pojo.Field itemOf(
            org.apache.arrow.vector.types.pojo.Field list, String path) {
        if (list.getChildren().size() != 1) {
            throw new IllegalArgumentException(
                    "column " + path + ": a list of one kind of items was expected, this has " + list.getChildren().size());
        }
        return list.getChildren().getFirst();
    }

    private static LogicalType logicalType(
            org.apache.arrow.vector.types.pojo.Field field,
            ArrowType arrowType,
            Map<String, String> metadata,
            DictionaryProvider dictionaries,
            String path) {
        String extension = metadata.getOrDefault(Field.EXTENSION_NAME, "");
        return switch (arrowType.getTypeID()) {
            case Null -> new LogicalType.Null();
            case Bool -> new LogicalType.Bool();
            case Int -> {
                ArrowType.Int t = (ArrowType.Int) arrowType;
                yield new LogicalType.Int(t.getBitWidth(), t.getIsSigned());
            }
            case FloatingPoint ->
                new LogicalType.FloatingPoint(
                        switch (((ArrowType.FloatingPoint) arrowType).getPrecision()) {
                            case HALF -> 16;
                            case SINGLE -> 32;
                            case DOUBLE -> 64;
                        });
            case Decimal -> {
                ArrowType.Decimal t = (ArrowType.Decimal) arrowType;
                if (t.getBitWidth() != 128 && t.getBitWidth() != 256) {
                    throw refused(path, arrowType);
                }
                yield new LogicalType.Decimal(t.getBitWidth(), t.getPrecision(), t.getScale());
            }
            case Utf8, Utf8View -> extension.equals(ARROW_JSON) ? new LogicalType.Json() : new LogicalType.Utf8(false);
            case LargeUtf8 -> extension.equals(ARROW_JSON) ? new LogicalType.Json() : new LogicalType.Utf8(true);
            case Binary, BinaryView -> new LogicalType.Binary(false);
            case LargeBinary -> extension.equals(JSON) ? new LogicalType.Json() : new LogicalType.Binary(true);
            case FixedSizeBinary ->
                new LogicalType.FixedSizeBinary(((ArrowType.FixedSizeBinary) arrowType).getByteWidth());
            case Date -> new LogicalType.Date(((ArrowType.Date) arrowType).getUnit() == DateUnit.DAY ? 32 : 64);
            case Time -> {
                ArrowType.Time t = (ArrowType.Time) arrowType;
                yield new LogicalType.Time(unit(t.getUnit()), t.getBitWidth());
            }
            case Timestamp -> {
                ArrowType.Timestamp t = (ArrowType.Timestamp) arrowType;
                String zone = t.getTimezone();
                yield new LogicalType.Timestamp(unit(t.getUnit()), zone == null || zone.isEmpty() ? null : zone);
            }
            case Duration -> new LogicalType.Duration(unit(((ArrowType.Duration) arrowType).getUnit()));
            case FixedSizeList -> {
                int dimension = ((ArrowType.FixedSizeList) arrowType).getListSize();
                org.apache.arrow.vector.types.pojo.Field child = itemOf(field, path);
                yield new LogicalType.FixedSizeList(
                        item(fromArrow(child, dictionaries, path + "." + child.getName()), path), dimension);
            }
            case Struct -> new LogicalType.Struct();
            case List, LargeList ->
                new LogicalType.List(
                        arrowType.getTypeID() == ArrowType.ArrowTypeID.LargeList,
                        itemOf(field, path).getType() instanceof ArrowType.Struct);
            case Map -> {
                if (((ArrowType.Map) arrowType).getKeysSorted()) {
                    throw new IllegalArgumentException("column " + path + ": maps with sorted keys are not stored");
                }
                org.apache.arrow.vector.types.pojo.Field entry = itemOf(field, path);
                if (!(entry.getType() instanceof ArrowType.Struct) || entry.getChildren().size() != 2) {
                    throw new IllegalArgumentException("column " + path + ": a map has a key and a value");
                }
                yield new LogicalType.Map();
            }
            case Interval, Union, RunEndEncoded, ListView, LargeListView, NONE ->
                throw refused(path, arrowType);
        };
    }

    private static @org.jspecify.annotations.Nullable LogicalType item(Field item, String path) {
        return switch (item.type()) {
            case LogicalType.Struct _ -> null;
            case LogicalType.FixedSizeBinary(int byteWidth)
            when byteWidth == 2 && BFLOAT16.equals(item.metadata().get(Field.EXTENSION_NAME)) ->
                new LogicalType.BFloat16();
            case LogicalType.FixedSizeList f when f.item() == null ->
                throw new IllegalArgumentException("column " + path + ": fixed-size lists of fixed-size lists of structs are not stored");
            case LogicalType.FixedSizeList f -> f;
            case LogicalType.List _, LogicalType.Map _, LogicalType.Dictionary _, LogicalType.Utf8 _,
                    LogicalType.Binary _, LogicalType.Json _, LogicalType.Null _ ->
                throw new IllegalArgumentException("column " + path + ": a fixed-size list of "
                        + dev.joust.format.schema.LogicalTypes.format(item.type()) + " is not stored");
            case LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _,
                    LogicalType.FixedSizeBinary _, LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _,
                    LogicalType.Duration _, LogicalType.BFloat16 _ ->
                item.type();
        };
    }

    private static LogicalType.TimeUnit unit(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> LogicalType.TimeUnit.SECOND;
            case MILLISECOND -> LogicalType.TimeUnit.MILLISECOND;
            case MICROSECOND -> LogicalType.TimeUnit.MICROSECOND;
            case NANOSECOND -> LogicalType.TimeUnit.NANOSECOND;
        };
    }

    private static IllegalArgumentException refused(String path, ArrowType type) {
        return new IllegalArgumentException("column " + path + ": the format has no type for Arrow's " + type);
    }
}
