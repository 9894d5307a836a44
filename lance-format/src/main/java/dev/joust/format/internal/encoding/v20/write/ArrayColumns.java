// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20.write;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.file.FileProjection;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.internal.blob.BlobOutput;
import dev.joust.format.internal.encoding.write.ColumnWriter;
import dev.joust.format.internal.encoding.write.LeafColumn.Step;
import dev.joust.format.internal.encoding.write.WrittenTypes;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;
import dev.joust.format.schema.Schema;

/// The columns of a 2.0 file: one for each struct, list and leaf, in pre-order (spec: file format 1.4). What the format
/// has no place for, and what the reference writes but cannot read, is refused by name.
public final class ArrayColumns {
    private final List<ColumnWriter> writers = new ArrayList<>();

    private final BlobOutput blobs;

    private ArrayColumns(BlobOutput blobs) {
        this.blobs = blobs;
    }

    /// @param blobs where the bytes of blobs go
    /// @throws UnsupportedFormatException naming the field that is not written
    public static List<ColumnWriter> of(Schema schema, BlobOutput blobs) {
        var columns = new ArrayColumns(blobs);
        for (int i = 0; i < schema.fields().size(); i++) {
            if (schema.fields().get(i).name().isEmpty()) {
                throw new IllegalArgumentException("a column without a name");
            }
            columns.add(schema.fields().get(i), new SlotPath(i, List.of()), null);
        }
        return columns.writers;
    }

    private void add(Field field, SlotPath path, @Nullable ListCuts outerCuts) {
        if (BlobFields.EXTENSION_V2.equals(field.metadata().get(Field.EXTENSION_NAME))) {
            throw refused(field, "files of version 2.0 hold no blobs of version 2, those of 2.2 do");
        }
        if (field.metadata().containsKey(FileProjection.BLOB_KEY)) {
            requireBlob(field);
        }
        switch (field.type()) {
            case LogicalType.Struct _ -> addStruct(field, path, outerCuts);
            case LogicalType.List(boolean large, boolean _) -> {
                var step = new Step.IntoList(large ? 8 : 4);
                var list = new ListColumnWriter(field, path, step, outerCuts);
                writers.add(list);
                add(onlyChild(field), path.into(step), list.cuts());
            }
            case LogicalType.Map _ -> throw refused(field, "files of version 2.0 hold no maps, those of 2.2 do");
            case LogicalType.FixedSizeList(LogicalType item, int _) when item == null ->
                throw refused(field, "files of version 2.0 hold no fixed-size lists of structs, those of 2.2 do");
            case LogicalType.Dictionary(LogicalType value, LogicalType.Int _) -> {
                if (!WrittenTypes.isDictionaryValue(value) && !(value instanceof LogicalType.Null)) {
                    throw refused(field, "dictionaries of " + LogicalTypes.format(value) + " cannot be read back");
                }
                writers.add(new LeafColumnWriter(field, path, outerCuts, blobs));
            }
            case LogicalType.FixedSizeList list -> {
                requireFixedWidth(field, list);
                writers.add(new LeafColumnWriter(field, path, outerCuts, blobs));
            }
            case LogicalType.FixedSizeBinary(int byteWidth) when byteWidth == 0 ->
                throw refused(field, "values of no bytes cannot be read back");
            case LogicalType.Null _, LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _,
                    LogicalType.Decimal _, LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.FixedSizeBinary _,
                    LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _,
                    LogicalType.Json _, LogicalType.BFloat16 _ ->
                writers.add(new LeafColumnWriter(field, path, outerCuts, blobs));
        }
    }

    private static void requireBlob(Field field) {
        if (!(field.type() instanceof LogicalType.Binary(boolean large) && large)) {
            throw refused(field, "blobs of files of version 2.0 are of type large_binary");
        }
        if (!FileProjection.isBlob(field)) {
            throw refused(field, "the reference takes " + FileProjection.BLOB_KEY + " for yes, whatever its value");
        }
    }

    private void addStruct(Field field, SlotPath path, @Nullable ListCuts outerCuts) {
        if (FileProjection.isPacked(field)) {
            requirePackable(field);
            writers.add(new LeafColumnWriter(field, path, outerCuts, blobs));
            return;
        }
        writers.add(new StructColumnWriter(field, path, outerCuts));
        for (int child = 0; child < field.children().size(); child++) {
            add(field.children().get(child), path.into(new Step.IntoStruct(child)), outerCuts);
        }
    }

    private static void requirePackable(Field struct) {
        if (struct.children().isEmpty()) {
            throw refused(struct, "a packed struct without fields is not written");
        }
        for (Field field : struct.children()) {
            if (PackedRows.widthBytes(field.type()) == 0) {
                throw refused(struct, "packed structs of version 2.0 hold fields of fixed width and whole bytes; '"
                        + field.name() + "' is " + LogicalTypes.format(field.type()));
            }
        }
    }

    private static void requireFixedWidth(Field field, LogicalType.FixedSizeList list) {
        switch (list.item()) {
            case LogicalType.FixedSizeList inner -> requireFixedWidth(field, inner);
            case LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.Json _, LogicalType.Dictionary _ ->
                throw refused(field, "fixed-size lists hold values of fixed width only");
            case null, default -> {}
        }
    }

    private static Field onlyChild(Field field) {
        if (field.children().size() != 1) {
            throw new IllegalArgumentException("field '" + field.name() + "' of type "
                    + LogicalTypes.format(field.type()) + " has " + field.children().size() + " children, needs one");
        }
        return field.children().getFirst();
    }

    private static UnsupportedFormatException refused(Field field, String why) {
        return new UnsupportedFormatException(
                "column '" + field.name() + "' of type " + LogicalTypes.format(field.type()) + ": " + why);
    }
}
