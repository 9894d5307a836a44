// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.lz4.Lz4JavaDecompressor;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;

/// Undoes general-purpose compression of whole buffers (spec: file format 4.8). One per task, not thread-safe.
///
///     LZ4     0  u32 uncompressed size     4  one raw LZ4 block
///     ZSTD    0  u64 uncompressed size     8  one zstd frame; or (old files) a frame alone
///
/// A size that is implausibly large for the bytes at hand is checked by decoding to nowhere before memory is taken.
public final class Decompressor {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int ZSTD_MAGIC = 0xFD2FB528;
    private static final long PLAUSIBLE_SIZE = 8 << 20;
    private static final long PLAUSIBLE_RATIO = 8;

    private final DecodeContext context;
    private final CompressionScheme scheme;
    private final DecodeContext.Scratch scratch;
    private @Nullable ZstdJavaDecompressor zstd;
    private @Nullable Lz4JavaDecompressor lz4;

    public Decompressor(DecodeContext context, CompressionScheme scheme) {
        this.context = context;
        this.scheme = scheme;
        this.scratch = context.newScratch();
    }

    /// The uncompressed bytes, valid until the next call.
    public MemorySegment decompress(MemorySegment compressed) {
        if (compressed.byteSize() == 0) {
            return compressed;
        }
        return switch (scheme) {
            case LZ4 -> lz4(compressed);
            case ZSTD -> zstd(compressed);
        };
    }

    private MemorySegment lz4(MemorySegment compressed) {
        context.require(compressed, 4, "size before an LZ4 block");
        long size = Integer.toUnsignedLong(compressed.get(INT, 0));
        MemorySegment block = compressed.asSlice(4);
        if (size > PLAUSIBLE_SIZE && size / PLAUSIBLE_RATIO > block.byteSize() && lz4Size(block) != size) {
            throw context.corrupt("an LZ4 block of " + block.byteSize() + " bytes says that it holds " + size);
        }
        if (size == 0) {
            return MemorySegment.NULL;
        }
        if (size > Integer.MAX_VALUE) {
            throw context.corrupt("an LZ4 block says that it holds " + size + " bytes");
        }
        MemorySegment target = scratch.atLeast(size).asSlice(0, size);
        if (lz4 == null) {
            lz4 = new Lz4JavaDecompressor();
        }
        try {
            check(lz4.decompress(block, target), size);
        } catch (MalformedInputException | IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            throw malformed(e);
        }
        return target;
    }

    private MemorySegment zstd(MemorySegment compressed) {
        boolean bare = compressed.byteSize() < 8
                || (compressed.get(INT, 0) == ZSTD_MAGIC
                        && (compressed.get(ValueLayout.JAVA_BYTE, 4) & 0x10) == 0);
        MemorySegment frame = bare ? compressed : compressed.asSlice(8);
        long size = bare ? zstdSize(frame) : compressed.get(LONG, 0);
        if (size < 0 || size > Integer.MAX_VALUE) {
            throw context.corrupt("a zstd frame says that it holds " + Long.toUnsignedString(size) + " bytes");
        }
        if (!bare && size > PLAUSIBLE_SIZE && size / PLAUSIBLE_RATIO > frame.byteSize() && zstdSize(frame) != size) {
            throw context.corrupt("a zstd frame of " + frame.byteSize() + " bytes says that it holds " + size);
        }
        if (size == 0) {
            return MemorySegment.NULL;
        }
        MemorySegment target = scratch.atLeast(size).asSlice(0, size);
        if (zstd == null) {
            zstd = new ZstdJavaDecompressor();
        }
        try {
            check(zstd.decompress(frame, target), size);
        } catch (MalformedInputException | IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            throw malformed(e);
        }
        return target;
    }

    private void check(int decompressed, long size) {
        if (decompressed != size) {
            throw context.corrupt(scheme + " bytes hold " + decompressed + " bytes, said to be " + size);
        }
    }

    private CorruptFileException malformed(RuntimeException e) {
        CorruptFileException corrupt = context.corrupt(scheme + " bytes are damaged: " + e.getMessage());
        corrupt.addSuppressed(e);
        return corrupt;
    }

    /// What a zstd frame holds, found by decoding it.
    private long zstdSize(MemorySegment frame) {
        byte[] copy = frame.toArray(ValueLayout.JAVA_BYTE);
        byte[] sink = new byte[1 << 16];
        long size = 0;
        try (InputStream stream = new ZstdInputStream(new ByteArrayInputStream(copy))) {
            for (int count = stream.read(sink); count >= 0; count = stream.read(sink)) {
                size += count;
            }
        } catch (IOException e) {
            throw context.corrupt(scheme + " bytes are damaged: " + e.getMessage());
        } catch (MalformedInputException | IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            throw malformed(e);
        }
        return size;
    }

    /// What an LZ4 block holds, found by walking over its sequences; -1 if it is damaged.
    private static long lz4Size(MemorySegment block) {
        long end = block.byteSize();
        long at = 0;
        long size = 0;
        while (at < end) {
            long token = block.get(ValueLayout.JAVA_BYTE, at++) & 0xFF;
            long literals = token >>> 4;
            if (literals == 15) {
                int more = 255;
                while (more == 255 && at < end) {
                    more = block.get(ValueLayout.JAVA_BYTE, at++) & 0xFF;
                    literals += more;
                }
            }
            at += literals;
            size += literals;
            if (at >= end) {
                return at == end ? size : -1;
            }
            at += 2;
            long match = (token & 15) + 4;
            if (match == 19) {
                int more = 255;
                while (more == 255 && at < end) {
                    more = block.get(ValueLayout.JAVA_BYTE, at++) & 0xFF;
                    match += more;
                }
            }
            size += match;
        }
        return size;
    }
}
