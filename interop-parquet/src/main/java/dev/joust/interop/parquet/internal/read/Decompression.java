// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.read;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.lz4.Lz4JavaDecompressor;
import io.airlift.compress.v3.snappy.SnappyJavaDecompressor;
import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import org.apache.parquet.format.CompressionCodec;
import org.jspecify.annotations.Nullable;

/// Decompresses pages of one column chunk. Not thread-safe.
final class Decompression {
    /// No codec makes more of a byte: a block of Zstandard can hold 128 KiB in 4 bytes.
    private static final long MOST_PER_BYTE = 1 << 15;
    /// Pages are about 1 MiB; one of more than this must be so because its bytes are many.
    private static final long LARGE_PAGE_BYTES = 64 << 20;
    private static final long MOST_PER_BYTE_OF_LARGE = 1 << 10;

    private final CompressionCodec codec;
    private @Nullable ZstdJavaDecompressor zstd;

    Decompression(CompressionCodec codec) {
        this.codec = codec;
    }

    boolean isNone() {
        return codec == CompressionCodec.UNCOMPRESSED;
    }

    /// What `length` bytes at `start` hold, which must be `size` bytes, put at `to` of `target`.
    void decompress(byte[] source, int start, int length, byte[] target, int to, int size) {
        if (size == 0) {
            return;
        }
        checkSize(length, size);
        int found;
        try {
            found = switch (codec) {
                case UNCOMPRESSED -> {
                    System.arraycopy(source, start, target, to, Math.min(length, size));
                    yield length;
                }
                case SNAPPY -> new SnappyJavaDecompressor().decompress(source, start, length, target, to, size);
                case GZIP -> gunzip(source, start, length, target, to, size);
                case ZSTD -> {
                    if (zstd == null) {
                        zstd = new ZstdJavaDecompressor();
                    }
                    yield zstd.decompress(source, start, length, target, to, size);
                }
                case LZ4_RAW -> new Lz4JavaDecompressor().decompress(source, start, length, target, to, size);
                case LZ4 -> lz4(source, start, length, target, to, size);
                case LZO, BROTLI -> throw new AssertionError(codec);
            };
        } catch (MalformedInputException | IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException
                | DataFormatException e) {
            throw new BadPageException(codec + " bytes are damaged: " + e.getMessage());
        }
        if (found != size) {
            throw new BadPageException(codec + " bytes hold " + found + " bytes, said to be " + size);
        }
    }

    /// Before memory of `size` is taken.
    static void checkSize(int length, int size) {
        if (size > (length + 64L) * (size > LARGE_PAGE_BYTES ? MOST_PER_BYTE_OF_LARGE : MOST_PER_BYTE)) {
            throw new BadPageException(length + " compressed bytes said to hold " + size);
        }
    }

    private static int gunzip(byte[] source, int start, int length, byte[] target, int to, int size)
            throws DataFormatException {
        int at = start;
        int done = 0;
        while (at < start + length) { // members, one after the other
            at = endOfGzipHeader(source, at, start + length);
            Inflater inflater = new Inflater(true);
            try {
                inflater.setInput(source, at, start + length - at);
                while (!inflater.finished()) {
                    int count = inflater.inflate(target, to + done, size - done);
                    done += count;
                    if (count == 0 && !inflater.finished()) {
                        throw new DataFormatException(done == size ? "more than " + size + " bytes" : "cut short");
                    }
                }
                at += Math.toIntExact(inflater.getBytesRead()) + 8; // checksum and length follow
            } finally {
                inflater.end();
            }
        }
        return done;
    }

    private static int endOfGzipHeader(byte[] source, int start, int end) throws DataFormatException {
        if (end - start < 18 || (source[start] & 0xFF) != 0x1F || (source[start + 1] & 0xFF) != 0x8B || source[start + 2] != 8) {
            throw new DataFormatException("no gzip header");
        }
        int flags = source[start + 3];
        int at = start + 10;
        if ((flags & 4) != 0) {
            at += 2 + (source[at] & 0xFF) + ((source[at + 1] & 0xFF) << 8);
        }
        for (int text = 8; text <= 16; text += 8) { // name, comment
            if ((flags & text) != 0) {
                while (source[at++] != 0) {
                    if (at >= end) {
                        throw new DataFormatException("gzip header cut short");
                    }
                }
            }
        }
        at += (flags & 2) != 0 ? 2 : 0;
        if (at >= end) {
            throw new DataFormatException("gzip header cut short");
        }
        return at;
    }

    /// Blocks as Hadoop frames them (big-endian: size of what follows decompressed, then each block's compressed size),
    /// or, from writers that did not know better, one bare block.
    private static int lz4(byte[] source, int start, int length, byte[] target, int to, int size) {
        int at = start;
        int end = start + length;
        int done = 0;
        while (end - at >= 8) {
            int frameSize = bigEndian(source, at);
            int blockLength = bigEndian(source, at + 4);
            if (frameSize < 0 || frameSize > size - done || blockLength < 0 || blockLength > end - at - 8) {
                return new Lz4JavaDecompressor().decompress(source, start, length, target, to, size);
            }
            try {
                if (new Lz4JavaDecompressor().decompress(source, at + 8, blockLength, target, to + done, frameSize) != frameSize) {
                    throw new MalformedInputException(at - start, "a block shorter than its frame");
                }
            } catch (MalformedInputException e) {
                if (at == start) {
                    return new Lz4JavaDecompressor().decompress(source, start, length, target, to, size);
                }
                throw e;
            }
            done += frameSize;
            at += 8 + blockLength;
        }
        return done;
    }

    private static int bigEndian(byte[] bytes, int at) {
        return Integer.reverseBytes(LittleEndian.intAt(bytes, at));
    }
}
