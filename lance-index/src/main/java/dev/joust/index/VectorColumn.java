// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.Bits;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;

/// A column of vectors: a fixed-size list of numbers, or a list of those, at the top of a schema or within structs.
///
/// @param steps     from the top of the schema to the column
/// @param element   of a vector
/// @param dimension elements of a vector
/// @param isMulti   whether a row has any number of vectors
public record VectorColumn(List<Field> steps, VectorElement element, int dimension, boolean isMulti) {
    public VectorColumn {
        steps = List.copyOf(steps);
    }

    /// A vector's type.
    private record Shape(VectorElement element, int dimension, boolean isMulti) {
        static @Nullable Shape of(Field field) {
            if (field.type() instanceof LogicalType.List) {
                Shape item = field.children().size() == 1
                                && field.children().getFirst().type() instanceof LogicalType.FixedSizeList
                        ? of(field.children().getFirst())
                        : null;
                return item == null ? null : new Shape(item.element, item.dimension, true);
            }
            if (field.type() instanceof LogicalType.FixedSizeList(LogicalType item, int dimension) && dimension > 0) {
                VectorElement element = VectorElement.of(item);
                return element == null ? null : new Shape(element, dimension, false);
            }
            return null;
        }
    }

    /// Whether a field holds vectors.
    public static boolean isVectors(Field field) {
        return Shape.of(field) != null;
    }

    /// A column at the top of a schema.
    ///
    /// @throws IllegalArgumentException naming the column, if it holds no vectors
    public static VectorColumn of(Field column) {
        return of(List.of(column));
    }

    private static VectorColumn of(List<Field> steps) {
        Field field = steps.getLast();
        Shape shape = Shape.of(field);
        if (shape == null) {
            throw new IllegalArgumentException("column '" + field.name() + "' holds no vectors, but " + field.type()
                    + ": a fixed-size list of float16, float32, float64, int8 or uint8, or a list of those is needed");
        }
        return new VectorColumn(steps, shape.element, shape.dimension, shape.isMulti);
    }

    /// The column of that name, or path: `a.b`, with backticks around a name that has dots. The case of letters matters only
    /// where names differ by it.
    ///
    /// @throws IllegalArgumentException if there is none, or it holds no vectors
    public static VectorColumn of(Schema schema, String name) {
        Optional<Field> whole = schema.field(name);
        if (whole.isPresent()) {
            return of(whole.get());
        }
        List<Field> steps = new ArrayList<>();
        List<Field> among = schema.fields();
        for (String part : Schema.pathParts(name)) {
            Field step = named(among, part, name);
            steps.add(step);
            among = step.type() instanceof LogicalType.Struct ? step.children() : List.of();
        }
        return of(steps);
    }

    /// The column of that id.
    public static Optional<VectorColumn> of(Schema schema, int fieldId) {
        return steps(schema.fields(), fieldId, List.of()).filter(steps -> isVectors(steps.getLast())).map(VectorColumn::of);
    }

    private static Optional<List<Field>> steps(List<Field> among, int fieldId, List<Field> above) {
        for (Field field : among) {
            List<Field> steps = new ArrayList<>(above);
            steps.add(field);
            Optional<List<Field>> found = field.id() == fieldId
                    ? Optional.of(steps)
                    : field.type() instanceof LogicalType.Struct ? steps(field.children(), fieldId, steps) : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Field named(List<Field> fields, String part, String name) {
        List<Field> exact = fields.stream().filter(field -> field.name().equals(part)).toList();
        List<Field> found = exact.isEmpty()
                ? fields.stream().filter(field -> field.name().equalsIgnoreCase(part)).toList()
                : exact;
        if (found.size() != 1) {
            throw new IllegalArgumentException("no column '" + name + "'; there are "
                    + fields.stream().map(Field::name).toList());
        }
        return found.getFirst();
    }

    /// The column's own field: of several vectors a row, the list.
    public Field field() {
        return steps.getLast();
    }

    /// Its path as people and index names have it: only a name with a dot in it is between backticks.
    public String name() {
        return steps.stream()
                .map(step -> Schema.pathPart(step.name()))
                .collect(Collectors.joining("."));
    }

    /// Its path as scans and takes take it, which no other column's is.
    public String path() {
        return steps.size() == 1
                ? field().name()
                : steps.stream().map(step -> "`" + step.name() + "`").collect(Collectors.joining("."));
    }

    /// The column out of a batch of a scan or a take of its {@link #path()}: null also where a struct around it is.
    public ColumnBuffers in(Batch batch) {
        String path = path();
        if (steps.size() == 1 || batch.schema().field(path).isPresent()) {
            return batch.column(path);
        }
        ColumnBuffers column = batch.column(steps.getFirst().name());
        for (Field step : steps.subList(1, steps.size())) {
            ColumnBuffers above = column;
            ColumnBuffers own = above.children().stream()
                    .filter(child -> child.field().id() == step.id())
                    .findFirst()
                    .orElseThrow();
            column = above.validity() == null ? own : within(above, own, batch);
        }
        return column;
    }

    private static ColumnBuffers within(ColumnBuffers above, ColumnBuffers own, Batch batch) {
        var validity = Bits.allocate(batch.memory(), own.rowCount());
        int validCount = 0;
        for (int row = 0; row < own.rowCount(); row++) {
            if (!above.isNull(row) && !own.isNull(row)) {
                Bits.set(validity, row);
                validCount++;
            }
        }
        return own.withNulls(own.rowCount() - validCount, validity);
    }

    /// How many vectors a query has.
    ///
    /// @param length of the query, its vectors one after the other
    /// @throws IllegalArgumentException if it does not fit
    public int queryCount(int length) {
        if (length != dimension && (!isMulti || length == 0 || length % dimension != 0)) {
            throw new IllegalArgumentException("the query vector has " + length + " elements, column '" + field().name()
                    + "' has " + dimension);
        }
        return length / dimension;
    }

    /// @throws IllegalArgumentException if such vectors can't be compared by the metric
    public void require(DistanceType metric) {
        if (!element.supports(metric)) {
            throw new IllegalArgumentException("column '" + field().name() + "' is not searched by " + metric.code()
                    + ": that compares the bits of bytes without a sign, it has " + element.name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    /// Bytes of the vectors of rows.
    public long sizeBytes(ColumnBuffers column) {
        long vectors = isMulti ? column.children().getFirst().rowCount() : column.rowCount();
        return vectors * dimension * element.widthBytes();
    }
}
