// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.RowIdSequence;
import dev.joust.format.table.RowVersions;

/// The values of row columns for the rows of one fragment. Not thread-safe.
final class RowValues {
    private final long fragmentId;
    private final long firstRowNumber;
    private final DeletionVector deletions;
    private final @Nullable RowIdSequence rowIds;
    private final @Nullable RowVersions created;
    private final @Nullable RowVersions lastUpdated;

    /// @param wanted         only these are asked for
    /// @param firstRowNumber live rows of the table before the fragment; matters to {@link RowColumn#OFFSET} alone
    RowValues(FragmentReader reader, Collection<RowColumn> wanted, long firstRowNumber) throws IOException {
        this.fragmentId = reader.fragment().id();
        this.firstRowNumber = firstRowNumber;
        this.deletions = wanted.contains(RowColumn.OFFSET) ? reader.deletions() : DeletionVector.EMPTY;
        this.rowIds = wanted.contains(RowColumn.ID) ? reader.rowIds() : null;
        this.created = wanted.contains(RowColumn.CREATED_AT) ? reader.createdAtVersions() : null;
        this.lastUpdated = wanted.contains(RowColumn.LAST_UPDATED_AT) ? reader.lastUpdatedAtVersions() : null;
    }

    /// The column for rows at these offsets in the fragment.
    ///
    /// @param field its name and nullability
    ColumnBuffers column(RowColumn column, Field field, long[] rowOffsets, BufferSource memory) {
        MemorySegment values = memory.allocate(8L * rowOffsets.length);
        for (int i = 0; i < rowOffsets.length; i++) {
            values.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, value(column, rowOffsets[i]));
        }
        return new ColumnBuffers(field, rowOffsets.length, 0, null, null, values, List.of());
    }

    private long value(RowColumn column, long offset) {
        return switch (column) {
            case ID -> rowIds == null ? RowAddress.of(fragmentId, (int) offset) : rowIds.idAt(offset);
            case ADDRESS -> RowAddress.of(fragmentId, (int) offset);
            case OFFSET -> firstRowNumber + offset - deletions.deletedRowsBefore(offset);
            case CREATED_AT -> Objects.requireNonNull(created).versionAt(offset);
            case LAST_UPDATED_AT -> Objects.requireNonNull(lastUpdated).versionAt(offset);
        };
    }
}
