// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import org.roaringbitmap.RoaringBitmap;

import dev.joust.format.CorruptFileException;
import dev.joust.io.ObjectPath;

/// Deleted rows as an Arrow IPC file of exactly one batch with exactly one column, `row_id: uint32 not null`; its
/// buffers plain or compressed with Zstd (spec: table format 5). Small and fixed enough to be read and written here,
/// byte by byte; names of fields are those of Arrow's flatbuffer schemas.
///
///     "ARROW1" 00 00 | schema message | record batch message | body | end mark | footer | i32 its size | "ARROW1"
///     message: ffffffff | i32 size of what follows, padded | flatbuffer Message
final class ArrowDeletionFile {
    private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
    private static final int TRAILER_SIZE_BYTES = 4 + 6;
    private static final int BLOCK_SIZE_BYTES = 24;
    private static final int CONTINUATION = -1;
    private static final int HEADER_RECORD_BATCH = 3;
    private static final int TYPE_INT = 2;
    private static final int CODEC_ZSTD = 1;
    /// In place of the length of a compressed buffer: its bytes are stored plain.
    private static final long STORED_PLAIN = -1;

    /// Row numbers do not compress further; a file that claims more is not believed.
    private static final int MAX_COMPRESSION = 16;

    private static final int MAX_SMALL_BYTES = 1 << 25;

    /// Everything before the body of a file that the constants below are patched into: magic, schema, batch message.
    private static final byte[] HEAD = HexFormat.of()
            .parseHex("4152524f57310000ffffffff780000001000000000000a000c000600050008000a000000000104000c000000"
                    + "080008000000040008000000040000000100000014000000100014000800000007000c000000100010000000"
                    + "000000021000000020000000040000000000000006000000726f775f69640000000006000800040006000000"
                    + "20000000ffffffff8800000014000000000000000c0016000600050008000c000c0000000003040018000000"
                    + "000000000000000000000a0018000c00040008000a0000003c00000010000000000000000000000000000000"
                    + "0200000000000000000000000000000000000000000000000000000000000000000000000000000001000000"
                    + "00000000000000000000000000000000");
    private static final int HEAD_BODY_LENGTH_AT = 176;
    private static final int HEAD_ROW_COUNT_AT = 208;
    private static final int HEAD_DATA_LENGTH_AT = 248;
    private static final int HEAD_NODE_LENGTH_AT = 264;
    /// Everything after it: end mark, footer, its size, magic.
    private static final byte[] FOOT = HexFormat.of()
            .parseHex("ffffffff00000000100000000c001400060008000c0010000c00000000000400340000002400000004000000"
                    + "0100000088000000000000009000000000000000000000000000000000000000080008000000040008000000"
                    + "040000000100000014000000100014000800000007000c000000100010000000000000021000000020000000"
                    + "040000000000000006000000726f775f6964000000000600080004000600000020000000a00000004152524f"
                    + "5731");
    private static final int FOOT_BODY_LENGTH_AT = 64;

    private ArrowDeletionFile() {}

    static byte[] toBytes(RoaringBitmap offsets) {
        int rowCount = offsets.getCardinality();
        int bodyLength = (rowCount * 4 + 7) & ~7;
        ByteBuffer file = ByteBuffer.allocate(HEAD.length + bodyLength + FOOT.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.put(HEAD)
                .putLong(HEAD_BODY_LENGTH_AT, bodyLength)
                .putLong(HEAD_ROW_COUNT_AT, rowCount)
                .putLong(HEAD_DATA_LENGTH_AT, rowCount * 4L)
                .putLong(HEAD_NODE_LENGTH_AT, rowCount);
        offsets.forEach((int offset) -> file.putInt(offset));
        int foot = HEAD.length + bodyLength;
        file.position(foot);
        file.put(FOOT).putLong(foot + FOOT_BODY_LENGTH_AT, bodyLength);
        return file.array();
    }

    /// @param rowCount rows that the manifest says are in the file; 0 where it does not say, which is
    ///     `maxRowCount` at most then
    static RoaringBitmap parse(ObjectPath path, byte[] file, long rowCount, long maxRowCount) {
        try {
            return parseUnchecked(path, file, rowCount, maxRowCount);
        } catch (IndexOutOfBoundsException
                | IllegalArgumentException
                | ArithmeticException
                | NegativeArraySizeException e) {
            // What points outside the file, wherever in its flatbuffers that is.
            throw new CorruptFileException(file(path, "is no Arrow file: " + e.getMessage()), e);
        }
    }

    private static RoaringBitmap parseUnchecked(ObjectPath path, byte[] file, long rowCount, long maxRowCount) {
        int footerEnd = file.length - TRAILER_SIZE_BYTES;
        if (footerEnd < MAGIC.length
                || !Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                || !Arrays.equals(file, file.length - MAGIC.length, file.length, MAGIC, 0, MAGIC.length)) {
            throw corrupt(path, 0, "does not start and end in ARROW1");
        }
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int footerLength = bytes.getInt(footerEnd);
        if (footerLength <= 0 || footerLength > footerEnd) {
            throw corrupt(path, footerEnd, "footer of " + footerLength + " bytes");
        }
        FlatTable footer = FlatTable.root(slice(bytes, footerEnd - footerLength, footerLength));
        checkSchema(path, footer.table(1));
        if (footer.vectorLength(3) != 1) {
            throw corrupt(path, footerEnd - footerLength, footer.vectorLength(3) + " record batches, one is expected");
        }
        int block = footer.vectorStart(3);
        if (block + BLOCK_SIZE_BYTES > footerLength) {
            throw corrupt(path, footerEnd - footerLength, "block outside the footer");
        }
        long messageOffset = footer.buffer().getLong(block);
        int metadataLength = footer.buffer().getInt(block + 8);
        long bodyLength = footer.buffer().getLong(block + 16);
        if (messageOffset < 0
                || metadataLength < 8
                || bodyLength < 0
                || messageOffset + metadataLength > file.length
                || bodyLength > file.length - messageOffset - metadataLength) {
            throw corrupt(path, footerEnd - footerLength, "record batch at " + messageOffset + " of " + metadataLength
                    + " and " + bodyLength + " bytes in a file of " + file.length);
        }
        int prefix = bytes.getInt((int) messageOffset) == CONTINUATION ? 8 : 4;
        FlatTable message =
                FlatTable.root(slice(bytes, (int) messageOffset + prefix, metadataLength - prefix));
        if (message.u8(1) != HEADER_RECORD_BATCH) {
            throw corrupt(path, messageOffset, "message of kind " + message.u8(1) + " where a record batch is expected");
        }
        ByteBuffer body = slice(bytes, (int) messageOffset + metadataLength, (int) bodyLength);
        return readBatch(path, messageOffset, message.table(2), body, rowCount, maxRowCount);
    }

    private static void checkSchema(ObjectPath path, FlatTable schema) {
        if (schema.vectorLength(1) != 1) {
            throw corrupt(path, 0, schema.vectorLength(1) + " columns, one is expected");
        }
        FlatTable field = schema.tableOfVector(1, 0);
        boolean isU32 = field.u8(2) == TYPE_INT
                && field.table(3).i32(0) == 32
                && field.table(3).u8(1) == 0;
        if (!field.string(0).equals("row_id") || field.u8(1) != 0 || !isU32 || field.has(4)) {
            throw corrupt(path, 0, "column '" + field.string(0) + "' is not row_id: uint32 not null");
        }
    }

    private static RoaringBitmap readBatch(
            ObjectPath path, long offset, FlatTable batch, ByteBuffer body, long rowCount, long maxRowCount) {
        long length = batch.i64(0);
        if (rowCount == 0 ? length < 0 || length > maxRowCount : length != rowCount) {
            throw corrupt(path, offset, length + " rows, the manifest says "
                    + (rowCount == 0 ? "at most " + maxRowCount : String.valueOf(rowCount)));
        }
        if (batch.vectorLength(1) != 1 || batch.vectorLength(2) != 2) {
            throw corrupt(path, offset, batch.vectorLength(1) + " nodes and " + batch.vectorLength(2) + " buffers");
        }
        if (batch.buffer().getLong(batch.vectorStart(1) + 8) != 0) {
            throw corrupt(path, offset, "holds nulls");
        }
        int data = batch.vectorStart(2) + 16;
        long dataOffset = batch.buffer().getLong(data);
        long dataLength = batch.buffer().getLong(data + 8);
        if (dataOffset < 0 || dataLength < 0 || dataOffset > body.limit() || dataLength > body.limit() - dataOffset) {
            throw corrupt(path, offset, "values at " + dataOffset + " of " + dataLength + " bytes in a body of "
                    + body.limit());
        }
        ByteBuffer values = slice(body, (int) dataOffset, (int) dataLength);
        if (batch.has(3) && length > 0) {
            if (batch.table(3).u8(0) != CODEC_ZSTD) {
                throw new dev.joust.format.UnsupportedFormatException(
                        file(path, "compression codec " + batch.table(3).u8(0) + " is not known"));
            }
            values = decompress(path, offset, values, length * 4);
        }
        if (values.limit() < length * 4) {
            throw corrupt(path, offset, values.limit() + " bytes of values for " + length + " rows");
        }
        int[] offsets = new int[Math.toIntExact(length)];
        values.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(offsets);
        return RoaringBitmap.bitmapOfUnordered(offsets);
    }

    private static ByteBuffer decompress(ObjectPath path, long offset, ByteBuffer stored, long plainLength) {
        if (stored.limit() < 8) {
            throw corrupt(path, offset, "compressed values of " + stored.limit() + " bytes");
        }
        long length = stored.getLong(0);
        ByteBuffer compressed = slice(stored, 8, stored.limit() - 8);
        if (length == STORED_PLAIN) {
            return compressed;
        }
        // Some writers pad to whole words before they compress.
        if (length < plainLength || length > plainLength + 64) {
            throw corrupt(path, offset, "values of " + length + " bytes, " + plainLength + " are expected");
        }
        if (plainLength > MAX_SMALL_BYTES && plainLength / MAX_COMPRESSION > compressed.limit()) {
            throw corrupt(path, offset, "values of " + length + " bytes in " + compressed.limit() + " compressed ones");
        }
        byte[] input = new byte[compressed.limit()];
        compressed.get(0, input);
        byte[] plain = new byte[Math.toIntExact(length)];
        try {
            int written = new ZstdJavaDecompressor().decompress(input, 0, input.length, plain, 0, plain.length);
            if (written != length) {
                throw corrupt(path, offset, "values decompress to " + written + " bytes instead of " + length);
            }
        } catch (MalformedInputException e) {
            throw new CorruptFileException(file(path, "values are no Zstd frame: " + e.getMessage()), e);
        }
        return ByteBuffer.wrap(plain);
    }

    private static ByteBuffer slice(ByteBuffer bytes, int start, int length) {
        return bytes.slice(start, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static CorruptFileException corrupt(ObjectPath path, long offset, String problem) {
        return new CorruptFileException(path, offset, "deletion file", problem);
    }

    private static String file(ObjectPath path, String problem) {
        return path + " @ 0: deletion file: " + problem;
    }
}
