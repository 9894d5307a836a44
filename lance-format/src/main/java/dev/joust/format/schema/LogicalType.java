// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.schema;

import org.jspecify.annotations.Nullable;

/// The type of a column, one record per family. {@link LogicalTypes} parses and prints the strings that files hold.
/// Nested types name no children: those are fields below the field (lists, structs, maps), except the items of a
/// fixed-size list of primitives, which have no field of their own.
public sealed interface LogicalType {
    enum TimeUnit {
        SECOND("s"),
        MILLISECOND("ms"),
        MICROSECOND("us"),
        NANOSECOND("ns");

        private final String code;

        TimeUnit(String code) {
            this.code = code;
        }

        /// As in `timestamp:us:-`.
        public String code() {
            return code;
        }
    }

    record Null() implements LogicalType {}

    record Bool() implements LogicalType {}

    /// @param bitWidth 8, 16, 32 or 64
    record Int(int bitWidth, boolean signed) implements LogicalType {}

    /// @param bitWidth 16, 32 or 64
    record FloatingPoint(int bitWidth) implements LogicalType {}

    /// @param bitWidth 128 or 256
    record Decimal(int bitWidth, int precision, int scale) implements LogicalType {}

    /// @param large offsets are 64 bits wide
    record Utf8(boolean large) implements LogicalType {}

    /// @param large offsets are 64 bits wide
    record Binary(boolean large) implements LogicalType {}

    record FixedSizeBinary(int byteWidth) implements LogicalType {}

    /// Days (32 bits) or milliseconds (64 bits) since 1970-01-01.
    record Date(int bitWidth) implements LogicalType {}

    /// Since midnight: s and ms in 32 bits, us and ns in 64.
    record Time(TimeUnit unit, int bitWidth) implements LogicalType {}

    record Timestamp(TimeUnit unit, @Nullable String timeZone) implements LogicalType {}

    record Duration(TimeUnit unit) implements LogicalType {}

    record Dictionary(LogicalType value, Int index) implements LogicalType {}

    /// @param item null where the items are a struct, which is then the only child field
    record FixedSizeList(@Nullable LogicalType item, int dimension) implements LogicalType {}

    record Struct() implements LogicalType {}

    /// @param ofStruct as `list.struct` says; the child field is the item either way
    record List(boolean large, boolean ofStruct) implements LogicalType {}

    record Map() implements LogicalType {}

    /// A JSONB value in large-binary storage.
    record Json() implements LogicalType {}

    /// A bfloat16 inside `fixed_size_list:lance.bfloat16:n`.
    record BFloat16() implements LogicalType {}

    /// Bits of one value in the values buffer; 0 for types without one fixed width (strings, lists, structs, null).
    default int bitsPerValue() {
        return switch (this) {
            case Bool _ -> 1;
            case Int(int bitWidth, boolean _) -> bitWidth;
            case FloatingPoint(int bitWidth) -> bitWidth;
            case Decimal(int bitWidth, int _, int _) -> bitWidth;
            case FixedSizeBinary(int byteWidth) -> Math.multiplyExact(byteWidth, 8);
            case Date(int bitWidth) -> bitWidth;
            case Time(TimeUnit _, int bitWidth) -> bitWidth;
            case Timestamp _, Duration _ -> 64;
            case BFloat16 _ -> 16;
            case Null _, Utf8 _, Binary _, Dictionary _, FixedSizeList _, Struct _, List _, Map _, Json _ -> 0;
        };
    }
}
