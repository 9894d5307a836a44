// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.schema;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.FieldType;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.batch.ArrowSchemas;
import dev.joust.format.batch.Dictionaries;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;

/// The Arrow schema that Arrow's writers leave in a Parquet file, as an IPC message in Base64, so that readers see types
/// that Parquet lacks.
public final class StoredArrowSchema {
    /// In the key-value metadata of the footer.
    public static final String KEY = "ARROW:schema";

    private static final int CONTINUATION = -1;

    private StoredArrowSchema() {}

    /// Columns by name; one whose type we lack is left out.
    public static Map<String, Field> decode(String base64, SourceFile file, long footerOffset) {
        try {
            ByteBuffer message = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
            int start = message.remaining() >= 8 && message.getInt(0) == CONTINUATION ? 4 : 0;
            if (message.remaining() < start + 4 || message.getInt(start) < 0
                    || message.getInt(start) > message.remaining() - start - 4) {
                throw file.corrupt(footerOffset, KEY, "its length is not that of a schema");
            }
            var schema = org.apache.arrow.vector.types.pojo.Schema.deserializeMessage(message);
            Map<String, Field> fields = new HashMap<>();
            for (var field : schema.getFields()) {
                try {
                    fields.put(field.getName(), fromMessage(field));
                } catch (IllegalArgumentException _) {
                    // A type that the format has no name for: Parquet's own stands
                }
            }
            return fields;
        } catch (CorruptFileException | UnsupportedFormatException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) { // Arrow's reader promises nothing about damaged messages
            throw file.corrupt(footerOffset, KEY, "no sound Arrow schema: " + e.getMessage());
        }
    }

    /// In messages a dictionary column's field has the type of its values.
    private static Field fromMessage(org.apache.arrow.vector.types.pojo.Field field) {
        Field plain = ArrowSchemas.fromArrow(new org.apache.arrow.vector.types.pojo.Schema(List.of(plain(field))))
                .fields().getFirst();
        return withDictionaries(plain, field);
    }

    private static org.apache.arrow.vector.types.pojo.Field plain(org.apache.arrow.vector.types.pojo.Field field) {
        return new org.apache.arrow.vector.types.pojo.Field(
                field.getName(),
                new FieldType(field.isNullable(), field.getType(), null, field.getMetadata()),
                field.getChildren().stream().map(StoredArrowSchema::plain).toList());
    }

    private static Field withDictionaries(Field field, org.apache.arrow.vector.types.pojo.Field arrow) {
        DictionaryEncoding encoding = arrow.getDictionary();
        if (encoding != null && field.children().isEmpty()) {
            ArrowType.Int index = encoding.getIndexType();
            return field.withType(new LogicalType.Dictionary(
                    field.type(), new LogicalType.Int(index.getBitWidth(), index.getIsSigned())));
        }
        List<Field> children = new ArrayList<>();
        for (int i = 0; i < field.children().size(); i++) {
            children.add(withDictionaries(field.children().get(i), arrow.getChildren().get(i)));
        }
        return field.withChildren(children);
    }

    /// The value of the key for a file of these columns.
    public static String encode(Schema schema) {
        Schema decoded = new Schema(
                schema.fields().stream().map(Dictionaries::decoded).toList(), schema.metadata());
        var arrow = ArrowSchemas.toArrow(decoded);
        List<org.apache.arrow.vector.types.pojo.Field> fields = new ArrayList<>();
        long[] nextId = {0};
        for (int i = 0; i < schema.fields().size(); i++) {
            fields.add(toMessage(schema.fields().get(i), arrow.getFields().get(i), nextId));
        }
        byte[] message = new org.apache.arrow.vector.types.pojo.Schema(fields, schema.metadata()).serializeAsMessage();
        return Base64.getEncoder().encodeToString(message);
    }

    private static org.apache.arrow.vector.types.pojo.Field toMessage(
            Field field, org.apache.arrow.vector.types.pojo.Field arrow, long[] nextId) {
        DictionaryEncoding encoding = null;
        if (field.type() instanceof LogicalType.Dictionary(LogicalType _, LogicalType.Int index)) {
            encoding = new DictionaryEncoding(nextId[0]++, false, new ArrowType.Int(index.bitWidth(), index.signed()));
        }
        List<org.apache.arrow.vector.types.pojo.Field> children = new ArrayList<>(arrow.getChildren());
        for (int i = 0; i < field.children().size(); i++) {
            children.set(i, toMessage(field.children().get(i), arrow.getChildren().get(i), nextId));
        }
        return new org.apache.arrow.vector.types.pojo.Field(
                arrow.getName(), new FieldType(arrow.isNullable(), arrow.getType(), encoding, arrow.getMetadata()), children);
    }
}
