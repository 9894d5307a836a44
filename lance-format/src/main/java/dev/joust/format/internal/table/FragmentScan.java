// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.RowPredicate;

/// The wanted rows of one fragment, without deleted ones. With a predicate the columns it needs are read first, and the
/// others only for rows that pass. Not thread-safe.
final class FragmentScan implements AutoCloseable {
    /// If at least one row in so many passes, the other columns are read in one run, else row by row.
    private static final int DENSE_FACTOR = 4;

    private final FragmentReader reader;
    private final Plan plan;
    private final BufferSources memory;

    /// Rows still wanted of this fragment, at most.
    private long remainingRows;

    private FragmentReader.@Nullable Rows rows;
    private DeletionVector deletions = DeletionVector.EMPTY;
    private @Nullable RowValues rowValues;

    /// What is the same for every fragment.
    ///
    /// @param schema        of the batches
    /// @param columns       wanted
    /// @param predicate     null for every row
    /// @param firstColumns  columns to read first: all without a predicate, else those it needs
    /// @param rowColumnsOfPredicate columns that it needs and no file holds
    /// @param restColumns   columns to read for rows that pass
    /// @param rowNumbers    null where no row's number is wanted
    /// @param batchRowCount rows of a batch at most
    /// @param batchBytes    bytes of a batch at most, about
    record Plan(
            Schema schema,
            RowColumns columns,
            @Nullable RowPredicate predicate,
            List<ColumnPath> firstColumns,
            List<RowColumn> rowColumnsOfPredicate,
            List<ColumnPath> restColumns,
            @Nullable RowNumbers rowNumbers,
            int batchRowCount,
            long batchBytes) {
        static Plan of(
                Schema table, RowColumns columns, @Nullable RowPredicate predicate, int batchRowCount, long batchBytes) {
            Schema schema = columns.schema(table.metadata());
            if (predicate == null) {
                return new Plan(
                        schema, columns, null, columns.paths(), List.of(), List.of(), null, batchRowCount, batchBytes);
            }
            List<String> needed = new ArrayList<>(predicate.columns());
            List<RowColumn> rowColumns = needed.stream()
                    .map(RowColumn::of)
                    .flatMap(Optional::stream)
                    .toList();
            needed.removeIf(name -> RowColumn.of(name).isPresent());
            List<ColumnPath> first = ColumnPath.of(table, needed);
            List<ColumnPath> rest = columns.paths().stream()
                    .filter(column -> !needed.contains(column.name()))
                    .toList();
            return new Plan(schema, columns, predicate, first, rowColumns, rest, null, batchRowCount, batchBytes);
        }

        /// The plan with the numbers of rows, if they are wanted.
        Plan withRowNumbers(Manifest manifest) {
            if (!columns.has(RowColumn.OFFSET) && !rowColumnsOfPredicate.contains(RowColumn.OFFSET)) {
                return this;
            }
            return new Plan(
                    schema,
                    columns,
                    predicate,
                    firstColumns,
                    rowColumnsOfPredicate,
                    restColumns,
                    new RowNumbers(manifest),
                    batchRowCount,
                    batchBytes);
        }

        List<Field> firstFields() {
            return ColumnPath.toRead(firstColumns);
        }

        List<Field> restFields() {
            return ColumnPath.toRead(restColumns);
        }
    }

    /// A part of a fragment to be read.
    ///
    /// @param firstLiveRow first row wanted, counted among those that are not deleted
    /// @param liveRowCount rows wanted from there on; with a predicate, of those that pass
    record Task(Fragment fragment, long firstLiveRow, long liveRowCount) {}

    private final Task task;

    FragmentScan(FragmentReader reader, Task task, Plan plan, BufferSources memory) {
        this.reader = reader;
        this.task = task;
        this.plan = plan;
        this.memory = memory;
        this.remainingRows = task.liveRowCount();
    }

    /// The next batch, never empty; null at the end.
    @Nullable Batch next() throws IOException {
        if (rows == null) {
            open();
        }
        FragmentReader.Rows open = java.util.Objects.requireNonNull(rows);
        while (remainingRows > 0) {
            long firstRow = open.nextRow();
            Batch batch = open.next();
            if (batch == null) {
                return null;
            }
            Batch passed = filter(withRowColumns(ColumnPath.pick(plan.firstColumns(), batch), firstRow), firstRow);
            if (passed != null) {
                remainingRows -= passed.rowCount();
                return passed;
            }
        }
        return null;
    }

    private void open() throws IOException {
        Set<Field> all = new LinkedHashSet<>(plan.firstFields());
        all.addAll(plan.restFields());
        reader.open(all);
        deletions = reader.deletions();
        Set<RowColumn> wanted = new LinkedHashSet<>(plan.columns().rowColumns());
        wanted.addAll(plan.rowColumnsOfPredicate());
        RowNumbers numbers = plan.rowNumbers();
        rowValues = new RowValues(reader, wanted, numbers == null ? 0 : numbers.firstRowOf(reader.fragment()));
        long start = 0;
        long end = reader.fragment().physicalRowCount();
        if (plan.predicate() == null) {
            start = deletions.isEmpty() ? task.firstLiveRow() : deletions.offsetOfLiveRow(task.firstLiveRow());
            long lastLiveRow = task.firstLiveRow() + task.liveRowCount() - 1;
            end = deletions.isEmpty() ? lastLiveRow + 1 : deletions.offsetOfLiveRow(lastLiveRow) + 1;
        }
        int batchRowCount = reader.batchRowCount(all, plan.batchRowCount(), plan.batchBytes());
        rows = reader.scan(plan.firstFields(), start, end, batchRowCount);
    }

    /// The batch with what the predicate wants to know of where its rows are; takes it over.
    private Batch withRowColumns(Batch batch, long firstRow) {
        if (plan.rowColumnsOfPredicate().isEmpty()) {
            return batch;
        }
        RowValues values = java.util.Objects.requireNonNull(rowValues);
        long[] offsets = new Selection(firstRow, batch.rowCount(), null).offsets();
        List<Field> fields = new ArrayList<>(batch.schema().fields());
        List<ColumnBuffers> columns = new ArrayList<>(batch.columns());
        for (RowColumn column : plan.rowColumnsOfPredicate()) {
            fields.add(column.field());
            columns.add(values.column(column, column.field(), offsets, batch.memory()));
        }
        return new Batch(
                new Schema(fields, batch.schema().metadata()), batch.rowCount(), columns, batch.memory());
    }

    /// Rows of a batch that are wanted.
    ///
    /// @param firstRow of the batch, in the fragment
    /// @param rows     in the batch, ascending; null means all
    private record Selection(long firstRow, int count, int @Nullable [] rows) {
        /// In the fragment.
        long[] offsets() {
            long[] offsets = new long[count];
            for (int i = 0; i < count; i++) {
                offsets[i] = firstRow + (rows == null ? i : rows[i]);
            }
            return offsets;
        }
    }

    /// Null if no row is wanted.
    private @Nullable Selection select(Batch batch, long firstRow) {
        int rowCount = batch.rowCount();
        RowPredicate predicate = plan.predicate();
        if (predicate == null && deletions.isEmpty() && rowCount <= remainingRows) {
            return new Selection(firstRow, rowCount, null);
        }
        BitSet selected = new BitSet(rowCount);
        if (predicate == null) {
            selected.set(0, rowCount);
        } else {
            selected.or(predicate.select(batch));
        }
        if (!deletions.isEmpty()) {
            for (int row = selected.nextSetBit(0); row >= 0; row = selected.nextSetBit(row + 1)) {
                if (deletions.isDeleted((int) (firstRow + row))) {
                    selected.clear(row);
                }
            }
        }
        int count = (int) Math.min(remainingRows, selected.cardinality());
        if (count == rowCount) {
            return new Selection(firstRow, count, null);
        }
        int[] rows = new int[count];
        int row = -1;
        for (int i = 0; i < count; i++) {
            row = selected.nextSetBit(row + 1);
            rows[i] = row;
        }
        return count == 0 ? null : new Selection(firstRow, count, rows);
    }

    /// What of the batch is wanted; null if nothing. Takes the batch over.
    private @Nullable Batch filter(Batch batch, long firstRow) throws IOException {
        try {
            Selection wanted = select(batch, firstRow);
            if (wanted == null) {
                batch.close();
                return null;
            }
            Batch columns = columns(batch, wanted);
            try {
                RowValues values = java.util.Objects.requireNonNull(rowValues);
                return plan.columns().complete(columns, plan.schema(), wanted::offsets, values);
            } catch (RuntimeException | Error e) {
                columns.close();
                throw e;
            }
        } catch (IOException | RuntimeException | Error e) {
            batch.close();
            throw e;
        }
    }

    /// The wanted columns of the wanted rows.
    private Batch columns(Batch first, Selection wanted) throws IOException {
        List<Field> fields = plan.columns().fields();
        int @Nullable [] rows = wanted.rows();
        if (plan.restColumns().isEmpty()) {
            Batch selected = rows == null ? first : Columns.take(first, rows, memory);
            if (rows != null) {
                first.close();
            }
            List<ColumnBuffers> columns =
                    fields.stream().map(field -> selected.column(field.name())).toList();
            return new Batch(new Schema(fields, java.util.Map.of()), wanted.count(), columns, selected.memory());
        }
        Batch rest = ColumnPath.pick(plan.restColumns(), rest(first, wanted));
        try {
            List<ColumnBuffers> columns = new ArrayList<>();
            Set<String> names = plan.restColumns().stream().map(ColumnPath::name).collect(java.util.stream.Collectors.toSet());
            for (Field field : fields) {
                columns.add(
                        names.contains(field.name())
                                ? rest.column(field.name())
                                : rows == null
                                        ? Columns.slice(first.column(field.name()), 0, wanted.count(), rest.memory())
                                        : Columns.take(first.column(field.name()), rows, rest.memory()));
            }
            first.close();
            return new Batch(new Schema(fields, java.util.Map.of()), wanted.count(), columns, rest.memory());
        } catch (RuntimeException | Error e) {
            rest.close();
            throw e;
        }
    }

    private Batch rest(Batch first, Selection wanted) throws IOException {
        if ((long) wanted.count() * DENSE_FACTOR < first.rowCount()) {
            return reader.take(plan.restFields(), wanted.offsets());
        }
        long end = wanted.firstRow() + first.rowCount();
        try (FragmentReader.Rows run = reader.scan(plan.restFields(), wanted.firstRow(), end, first.rowCount())) {
            Batch all = java.util.Objects.requireNonNull(run.next());
            if (all.rowCount() != first.rowCount()) {
                all.close();
                return reader.take(plan.restFields(), wanted.offsets());
            }
            if (wanted.rows() == null) {
                return all;
            }
            try (all) {
                return Columns.take(all, wanted.rows(), memory);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (reader) {
            if (rows != null) {
                rows.close();
            }
        }
    }

    @Override
    public String toString() {
        return "scan of fragment " + task.fragment().id() + " " + Arrays.asList(task.firstLiveRow(), remainingRows);
    }
}
