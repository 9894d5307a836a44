// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import dev.joust.format.internal.bytes.ByteCursor;
import dev.joust.format.internal.file.SchemaCodec;
import dev.joust.format.internal.proto.file.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.StoredSchema;

/// The `lance.file.Field` messages of a manifest or transaction to a {@link StoredSchema} and back: the tree is
/// {@link SchemaCodec}'s, here is what goes beyond it (spec: table format 2.3).
final class StoredSchemaCodec {
    private StoredSchemaCodec() {}

    static StoredSchema fromProto(List<Field> fields, Map<String, ByteString> metadata, MessageSource source) {
        Map<Integer, Bytes> unmodelled = new HashMap<>();
        for (Field field : fields) {
            if (field.getId() < 0) {
                throw source.corrupt("schema", "field '" + field.getName() + "' has id " + field.getId());
            }
            unmodelled.put(field.getId(), unmodelledOf(field));
        }
        Map<String, ByteString> text = new LinkedHashMap<>();
        Map<String, Bytes> notText = new LinkedHashMap<>();
        metadata.forEach((key, value) -> {
            if (value.isValidUtf8()) {
                text.put(key, value);
            } else {
                notText.put(key, Bytes.of(value.toByteArray()));
            }
        });
        ByteCursor at = new ByteCursor(source.file(), source.offsetInFile(), MemorySegment.NULL);
        Schema schema = SchemaCodec.parse(at, fields, text);
        return new StoredSchema(schema, unmodelled, notText);
    }

    static List<Field> fieldsToProto(StoredSchema stored) {
        List<Field> earlier = new ArrayList<>();
        stored.unmodelledByFieldId().forEach((id, bytes) -> {
            try {
                earlier.add(Field.parseFrom(bytes.toByteArray()).toBuilder()
                        .setId(id)
                        .build());
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("field " + id + ": what was kept of it is no message", e);
            }
        });
        return SchemaCodec.toMessages(stored.schema(), earlier);
    }

    static Map<String, ByteString> metadataToProto(StoredSchema stored) {
        Map<String, ByteString> metadata =
                new LinkedHashMap<>(SchemaCodec.bytes(stored.schema().metadata()));
        stored.unmodelledMetadata()
                .forEach((key, value) -> metadata.put(key, ByteString.copyFrom(value.toByteArray())));
        return metadata;
    }

    /// The message without what {@link dev.joust.format.schema.Field} holds.
    private static Bytes unmodelledOf(Field field) {
        return Bytes.of(field.toBuilder()
                .clearName()
                .clearId()
                .clearParentId()
                .clearLogicalType()
                .clearNullable()
                .clearMetadata()
                .build()
                .toByteArray());
    }
}
