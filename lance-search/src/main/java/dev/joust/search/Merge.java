// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.util.List;

import org.apache.arrow.vector.VectorSchemaRoot;

import dev.joust.format.batch.Batch;
import dev.joust.search.internal.exec.MergeExecution;
import dev.joust.search.internal.exec.Unchecked;
import dev.joust.search.internal.rows.RowBatches;

/// Rows that go in by key (spec: table format 6.2). Immutable; each step answers a new one.
///
/// A null key matches nothing. Two source rows of one key are refused, the key named. A merge is committed only on
/// top of the version it has read, and done again if there is a newer one: two merges never insert the same key
/// twice, in whatever processes of Joust they run.
public final class Merge {
    private final Table table;
    private final List<String> keys;
    private final boolean updateMatched;
    private final boolean insertNotMatched;

    Merge(Table table, List<String> keys, boolean updateMatched, boolean insertNotMatched) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a merge needs a key column");
        }
        this.table = table;
        this.keys = keys;
        this.updateMatched = updateMatched;
        this.insertNotMatched = insertNotMatched;
    }

    /// Rows that are here already take the values of the source; columns the source leaves out keep theirs.
    public Merge whenMatchedUpdateAll() {
        return new Merge(table, keys, true, insertNotMatched);
    }

    /// Rows of the source that are not here yet are added.
    public Merge whenNotMatchedInsertAll() {
        return new Merge(table, keys, updateMatched, true);
    }

    /// Merges records or maps. A merge that changes nothing makes no version.
    public MergeResult execute(List<?> rows) {
        return execute(RowBatches.ofMergeRows(rows, table.writable().schema(), table.database().memory()));
    }

    /// Merges the rows of vectors, which stay the caller's.
    public MergeResult execute(VectorSchemaRoot rows) {
        return execute(RowBatches.ofArrow(rows, table.writable().schema(), table.database().memory()));
    }

    private MergeResult execute(Batch source) {
        try (source) {
            if (!updateMatched && !insertNotMatched) {
                throw new IllegalArgumentException(
                        "the merge does nothing: say whenMatchedUpdateAll, whenNotMatchedInsertAll or both");
            }
            MergeExecution execution = new MergeExecution(
                    source,
                    keys,
                    updateMatched,
                    insertNotMatched,
                    table.database().options().writeOptions(),
                    table.database().memory());
            synchronized (table.database().mergeLock(table.name())) {
                MergeExecution.Outcome outcome = Unchecked.io(() -> execution.run(table.writable()));
                table.advanced(outcome.dataset());
                return new MergeResult(
                        outcome.insertedCount(), outcome.updatedCount(), outcome.dataset().version());
            }
        }
    }
}
