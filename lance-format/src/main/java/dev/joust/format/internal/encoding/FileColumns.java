// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.joust.format.file.FileLayout;
import dev.joust.format.file.FileProjection;
import dev.joust.format.internal.file.FileMetadata;
import dev.joust.format.internal.file.PageInfo;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;

/// The physical columns of a 2.x file as {@link FileLayout} tells of them.
public final class FileColumns {
    private FileColumns() {}

    /// @param encoding of a page, in words
    public static List<FileLayout.Column> of(FileMetadata file, Function<PageInfo, String> encoding) {
        Map<Integer, String> names = names(file);
        List<FileLayout.Column> columns = new ArrayList<>();
        for (int index = 0; index < file.columnCount(); index++) {
            List<FileLayout.Page> pages = new ArrayList<>();
            for (PageInfo page : file.column(index).pages()) {
                pages.add(new FileLayout.Page(page.firstRow(), page.length(), encoding.apply(page), page.buffers()));
            }
            columns.add(new FileLayout.Column(index, names.getOrDefault(index, ""), pages));
        }
        return columns;
    }

    /// Names of fields by the column that holds their values.
    private static Map<Integer, String> names(FileMetadata file) {
        Schema schema = file.descriptor().schema();
        FileProjection projection = FileProjection.all(file.version(), schema);
        Map<Integer, String> names = new HashMap<>();
        schema.fields().forEach(field -> name(field, field.name(), projection, names));
        return names;
    }

    private static void name(Field field, String path, FileProjection projection, Map<Integer, String> names) {
        Integer column = projection.columnIndexByFieldId().get(field.id());
        if (column != null) {
            names.put(column, path);
        }
        field.children().forEach(child -> name(child, path + "." + child.name(), projection, names));
    }
}
