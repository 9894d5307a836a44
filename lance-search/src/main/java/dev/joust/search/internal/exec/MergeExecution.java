// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.commit.InsertedKeys;
import dev.joust.format.commit.Redo;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.PrimaryKey;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.RowChange;
import dev.joust.format.table.RowPredicate;
import dev.joust.format.table.ScanOptions;
import dev.joust.format.table.WriteOptions;
import dev.joust.search.expr.ExpressionEvaluator;
import dev.joust.search.expr.ExpressionParser;
import dev.joust.search.internal.exec.MergeClauses.Matched;

/// One merge: finds which source rows are in the table already, writes what changes, commits; and again, if somebody
/// else committed meanwhile. Of the source the keys are in memory, of the table a batch at a time.
public final class MergeExecution {
    /// Who inserts is in the way of all who insert the same, wherever the rows are, and is done anew more often.
    private static final int MAX_INSERT_ATTEMPTS = 50;

    /// What a merge came to.
    public record Outcome(Dataset dataset, long insertedCount, long updatedCount, long deletedCount, int attempts) {}

    private final MergeSource source;
    private final List<String> keys;
    private final MergeClauses clauses;
    private final WriteOptions options;
    private final BufferSources memory;
    private final KeyTable rowsByKey = new KeyTable();
    /// Rows of the source that are left out.
    private final BitSet dropped = new BitSet();

    /// @param source whose columns are some of the table's, the keys among them; stays the caller's
    /// @throws IllegalArgumentException if the clauses change nothing, or a key comes twice where that is refused
    public MergeExecution(
            MergeSource source, List<String> keys, MergeClauses clauses, WriteOptions options, BufferSources memory)
            throws IOException {
        if (clauses.changesNothing()) {
            throw new IllegalArgumentException("the merge does nothing: say what becomes of rows that match, or do not");
        }
        this.source = source;
        this.keys = keys;
        this.clauses = clauses;
        this.options = options;
        this.memory = memory;
        source.schema().select(keys);
        source.each(this::readKeys);
    }

    private void readKeys(int firstRow, Batch batch) throws IOException {
        try (KeyTable.Keys batchKeys = new KeyTable.Keys(batch, keys)) {
            for (int row = 0; row < batch.rowCount(); row++) {
                int earlier = rowsByKey.add(batchKeys, row);
                if (earlier == KeyTable.NONE) {
                    continue;
                }
                switch (clauses.duplicates()) {
                    case AS_THEY_COME -> {}
                    case FIRST_SEEN -> {
                        rowsByKey.keepFirst(earlier);
                        dropped.set(firstRow + row);
                    }
                    case REFUSED ->
                        throw new IllegalArgumentException("rows " + earlier + " and " + (firstRow + row)
                                + " of the source have the same key " + keys + " = " + printed(batch, row));
                }
            }
        }
    }

    private List<@Nullable Object> printed(Batch batch, int row) {
        List<@Nullable Object> values = new ArrayList<>();
        keys.forEach(key -> values.add(ColumnValues.get(batch.column(key), row)));
        return values;
    }

    private List<@Nullable Object> printed(int sourceRow) throws IOException {
        List<List<@Nullable Object>> found = new ArrayList<>();
        source.each((firstRow, batch) -> {
            if (sourceRow >= firstRow && sourceRow - firstRow < batch.rowCount()) {
                found.add(printed(batch, sourceRow - firstRow));
            }
        });
        return found.getFirst();
    }

    /// @param base a version to start from
    public Outcome run(Dataset base) throws IOException {
        return Redo.run(base.refresh(), clauses.insert() ? MAX_INSERT_ATTEMPTS : Redo.MAX_ATTEMPTS, this::once);
    }

    private Outcome once(Dataset current, int attempt) throws IOException {
        current.schema().select(keys);
        MergeMatches matches = new MergeMatches(rowsByKey.rowCount());
        RowAddressSet gone = match(current, matches);
        matches.sort();
        String condition = clauses.matchedCondition();
        if (condition != null && clauses.needsPairs()) {
            matches.keep(new MergeCondition(condition, clauses.dialect(), source, current, memory).passing(matches));
        }
        RowAddressSet paired = matches.addressSet();
        if (paired.size() != matches.count()) {
            throw ambiguous(matches.rowOfDoubleMatch());
        }
        long inserting = clauses.insert() ? unmatched(matches) : 0;
        long updating = clauses.matched() == Matched.UPDATE ? matches.count() : 0;
        long deleting = gone.size() + (clauses.matched() == Matched.DELETE ? matches.count() : 0);
        if (inserting + updating + deleting == 0) {
            return new Outcome(current, 0, 0, 0, attempt);
        }
        boolean updates = clauses.matched() == Matched.UPDATE;
        RowAddressSet deleted = updates ? gone : RowAddressSet.builder().addAll(gone).addAll(paired).build();
        Dataset committed = commit(current, deleted, matches, inserting > 0);
        return new Outcome(committed, inserting, updating, deleting, attempt);
    }

    private long unmatched(MergeMatches matches) {
        long count = 0;
        for (int row = 0; row < rowsByKey.rowCount(); row++) {
            count += inserts(matches, row) ? 1 : 0;
        }
        return count;
    }

    private boolean inserts(MergeMatches matches, int sourceRow) {
        return !matches.isMatched(sourceRow) && !dropped.get(sourceRow);
    }

    /// Notes which rows match.
    ///
    /// @return rows of the table that go because the source lacks them
    private RowAddressSet match(Dataset current, MergeMatches matches) throws IOException {
        String condition = clauses.notBySourceCondition();
        ExpressionEvaluator doomed = condition == null
                ? null
                : new ExpressionEvaluator(
                        ExpressionParser.parseFilter(condition, current.schema(), clauses.dialect(), List.of()));
        Set<String> columns = new LinkedHashSet<>(keys);
        if (doomed != null && clauses.deleteNotBySource()) {
            columns.addAll(doomed.columns());
        }
        RowAddressSet.Builder gone = RowAddressSet.builder();
        ScanOptions scan = ScanOptions.ALL.withColumns(List.copyOf(columns)).withRowAddresses();
        try (BatchReader reader = current.scan(scan)) {
            while (true) {
                try (Batch batch = reader.next()) {
                    if (batch == null) {
                        return gone.build();
                    }
                    match(batch, doomed, matches, gone);
                }
            }
        }
    }

    private void match(
            Batch batch, @Nullable ExpressionEvaluator doomed, MergeMatches matches, RowAddressSet.Builder gone)
            throws IOException {
        long[] addresses = Scans.longs(batch.column(ScanOptions.ROW_ADDRESS));
        BitSet lost = doomed != null && clauses.deleteNotBySource() ? doomed.select(batch) : null;
        try (KeyTable.Keys batchKeys = new KeyTable.Keys(batch, keys)) {
            for (int row = 0; row < addresses.length; row++) {
                int sourceRow = rowsByKey.find(batchKeys, row);
                if (sourceRow != KeyTable.NONE) {
                    matched(addresses[row], sourceRow, matches);
                } else if (clauses.deleteNotBySource() && (lost == null || lost.get(row))) {
                    gone.add(addresses[row]);
                }
            }
        }
    }

    private void matched(long address, int firstRow, MergeMatches matches) throws IOException {
        if (clauses.matched() == Matched.FAIL) {
            throw new IllegalArgumentException(
                    "the merge fails: a row with the key " + keys + " = " + printed(firstRow) + " is there already");
        }
        if (clauses.needsPairs() && clauses.matchedCondition() == null && rowsByKey.next(firstRow) != KeyTable.NONE) {
            throw ambiguous(firstRow);
        }
        for (int row = firstRow; row != KeyTable.NONE; row = rowsByKey.next(row)) {
            matches.mark(row);
            if (clauses.needsPairs()) {
                matches.add(address, row);
            }
        }
    }

    private IllegalArgumentException ambiguous(int sourceRow) throws IOException {
        return new IllegalArgumentException("the merge is ambiguous: several rows of the source match one row of the table, by the key "
                + keys + " = " + printed(sourceRow));
    }

    private Dataset commit(Dataset current, RowAddressSet deleted, MergeMatches matches, boolean inserting)
            throws IOException {
        Schema schema = current.schema();
        boolean updates = clauses.matched() == Matched.UPDATE && matches.count() > 0;
        int[] inserted = inserting ? insertedRows(matches) : new int[0];
        InsertedKeys recorded = inserting && isPrimaryKey(schema) ? insertedKeys(schema, inserted) : null;
        Dataset target = current.withOptions(options);
        RowPredicate newKeys = new NewKeys(keys, rowsByKey, row -> inserts(matches, row));
        BatchReader rows = new MergedRows(source, current, schema, updates ? matches : null, inserted, memory);
        if (!updates && deleted.isEmpty() && recorded == null) {
            return target.append(rows, newKeys);
        }
        RowChange change = RowChange.of(updates ? matches.addresses() : new long[0], deleted, current.manifest())
                .withChangedFields(source.schema().fields().stream().map(Field::id).toList());
        RowChange guarded = inserting ? change.withPhantoms(newKeys) : change;
        return target.replaceRows(recorded == null ? guarded : guarded.withInsertedKeys(recorded), rows);
    }

    /// Whether the keys are the primary key that the table declares.
    private boolean isPrimaryKey(Schema schema) {
        return InsertedKeys.canRecord(schema)
                && PrimaryKey.of(schema).stream().map(Field::name).toList().equals(keys);
    }

    private InsertedKeys insertedKeys(Schema schema, int[] inserted) throws IOException {
        InsertedKeys recorded = InsertedKeys.of(schema);
        source.each((firstRow, batch) -> {
            int start = Arrays.binarySearch(inserted, firstRow);
            for (int i = start < 0 ? -1 - start : start; i < inserted.length; i++) {
                int row = inserted[i] - firstRow;
                if (row >= batch.rowCount()) {
                    break;
                }
                List<@Nullable Object> key = printed(batch, row);
                if (!key.contains(null)) {
                    recorded.add(key.stream()
                            .map(value -> value instanceof BigInteger number ? (Object) number.longValue() : value)
                            .toList());
                }
            }
        });
        return recorded;
    }

    private int[] insertedRows(MergeMatches matches) {
        int[] rows = new int[rowsByKey.rowCount()];
        int count = 0;
        for (int row = 0; row < rows.length; row++) {
            if (inserts(matches, row)) {
                rows[count++] = row;
            }
        }
        return Arrays.copyOf(rows, count);
    }
}
