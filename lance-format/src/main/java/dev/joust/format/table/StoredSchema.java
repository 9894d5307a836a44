// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.HashMap;
import java.util.Map;

import dev.joust.format.schema.Schema;

/// A schema as manifests and transactions hold it.
///
/// @param unmodelledByFieldId what the messages of its fields say beyond {@link dev.joust.format.schema.Field}
///                            (encoding hint, key flags, unknown fields); a new field is in nobody's way without
/// @param unmodelledMetadata  schema metadata whose values are not UTF-8
public record StoredSchema(
        Schema schema, Map<Integer, Bytes> unmodelledByFieldId, Map<String, Bytes> unmodelledMetadata) {
    public StoredSchema {
        unmodelledByFieldId = Map.copyOf(unmodelledByFieldId);
        unmodelledMetadata = Map.copyOf(unmodelledMetadata);
    }

    /// A new table's schema.
    ///
    /// @param schema with ids assigned
    public static StoredSchema of(Schema schema) {
        return new StoredSchema(schema, Map.of(), Map.of());
    }

    /// Another schema for the same table: fields that keep their id keep what is not modelled of them.
    public StoredSchema withSchema(Schema newSchema) {
        Map<Integer, Bytes> kept = new HashMap<>();
        newSchema.preOrder().forEach(field -> {
            Bytes unmodelled = unmodelledByFieldId.get(field.id());
            if (unmodelled != null) {
                kept.put(field.id(), unmodelled);
            }
        });
        return new StoredSchema(newSchema, kept, unmodelledMetadata);
    }
}
