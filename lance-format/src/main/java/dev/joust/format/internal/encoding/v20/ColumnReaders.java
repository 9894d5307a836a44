// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.file.FileProjection;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.file.FileMetadata;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;

/// Makes {@link ColumnReader}s for the fields of a projection.
final class ColumnReaders {
    private final FileMetadata file;
    private final OpenPages openPages;
    private final Map<Integer, Integer> columnIndexByFieldId;

    private ColumnReaders(FileMetadata file, OpenPages openPages, Map<Integer, Integer> columnIndexByFieldId) {
        this.file = file;
        this.openPages = openPages;
        this.columnIndexByFieldId = columnIndexByFieldId;
    }

    static List<ColumnReader> of(FileMetadata file, OpenPages openPages, FileProjection projection) {
        ColumnReaders readers = new ColumnReaders(file, openPages, projection.columnIndexByFieldId());
        long rowCount = file.descriptor().rowCount();
        return projection.fields().stream()
                .map(field -> readers.reader(field, rowCount))
                .toList();
    }

    /// @param itemCount rows of the file, or items of the list around the field
    private ColumnReader reader(Field field, long itemCount) {
        if (!anyColumn(field)) {
            return new AbsentColumn(field);
        }
        LogicalType type = field.type();
        return switch (type) {
            case LogicalType.Struct _ -> {
                Integer column = columnIndexByFieldId.get(field.id());
                if (column != null && (isBlob(checked(column, field)) || FileProjection.isPacked(field))) {
                    yield packed(field, checked(column, field), itemCount);
                }
                yield new StructColumn(
                        field,
                        field.children().stream().map(child -> reader(child, itemCount)).toList());
            }
            case LogicalType.List(boolean large, boolean _) -> list(field, large, itemCount);
            case LogicalType.Dictionary(LogicalType value, LogicalType.Int index) ->
                dictionary(field, value, index, itemCount);
            case LogicalType.Map _ -> throw notRead("map", field);
            case LogicalType.FixedSizeList list when list.item() == null ->
                throw notRead("fixed_size_list of struct", field);
            case LogicalType.Binary(boolean large) -> binary(field, large, itemCount);
            case LogicalType.Null _, LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _,
                    LogicalType.Decimal _, LogicalType.Utf8 _, LogicalType.FixedSizeBinary _, LogicalType.Date _,
                    LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _, LogicalType.FixedSizeList _,
                    LogicalType.Json _, LogicalType.BFloat16 _ ->
                leaf(field, ValueShape.of(field), column(field), itemCount);
        };
    }

    private LeafColumn leaf(Field field, ValueShape shape, int column, long itemCount) {
        return new LeafColumn(
                field,
                shape,
                PagedColumn.of(file, column, itemCount, openPages, shape, page -> page.reader(field, shape)));
    }

    private ColumnReader binary(Field field, boolean large, long itemCount) {
        int column = column(field);
        int offsetBytes = large ? 8 : 4;
        return isBlob(column)
                ? new BlobColumn(field, packedPages(column, itemCount), offsetBytes, file.fileSizeBytes())
                : leaf(field, new ValueShape.Variable(offsetBytes), column, itemCount);
    }

    private ListColumn list(Field field, boolean large, long itemCount) {
        PagedColumn<PageTree.ListPage> pages = PagedColumn.of(
                file, column(field), itemCount, openPages, "list", page -> page.listPage(field));
        long[] itemStarts = new long[pages.pageCount() + 1];
        for (int i = 0; i < pages.pageCount(); i++) {
            itemStarts[i + 1] = itemStarts[i] + pages.reader(i).itemCount();
            if (itemStarts[i + 1] < 0) {
                throw new CorruptFileException(file.path() + ": lists of column " + pages.columnIndex()
                        + " hold more than 2^63 items");
            }
        }
        ColumnReader items = reader(field.children().getFirst(), itemStarts[pages.pageCount()]);
        return new ListColumn(field, large, pages, itemStarts, items);
    }

    private DictionaryColumn dictionary(Field field, LogicalType value, LogicalType.Int index, long itemCount) {
        Field valuesField = Field.nullable("values", value);
        ValueShape shape = ValueShape.of(valuesField);
        int bits = index.bitWidth();
        return new DictionaryColumn(
                field,
                PagedColumn.of(
                        file,
                        column(field),
                        itemCount,
                        openPages,
                        field.type(),
                        page -> page.dictionaryPage(valuesField, shape, bits)),
                bits,
                valuesField);
    }

    private PagedColumn<PageTree.PackedPage> packedPages(int column, long itemCount) {
        return PagedColumn.of(file, column, itemCount, openPages, "packed", PageTree::packedPage);
    }

    private PackedColumn packed(Field field, int column, long itemCount) {
        List<Field> stored = isBlob(column) ? field.children() : storedFields(field, column);
        int[] widths = new int[stored.size()];
        int[] offsets = new int[stored.size()];
        int rowBytes = 0;
        for (int i = 0; i < widths.length; i++) {
            widths[i] = packedBytes(stored.get(i));
            offsets[i] = rowBytes;
            rowBytes = Math.addExact(rowBytes, widths[i]);
        }
        List<PackedColumn.Child> children = new ArrayList<>();
        for (Field child : field.children()) {
            int at = 0;
            while (at < widths.length && !stored.get(at).name().equals(child.name())) {
                at++;
            }
            if (at == widths.length) {
                throw notRead("packed struct without '" + child.name() + "' in the file,", field);
            }
            children.add(new PackedColumn.Child(child, ValueShape.of(child), offsets[at], widths[at]));
        }
        return new PackedColumn(field, packedPages(column, itemCount), widths, children);
    }

    /// All fields that the file packs into the column, wanted or not.
    private List<Field> storedFields(Field field, int column) {
        Schema schema = file.descriptor().schema();
        Map<Integer, Integer> columns = FileProjection.all(FileVersion.V2_0, schema).columnIndexByFieldId();
        for (Field candidate : schema.preOrder()) {
            if (candidate.type() instanceof LogicalType.Struct
                    && Integer.valueOf(column).equals(columns.get(candidate.id()))) {
                return candidate.children();
            }
        }
        return field.children();
    }

    private static int packedBytes(Field field) {
        return Math.toIntExact(packedBits(field, ValueShape.of(field)) / 8);
    }

    private static long packedBits(Field field, ValueShape shape) {
        return switch (shape) {
            case ValueShape.Fixed(int bits) when bits % 8 == 0 -> bits;
            case ValueShape.FixedSizeList(int dimension, ValueShape item) ->
                Math.multiplyExact(dimension, packedBits(field, item));
            case ValueShape.Fixed _, ValueShape.Variable _, ValueShape.Dictionary _, ValueShape.PackedStruct _,
                    ValueShape.None _, ValueShape.Unstored _ ->
                throw notRead("packed struct with a field of " + field.type() + ",", field);
        };
    }

    private boolean isBlob(int column) {
        DecodeContext context = new DecodeContext(file.path(), Arena.ofAuto());
        context.enter(0, "column", column);
        return ArrayEncodingCodec.isBlob(context, file.column(column).encoding());
    }

    private int column(Field field) {
        Integer column = columnIndexByFieldId.get(field.id());
        if (column == null) {
            throw new CorruptFileException(
                    file.path() + ": field '" + field.name() + "' has no column, but one below it has");
        }
        return checked(column, field);
    }

    private int checked(int column, Field field) {
        if (column < 0 || column >= file.columnCount()) {
            throw new CorruptFileException(file.path() + ": column " + column + " for field '" + field.name()
                    + "', the file has " + file.columnCount());
        }
        return column;
    }

    private boolean anyColumn(Field field) {
        return columnIndexByFieldId.containsKey(field.id())
                || field.children().stream().anyMatch(this::anyColumn);
    }

    private static UnsupportedFormatException notRead(String kind, Field field) {
        return new UnsupportedFormatException(kind + " column '" + field.name() + "' in a 2.0 file is not read");
    }

    /// Bytes of all pages read, per row of the file.
    static double bytesPerRow(FileMetadata file, List<ColumnReader> readers) {
        long bytes = readers.stream().mapToLong(ColumnReader::bytes).sum();
        return (double) bytes / Math.max(1, file.descriptor().rowCount());
    }
}
