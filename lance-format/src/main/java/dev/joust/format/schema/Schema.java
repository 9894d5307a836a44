// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The columns of a table or file, in order.
///
/// @param fields   top-level columns
/// @param metadata Arrow schema metadata, UTF-8
public record Schema(List<Field> fields, Map<String, String> metadata) {
    public Schema {
        fields = List.copyOf(fields);
        metadata = Map.copyOf(metadata);
    }

    public static Schema of(Field... fields) {
        return new Schema(List.of(fields), Map.of());
    }

    /// The top-level column of that name.
    public Optional<Field> field(String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    /// A name as a part of a path: between backticks if it has a dot.
    public static String pathPart(String name) {
        return name.contains(".") ? "`" + name + "`" : name;
    }

    /// Names of the fields that a path goes through, which dots part. Between backticks a dot is part of a name.
    public static List<String> pathParts(String path) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '`') {
                quoted = !quoted;
            } else if (c == '.' && !quoted) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    /// Only the columns named, in the order named.
    ///
    /// @throws IllegalArgumentException naming the first that is not there, and those that are
    public Schema select(List<String> names) {
        List<Field> selected = new ArrayList<>();
        for (String name : names) {
            selected.add(field(name).orElseThrow(() -> new IllegalArgumentException("no column '" + name
                    + "'; there are " + fields.stream().map(Field::name).toList())));
        }
        return new Schema(selected, metadata);
    }

    /// The same columns with ids from `firstId` up, given in pre-order (spec: table format 2.3).
    public Schema withAssignedIds(int firstId) {
        int[] nextId = {firstId};
        return new Schema(fields.stream().map(field -> assign(field, nextId)).toList(), metadata);
    }

    private static Field assign(Field field, int[] nextId) {
        int id = nextId[0]++;
        return field.withId(id)
                .withChildren(field.children().stream().map(child -> assign(child, nextId)).toList());
    }

    /// All fields, parents before children.
    public List<Field> preOrder() {
        List<Field> all = new ArrayList<>();
        fields.forEach(field -> addPreOrder(field, all));
        return all;
    }

    private static void addPreOrder(Field field, List<Field> target) {
        target.add(field);
        field.children().forEach(child -> addPreOrder(child, target));
    }
}
