// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20.write;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.compress.CompressionScheme;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// How the values of a leaf may be stored, by its type and the metadata of its field (spec: file format 5.6).
///
/// @param stringDictionary as numbers of the few strings that there are, where that is smaller
/// @param fsst             as codes, where that is smaller
/// @param scheme           of the bytes of strings and binaries; null for none
/// @param maxItemCount     items that the indices of a dictionary column can count
record LeafForm(Field field, boolean stringDictionary, boolean fsst, @Nullable CompressionScheme scheme, long maxItemCount) {
    private static final String COMPRESSION_KEY = "lance-encoding:compression";

    /// Readers know dictionaries of strings with 32-bit offsets only, and codes of strings and binaries with such.
    static LeafForm of(Field field) {
        boolean isUtf8 = field.type() instanceof LogicalType.Utf8(boolean large) && !large;
        boolean isBinary = field.type() instanceof LogicalType.Binary(boolean large) && !large;
        String compression = field.metadata().getOrDefault(COMPRESSION_KEY, "");
        CompressionScheme scheme = switch (compression) {
            case "zstd" -> CompressionScheme.ZSTD;
            case "lz4" -> CompressionScheme.LZ4;
            default -> null;
        };
        long maxItemCount = field.type() instanceof LogicalType.Dictionary(var _, LogicalType.Int index)
                ? 1L << Math.min(31, index.bitWidth() - (index.signed() ? 1 : 0))
                : 0;
        boolean fsst = compression.equals("fsst") && (isUtf8 || isBinary);
        return new LeafForm(field, isUtf8, fsst, scheme, maxItemCount);
    }

    /// What is to be gathered of the column: of a dictionary of nulls nothing but how many.
    Field gathered() {
        return field.type() instanceof LogicalType.Dictionary(LogicalType.Null value, var _)
                ? field.withType(value)
                : field;
    }
}
