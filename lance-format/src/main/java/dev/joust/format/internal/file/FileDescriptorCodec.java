// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import java.lang.foreign.MemorySegment;

import com.google.protobuf.InvalidProtocolBufferException;

import dev.joust.format.internal.bytes.ByteCursor;

/// {@link FileDescriptor} from and to its message.
public final class FileDescriptorCodec {
    private static final String STRUCTURE = "file descriptor";

    private FileDescriptorCodec() {}

    /// Reads the descriptor, all that `cursor` has left.
    public static FileDescriptor parse(ByteCursor cursor) {
        ByteCursor start = new ByteCursor(cursor.file(), cursor.positionInFile(), MemorySegment.NULL);
        try {
            var message = dev.joust.format.internal.proto.file.FileDescriptor.parseFrom(cursor.restAsArray());
            if (message.getLength() < 0) {
                throw start.corrupt(STRUCTURE, Long.toUnsignedString(message.getLength()) + " rows");
            }
            return new FileDescriptor(SchemaCodec.parse(start, message.getSchema()), message.getLength());
        } catch (InvalidProtocolBufferException e) {
            throw start.corrupt(STRUCTURE, "is not a message: " + e.getMessage());
        }
    }

    public static byte[] toBytes(FileDescriptor descriptor) {
        return dev.joust.format.internal.proto.file.FileDescriptor.newBuilder()
                .setSchema(SchemaCodec.toMessage(descriptor.schema()))
                .setLength(descriptor.rowCount())
                .build()
                .toByteArray();
    }
}
