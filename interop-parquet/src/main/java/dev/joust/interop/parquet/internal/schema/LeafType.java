// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.schema;

import org.apache.parquet.format.Type;

import dev.joust.format.schema.LogicalType;

/// How the values of a Parquet column become those of a column of ours.
///
/// @param physical   what Parquet stores
/// @param byteWidth  of a stored value; 0 for those without one width, and for booleans
/// @param value      of the column; of a dictionary column, of its values
/// @param conversion between the two
public record LeafType(Type physical, int byteWidth, LogicalType value, Conversion conversion) {
    /// From the stored value to ours, both little-endian where nothing else is said.
    public enum Conversion {
        /// Same bytes.
        NONE,
        /// Bits.
        BOOL,
        /// Bytes with offsets.
        BYTES,
        /// No values at all.
        NULL,
        /// The low bytes of a wider whole number.
        NARROW,
        /// A whole number to a decimal.
        DECIMAL_OF_INT,
        /// Big-endian two's complement, of one width or with offsets, to a decimal.
        DECIMAL_OF_BYTES,
        /// Nanoseconds of the day and the Julian day, 12 bytes, to nanoseconds since 1970.
        INT96,
        /// Milliseconds to seconds, which they must be whole ones of.
        MILLIS_TO_SECONDS,
        DAYS_TO_MILLIS
    }
}
