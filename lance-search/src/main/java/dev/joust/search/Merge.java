// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.util.List;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.search.expr.Dialect;
import dev.joust.search.internal.exec.MergeClauses;
import dev.joust.search.internal.exec.MergeClauses.Duplicates;
import dev.joust.search.internal.exec.MergeClauses.Matched;
import dev.joust.search.internal.exec.MergeExecution;
import dev.joust.search.internal.exec.MergeSource;
import dev.joust.search.internal.exec.Unchecked;
import dev.joust.search.internal.rows.RowBatches;

/// Rows that go in by key (spec: table format 6.2). Immutable; each step answers a new one, and the last word on a kind
/// of rows counts.
///
/// A row of the source matches the rows of the table that have its key; a key of which a part is null matches nothing.
/// Where several rows of the source have one key, all are inserted if it is new, and refused if they match a row of the
/// table; {@link #refuseDuplicates} and {@link #keepFirstOfDuplicates} say otherwise.
///
/// Where others committed meanwhile, a merge that inserts looks at the keys of the rows that they added, and is done again
/// if one of them is a key that it inserts: two merges never insert the same key twice, in whatever processes of Joust
/// they run. It is also done again where others changed the rows that it changes; what else they did it goes on top of.
public final class Merge {
    private static final int MEMORY_SHARE = 8;

    private final Table table;
    private final List<String> keys;
    private final MergeClauses clauses;

    private Merge(Table table, List<String> keys, MergeClauses clauses) {
        this.table = table;
        this.keys = keys;
        this.clauses = clauses;
    }

    static Merge of(Table table, List<String> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a merge needs a key column");
        }
        Dialect dialect = table.database().options().dialect();
        return new Merge(
                table, keys, MergeClauses.nothing(dialect));
    }

    private Merge matched(Matched matched, @Nullable String condition) {
        return new Merge(table, keys, clauses.withMatched(matched, condition));
    }

    /// Rows that are here already take the values of the source; columns the source leaves out keep theirs.
    public Merge whenMatchedUpdateAll() {
        return matched(Matched.UPDATE, null);
    }

    /// As {@link #whenMatchedUpdateAll}, where a condition is true: `source.at > target.at`. The others stay as they are.
    public Merge whenMatchedUpdateIf(String condition) {
        return matched(Matched.UPDATE, condition);
    }

    /// Rows that are here already stay as they are (the default).
    public Merge whenMatchedDoNothing() {
        return matched(Matched.IGNORE, null);
    }

    /// A row that is here already makes the merge fail.
    public Merge whenMatchedFail() {
        return matched(Matched.FAIL, null);
    }

    /// Rows that are here already are deleted.
    public Merge whenMatchedDelete() {
        return matched(Matched.DELETE, null);
    }

    /// As {@link #whenMatchedDelete}, where a condition on `source` and `target` is true.
    public Merge whenMatchedDeleteIf(String condition) {
        return matched(Matched.DELETE, condition);
    }

    /// Rows of the source that are not here yet are added.
    public Merge whenNotMatchedInsertAll() {
        return new Merge(table, keys, clauses.withInsert());
    }

    /// Rows that the source lacks are deleted; those with a null key among them.
    public Merge whenNotMatchedBySourceDelete() {
        return notBySource(null);
    }

    /// Rows that the source lacks are deleted where a condition on them is true: `at < date '2024-01-01'`.
    public Merge whenNotMatchedBySourceDeleteIf(String condition) {
        return notBySource(condition);
    }

    private Merge notBySource(@Nullable String condition) {
        return new Merge(table, keys, clauses.withDeleteNotBySource(condition));
    }

    /// Two rows of the source with one key make the merge fail, the key named.
    public Merge refuseDuplicates() {
        return duplicates(Duplicates.REFUSED);
    }

    /// Of rows of the source with one key, the first counts and the others are left out.
    public Merge keepFirstOfDuplicates() {
        return duplicates(Duplicates.FIRST_SEEN);
    }

    private Merge duplicates(Duplicates duplicates) {
        return new Merge(table, keys, clauses.withDuplicates(duplicates));
    }

    /// Merges records or maps. A merge that changes nothing makes no version.
    ///
    /// @throws IllegalArgumentException if rows do not fit the table, a row matches where the merge shall fail, or
    ///                                  several rows of the source match one row of the table
    /// @throws dev.joust.format.CommitConflictException if others kept changing the same rows
    public MergeResult execute(List<?> rows) {
        Batch batch = RowBatches.ofMergeRows(rows, table.writable().schema(), table.database().memory());
        return execute(RowBatches.of(batch.schema(), List.of(batch)));
    }

    /// Merges the rows of vectors, which stay the caller's.
    public MergeResult execute(VectorSchemaRoot rows) {
        Batch batch = RowBatches.ofArrow(rows, table.writable().schema(), table.database().memory());
        return execute(RowBatches.of(batch.schema(), List.of(batch)));
    }

    /// Merges the batches of an Arrow stream or file; the reader is closed here.
    public MergeResult execute(ArrowReader rows) {
        return execute(Unchecked.io(
                () -> RowBatches.ofReader(rows, table.writable().schema(), table.database().memory())));
    }

    /// Merges batches, which need not fit into memory; the reader is closed here.
    public MergeResult execute(BatchReader rows) {
        return Unchecked.io(() -> {
            long memoryBytes = table.database().session().batchMemoryBytes() / MEMORY_SHARE;
            BatchReader fitted = RowBatches.fitted(rows, table.writable().schema());
            try (MergeSource source = MergeSource.of(fitted, table.database().memory(), memoryBytes)) {
                return execute(source);
            }
        });
    }

    private MergeResult execute(MergeSource source) throws java.io.IOException {
        MergeExecution execution = new MergeExecution(
                source, keys, clauses, table.database().options().writeOptions(), table.database().memory());
        synchronized (table.database().mergeLock(table.name())) {
            MergeExecution.Outcome outcome = execution.run(table.writable());
            table.advanced(outcome.dataset());
            return new MergeResult(
                    outcome.insertedCount(),
                    outcome.updatedCount(),
                    outcome.deletedCount(),
                    outcome.attempts(),
                    outcome.dataset().version());
        }
    }
}
