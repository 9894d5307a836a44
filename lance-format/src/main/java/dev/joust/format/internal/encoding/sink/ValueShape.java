// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.sink;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// What a decoder has to know of a leaf's type: not what values mean, only how they lie in memory.
public sealed interface ValueShape {
    /// @param bits per value: 1, or a multiple of 8
    record Fixed(int bits) implements ValueShape {}

    /// @param offsetBytes 4 or 8
    record Variable(int offsetBytes) implements ValueShape {}

    record FixedSizeList(int dimension, ValueShape item) implements ValueShape {}

    /// No values at all.
    record None() implements ValueShape {}

    /// The shape of a leaf column.
    ///
    /// @throws UnsupportedFormatException for types whose values are not read
    static ValueShape of(Field field) {
        return of(field, field.type());
    }

    private static ValueShape of(Field field, LogicalType type) {
        return switch (type) {
            case LogicalType.Null _ -> new None();
            case LogicalType.Utf8(boolean large) -> new Variable(large ? 8 : 4);
            case LogicalType.Binary(boolean large) -> {
                if ("true".equals(field.metadata().get("lance-encoding:blob"))) {
                    throw notRead("blob", field);
                }
                yield new Variable(large ? 8 : 4);
            }
            case LogicalType.Json _ -> new Variable(8);
            case LogicalType.FixedSizeList list -> {
                if (list.item() == null) {
                    throw notRead("fixed_size_list of struct", field);
                }
                yield new FixedSizeList(list.dimension(), of(field, list.item()));
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
            case LogicalType.Dictionary _ -> throw notRead("dictionary", field);
            case LogicalType.Struct _ -> throw notRead("struct", field);
            case LogicalType.List _ -> throw notRead("list", field);
            case LogicalType.Map _ -> throw notRead("map", field);
        };
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
            case None _ -> new NoneSink();
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
