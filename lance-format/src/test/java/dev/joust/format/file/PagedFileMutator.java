// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;

import dev.joust.format.internal.bytes.ByteSink;
import dev.joust.format.internal.file.FileFooter;
import dev.joust.format.internal.proto.encodings20.ArrayEncoding;
import dev.joust.format.internal.proto.encodings21.PageLayout;
import dev.joust.format.internal.proto.encodings23.PlanarLayout;
import dev.joust.format.internal.proto.file.FileDescriptor;
import dev.joust.format.internal.proto.filev2.ColumnMetadata;
import dev.joust.io.ObjectPath;

/// Damages a 2.x file: bytes anywhere, or one field of one message with everything around it intact.
final class PagedFileMutator implements FileMutator {
    private final byte[] original;
    private final FileFooter footer;
    private final long[] tables;
    private final Random random;
    private final MessageMutator messages;

    PagedFileMutator(byte[] original, Random random) {
        this.original = original;
        this.random = random;
        this.messages = new MessageMutator(random);
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

    @Override
    public List<Integer> borders() throws InvalidProtocolBufferException {
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

    @Override
    public byte[] mutant() throws InvalidProtocolBufferException {
        ByteMutator damage = new ByteMutator(random, messages, borders());
        return switch (random.nextInt(5)) {
            case 0 -> damage.changed(original, 0, original.length);
            case 1 ->
                damage.changed(
                        original, (int) Math.min(tables[tables.length - 2], original.length - 40L), original.length);
            case 2 -> withTableChanged();
            default -> withMessageChanged();
        };
    }

    /// An entry of the tables of column metadata and global buffers, or a number of the footer, has another value.
    private byte[] withTableChanged() {
        byte[] changed = original.clone();
        int table = (int) footer.columnTableStart();
        int words = 2 * footer.columnCount() + 7;
        int word = random.nextInt(words);
        int at = word < 2 * footer.columnCount()
                ? table + 8 * word
                : word < 2 * footer.columnCount() + 2
                        ? (int) footer.globalBufferTableStart() + 8 * (word - 2 * footer.columnCount())
                        : original.length - FileFooter.SIZE_BYTES + 8 * (word - 2 * footer.columnCount() - 2);
        long value = random.nextBoolean() ? messages.extreme() : random.nextInt(original.length + 1);
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
        if (random.nextInt(4) != 0) {
            // a version that is read
            System.arraycopy(original, original.length - 8, changed, original.length - 8, 8);
        }
        return changed;
    }

    /// The file with one message replaced, which then lies behind the others.
    private byte[] withMessageChanged() throws InvalidProtocolBufferException {
        int entry = random.nextInt(12) == 0 || footer.columnCount() == 0 ? tables.length / 2 - 1 : random.nextInt(footer.columnCount());
        byte[] message = entry == footer.columnCount()
                ? messages.changed(FileDescriptor.parseFrom(ByteString.copyFrom(original, (int) tables[2 * entry], (int) tables[2 * entry + 1]))).toByteArray()
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
            return messages.changed(column);
        }
        ColumnMetadata.Builder builder = column.toBuilder();
        int number = random.nextInt(column.getPagesCount());
        ColumnMetadata.Page.Builder page = builder.getPagesBuilder(number);
        Any any = Any.parseFrom(page.getEncoding().getDirect().getEncoding());
        Message layout = messages.changed(
                any.getTypeUrl().endsWith("ArrayEncoding")
                        ? ArrayEncoding.parseFrom(any.getValue())
                        : any.getTypeUrl().endsWith("PlanarLayout")
                                ? PlanarLayout.parseFrom(any.getValue())
                                : PageLayout.parseFrom(any.getValue()));
        if (random.nextInt(3) == 0) {
            layout = messages.changed(layout);
        }
        page.getEncodingBuilder()
                .getDirectBuilder()
                .setEncoding(any.toBuilder().setValue(layout.toByteString()).build().toByteString());
        return builder.build();
    }
}
