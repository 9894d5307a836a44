// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;

/// What a scan or take answers: columns of the table, and among them those that no file holds.
///
/// @param paths      columns of the table, in order
/// @param rowColumns the others, in order
/// @param layout     of the answer, column by column: an index into `paths`, or -1 minus one into `rowColumns`
/// @param ofTake     whether it is a take that answers, see {@link RowColumn#fieldOfTake}
record RowColumns(List<ColumnPath> paths, List<RowColumn> rowColumns, List<Integer> layout, boolean ofTake) {
    RowColumns {
        paths = List.copyOf(paths);
        rowColumns = List.copyOf(rowColumns);
        layout = List.copyOf(layout);
    }

    /// Columns of the table, then row id and row address.
    RowColumns(List<ColumnPath> paths, boolean withRowId, boolean withRowAddress) {
        this(Layout.of(paths, withRowId, withRowAddress));
    }

    private RowColumns(Layout layout) {
        this(layout.paths, layout.rowColumns, layout.order, layout.ofTake);
    }

    /// The columns of a scan, in the order named; row id and row address come last where they are asked for by themselves.
    ///
    /// @param names null for all columns of the table
    static RowColumns ofScan(Schema schema, @Nullable List<String> names, boolean withRowId, boolean withRowAddress) {
        if (names == null) {
            return new RowColumns(
                    schema.fields().stream().map(ColumnPath::whole).toList(), withRowId, withRowAddress);
        }
        Layout layout = new Layout(ColumnPath.of(schema, stored(names)), false);
        for (String name : names) {
            Optional<RowColumn> rowColumn = RowColumn.of(name);
            if (rowColumn.isEmpty()) {
                layout.addStored();
            } else if (!(withRowId && rowColumn.get() == RowColumn.ID)
                    && !(withRowAddress && rowColumn.get() == RowColumn.ADDRESS)) {
                layout.add(rowColumn.get());
            }
        }
        return new RowColumns(layout.withLast(withRowId, withRowAddress));
    }

    /// The columns of a take, in the order named: a field of a struct, named by its path, comes in the struct, with those
    /// of its siblings that are named too. That is how the reference has it.
    static RowColumns ofTake(Schema schema, List<String> names) {
        List<ColumnPath> named = ColumnPath.of(schema, stored(names));
        Layout layout = new Layout(ColumnPath.toRead(named).stream().map(ColumnPath::whole).toList(), true);
        List<Integer> seen = new ArrayList<>();
        int next = 0;
        for (String name : names) {
            Optional<RowColumn> rowColumn = RowColumn.of(name);
            if (rowColumn.isPresent()) {
                layout.add(rowColumn.get());
                continue;
            }
            int topLevelId = named.get(next++).steps().getFirst().id();
            if (!seen.contains(topLevelId)) {
                seen.add(topLevelId);
                layout.addStored();
            }
        }
        return new RowColumns(layout);
    }

    private static List<String> stored(List<String> names) {
        return names.stream().filter(name -> RowColumn.of(name).isEmpty()).toList();
    }

    private static final class Layout {
        final List<ColumnPath> paths;
        final List<RowColumn> rowColumns = new ArrayList<>();
        final List<Integer> order = new ArrayList<>();
        final boolean ofTake;
        private int storedCount;

        Layout(List<ColumnPath> paths, boolean ofTake) {
            this.paths = paths;
            this.ofTake = ofTake;
        }

        static Layout of(List<ColumnPath> paths, boolean withRowId, boolean withRowAddress) {
            Layout layout = new Layout(paths, false);
            paths.forEach(_ -> layout.addStored());
            return layout.withLast(withRowId, withRowAddress);
        }

        void addStored() {
            order.add(storedCount++);
        }

        void add(RowColumn column) {
            order.add(-1 - rowColumns.size());
            rowColumns.add(column);
        }

        Layout withLast(boolean withRowId, boolean withRowAddress) {
            if (withRowId) {
                add(RowColumn.ID);
            }
            if (withRowAddress) {
                add(RowColumn.ADDRESS);
            }
            return this;
        }
    }

    /// Columns of the table as batches show them.
    List<Field> fields() {
        return paths.stream().map(ColumnPath::field).toList();
    }

    /// Whether values of that column are needed.
    boolean has(RowColumn column) {
        return rowColumns.contains(column);
    }

    /// Schema of the batches.
    Schema schema(Map<String, String> metadata) {
        return new Schema(layout.stream().map(this::fieldAt).toList(), metadata);
    }

    private Field fieldAt(int place) {
        if (place >= 0) {
            return paths.get(place).field();
        }
        RowColumn column = rowColumns.get(-1 - place);
        return ofTake ? column.fieldOfTake() : column.field();
    }

    /// The batch of {@link #fields} with the row columns among them; takes it over.
    ///
    /// @param rowOffsets of its rows in the fragment; asked for only if a row column is wanted
    Batch complete(Batch batch, Schema schema, Supplier<long[]> rowOffsets, RowValues values) {
        if (rowColumns.isEmpty()) {
            return new Batch(schema, batch.rowCount(), batch.columns(), batch.memory());
        }
        long[] offsets = rowOffsets.get();
        List<ColumnBuffers> columns = new ArrayList<>(layout.size());
        for (int place : layout) {
            columns.add(
                    place >= 0
                            ? batch.columns().get(place)
                            : values.column(rowColumns.get(-1 - place), fieldAt(place), offsets, batch.memory()));
        }
        return new Batch(schema, batch.rowCount(), columns, batch.memory());
    }
}
