// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.read;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.interop.parquet.internal.schema.ColumnPlan;
import dev.joust.interop.parquet.internal.schema.ColumnPlans;
import dev.joust.interop.parquet.internal.schema.SchemaNode;
import dev.joust.interop.parquet.internal.schema.SourceFile;
import dev.joust.interop.parquet.internal.schema.StoredArrowSchema;

/// What stands at the end of a file, checked as far as it can be without the pages.
///
///     -8  u32  length of the footer before it     -4  4 bytes  "PAR1"
///
/// @param leafCount columns of Parquet's in the file
/// @param footerOffset where it begins: after all pages
record ParquetFooter(SourceFile file, Schema schema, List<ColumnPlan> plans, List<RowGroup> rowGroups, int leafCount, long rowCount, long footerOffset) {
    private static final int TAIL_BYTES = 8;
    private static final int MAX_FOOTER_BYTES = 256 << 20;

    static ParquetFooter read(FileChannel channel, SourceFile file) throws IOException {
        long size = channel.size();
        if (size < TAIL_BYTES + 4) {
            throw file.corrupt(0, "file", size + " bytes are too few for a Parquet file");
        }
        byte[] tail = new byte[TAIL_BYTES];
        readFully(channel, size - TAIL_BYTES, tail, 0, TAIL_BYTES);
        String magic = new String(tail, 4, 4, StandardCharsets.ISO_8859_1);
        if (magic.equals("PARE")) {
            throw file.unsupported("an encrypted file");
        }
        if (!magic.equals("PAR1")) {
            throw file.corrupt(size - 4, "magic number", "PAR1 expected: no Parquet file, or one cut short");
        }
        long length = LittleEndian.intAt(tail, 0) & 0xFFFF_FFFFL;
        if (length > size - TAIL_BYTES - 4 || length > MAX_FOOTER_BYTES) {
            throw file.corrupt(size - TAIL_BYTES, "footer", length + " bytes, the file has " + size);
        }
        long footerOffset = size - TAIL_BYTES - length;
        byte[] bytes = new byte[(int) length];
        readFully(channel, footerOffset, bytes, 0, bytes.length);
        FileMetaData metadata = parse(bytes, file, footerOffset);
        if (metadata.isSetEncryption_algorithm()) {
            throw file.unsupported("an encrypted file");
        }
        return check(metadata, file, footerOffset);
    }

    private static FileMetaData parse(byte[] bytes, SourceFile file, long footerOffset) throws IOException {
        FileMetaData metadata = new FileMetaData();
        try {
            TIOStreamTransport transport = new TIOStreamTransport(new ByteArrayInputStream(bytes));
            metadata.read(new TCompactProtocol(transport, bytes.length, bytes.length));
        } catch (TException | RuntimeException e) {
            throw file.corrupt(footerOffset, "footer", "no sound Thrift structure: " + e.getMessage());
        }
        return metadata;
    }

    private static ParquetFooter check(FileMetaData metadata, SourceFile file, long footerOffset) {
        SchemaNode root = SchemaNode.parse(metadata.getSchema(), file, footerOffset);
        Map<String, String> keys = new HashMap<>();
        if (metadata.getKey_value_metadata() != null) {
            for (KeyValue pair : metadata.getKey_value_metadata()) {
                keys.put(pair.getKey(), pair.getValue() == null ? "" : pair.getValue());
            }
        }
        String arrow = keys.remove(StoredArrowSchema.KEY);
        Map<String, Field> origins = arrow == null ? Map.of() : StoredArrowSchema.decode(arrow, file, footerOffset);
        List<ColumnPlan> plans = ColumnPlans.of(root, origins, file, footerOffset);
        int leafCount = countLeaves(root);
        long rows = 0;
        for (RowGroup group : metadata.getRow_groups()) {
            if (group.getNum_rows() < 0 || group.getColumns().size() != leafCount) {
                throw file.corrupt(footerOffset, "row group", group.getNum_rows() + " rows, " + group.getColumns().size()
                        + " columns; " + leafCount + " columns expected");
            }
            rows += group.getNum_rows();
            for (ColumnChunk chunk : group.getColumns()) {
                checkChunk(chunk, file, footerOffset);
            }
        }
        if (rows != metadata.getNum_rows() || rows < 0) {
            throw file.corrupt(footerOffset, "footer", metadata.getNum_rows() + " rows, its row groups have " + rows);
        }
        Schema schema = new Schema(plans.stream().map(ColumnPlan::field).toList(), keys);
        return new ParquetFooter(file, schema, plans, metadata.getRow_groups(), leafCount, rows, footerOffset);
    }

    private static void checkChunk(ColumnChunk chunk, SourceFile file, long footerOffset) {
        if (chunk.isSetFile_path()) {
            throw file.unsupported("a column in another file, " + chunk.getFile_path() + ",");
        }
        if (chunk.isSetCrypto_metadata() || !chunk.isSetMeta_data()) {
            throw file.unsupported("an encrypted column");
        }
        ColumnMetaData column = chunk.getMeta_data();
        long start = startOf(column);
        if (start < 0 || column.getTotal_compressed_size() < 0 || start > footerOffset - column.getTotal_compressed_size()
                || column.getNum_values() < 0) {
            throw file.corrupt(footerOffset, "column chunk " + column.getPath_in_schema(), column.getTotal_compressed_size()
                    + " bytes at " + start + ", " + column.getNum_values() + " values; the footer is at " + footerOffset);
        }
        switch (column.getCodec()) {
            case LZO, BROTLI -> throw file.unsupported("compression " + column.getCodec());
            case UNCOMPRESSED, SNAPPY, GZIP, LZ4, ZSTD, LZ4_RAW -> {}
        }
    }

    /// Where the pages of a column chunk begin.
    static long startOf(ColumnMetaData column) {
        boolean dictionary = column.isSetDictionary_page_offset() && column.getDictionary_page_offset() > 0
                && column.getDictionary_page_offset() < column.getData_page_offset();
        return dictionary ? column.getDictionary_page_offset() : column.getData_page_offset();
    }

    private static int countLeaves(SchemaNode node) {
        return node.isLeaf() ? 1 : node.children().stream().mapToInt(ParquetFooter::countLeaves).sum();
    }

    static void readFully(FileChannel channel, long offset, byte[] target, int start, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(target, start, length);
        while (buffer.hasRemaining()) {
            int count = channel.read(buffer, offset + buffer.position() - start);
            if (count < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
    }
}
