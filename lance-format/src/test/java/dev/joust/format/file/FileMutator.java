// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;

import dev.joust.format.internal.bytes.ByteSink;
import dev.joust.format.internal.file.FileFooter;
import dev.joust.format.internal.proto.encodings21.PageLayout;
import dev.joust.format.internal.proto.file.FileDescriptor;
import dev.joust.format.internal.proto.filev2.ColumnMetadata;
import dev.joust.io.ObjectPath;

/// Damages a data file: bytes anywhere, or one field of one message with everything around it intact.
final class FileMutator {
    private static final long[] EXTREMES = {
        0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 1023, 1025, 65535, 65536, Integer.MAX_VALUE - 8L,
        Integer.MAX_VALUE, 1L << 31, (1L << 32) - 1, 1L << 32, 1L << 40, Long.MAX_VALUE / 8, Long.MAX_VALUE, -1, -8, Long.MIN_VALUE
    };

    private final byte[] original;
    private final FileFooter footer;
    private final long[] tables;
    private final Random random;

    FileMutator(byte[] original, Random random) {
        this.original = original;
        this.random = random;
        MemorySegment segment = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, original);
        this.footer = FileFooter.parse(ObjectPath.of("golden"), 0, segment);
        int entries = footer.columnCount() + 1;
        this.tables = new long[2 * entries];
        for (int i = 0; i < footer.columnCount(); i++) {
            tables[2 * i] = u64(segment, footer.columnTableStart() + 16L * i);
            tables[2 * i + 1] = u64(segment, footer.columnTableStart() + 16L * i + 8);
        }
        tables[2 * entries - 2] = u64(segment, footer.globalBufferTableStart());
        tables[2 * entries - 1] = u64(segment, footer.globalBufferTableStart() + 8);
    }

    private static long u64(MemorySegment segment, long at) {
        return segment.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
    }

    /// Where structures start and end: pages' buffers, messages, tables, footer.
    List<Integer> borders() throws InvalidProtocolBufferException {
        List<Integer> borders = new ArrayList<>();
        borders.add(0);
        for (int i = 0; i < tables.length; i += 2) {
            borders.add((int) tables[i]);
            borders.add((int) (tables[i] + tables[i + 1]));
        }
        for (int i = 0; i < footer.columnCount(); i++) {
            for (var page : column(i).getPagesList()) {
                for (int b = 0; b < page.getBufferOffsetsCount(); b++) {
                    borders.add((int) page.getBufferOffsets(b));
                    borders.add((int) (page.getBufferOffsets(b) + page.getBufferSizes(b)));
                }
            }
        }
        borders.add((int) footer.columnTableStart());
        borders.add((int) footer.globalBufferTableStart());
        borders.add(original.length - FileFooter.SIZE_BYTES);
        borders.add(original.length - 8);
        borders.add(original.length - 1);
        return borders.stream().distinct().sorted().toList();
    }

    private ColumnMetadata column(int index) throws InvalidProtocolBufferException {
        return ColumnMetadata.parseFrom(
                ByteString.copyFrom(original, (int) tables[2 * index], (int) tables[2 * index + 1]));
    }

    byte[] mutant() throws InvalidProtocolBufferException {
        return switch (random.nextInt(4)) {
            case 0 -> withBytesChanged(0, original.length);
            case 1 -> withBytesChanged((int) Math.min(tables[tables.length - 2], original.length - 40L), original.length);
            default -> withMessageChanged();
        };
    }

    private byte[] withBytesChanged(int from, int to) throws InvalidProtocolBufferException {
        byte[] bytes = original.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(4) == 0 ? nearBorder() : from + random.nextInt(Math.max(1, to - from));
            at = Math.clamp(at, 0, bytes.length - 1);
            switch (random.nextInt(6)) {
                case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at] = (byte) random.nextInt();
                case 3 -> {
                    long value = EXTREMES[random.nextInt(EXTREMES.length)];
                    for (int b = 0; b < (1 << random.nextInt(4)) && at + b < bytes.length; b++) {
                        bytes[at + b] = (byte) (value >>> (8 * b));
                    }
                }
                case 4 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(64)), (byte) (random.nextBoolean() ? 0 : -1));
                default -> {
                    // a piece is missing, and all after it moves up
                    int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
                    System.arraycopy(bytes, at + length, bytes, at, bytes.length - at - length);
                }
            }
        }
        return bytes;
    }

    private int nearBorder() throws InvalidProtocolBufferException {
        List<Integer> borders = borders();
        return borders.get(random.nextInt(borders.size())) + random.nextInt(12);
    }

    /// The file with one message replaced, which then lies behind the others.
    private byte[] withMessageChanged() throws InvalidProtocolBufferException {
        int entry = random.nextInt(12) == 0 || footer.columnCount() == 0 ? tables.length / 2 - 1 : random.nextInt(footer.columnCount());
        byte[] message = entry == footer.columnCount()
                ? changed(FileDescriptor.parseFrom(ByteString.copyFrom(original, (int) tables[2 * entry], (int) tables[2 * entry + 1]))).toByteArray()
                : changedColumn(entry).toByteArray();
        ByteSink sink = new ByteSink(original.length + message.length);
        int end = original.length - FileFooter.SIZE_BYTES;
        sink.bytes(original, 0, end).align(64, 0);
        long[] newTables = tables.clone();
        newTables[2 * entry] = sink.size();
        newTables[2 * entry + 1] = message.length;
        sink.bytes(message);
        long columnTable = sink.size();
        for (int i = 0; i < newTables.length; i++) {
            sink.u64(newTables[i]);
        }
        new FileFooter(
                        footer.columnMetadataStart(),
                        columnTable,
                        columnTable + 16L * footer.columnCount(),
                        1,
                        footer.columnCount(),
                        footer.version())
                .writeTo(sink);
        return sink.toByteArray();
    }

    private Message changedColumn(int index) throws InvalidProtocolBufferException {
        ColumnMetadata column = column(index);
        if (column.getPagesCount() == 0 || random.nextInt(4) == 0) {
            return changed(column);
        }
        ColumnMetadata.Builder builder = column.toBuilder();
        int number = random.nextInt(column.getPagesCount());
        ColumnMetadata.Page.Builder page = builder.getPagesBuilder(number);
        Any any = Any.parseFrom(page.getEncoding().getDirect().getEncoding());
        Message layout = changed(PageLayout.parseFrom(any.getValue()));
        if (random.nextInt(3) == 0) {
            layout = changed(layout);
        }
        page.getEncodingBuilder()
                .getDirectBuilder()
                .setEncoding(any.toBuilder().setValue(layout.toByteString()).build().toByteString());
        return builder.build();
    }

    /// The message with one field, at any depth, of another value.
    private Message changed(Message message) {
        Message.Builder builder = message.toBuilder();
        List<FieldDescriptor> fields = message.getDescriptorForType().getFields();
        for (int tries = 0; tries < 50; tries++) {
            FieldDescriptor field = fields.get(random.nextInt(fields.size()));
            if (field.isRepeated()) {
                int count = message.getRepeatedFieldCount(field);
                if (count == 0 || field.isMapField()) {
                    continue;
                }
                int at = random.nextInt(count);
                Object old = message.getRepeatedField(field, at);
                if (random.nextInt(8) == 0) {
                    builder.clearField(field);
                    for (int i = 0; i < count; i++) {
                        if (i != at) {
                            builder.addRepeatedField(field, message.getRepeatedField(field, i));
                        }
                    }
                } else {
                    builder.setRepeatedField(field, at, changedValue(field, old));
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
                : EXTREMES[random.nextInt(EXTREMES.length)];
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
