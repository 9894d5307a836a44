// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.Bits;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;

/// A column by the name it was asked by: a top-level one, or a field of a struct by its path (`a.b`, a name with a dot
/// in it between backticks), which then is a column of that name. Immutable.
///
/// @param name  as asked
/// @param steps from the top-level field to the one wanted
public record ColumnPath(String name, List<Field> steps) {
    public ColumnPath {
        steps = List.copyOf(steps);
    }

    /// @throws IllegalArgumentException for a column that is not there
    public static List<ColumnPath> of(Schema schema, List<String> names) {
        return names.stream().map(name -> of(schema, name)).toList();
    }

    private static ColumnPath of(Schema schema, String name) {
        if (schema.field(name).isPresent()) {
            return whole(schema.field(name).get());
        }
        return new ColumnPath(
                name,
                steps(schema, name, field -> field.type() instanceof LogicalType.Struct ? field.children() : List.of()));
    }

    /// The fields that a name with dots goes through.
    ///
    /// @param below where the next step is looked for
    /// @throws IllegalArgumentException naming the fields that are there instead
    public static List<Field> steps(Schema schema, String name, Function<Field, List<Field>> below) {
        List<Field> steps = new ArrayList<>();
        List<Field> among = schema.fields();
        for (String part : Schema.pathParts(name)) {
            List<Field> candidates = among;
            Field step = candidates.stream()
                    .filter(field -> field.name().equals(part))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no column '" + name + "'; there are "
                            + (steps.isEmpty() ? "" : "below '" + steps.getLast().name() + "' ")
                            + candidates.stream().map(Field::name).toList()));
            steps.add(step);
            among = below.apply(step);
        }
        return steps;
    }

    /// A top-level column under its own name.
    static ColumnPath whole(Field field) {
        return new ColumnPath(field.name(), List.of(field));
    }

    /// The column that a batch shows.
    Field field() {
        Field last = steps.getLast();
        return steps.size() == 1
                ? last
                : new Field(
                        last.id(),
                        name,
                        last.type(),
                        steps.stream().anyMatch(Field::nullable),
                        last.children(),
                        last.metadata());
    }

    /// Top-level fields that hold all these columns and nothing else, in the order in which they are first named;
    /// below a struct in the order of the schema.
    public static List<Field> toRead(List<ColumnPath> paths) {
        Map<Integer, List<List<Field>>> byField = new LinkedHashMap<>();
        for (ColumnPath path : paths) {
            byField.computeIfAbsent(path.steps.getFirst().id(), _ -> new ArrayList<>()).add(path.steps);
        }
        return byField.values().stream()
                .map(steps -> restrict(steps.getFirst().getFirst(), steps, 1))
                .toList();
    }

    private static Field restrict(Field field, List<List<Field>> paths, int depth) {
        if (paths.stream().anyMatch(path -> path.size() == depth)) {
            return field;
        }
        List<Field> children = new ArrayList<>();
        for (Field child : field.children()) {
            List<List<Field>> through =
                    paths.stream().filter(path -> path.get(depth).equals(child)).toList();
            if (!through.isEmpty()) {
                children.add(restrict(child, through, depth + 1));
            }
        }
        return field.withChildren(children);
    }

    /// The columns out of a batch of the fields {@link #toRead}; takes the batch over.
    public static Batch pick(List<ColumnPath> paths, Batch batch) {
        List<Field> fields = paths.stream().map(ColumnPath::field).toList();
        if (fields.equals(batch.schema().fields())) {
            return batch;
        }
        List<ColumnBuffers> columns = new ArrayList<>();
        for (ColumnPath path : paths) {
            columns.add(path.pick(batch.column(path.steps.getFirst().name()), batch.memory()));
        }
        return new Batch(new Schema(fields, batch.schema().metadata()), batch.rowCount(), columns, batch.memory());
    }

    /// Null also where a struct around it is.
    private ColumnBuffers pick(ColumnBuffers topLevel, BufferSource memory) {
        ColumnBuffers column = topLevel;
        MemorySegment validity = topLevel.validity();
        for (Field step : steps.subList(1, steps.size())) {
            column = column.children().stream()
                    .filter(child -> child.field().id() == step.id())
                    .findFirst()
                    .orElseThrow();
            MemorySegment own = column.validity();
            if (validity == null || own == null) {
                validity = own == null ? validity : own;
            } else {
                validity = and(validity, own, Bits.byteCount(column.rowCount()), memory);
            }
        }
        if (steps.size() == 1) {
            return column;
        }
        boolean mayBeNull = validity != null && !(column.field().type() instanceof LogicalType.Null);
        int nullCount = mayBeNull ? column.rowCount() - Bits.countSet(validity, column.rowCount()) : 0;
        return column.withNulls(nullCount, validity).with(field(), column.children());
    }

    private static MemorySegment and(MemorySegment left, MemorySegment right, long byteCount, BufferSource memory) {
        MemorySegment both = memory.allocate(byteCount);
        for (long i = 0; i < byteCount; i++) {
            both.set(
                    ValueLayout.JAVA_BYTE,
                    i,
                    (byte) (left.get(ValueLayout.JAVA_BYTE, i) & right.get(ValueLayout.JAVA_BYTE, i)));
        }
        return both;
    }
}
