// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

/// Fields that are maps on the wire, and lists of entries in our messages: their order says nothing.
public final class MapFields {
    private static final Set<String> ENTRIES = Set.of("lance.file.MetadataEntry", "lance.file.TextEntry");

    private MapFields() {}

    /// Whether it is a map, in one form or the other.
    public static boolean isMap(FieldDescriptor field) {
        return field.isMapField()
                || (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                        && ENTRIES.contains(field.getMessageType().getFullName()));
    }

    /// The message with the entries of all maps in it in the order of their keys.
    @SuppressWarnings("unchecked")
    public static <T extends Message> T inOrder(T message) {
        Message.Builder builder = message.toBuilder();
        message.getAllFields().forEach((field, value) -> {
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE || field.isMapField()) {
                return;
            }
            if (!field.isRepeated()) {
                builder.setField(field, inOrder((Message) value));
                return;
            }
            List<Message> elements = new ArrayList<>();
            ((List<?>) value).forEach(element -> elements.add(inOrder((Message) element)));
            if (isMap(field)) {
                elements.sort(Comparator.comparing(
                        entry -> entry.getField(entry.getDescriptorForType().findFieldByName("key")).toString()));
            }
            builder.setField(field, elements);
        });
        return (T) builder.build();
    }
}
