// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.file.FileVersion;
import dev.joust.format.file.LanceFileWriter;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.WriteOptions;

/// Writes rows to data files of a bounded number of rows, one per fragment. Fragments belong to nobody until they are
/// committed. Not thread-safe.
public final class FragmentWriter {
    private final TableContext table;
    private final FileVersion version;
    private final WriteOptions options;

    public FragmentWriter(TableContext table, FileVersion version, WriteOptions options) {
        this.table = table;
        this.version = version;
        this.options = options;
    }

    /// Columns of the rows to come, as the table has them: matched by name, in the table's order, with its field ids.
    /// A nullable column may be left out (spec: table format 10).
    ///
    /// @throws IllegalArgumentException naming the column that does not fit
    public static Schema matched(Schema tableSchema, Schema rows) {
        Map<String, Field> given = new LinkedHashMap<>();
        for (Field field : rows.fields()) {
            if (given.put(field.name(), field) != null) {
                throw new IllegalArgumentException("two columns are named '" + field.name() + "'");
            }
        }
        List<Field> matched = new ArrayList<>();
        for (Field field : tableSchema.fields()) {
            Field found = given.remove(field.name());
            if (found != null) {
                checkType(field, found, field.name());
                matched.add(field);
            } else if (!field.nullable()) {
                throw new IllegalArgumentException("column '" + field.name() + "' holds no nulls and is missing");
            }
        }
        if (!given.isEmpty()) {
            throw new IllegalArgumentException("the table has no column '"
                    + given.keySet().iterator().next() + "'; it has "
                    + tableSchema.fields().stream().map(Field::name).toList());
        }
        return new Schema(matched, tableSchema.metadata());
    }

    private static void checkType(Field expected, Field given, String path) {
        if (BlobFields.isLogicalV2(expected)
                && (given.type() instanceof LogicalType.Binary || BlobFields.isInputV2(given))) {
            return; // in any of the forms that blobs are given in
        }
        if (!expected.type().equals(given.type())
                || expected.children().size() != given.children().size()) {
            throw new IllegalArgumentException("column '" + path + "' is " + LogicalTypes.format(expected.type())
                    + " in the table and " + LogicalTypes.format(given.type()) + " in the rows");
        }
        for (int i = 0; i < expected.children().size(); i++) {
            Field child = expected.children().get(i);
            if (!child.name().equals(given.children().get(i).name())) {
                throw new IllegalArgumentException("column '" + path + "' has the field '" + child.name()
                        + "' in the table and '" + given.children().get(i).name() + "' in the rows");
            }
            checkType(child, given.children().get(i), path + "." + child.name());
        }
    }

    /// Writes all rows. If it fails, or some time later nobody commits the fragments, their files are garbage that a
    /// cleanup removes.
    ///
    /// @param fileSchema as {@link #matched}
    public List<Fragment> write(Schema fileSchema, BatchReader rows) throws IOException {
        return write(fileSchema, rows, _ -> options.maxRowsPerFile());
    }

    /// As the other, with a number of rows at most for each file.
    ///
    /// @param maxRowsOfFile by the file's number, from 0
    public List<Fragment> write(Schema fileSchema, BatchReader rows, IntToLongFunction maxRowsOfFile)
            throws IOException {
        // also without rows: nobody could add any to such a table
        LanceFileWriter.check(fileSchema, version);
        List<Fragment> fragments = new ArrayList<>();
        DataFileWriter file = null;
        try {
            for (Batch next = rows.next(); next != null; next = rows.next()) {
                try (Batch batch = next) {
                    Batch named = named(batch, fileSchema);
                    int row = 0;
                    while (row < batch.rowCount()) {
                        if (file == null) {
                            file = DataFileWriter.create(table, version, options, fileSchema);
                        }
                        long maxRows = maxRowsOfFile.applyAsLong(fragments.size());
                        int count = (int) Math.min(batch.rowCount() - row, maxRows - file.rowCount());
                        file.write(named, row, row + count);
                        row += count;
                        if (file.rowCount() >= maxRows
                                || file.sizeBytesSoFar() >= options.maxBytesPerFile()) {
                            fragments.add(finished(file));
                            file = null;
                        }
                    }
                }
            }
            if (file != null) {
                fragments.add(finished(file));
                file = null;
            }
            return fragments;
        } finally {
            if (file != null) {
                file.close();
            }
        }
    }

    private static Fragment finished(DataFileWriter file) throws IOException {
        try (file) {
            return Fragment.written(List.of(file.finish()), file.rowCount());
        }
    }

    /// The same rows under the file's fields, in their order; shares all memory.
    public static Batch named(Batch batch, Schema fileSchema) {
        List<ColumnBuffers> columns = new ArrayList<>();
        for (Field field : fileSchema.fields()) {
            columns.add(withField(batch.column(field.name()), field, FragmentWriter::isHiddenAtTop));
        }
        return new Batch(fileSchema, batch.rowCount(), columns, batch.memory());
    }

    /// The column under the table's field: its id and metadata, not those that the rows came with.
    ///
    /// @param hidden rows that do not count: what is below a null struct or fixed-size list is null, however declared
    private static ColumnBuffers withField(ColumnBuffers column, Field field, IntPredicate hidden) {
        requireNullable(field, column, hidden);
        if (BlobFields.isLogicalV2(field) && column.field().type() instanceof LogicalType.Binary) {
            return blobs(column, field);
        }
        List<ColumnBuffers> children = new ArrayList<>();
        boolean sameChildren = column.children().size() == field.children().size() && !BlobFields.isLogicalV2(field);
        for (int i = 0; i < column.children().size(); i++) {
            ColumnBuffers child = column.children().get(i);
            children.add(
                    sameChildren ? withField(child, field.children().get(i), hiddenBelow(column, field, hidden)) : child);
        }
        return column.with(field, children);
    }

    private static IntPredicate hiddenBelow(ColumnBuffers column, Field field, IntPredicate hidden) {
        IntPredicate here = row -> hidden.test(row) || column.isNull(row);
        return switch (field.type()) {
            case LogicalType.Struct _ -> here;
            case LogicalType.FixedSizeList(LogicalType _, int dimension) -> item -> here.test(item / dimension);
            default -> FragmentWriter::isHiddenAtTop; // items of a list: null lists have none
        };
    }

    private static boolean isHiddenAtTop(int row) {
        return row < 0;
    }

    private static void requireNullable(Field field, ColumnBuffers column, IntPredicate hidden) {
        if (field.nullable() || column.nullCount() == 0) {
            return;
        }
        for (int row = 0; row < column.rowCount(); row++) {
            if (column.isNull(row) && !hidden.test(row)) {
                throw new IllegalArgumentException("column '" + field.name() + "' holds no nulls, row " + row
                        + " of the rows is null");
            }
        }
    }

    /// Bytes as what a column of blobs is given.
    private static ColumnBuffers blobs(ColumnBuffers bytes, Field field) {
        ColumnBuffers data = bytes.with(Field.nullable(BlobFields.DATA, bytes.field().type()), List.of());
        return new ColumnBuffers(
                field, bytes.rowCount(), bytes.nullCount(), bytes.validity(), null, null, List.of(data));
    }
}
