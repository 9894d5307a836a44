// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

import dev.joust.format.batch.Batch;
import dev.joust.format.table.RowPredicate;

/// Rows of the table that have a key which a merge inserts. None is there in the version that it read.
///
/// @param rowsByKey  rows of the source, complete
/// @param isInserted by a row's number
record NewKeys(List<String> keys, KeyTable rowsByKey, IntPredicate isInserted) implements RowPredicate {
    @Override
    public Set<String> columns() {
        return Set.copyOf(keys);
    }

    @Override
    public BitSet select(Batch batch) {
        BitSet selected = new BitSet(batch.rowCount());
        try (KeyTable.Keys batchKeys = new KeyTable.Keys(batch, keys)) {
            for (int row = 0; row < batch.rowCount(); row++) {
                int sourceRow = rowsByKey.find(batchKeys, row);
                // Rows of the source that have one key are all in the table, or none is.
                selected.set(row, sourceRow != KeyTable.NONE && isInserted.test(sourceRow));
            }
        }
        return selected;
    }
}
