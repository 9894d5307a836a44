// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/// The columns that a table declares to tell its rows apart; nothing checks that they do (spec: table format 6.4). Kept
/// in the metadata of fields, declared once and never changed.
public final class PrimaryKey {
    /// Marks a field of the key; keys of several fields follow the order of field ids.
    public static final String MARK = "lance-schema:unenforced-primary-key";
    /// Marks a field of the key and says which one it is, from 1.
    public static final String POSITION = MARK + ":position";

    private static final Set<String> TRUE = Set.of("1", "true", "on", "yes", "y");

    private PrimaryKey() {}

    /// Fields of the key in its order; empty where the table declares none.
    public static List<Field> of(Schema schema) {
        List<Field> members = new ArrayList<>();
        for (Field field : schema.preOrder()) {
            if (isMember(field.metadata())) {
                members.add(field);
            }
        }
        members.sort(Comparator.comparingInt(PrimaryKey::order).thenComparingInt(Field::id));
        return members;
    }

    private static int order(Field field) {
        OptionalInt position = position(field.metadata());
        return position.isPresent() && position.getAsInt() > 0 ? position.getAsInt() : Integer.MAX_VALUE;
    }

    /// Whether a change of these keys of a field's metadata declares or changes a primary key.
    public static boolean isReserved(String metadataKey) {
        return metadataKey.equals(MARK) || metadataKey.equals(POSITION);
    }

    private static boolean isMember(Map<String, String> metadata) {
        return position(metadata).isPresent() || TRUE.contains(lower(metadata.getOrDefault(MARK, "")));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static OptionalInt position(Map<String, String> metadata) {
        try {
            String position = metadata.get(POSITION);
            return position == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseUnsignedInt(position));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    /// @throws IllegalArgumentException if a field of the key can be null or hold several values
    public static void check(Schema schema) {
        schema.fields().forEach(field -> check(field, field.name(), false, false));
    }

    private static void check(Field field, String path, boolean nullable, boolean repeated) {
        boolean canBeNull = nullable || field.nullable();
        boolean isRepeated = repeated
                || field.type() instanceof LogicalType.List
                || field.type() instanceof LogicalType.Map;
        if (isMember(field.metadata())) {
            if (!field.children().isEmpty()) {
                throw new IllegalArgumentException("primary key field '" + path + "' has fields of its own");
            }
            if (canBeNull) {
                throw new IllegalArgumentException("primary key field '" + path + "' can be null");
            }
            if (isRepeated) {
                throw new IllegalArgumentException("primary key field '" + path + "' is in a list or map");
            }
        }
        for (Field child : field.children()) {
            check(child, path + "." + child.name(), canBeNull, isRepeated);
        }
    }
}
