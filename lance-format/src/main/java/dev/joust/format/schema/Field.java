// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.schema;

import java.util.List;
import java.util.Map;

/// One column, or one field inside a nested column.
///
/// @param id       the table's number for it; {@link #UNASSIGNED} in a schema that no table has taken yet
/// @param name     its own name, not the path to it
/// @param children fields below it: a list's item, a struct's fields, a map's entries
/// @param metadata Arrow field metadata (extension name and the `lance-encoding:*` keys among it), UTF-8
public record Field(
        int id, String name, LogicalType type, boolean nullable, List<Field> children, Map<String, String> metadata) {
    public static final int UNASSIGNED = -1;

    public static final String EXTENSION_NAME = "ARROW:extension:name";
    public static final String EXTENSION_METADATA = "ARROW:extension:metadata";

    public Field {
        children = List.copyOf(children);
        metadata = Map.copyOf(metadata);
    }

    /// A nullable field without children and metadata, its id not assigned.
    public static Field nullable(String name, LogicalType type) {
        return new Field(UNASSIGNED, name, type, true, List.of(), Map.of());
    }

    /// A field that holds no nulls, without children and metadata, its id not assigned.
    public static Field required(String name, LogicalType type) {
        return new Field(UNASSIGNED, name, type, false, List.of(), Map.of());
    }

    public Field withId(int newId) {
        return new Field(newId, name, type, nullable, children, metadata);
    }

    public Field withType(LogicalType newType) {
        return new Field(id, name, newType, nullable, children, metadata);
    }

    public Field withChildren(List<Field> newChildren) {
        return new Field(id, name, type, nullable, newChildren, metadata);
    }

    public Field withMetadata(Map<String, String> newMetadata) {
        return new Field(id, name, type, nullable, children, newMetadata);
    }
}
