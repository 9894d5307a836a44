// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.bytes.ByteSink;
import dev.joust.format.internal.bytes.ByteSlice;
import dev.joust.format.schema.Schema;
import dev.joust.io.ByteRange;
import dev.joust.io.ObjectWriter;

/// The container around pages: aligned buffers first, then descriptor, column metadata, tables and footer
/// (spec: file format 1.1). Not thread-safe.
public final class DataFileSink implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    /// So small that the object writer gathers them rather than passing them on one by one.
    private static final int PIECE_BYTES = 128 << 10;

    private static final MemorySegment PADDING = padding();

    private final ObjectWriter writer;
    private final List<List<PageInfo>> pagesByColumn = new ArrayList<>();
    private final List<ByteRange> globalBuffers = new ArrayList<>();

    /// Takes `writer` over: it is closed with this.
    public DataFileSink(ObjectWriter writer, int columnCount) {
        this.writer = writer;
        for (int column = 0; column < columnCount; column++) {
            pagesByColumn.add(new ArrayList<>());
        }
    }

    private static MemorySegment padding() {
        byte[] bytes = new byte[ALIGNMENT];
        java.util.Arrays.fill(bytes, (byte) 0x48);
        return MemorySegment.ofArray(bytes).asReadOnly();
    }

    /// Offset of the next byte.
    public long position() {
        return writer.position();
    }

    public void writePage(int column, FilePage page) throws IOException {
        List<ByteRange> ranges = new ArrayList<>();
        for (ByteSlice buffer : page.buffers()) {
            ranges.add(new ByteRange(writer.position(), buffer.length()));
            write(buffer);
            align();
        }
        pagesByColumn.get(column)
                .add(new PageInfo(ranges, page.length(), page.firstRow(), page.encoding()));
    }

    /// Bytes outside pages, such as a blob.
    ///
    /// @return their position
    public long writeAligned(MemorySegment bytes) throws IOException {
        long position = writer.position();
        writer.write(bytes);
        align();
        return position;
    }

    /// A buffer that is found by its number.
    ///
    /// @return the number, from 1 up: 0 is the descriptor
    public int writeGlobalBuffer(byte[] bytes) throws IOException {
        align();
        globalBuffers.add(new ByteRange(writer.position(), bytes.length));
        write(ByteSlice.of(bytes));
        align();
        return globalBuffers.size();
    }

    private void write(ByteSlice buffer) throws IOException {
        MemorySegment bytes = MemorySegment.ofArray(buffer.bytes()).asSlice(buffer.offset(), buffer.length());
        for (long start = 0; start < bytes.byteSize(); start += PIECE_BYTES) {
            writer.write(bytes.asSlice(start, Math.min(PIECE_BYTES, bytes.byteSize() - start)));
        }
    }

    private void align() throws IOException {
        int over = (int) (writer.position() % ALIGNMENT);
        if (over != 0) {
            writer.write(PADDING.asSlice(over));
        }
    }

    /// Writes all that follows the pages, and makes the file visible.
    ///
    /// @param encodings of the columns
    public void finish(Schema schema, long rowCount, FileVersion version, List<EncodedMessage> encodings)
            throws IOException {
        align();
        long descriptorStart = writer.position();
        write(ByteSlice.of(FileDescriptorCodec.toBytes(new FileDescriptor(schema, rowCount))));
        long descriptorEnd = writer.position();
        var columnTable = new ByteSink();
        for (int column = 0; column < pagesByColumn.size(); column++) {
            byte[] metadata = ColumnMetadataCodec.toBytes(
                    new ColumnMetadata(encodings.get(column), pagesByColumn.get(column), List.of()));
            columnTable.u64(writer.position()).u64(metadata.length);
            write(ByteSlice.of(metadata));
        }
        long columnTableStart = writer.position();
        writer.write(columnTable.view());
        long globalTableStart = writer.position();
        var end = new ByteSink().u64(descriptorStart).u64(descriptorEnd - descriptorStart);
        for (ByteRange buffer : globalBuffers) {
            end.u64(buffer.offset()).u64(buffer.length());
        }
        int globalBufferCount = 1 + globalBuffers.size();
        new FileFooter(descriptorEnd, columnTableStart, globalTableStart, globalBufferCount, pagesByColumn.size(), version)
                .writeTo(end);
        writer.write(end.view());
        writer.finish();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
