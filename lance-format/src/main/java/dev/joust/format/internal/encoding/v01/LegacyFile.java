// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v01;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.file.FileProjection;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.file.LegacyMetadata;
import dev.joust.format.internal.file.LegacyPage;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.io.FileScheduler;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;

/// One 0.1 file, opened: its metadata, its bytes, the dictionaries that the session remembers. Thread-safe.
final class LegacyFile {
    private final Session session;
    private final LegacyMetadata metadata;
    private final FileScheduler scheduler;
    private final LegacyDictionaries dictionaries;
    private final PageOrder order;

    LegacyFile(Session session, ObjectStore store, LegacyMetadata metadata, FileScheduler scheduler) throws IOException {
        this.session = session;
        this.metadata = metadata;
        this.scheduler = scheduler;
        this.dictionaries = LegacyDictionaries.of(session, store, metadata.path());
        this.order = new PageOrder(metadata);
    }

    Session session() {
        return session;
    }

    LegacyMetadata metadata() {
        return metadata;
    }

    FileScheduler scheduler() {
        return scheduler;
    }

    PageOrder order() {
        return order;
    }

    /// What the field numbered `index` in the order of ids takes in the file, told by its first rows.
    long fieldBytes(int index) {
        for (int batch = 0; batch < metadata.batchCount(); batch++) {
            long rowCount = metadata.batchStart(batch + 1) - metadata.batchStart(batch);
            if (rowCount > 0) {
                return (long) ((double) order.sizeBytes(index, batch) * metadata.rowCount() / rowCount);
            }
        }
        return 0;
    }

    /// What is read for a field of the projection.
    ///
    /// @throws UnsupportedFormatException for what 0.1 files never held in a way that can be read
    LegacyColumn column(Field field, FileProjection projection) throws IOException {
        if (!isAnywhere(field, projection)) {
            return new AbsentColumn(field);
        }
        if ("true".equals(field.metadata().get("lance-encoding:blob"))) {
            throw notThere("blob", field);
        }
        return switch (field.type()) {
            case LogicalType.Struct _ -> {
                List<LegacyColumn> children = new ArrayList<>();
                for (Field child : field.children()) {
                    children.add(column(child, projection));
                }
                if (children.isEmpty()) {
                    throw notThere("struct without fields", field);
                }
                yield new StructColumn(field, children);
            }
            case LogicalType.List(boolean large, boolean _) -> {
                if (field.children().isEmpty() || !isAnywhere(field.children().getFirst(), projection)) {
                    throw new CorruptFileException(
                            metadata.path(), metadata.pagesEnd(), "list '" + field.name() + "'", "has no items");
                }
                Field item = field.children().getFirst();
                yield new ListColumn(field, large, column(item, projection), pages(field, projection));
            }
            case LogicalType.Map _ -> throw notThere("map", field);
            case LogicalType.Null _ -> new NullColumn(field, pages(field, projection));
            case LogicalType.Utf8(boolean large) -> new VariableColumn(field, large ? 8 : 4, pages(field, projection));
            case LogicalType.Binary(boolean large) -> new VariableColumn(field, large ? 8 : 4, pages(field, projection));
            case LogicalType.Json _ -> new VariableColumn(field, 8, pages(field, projection));
            case LogicalType.Dictionary(LogicalType valueType, LogicalType.Int index) -> {
                int inFile = metadata.fieldId(index(field, projection));
                ColumnBuffers values = dictionaries.values(this, inFile, valueType);
                FixedColumn keys = FixedColumn.of(
                        field.withType(index), new ValueShape.Fixed(index.bitWidth()), pages(field, projection));
                yield new DictionaryColumn(field, keys, values);
            }
            case LogicalType.FixedSizeList list when list.item() == null ->
                throw notThere("fixed_size_list of struct", field);
            case LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _,
                    LogicalType.FixedSizeBinary _, LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _,
                    LogicalType.Duration _, LogicalType.FixedSizeList _, LogicalType.BFloat16 _ ->
                FixedColumn.of(field, ValueShape.of(field), pages(field, projection));
        };
    }

    private static UnsupportedFormatException notThere(String kind, Field field) {
        return new UnsupportedFormatException(kind + " column '" + field.name() + "' in a file of version 0.1");
    }

    private static boolean isAnywhere(Field field, FileProjection projection) {
        return field.type() instanceof LogicalType.Struct
                ? field.children().stream().anyMatch(child -> isAnywhere(child, projection))
                        || (field.children().isEmpty() && projection.columnIndexByFieldId().containsKey(field.id()))
                : projection.columnIndexByFieldId().containsKey(field.id());
    }

    /// Number of a field in the order of ids. A projection of the field has it.
    private static int index(Field field, FileProjection projection) {
        Integer index = projection.columnIndexByFieldId().get(field.id());
        return index == null ? -1 : index;
    }

    private PageSource pages(Field field, FileProjection projection) {
        int index = index(field, projection);
        metadata.fieldId(index); // checks it
        return new PageSource() {
            @Override
            public LegacyPage page(int batch) {
                return metadata.page(index, batch);
            }

            @Override
            public long endBefore(int batch) {
                return order.endBefore(index, batch);
            }
        };
    }
}
