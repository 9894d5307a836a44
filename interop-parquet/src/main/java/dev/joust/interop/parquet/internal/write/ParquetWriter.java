// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.write;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Dictionaries;
import dev.joust.format.schema.Schema;
import dev.joust.interop.parquet.internal.schema.StoredArrowSchema;
import dev.joust.search.RowFormat;

/// Writes batches as row groups of about 64 MiB, which is what it keeps in memory. Dictionary columns are written as
/// their values; the Arrow schema in the file says what they were.
public final class ParquetWriter implements RowFormat.Writer {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final long GROUP_BYTES = 64 << 20;
    private static final long GROUP_ROWS = 1 << 20;
    /// So much of a column goes to its pages at once.
    private static final long SLICE_BYTES = 256 << 10;

    private final Counted out;
    private final Schema schema;
    private final SchemaWriter columns;
    private final List<RowGroup> groups = new ArrayList<>();
    private long groupRows;
    private long rowCount;

    /// @param out left open
    public ParquetWriter(OutputStream out, Schema schema) throws IOException {
        this.out = new Counted(out);
        this.schema = schema;
        this.columns = new SchemaWriter(new Schema(
                schema.fields().stream().map(Dictionaries::decoded).toList(), schema.metadata()));
        this.out.write(MAGIC);
    }

    @Override
    public void write(Batch batch) throws IOException {
        if (batch.columns().size() != schema.fields().size()) {
            throw new IllegalArgumentException("a batch of " + batch.columns().size() + " columns, " + schema.fields().size() + " expected");
        }
        try (Arena arena = Arena.ofConfined()) {
            for (int i = 0; i < batch.columns().size(); i++) {
                ColumnBuffers column = Dictionaries.decode(batch.columns().get(i), arena);
                long bytesPerRow = Math.max(1, sizeBytes(column) / Math.max(1, batch.rowCount()));
                int step = (int) Math.max(1, Math.min(batch.rowCount(), SLICE_BYTES / bytesPerRow));
                for (LeafWriter leaf : columns.leaves().get(i)) {
                    for (int row = 0; row < batch.rowCount(); row += step) {
                        leaf.add(column, row, Math.min(batch.rowCount(), row + step));
                    }
                }
            }
        }
        groupRows += batch.rowCount();
        long kept = 0;
        for (List<LeafWriter> leaves : columns.leaves()) {
            kept += leaves.stream().mapToLong(LeafWriter::keptBytes).sum();
        }
        if (kept >= GROUP_BYTES || groupRows >= GROUP_ROWS) {
            endGroup();
        }
    }

    private static long sizeBytes(ColumnBuffers column) {
        long size = column.values() == null ? 0 : column.values().byteSize();
        for (ColumnBuffers child : column.children()) {
            size += sizeBytes(child);
        }
        return size;
    }

    private void endGroup() throws IOException {
        if (groupRows == 0) {
            return;
        }
        long start = out.count;
        List<ColumnChunk> chunks = new ArrayList<>();
        long uncompressed = 0;
        for (List<LeafWriter> leaves : columns.leaves()) {
            for (LeafWriter leaf : leaves) {
                ColumnChunk chunk = leaf.endGroup(out, out.count);
                uncompressed += chunk.getMeta_data().getTotal_uncompressed_size();
                chunks.add(chunk);
            }
        }
        RowGroup group = new RowGroup(chunks, uncompressed, groupRows);
        group.setFile_offset(start);
        group.setTotal_compressed_size(out.count - start);
        groups.add(group);
        rowCount += groupRows;
        groupRows = 0;
    }

    @Override
    public void finish() throws IOException {
        endGroup();
        FileMetaData metadata = new FileMetaData(1, columns.elements(), rowCount, groups);
        List<KeyValue> keys = new ArrayList<>();
        schema.metadata().forEach((key, value) -> keys.add(new KeyValue(key).setValue(value)));
        keys.add(new KeyValue(StoredArrowSchema.KEY).setValue(StoredArrowSchema.encode(schema)));
        metadata.setKey_value_metadata(keys);
        metadata.setCreated_by("joust");
        long start = out.count;
        Util.writeFileMetaData(metadata, out);
        int length = Math.toIntExact(out.count - start);
        out.write(new byte[] {(byte) length, (byte) (length >>> 8), (byte) (length >>> 16), (byte) (length >>> 24)});
        out.write(MAGIC);
        out.flush();
    }

    @Override
    public void close() {}

    private static final class Counted extends FilterOutputStream {
        private long count;

        Counted(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count += length;
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
