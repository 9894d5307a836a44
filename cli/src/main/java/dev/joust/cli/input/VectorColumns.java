// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.input;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.batch.FixedSizeLists;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;

/// Makes fixed-size lists of lists of numbers in columns named like a vector, as other Lance clients do. The first batches
/// decide: a column becomes one of the length that its lists have there, if that is one; a list of another length in a
/// later row is an error that names column and row. A column that the table has already is as it is there.
public final class VectorColumns implements BatchReader {
    /// A column of nulls so far is looked at in so many batches.
    private static final int MOST_BATCHES = 16;

    private final BatchReader rows;
    private final Deque<Batch> seen;
    private final Map<String, Field> targets;
    private final Schema schema;
    private long rowsHandedOut;

    private VectorColumns(BatchReader rows, Deque<Batch> seen, Map<String, Field> targets) {
        this.rows = rows;
        this.seen = seen;
        this.targets = targets;
        this.schema = converted(rows.schema());
    }

    /// The rows with such columns, or the same reader where there are none. Closes it where it fails.
    ///
    /// @param known columns of the table, by name
    public static BatchReader of(BatchReader rows, Map<String, Field> known) throws IOException {
        List<Field> candidates = new ArrayList<>();
        Map<String, Field> targets = new HashMap<>();
        for (Field field : rows.schema().fields()) {
            if (!(field.type() instanceof LogicalType.List)) {
                continue;
            }
            Field there = known.get(field.name());
            if (there != null) {
                if (there.type() instanceof LogicalType.FixedSizeList(LogicalType item, int _)
                        && field.children().getFirst().type().equals(item)) {
                    targets.put(field.name(), there.withId(Field.UNASSIGNED));
                }
            } else if (InferredType.mayHoldVectors(field.name()) && isNumber(field.children().getFirst().type())) {
                candidates.add(field);
            }
        }
        if (candidates.isEmpty() && targets.isEmpty()) {
            return rows;
        }
        Deque<Batch> seen = new ArrayDeque<>();
        try {
            decide(rows, candidates, seen, targets);
            return new VectorColumns(rows, seen, targets);
        } catch (IOException | RuntimeException e) {
            seen.forEach(Batch::close);
            rows.close();
            throw e;
        }
    }

    private static boolean isNumber(LogicalType type) {
        return type instanceof LogicalType.FloatingPoint || type instanceof LogicalType.Int;
    }

    private static void decide(BatchReader rows, List<Field> candidates, Deque<Batch> seen, Map<String, Field> targets)
            throws IOException {
        Map<String, Integer> lengths = new HashMap<>();
        while (lengths.size() < candidates.size() && seen.size() < MOST_BATCHES) {
            Batch batch = rows.next();
            if (batch == null) {
                break;
            }
            seen.add(batch);
            for (Field field : candidates) {
                int length = lengths.containsKey(field.name()) ? 0 : length(batch.column(field.name()));
                if (length != 0) {
                    lengths.put(field.name(), length);
                }
            }
        }
        for (Field field : candidates) {
            int length = lengths.getOrDefault(field.name(), -1);
            LogicalType type = length > 0 ? FixedSizeLists.typeOf(field.children().getFirst(), length) : null;
            if (type != null) {
                targets.put(field.name(), field.withType(type).withChildren(List.of()));
            }
        }
    }

    /// The length of all lists that are not null: 0 where there are none, -1 where they differ or are empty.
    private static int length(ColumnBuffers lists) {
        long length = 0;
        for (int row = 0; row < lists.rowCount(); row++) {
            if (lists.isNull(row)) {
                continue;
            }
            long here = Columns.offset(lists, row + 1) - Columns.offset(lists, row);
            if (here == 0 || (length != 0 && here != length)) {
                return -1;
            }
            length = here;
        }
        return (int) length;
    }

    private Schema converted(Schema given) {
        List<Field> fields = new ArrayList<>();
        for (Field field : given.fields()) {
            fields.add(targets.getOrDefault(field.name(), field));
        }
        return new Schema(fields, given.metadata());
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public @Nullable Batch next() throws IOException {
        Batch batch = seen.isEmpty() ? rows.next() : seen.removeFirst();
        if (batch == null) {
            return null;
        }
        try {
            List<ColumnBuffers> columns = new ArrayList<>();
            for (ColumnBuffers column : batch.columns()) {
                Field target = targets.get(column.field().name());
                columns.add(target == null ? column : FixedSizeLists.ofLists(column, target, rowsHandedOut, batch.memory()));
            }
            rowsHandedOut += batch.rowCount();
            return new Batch(schema, batch.rowCount(), columns, batch.memory());
        } catch (IllegalArgumentException e) {
            batch.close();
            throw new IllegalArgumentException(e.getMessage() + " (--keep-lists takes such columns as lists)", e);
        } catch (RuntimeException e) {
            batch.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        seen.forEach(Batch::close);
        seen.clear();
        rows.close();
    }
}
