// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.file.FileProjection;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// What a decoder has to know of a leaf's type: not what values mean, only how they lie in memory.
public sealed interface ValueShape {
    /// @param bits per value: 1, or a multiple of 8
    record Fixed(int bits) implements ValueShape {}

    /// @param offsetBytes 4 or 8
    record Variable(int offsetBytes) implements ValueShape {}

    record FixedSizeList(int dimension, ValueShape item) implements ValueShape {}

    /// Indices into a dictionary, which is the column's own.
    ///
    /// @param value of the dictionary's items
    record Dictionary(int indexBytes, ValueShape value) implements ValueShape {}

    /// A struct in one column: its fields side by side, row after row.
    ///
    /// @param fields as they are stored
    /// @param wanted numbers of those that are read, in the order of the children of the field that is read
    record PackedStruct(List<ValueShape> fields, List<Integer> wanted) implements ValueShape {
        public PackedStruct {
            fields = List.copyOf(fields);
            wanted = List.copyOf(wanted);
        }
    }

    /// No values at all.
    record None() implements ValueShape {}

    /// A field that packed structs cannot hold: a list, say. Writers come away with it where all rows are null, and
    /// nothing is stored.
    record Unstored(Field field) implements ValueShape {}

    /// Position and size of a blob (spec: file format 3.5).
    static PackedStruct blobDescriptor() {
        return new PackedStruct(List.of(new Fixed(64), new Fixed(64)), List.of(0, 1));
    }

    /// The shape of a leaf column.
    ///
    /// @throws UnsupportedFormatException for types whose values are not read
    static ValueShape of(Field field) {
        return of(field, field);
    }

    /// The shape of a leaf column of which some fields may be left out.
    ///
    /// @param field  as it is read
    /// @param stored as the file has it: a packed struct may have more fields there
    static ValueShape of(Field field, Field stored) {
        return of(field, field.type(), stored);
    }

    private static ValueShape of(Field field, LogicalType type, Field stored) {
        return switch (type) {
            case LogicalType.Null _ -> new None();
            case LogicalType.Utf8(boolean large) -> new Variable(large ? 8 : 4);
            case LogicalType.Binary(boolean large) -> {
                if (FileProjection.isBlob(field)) {
                    throw notRead("blob", field); // readers ask for its descriptors
                }
                yield new Variable(large ? 8 : 4);
            }
            case LogicalType.Json _ -> new Variable(8);
            case LogicalType.FixedSizeList list -> {
                if (list.item() == null) {
                    throw notRead("fixed_size_list of struct", field);
                }
                yield new FixedSizeList(list.dimension(), of(field, list.item(), stored));
            }
            case LogicalType.FixedSizeBinary(int byteWidth) -> {
                if (byteWidth > Integer.MAX_VALUE / 8) {
                    throw new UnsupportedFormatException(
                            "fixed_size_binary of " + byteWidth + " bytes, column '" + field.name() + "', is not read");
                }
                yield new Fixed(8 * byteWidth);
            }
            case LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _,
                    LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _,
                    LogicalType.Duration _, LogicalType.BFloat16 _ -> new Fixed(type.bitsPerValue());
            case LogicalType.Dictionary(LogicalType value, LogicalType.Int index) ->
                new Dictionary(index.bitWidth() / 8, of(field, value, stored));
            case LogicalType.Struct _ -> {
                if (stored.type() instanceof LogicalType.Binary && FileProjection.isBlob(stored)) {
                    yield blobDescriptor();
                }
                if (!FileProjection.isPacked(field)) {
                    throw notRead("struct", field);
                }
                yield packedStruct(field, stored);
            }
            case LogicalType.List _ -> throw notRead("list", field);
            case LogicalType.Map _ -> throw notRead("map", field);
        };
    }

    private static PackedStruct packedStruct(Field field, Field stored) {
        List<ValueShape> shapes = new ArrayList<>();
        for (Field child : stored.children()) {
            shapes.add(packedField(child, child));
        }
        List<Integer> wanted = new ArrayList<>();
        for (Field child : field.children()) {
            int index = 0;
            while (index < stored.children().size() && !isSame(child, stored.children().get(index))) {
                index++;
            }
            if (index == stored.children().size()) {
                throw new UnsupportedFormatException(
                        "field '" + child.name() + "' of packed struct '" + field.name() + "' is not in the file");
            }
            wanted.add(index);
            shapes.set(index, packedField(child, stored.children().get(index)));
        }
        return new PackedStruct(shapes, wanted);
    }

    private static ValueShape packedField(Field field, Field stored) {
        return switch (field.type()) {
            case LogicalType.Struct _ -> packedStruct(field, stored);
            case LogicalType.List _, LogicalType.Map _, LogicalType.Dictionary _ -> new Unstored(field);
            case LogicalType.FixedSizeList(LogicalType item, int _) when item == null -> new Unstored(field);
            case LogicalType.Null _, LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _,
                    LogicalType.Decimal _, LogicalType.Utf8 _, LogicalType.Binary _,
                    LogicalType.FixedSizeBinary _, LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _,
                    LogicalType.Duration _, LogicalType.FixedSizeList _, LogicalType.Json _, LogicalType.BFloat16 _ ->
                of(field, stored);
        };
    }

    private static boolean isSame(Field wanted, Field stored) {
        return wanted.id() == stored.id()
                && wanted.type().equals(stored.type())
                && (wanted.id() != Field.UNASSIGNED || wanted.name().equals(stored.name()));
    }

    private static UnsupportedFormatException notRead(String kind, Field field) {
        return new UnsupportedFormatException(kind + " column '" + field.name() + "' is not read yet");
    }

    /// A sink for values of this shape.
    ///
    /// @param valueCapacity values expected; more make it grow
    default ValueSink newSink(BufferSource memory, long valueCapacity) {
        return switch (this) {
            case Fixed(int bits) ->
                bits == 1 ? new BitSink(memory, valueCapacity) : new FixedWidthSink(memory, bits / 8, valueCapacity);
            case Variable(int offsetBytes) -> new VariableSink(memory, offsetBytes, valueCapacity);
            case FixedSizeList(int dimension, ValueShape item) ->
                new FixedSizeListSink(memory, dimension, item, valueCapacity);
            case Dictionary(int _, ValueShape value) -> new DictionarySink(memory, value, valueCapacity);
            case PackedStruct(List<ValueShape> fields, List<Integer> wanted) ->
                new PackedStructSink(memory, fields, wanted, valueCapacity);
            case None _ -> new NoneSink();
            case Unstored _ -> new UnstoredSink(memory);
        };
    }

    /// The field of the items of a fixed-size list without an own field for them.
    static Field itemField(Field list) {
        LogicalType.FixedSizeList type = (LogicalType.FixedSizeList) list.type();
        LogicalType item = Objects.requireNonNull(type.item());
        return item instanceof LogicalType.BFloat16
                ? new Field(
                        Field.UNASSIGNED,
                        "item",
                        new LogicalType.FixedSizeBinary(2),
                        true,
                        List.of(),
                        Map.of(Field.EXTENSION_NAME, "lance.bfloat16"))
                : Field.nullable("item", item);
    }
}
