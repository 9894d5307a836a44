// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.LogicalType;

/// Shorter batches over the same memory.
final class BatchSlices {
    private BatchSlices() {}

    /// The first rows of a batch, which the answer takes the place of.
    static Batch first(Batch batch, int rowCount) {
        List<ColumnBuffers> columns = new ArrayList<>();
        for (ColumnBuffers column : batch.columns()) {
            columns.add(first(column, rowCount));
        }
        return new Batch(batch.schema(), rowCount, columns, batch.memory());
    }

    private static ColumnBuffers first(ColumnBuffers column, int rowCount) {
        int nulls = 0;
        for (int row = 0; row < rowCount; row++) {
            nulls += column.isNull(row) ? 1 : 0;
        }
        return new ColumnBuffers(
                column.field(),
                rowCount,
                nulls,
                nulls == 0 ? null : column.validity(),
                column.offsets(),
                column.values(),
                children(column, rowCount));
    }

    private static List<ColumnBuffers> children(ColumnBuffers column, int rowCount) {
        return switch (column.field().type()) {
            case LogicalType.FixedSizeList(@Nullable LogicalType _, int dimension) ->
                column.children().stream().map(child -> first(child, rowCount * dimension)).toList();
            case LogicalType.Struct _ -> column.children().stream().map(child -> first(child, rowCount)).toList();
            default -> column.children();
        };
    }
}
