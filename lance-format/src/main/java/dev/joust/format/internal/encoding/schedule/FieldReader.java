// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.util.ArrayList;
import java.util.List;

import dev.joust.format.file.FileProjection;
import dev.joust.format.internal.encoding.page.LeafColumn;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.file.FileMetadata;
import dev.joust.format.schema.Field;

/// How one top-level field of a projection is read from a file.
sealed interface FieldReader {
    Field field();

    /// From one physical column.
    record Leaf(Field field, ColumnPages pages) implements FieldReader {}

    /// The file does not hold it: every row is null.
    record Absent(Field field) implements FieldReader {}

    static List<FieldReader> of(FileMetadata file, FileProjection projection) {
        List<FieldReader> readers = new ArrayList<>();
        for (Field field : projection.fields()) {
            Integer column = projection.columnIndexByFieldId().get(field.id());
            if (column == null && !anyColumn(field, projection)) {
                readers.add(new Absent(field));
                continue;
            }
            // refuses what has no shape of its own: structs, lists, maps
            ValueShape shape = ValueShape.of(field);
            int columnIndex = column == null ? -1 : column;
            readers.add(new Leaf(
                    field, ColumnPages.of(file, columnIndex, new LeafColumn(field, shape, file.version()))));
        }
        return readers;
    }

    private static boolean anyColumn(Field field, FileProjection projection) {
        return projection.columnIndexByFieldId().containsKey(field.id())
                || field.children().stream().anyMatch(child -> anyColumn(child, projection));
    }
}
