// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v01;

import java.util.ArrayList;
import java.util.List;

import dev.joust.format.file.FileLayout;
import dev.joust.format.internal.file.LegacyMetadata;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.io.ByteRange;

/// The fields of a 0.1 file as {@link FileLayout} tells of them, in the order of their ids.
final class LegacyLayout {
    private LegacyLayout() {}

    static List<FileLayout.Column> columns(LegacyMetadata file, PageOrder order) {
        FileLayout.Column[] columns = new FileLayout.Column[file.fieldCount()];
        file.schema().fields().forEach(field -> add(field, field.name(), file, order, columns));
        return List.of(columns);
    }

    private static void add(
            Field field, String path, LegacyMetadata file, PageOrder order, FileLayout.Column[] columns) {
        int index = file.fieldIndex(field.id());
        List<FileLayout.Page> pages = new ArrayList<>();
        for (int batch = 0; batch < file.batchCount() && !(field.type() instanceof LogicalType.Struct); batch++) {
            long start = file.batchStart(batch);
            long sizeBytes = order.sizeBytes(index, batch);
            long end = order.end(index, batch);
            List<ByteRange> buffers = sizeBytes == 0 ? List.of() : List.of(new ByteRange(end - sizeBytes, sizeBytes));
            pages.add(new FileLayout.Page(start, file.batchStart(batch + 1) - start, encoding(field.type()), buffers));
        }
        columns[index] = new FileLayout.Column(index, path, pages);
        field.children().forEach(child -> add(child, path + "." + child.name(), file, order, columns));
    }

    private static String encoding(LogicalType type) {
        return switch (type) {
            case LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.Json _ -> "var_binary";
            case LogicalType.Dictionary _ -> "dictionary";
            case LogicalType.List _ -> "plain offsets";
            case LogicalType.Null _, LogicalType.Struct _, LogicalType.Map _ -> "none";
            case LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _,
                    LogicalType.FixedSizeBinary _, LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _,
                    LogicalType.Duration _, LogicalType.FixedSizeList _, LogicalType.BFloat16 _ -> "plain";
        };
    }
}
