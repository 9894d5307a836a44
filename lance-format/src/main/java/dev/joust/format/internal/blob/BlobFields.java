// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.blob;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.file.FileProjection;
import dev.joust.format.file.FileVersion;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;

/// Which fields are blobs, and the types that they are read as. Three schemas tell of the same column:
///
///     a table's        large_binary with the blob mark (v1), or the extension `lance.blob.v2` (struct<data, uri>, and
///                      position and size where somebody gave them)
///     a file's         large_binary with the blob mark (v1), or a packed struct with it (v2)
///     a batch's        descriptors: struct<position, size> (v1), struct<kind, position, size, blob_id, blob_uri> (v2);
///                      or the bytes: large_binary
public final class BlobFields {
    public static final String EXTENSION_V2 = "lance.blob.v2";

    /// Fields of a v2 blob as writers give it.
    public static final String DATA = "data";

    public static final String URI = "uri";
    public static final String POSITION = "position";
    public static final String SIZE = "size";

    private static final LogicalType U8 = new LogicalType.Int(8, false);
    private static final LogicalType U32 = new LogicalType.Int(32, false);
    private static final LogicalType U64 = new LogicalType.Int(64, false);
    private static final List<Field> DESCRIPTOR_V1 = List.of(Field.nullable("position", U64), Field.nullable("size", U64));
    private static final List<Field> DESCRIPTOR_V2 = List.of(
            Field.required("kind", U8),
            Field.required("position", U64),
            Field.required("size", U64),
            Field.required("blob_id", U32),
            Field.required("blob_uri", new LogicalType.Utf8(false)));

    private BlobFields() {}

    /// Whether the field of a table or file is a blob.
    public static boolean isBlob(Field field) {
        return isV2(field) || FileProjection.isBlob(field);
    }

    /// Whether the field is a v2 blob as tables and writers name it, not as files do.
    public static boolean isLogicalV2(Field field) {
        return EXTENSION_V2.equals(field.metadata().get(Field.EXTENSION_NAME));
    }

    /// Whether a v2 blob has the fields in which writers give blobs: `data`, `uri`, and the range `position`, `size` of
    /// what the latter names, or some of them, but one of the first two.
    public static boolean isInputV2(Field field) {
        boolean named = false;
        for (Field child : field.children()) {
            if (!inputType(child.name()).contains(child.type())) {
                return false;
            }
            named |= child.name().equals(DATA) || child.name().equals(URI);
        }
        return field.type() instanceof LogicalType.Struct && named;
    }

    private static List<LogicalType> inputType(String name) {
        return switch (name) {
            case DATA -> List.of(new LogicalType.Binary(true), new LogicalType.Binary(false));
            case URI -> List.of(new LogicalType.Utf8(false));
            case POSITION, SIZE -> List.of(U64);
            default -> List.of();
        };
    }

    /// The columns of a new table whose files are of that version: from 2.2 on, blobs are v2, as the reference has it.
    public static Schema ofNewTable(Schema schema, FileVersion version) {
        return version == FileVersion.V2_2 ? new Schema(asV2(schema.fields()), schema.metadata()) : schema;
    }

    private static List<Field> asV2(List<Field> fields) {
        return fields.stream()
                .map(field -> switch (field.type()) {
                    case LogicalType.Binary _ when FileProjection.isBlob(field) -> asV2(field);
                    case LogicalType.Struct _ when !isBlob(field) -> field.withChildren(asV2(field.children()));
                    default -> field;
                })
                .toList();
    }

    private static Field asV2(Field field) {
        Map<String, String> metadata = new HashMap<>(field.metadata());
        metadata.remove(FileProjection.BLOB_KEY);
        metadata.put(Field.EXTENSION_NAME, EXTENSION_V2);
        return new Field(
                field.id(), field.name(), new LogicalType.Struct(), field.nullable(),
                List.of(Field.nullable(DATA, new LogicalType.Binary(true)), Field.nullable(URI, new LogicalType.Utf8(false))),
                metadata);
    }

    /// The schema as files hold it: v2 blobs as descriptors.
    public static Schema ofFile(Schema schema) {
        return new Schema(stored(schema.fields()), schema.metadata());
    }

    private static List<Field> stored(List<Field> fields) {
        return fields.stream()
                .map(field -> isLogicalV2(field) ? asDescriptors(field) : field.withChildren(stored(field.children())))
                .toList();
    }

    private static boolean isV2(Field field) {
        return isLogicalV2(field)
                || (field.type() instanceof LogicalType.Struct && FileProjection.isBlob(field) && !isDescriptorV1(field));
    }

    private static boolean isDescriptorV1(Field field) {
        return field.children().size() == DESCRIPTOR_V1.size();
    }

    /// The field as descriptors, id and name kept; of its metadata only what says that it is a blob, as the reference.
    ///
    /// @param field a blob, of a table or file
    public static Field asDescriptors(Field field) {
        boolean v2 = isV2(field);
        Map<String, String> metadata = v2
                ? Map.of(FileProjection.BLOB_KEY, "true", FileProjection.PACKED_KEY, "true")
                : Map.of(FileProjection.BLOB_KEY, "true");
        return new Field(
                field.id(),
                field.name(),
                new LogicalType.Struct(),
                field.nullable(),
                v2 ? DESCRIPTOR_V2 : DESCRIPTOR_V1,
                metadata);
    }

    /// The field as its bytes.
    ///
    /// @param field a blob, of a table or file
    public static Field asBytes(Field field) {
        Map<String, String> metadata = new HashMap<>(field.metadata());
        metadata.remove(Field.EXTENSION_NAME);
        return new Field(
                field.id(), field.name(), new LogicalType.Binary(true), field.nullable(), List.of(), metadata);
    }

    /// Every blob among the fields, and in structs below them, as descriptors or as bytes.
    public static List<Field> read(List<Field> fields, boolean descriptors) {
        return fields.stream().map(field -> read(field, descriptors)).toList();
    }

    private static Field read(Field field, boolean descriptors) {
        if (isBlob(field)) {
            return descriptors ? asDescriptors(field) : asBytes(field);
        }
        return field.children().isEmpty() ? field : field.withChildren(read(field.children(), descriptors));
    }

    /// The fields, where blobs that are wanted as bytes are replaced by the descriptors that the file holds; null if
    /// there are none.
    ///
    /// @param stored the file's fields
    static @Nullable List<Field> withDescriptors(List<Field> wanted, List<Field> stored) {
        Map<Integer, Field> storedById = new HashMap<>();
        addBlobs(stored, storedById);
        if (storedById.isEmpty()) {
            return null;
        }
        List<Field> replaced = replace(wanted, storedById);
        return replaced.equals(wanted) ? null : replaced;
    }

    private static void addBlobs(List<Field> fields, Map<Integer, Field> target) {
        for (Field field : fields) {
            if (isBlob(field)) {
                target.put(field.id(), field);
            } else {
                addBlobs(field.children(), target);
            }
        }
    }

    private static List<Field> replace(List<Field> fields, Map<Integer, Field> storedById) {
        List<Field> replaced = new ArrayList<>();
        for (Field field : fields) {
            Field stored = storedById.get(field.id());
            if (stored != null && field.type() instanceof LogicalType.Binary) {
                replaced.add(asDescriptors(stored));
            } else {
                replaced.add(field.children().isEmpty() ? field : field.withChildren(replace(field.children(), storedById)));
            }
        }
        return replaced;
    }
}
