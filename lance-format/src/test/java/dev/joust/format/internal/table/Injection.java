// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;

/// Fields that nobody knows, in every message of a message: number 9999, once as a number and once as bytes, as a later
/// release may add them.
public final class Injection {
    private static final int NUMBER = 9999;
    private static final UnknownFieldSet UNKNOWN = UnknownFieldSet.newBuilder()
            .addField(
                    NUMBER,
                    UnknownFieldSet.Field.newBuilder()
                            .addVarint(42)
                            .addLengthDelimited(ByteString.copyFromUtf8("later"))
                            .build())
            .build();

    private Injection() {}

    /// The message with unknown fields in it and in all messages below. Entries of maps have none: they are no messages
    /// to those who write them.
    @SuppressWarnings("unchecked")
    public static <T extends Message> T into(T message) {
        Message.Builder builder = message.toBuilder();
        message.getAllFields().forEach((field, value) -> {
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                return;
            }
            if (MapFields.isMap(field)) {
                return;
            }
            if (field.isRepeated()) {
                List<?> elements = (List<?>) value;
                for (int i = 0; i < elements.size(); i++) {
                    builder.setRepeatedField(field, i, into((Message) elements.get(i)));
                }
            } else {
                builder.setField(field, into((Message) value));
            }
        });
        return (T) builder.setUnknownFields(
                        UnknownFieldSet.newBuilder(message.getUnknownFields()).mergeFrom(UNKNOWN).build())
                .build();
    }

    public static boolean isIn(Message message) {
        UnknownFieldSet.Field found = message.getUnknownFields().getField(NUMBER);
        return found.equals(UNKNOWN.getField(NUMBER));
    }

    /// Every message of the message, itself among them, that lacks the fields; by its place.
    public static List<String> missing(Message message, String place) {
        List<String> missing = new ArrayList<>();
        if (!isIn(message)) {
            missing.add(place);
        }
        message.getAllFields().forEach((field, value) -> {
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE || MapFields.isMap(field)) {
                return;
            }
            if (field.isRepeated()) {
                List<?> elements = (List<?>) value;
                for (int i = 0; i < elements.size(); i++) {
                    missing.addAll(missing((Message) elements.get(i), place + "." + field.getName() + "[" + i + "]"));
                }
            } else {
                missing.addAll(missing((Message) value, place + "." + field.getName()));
            }
        });
        return missing;
    }
}
