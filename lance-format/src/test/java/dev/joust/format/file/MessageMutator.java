// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import java.util.List;
import java.util.Random;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

/// Gives one field of a message, at any depth, another value.
public final class MessageMutator {
    private static final long[] EXTREMES = {
        0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 1023, 1025, 65535, 65536, Integer.MAX_VALUE - 8L,
        Integer.MAX_VALUE, 1L << 31, (1L << 32) - 1, 1L << 32, 1L << 40, Long.MAX_VALUE / 8, Long.MAX_VALUE, -1, -8, Long.MIN_VALUE
    };

    private final Random random;

    public MessageMutator(Random random) {
        this.random = random;
    }

    /// A value that sizes, offsets and counts should not have.
    public long extreme() {
        return EXTREMES[random.nextInt(EXTREMES.length)];
    }

    public Message changed(Message message) {
        Message.Builder builder = message.toBuilder();
        List<FieldDescriptor> fields = message.getDescriptorForType().getFields();
        if (fields.isEmpty()) {
            return message;
        }
        for (int tries = 0; tries < 50; tries++) {
            FieldDescriptor field = fields.get(random.nextInt(fields.size()));
            if (field.isRepeated()) {
                int count = message.getRepeatedFieldCount(field);
                if (count == 0 || field.isMapField()) {
                    continue;
                }
                int at = random.nextInt(count);
                Object old = message.getRepeatedField(field, at);
                switch (random.nextInt(8)) {
                    case 0 -> {
                        builder.clearField(field);
                        for (int i = 0; i < count; i++) {
                            if (i != at) {
                                builder.addRepeatedField(field, message.getRepeatedField(field, i));
                            }
                        }
                    }
                    case 1 -> builder.addRepeatedField(field, old);
                    case 2 -> {
                        int other = random.nextInt(count);
                        builder.setRepeatedField(field, at, message.getRepeatedField(field, other));
                        builder.setRepeatedField(field, other, old);
                    }
                    default -> builder.setRepeatedField(field, at, changedValue(field, old));
                }
                return builder.build();
            }
            boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            if (isMessage && !message.hasField(field)) {
                continue;
            }
            if (isMessage && random.nextInt(12) == 0) {
                return builder.clearField(field).build();
            }
            return builder.setField(field, changedValue(field, message.getField(field))).build();
        }
        return message;
    }

    private Object changedValue(FieldDescriptor field, Object old) {
        long extreme = random.nextInt(3) == 0 && old instanceof Number number
                ? number.longValue() + random.nextInt(5) - 2
                : extreme();
        return switch (field.getJavaType()) {
            case MESSAGE -> changed((Message) old);
            case INT -> (int) extreme;
            case LONG -> extreme;
            case BOOLEAN -> !(Boolean) old;
            case FLOAT -> (float) extreme;
            case DOUBLE -> (double) extreme;
            case ENUM -> {
                List<EnumValueDescriptor> values = field.getEnumType().getValues();
                yield values.get(random.nextInt(values.size()));
            }
            case STRING -> {
                String text = (String) old;
                yield text.isEmpty() ? "x" : text.replace(text.charAt(random.nextInt(text.length())), (char) ('0' + random.nextInt(10)));
            }
            case BYTE_STRING -> {
                byte[] bytes = ((ByteString) old).toByteArray();
                if (bytes.length > 0) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                yield ByteString.copyFrom(bytes, 0, random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length);
            }
        };
    }
}
