// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;

/// One column of a batch in Arrow's memory layout, over native memory that the batch owns.
///
///     type                         values                      offsets              children
///     bool                         bits, LSB first             -                    -
///     fixed width                  rowCount x width bytes      -                    -
///     string, binary (json)        bytes                       (rowCount+1) x 4|8   -
///     fixed-size list              -                           -                    [items, rowCount x dimension]
///     list, map                    -                           (rowCount+1) x 4|8   [items]
///     struct                       -                           -                    one per field, rowCount each
///     dictionary                   indices                     -                    [dictionary values]
///     null                         -                           -                    -
///
/// Offsets start at 0. All little-endian. Buffers are at least as long as the table says; a tail is padding.
/// A null row's slot holds anything (0 length for strings and lists).
///
/// @param validity bit per row, LSB first, 1 = valid; null where no row is null (then `nullCount` is 0)
public record ColumnBuffers(
        Field field,
        int rowCount,
        int nullCount,
        @Nullable MemorySegment validity,
        @Nullable MemorySegment offsets,
        @Nullable MemorySegment values,
        List<ColumnBuffers> children) {
    public ColumnBuffers {
        children = List.copyOf(children);
        if ((validity == null) != (nullCount == 0)) {
            throw new IllegalArgumentException(field.name() + ": " + nullCount + " nulls "
                    + (validity == null ? "without" : "with") + " a validity bitmap");
        }
    }

    /// The same rows in the same buffers, as another field has them.
    public ColumnBuffers with(Field newField, List<ColumnBuffers> newChildren) {
        return new ColumnBuffers(newField, rowCount, nullCount, validity, offsets, values, newChildren);
    }

    /// The same rows, but others of them null.
    ///
    /// @param newValidity may be dropped when `newNullCount` is 0
    public ColumnBuffers withNulls(int newNullCount, @Nullable MemorySegment newValidity) {
        return new ColumnBuffers(
                field, rowCount, newNullCount, newNullCount == 0 ? null : newValidity, offsets, values, children);
    }

    /// Whether row `rowIndex` is null.
    public boolean isNull(int rowIndex) {
        return validity != null
                && (validity.get(java.lang.foreign.ValueLayout.JAVA_BYTE, rowIndex >>> 3) >> (rowIndex & 7) & 1) == 0;
    }
}
