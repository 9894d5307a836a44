// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.bytes.ByteCursor;
import dev.joust.format.internal.bytes.Bytes;
import dev.joust.format.internal.proto.encodings20.Blob;
import dev.joust.format.internal.proto.encodings20.ColumnEncoding;
import dev.joust.format.internal.proto.encodings20.Empty;
import dev.joust.format.internal.proto.filev2.DirectEncoding;
import dev.joust.format.internal.proto.filev2.Encoding;
import dev.joust.io.ByteRange;

/// {@link ColumnMetadata} from and to its message.
public final class ColumnMetadataCodec {
    /// The encoding of a column that is nothing but the values in its pages.
    public static final EncodedMessage PLAIN_VALUES = new EncodedMessage(
            "lance.encodings.ColumnEncoding",
            Bytes.wrap(ColumnEncoding.newBuilder()
                    .setValues(Empty.getDefaultInstance())
                    .build()
                    .toByteArray()));

    /// The encoding of a column of 2.0 whose pages say where in the file its values lie.
    public static final EncodedMessage BLOB_VALUES = new EncodedMessage(
            "lance.encodings.ColumnEncoding",
            Bytes.wrap(ColumnEncoding.newBuilder()
                    .setBlob(Blob.newBuilder()
                            .setInner(ColumnEncoding.newBuilder().setValues(Empty.getDefaultInstance())))
                    .build()
                    .toByteArray()));

    private static final String STRUCTURE = "column metadata";

    private ColumnMetadataCodec() {}

    /// Reads one column's metadata, all that `cursor` has left.
    ///
    /// @param dataEnd end of the part of the file that buffers may lie in
    public static ColumnMetadata parse(ByteCursor cursor, long dataEnd) {
        dev.joust.format.internal.proto.filev2.ColumnMetadata message;
        ByteCursor start = new ByteCursor(cursor.file(), cursor.positionInFile(), MemorySegment.NULL);
        try {
            message = dev.joust.format.internal.proto.filev2.ColumnMetadata.parseFrom(cursor.restAsArray());
        } catch (InvalidProtocolBufferException e) {
            throw start.corrupt(STRUCTURE, "is not a message: " + e.getMessage());
        }
        List<PageInfo> pages = new ArrayList<>(message.getPagesCount());
        for (var page : message.getPagesList()) {
            if (page.getLength() < 0 || page.getPriority() < 0) {
                throw start.corrupt("page " + pages.size(), "rows " + Long.toUnsignedString(page.getLength())
                        + " from row " + Long.toUnsignedString(page.getPriority()));
            }
            pages.add(new PageInfo(
                    ranges(start, page.getBufferOffsetsList(), page.getBufferSizesList(), dataEnd),
                    page.getLength(),
                    page.getPriority(),
                    encoding(start, page.getEncoding())));
        }
        return new ColumnMetadata(
                encoding(start, message.getEncoding()),
                pages,
                ranges(start, message.getBufferOffsetsList(), message.getBufferSizesList(), dataEnd));
    }

    public static byte[] toBytes(ColumnMetadata column) {
        var message = dev.joust.format.internal.proto.filev2.ColumnMetadata.newBuilder()
                .setEncoding(encoding(column.encoding()));
        for (PageInfo page : column.pages()) {
            var pageMessage = message.addPagesBuilder()
                    .setLength(page.length())
                    .setPriority(page.firstRow())
                    .setEncoding(encoding(page.encoding()));
            for (ByteRange buffer : page.buffers()) {
                pageMessage.addBufferOffsets(buffer.offset()).addBufferSizes(buffer.length());
            }
        }
        for (ByteRange buffer : column.buffers()) {
            message.addBufferOffsets(buffer.offset()).addBufferSizes(buffer.length());
        }
        return message.build().toByteArray();
    }

    private static List<ByteRange> ranges(ByteCursor at, List<Long> offsets, List<Long> sizes, long dataEnd) {
        if (offsets.size() != sizes.size()) {
            throw at.corrupt(STRUCTURE, offsets.size() + " buffer offsets, " + sizes.size() + " sizes");
        }
        List<ByteRange> ranges = new ArrayList<>(offsets.size());
        for (int i = 0; i < offsets.size(); i++) {
            long offset = offsets.get(i);
            long size = sizes.get(i);
            if (offset < 0 || size < 0 || offset > dataEnd || size > dataEnd - offset) {
                throw at.corrupt("buffer " + i, Long.toUnsignedString(size) + " bytes at "
                        + Long.toUnsignedString(offset) + ", the data ends at " + dataEnd);
            }
            ranges.add(new ByteRange(offset, size));
        }
        return ranges;
    }

    private static EncodedMessage encoding(ByteCursor at, Encoding encoding) {
        if (encoding.getLocationCase() != Encoding.LocationCase.DIRECT) {
            throw new UnsupportedFormatException(at.file() + " @ " + at.positionInFile() + ": " + STRUCTURE
                    + ": an encoding that is not in place (" + encoding.getLocationCase() + ") is not read");
        }
        try {
            Any any = Any.parseFrom(encoding.getDirect().getEncoding());
            String url = any.getTypeUrl();
            return new EncodedMessage(
                    url.substring(url.lastIndexOf('/') + 1),
                    Bytes.wrap(any.getValue().toByteArray()));
        } catch (InvalidProtocolBufferException e) {
            throw at.corrupt(STRUCTURE, "its encoding is not a message: " + e.getMessage());
        }
    }

    private static Encoding encoding(EncodedMessage encoding) {
        Any any = Any.newBuilder()
                .setTypeUrl("/" + encoding.typeName())
                .setValue(ByteString.copyFrom(encoding.bytes().array()))
                .build();
        return Encoding.newBuilder()
                .setDirect(DirectEncoding.newBuilder().setEncoding(any.toByteString()))
                .build();
    }
}
