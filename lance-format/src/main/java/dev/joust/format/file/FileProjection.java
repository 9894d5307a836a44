// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;

/// What to read of a file, and where it is: the fields wanted, and which physical column holds which field.
/// A field without a column, and without any below it, reads as all null.
///
/// @param fields               top-level fields in the order wanted; below a struct only the wanted ones
/// @param columnIndexByFieldId physical column by id of the field that owns it (spec: file format 1.4); in 0.1 files,
///                             where every field has an entry, its number in the order of ids
public record FileProjection(List<Field> fields, Map<Integer, Integer> columnIndexByFieldId) {
    public static final String PACKED_KEY = "lance-encoding:packed";
    public static final String BLOB_KEY = "lance-encoding:blob";

    public FileProjection {
        fields = List.copyOf(fields);
        columnIndexByFieldId = Map.copyOf(columnIndexByFieldId);
    }

    /// Every column of a file whose fields lie in the order of `schema`, as in a file written at one go.
    public static FileProjection all(FileVersion version, Schema schema) {
        Map<Integer, Integer> columns = new HashMap<>();
        if (version == FileVersion.V0_1) {
            schema.preOrder().stream()
                    .map(Field::id)
                    .sorted()
                    .forEach(id -> columns.put(id, columns.size()));
            return new FileProjection(schema.fields(), columns);
        }
        int[] nextColumn = {0};
        schema.fields().forEach(field -> number(version, field, columns, nextColumn));
        return new FileProjection(schema.fields(), columns);
    }

    private static void number(FileVersion version, Field field, Map<Integer, Integer> columns, int[] nextColumn) {
        if (version == FileVersion.V2_0 || ownsColumn(field)) {
            columns.put(field.id(), nextColumn[0]++);
        }
        if (!ownsWholeTree(field)) {
            field.children().forEach(child -> number(version, child, columns, nextColumn));
        }
    }

    /// Whether the field has a physical column in files of 2.1 and later: leaves have, lists, maps and structs live
    /// in the levels of the leaves below them.
    public static boolean ownsColumn(Field field) {
        return ownsWholeTree(field) || field.children().isEmpty();
    }

    /// Whether the field and all below it lie in one column: packed structs and the descriptors of blobs.
    private static boolean ownsWholeTree(Field field) {
        return field.type() instanceof LogicalType.Struct && (isPacked(field) || isBlob(field));
    }

    /// Whether the field's metadata marks it as a blob: what the file holds of it are descriptors.
    public static boolean isBlob(Field field) {
        return isTruthy(field.metadata().get(BLOB_KEY));
    }

    /// Whether the field's metadata asks for one column for a whole struct.
    public static boolean isPacked(Field field) {
        return isTruthy(field.metadata().get(PACKED_KEY)) || isTruthy(field.metadata().get("packed"));
    }

    private static boolean isTruthy(@Nullable String value) {
        return value != null && ("true".equalsIgnoreCase(value) || value.equals("1") || "yes".equalsIgnoreCase(value));
    }

    /// Only these of the fields, in this order.
    public FileProjection select(List<String> names) {
        return new FileProjection(new Schema(fields, Map.of()).select(names).fields(), columnIndexByFieldId);
    }
}
