// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.joust.format.commit.Operation.UpdateConfig.MapUpdate;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.PrimaryKey;
import dev.joust.format.schema.Schema;

/// What {@link Operation.UpdateConfig} does to maps and fields (spec: table format 3.2, 6.4).
final class MetadataChanges {
    private static final String CLUSTERING_KEY = "lance-schema:unenforced-clustering-key";

    private MetadataChanges() {}

    static Map<String, String> apply(Map<String, String> before, MapUpdate update) {
        Map<String, String> after = new LinkedHashMap<>(update.replace() ? Map.of() : before);
        for (MapUpdate.Entry entry : update.entries()) {
            if (entry.value() != null) {
                after.put(entry.key(), entry.value());
            } else if (!update.replace()) {
                after.remove(entry.key());
            }
        }
        return after;
    }

    /// The schema with the metadata of some fields changed.
    ///
    /// @param updates by field id
    /// @throws IllegalArgumentException for a field that is not there, and for a change of a key that is declared already
    static Schema applyToFields(Schema before, Map<Integer, MapUpdate> updates) {
        Set<Integer> known = IndexCoverage.FieldIds.of(before);
        for (int id : updates.keySet()) {
            if (!known.contains(id)) {
                throw new IllegalArgumentException("no field has id " + id);
            }
        }
        Schema after = new Schema(
                before.fields().stream().map(field -> apply(field, updates)).toList(), before.metadata());
        checkKeys(before, after, updates);
        return after;
    }

    private static Field apply(Field field, Map<Integer, MapUpdate> updates) {
        Field changed = field.withChildren(
                field.children().stream().map(child -> apply(child, updates)).toList());
        MapUpdate update = updates.get(field.id());
        return update == null ? changed : changed.withMetadata(apply(field.metadata(), update));
    }

    private static void checkKeys(Schema before, Schema after, Map<Integer, MapUpdate> updates) {
        boolean writesKey = writes(updates, PrimaryKey.MARK);
        List<Integer> keyBefore = ids(PrimaryKey.of(before));
        List<Integer> keyAfter = ids(PrimaryKey.of(after));
        if (!keyBefore.isEmpty() && (writesKey || !keyAfter.equals(keyBefore))) {
            throw new IllegalArgumentException("the table's primary key is declared once and never changed");
        }
        if (keyBefore.isEmpty() && writesKey && keyAfter.isEmpty()) {
            throw new IllegalArgumentException("metadata declares a primary key, but no field to be of it");
        }
        if (writesKey) {
            PrimaryKey.check(after);
        }
        if (writes(updates, CLUSTERING_KEY)) {
            throw new IllegalArgumentException("clustering keys are not supported");
        }
    }

    private static boolean writes(Map<Integer, MapUpdate> updates, String key) {
        return updates.values().stream()
                .flatMap(update -> update.entries().stream())
                .anyMatch(entry ->
                        entry.key().equals(key) || entry.key().equals(key + ":position"));
    }

    private static List<Integer> ids(List<Field> fields) {
        return fields.stream().map(Field::id).toList();
    }
}
