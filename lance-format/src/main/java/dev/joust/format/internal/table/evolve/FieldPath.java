// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.evolve;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.table.ColumnPath;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;

/// A field by its path, through structs, lists and maps alike: `a.b`, `l.item.x`. Immutable.
///
/// @param name  as asked
/// @param steps from the top-level field to the one meant
public record FieldPath(String name, List<Field> steps) {
    public FieldPath {
        steps = List.copyOf(steps);
    }

    /// @throws IllegalArgumentException naming the fields that are there instead
    public static FieldPath of(Schema schema, String name) {
        if (schema.field(name).isPresent()) {
            return new FieldPath(name, List.of(schema.field(name).get()));
        }
        return new FieldPath(name, ColumnPath.steps(schema, name, Field::children));
    }

    public Field field() {
        return steps.getLast();
    }

    Field topLevel() {
        return steps.getFirst();
    }

    /// The schema with the field of that id changed, or left out for null; parents that lose their last child go too.
    static Schema replace(Schema schema, int id, Change change) {
        List<Field> fields = new ArrayList<>();
        for (Field field : schema.fields()) {
            Field changed = replace(field, id, change);
            if (changed != null) {
                fields.add(changed);
            }
        }
        return new Schema(fields, schema.metadata());
    }

    /// What becomes of a field; null leaves it out.
    @FunctionalInterface
    interface Change {
        @Nullable Field of(Field field);

        static Change to(UnaryOperator<Field> change) {
            return change::apply;
        }
    }

    private static @Nullable Field replace(Field field, int id, Change change) {
        if (field.id() == id) {
            return change.of(field);
        }
        if (field.children().isEmpty()) {
            return field;
        }
        List<Field> children = new ArrayList<>();
        for (Field child : field.children()) {
            Field changed = replace(child, id, change);
            if (changed != null) {
                children.add(changed);
            }
        }
        return children.isEmpty() ? null : field.withChildren(children);
    }

    /// Only the fields that pass, with those around them; everything below a field that passes.
    static Schema only(Schema schema, java.util.function.Predicate<Field> wanted) {
        return new Schema(only(schema.fields(), wanted), schema.metadata());
    }

    private static List<Field> only(List<Field> fields, java.util.function.Predicate<Field> wanted) {
        List<Field> kept = new ArrayList<>();
        for (Field field : fields) {
            if (wanted.test(field)) {
                kept.add(field);
                continue;
            }
            List<Field> children = only(field.children(), wanted);
            if (!children.isEmpty()) {
                kept.add(field.withChildren(children));
            }
        }
        return kept;
    }
}
