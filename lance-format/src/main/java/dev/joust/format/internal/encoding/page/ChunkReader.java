// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.compress.BlockDecoder;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.compress.MiniBlockDecoder;
import dev.joust.format.internal.encoding.sink.ValueSink;

/// Takes mini-block chunks apart, one after the other (spec: file format 3.2). One per task, not thread-safe.
///
///      u16  number of levels, 0 without levels
///      u16  size of repetition levels, if there are any in the page
///      u16  size of definition levels, if there are any in the page
///      u16 (2.1) or u32 (2.2)  size of each value buffer
///      to the next multiple of 8, here and after each of these: repetition, definition, value buffers
final class ChunkReader {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int LEVEL_BITS = 16;

    private final DecodeContext context;
    private final boolean largeSizes;
    private final @Nullable BlockDecoder repetitionDecoder;
    private final @Nullable BlockDecoder definitionDecoder;
    private final MiniBlockDecoder values;
    private final MemorySegment[] valueBuffers;

    private int levelCount;
    private @Nullable MemorySegment repetition;
    private @Nullable MemorySegment definition;

    ChunkReader(DecodeContext context, PageLayout.MiniBlockLayout layout, MiniBlockDecoder values) {
        this.context = context;
        this.largeSizes = layout.largeChunks();
        this.repetitionDecoder =
                layout.repetition() == null ? null : new BlockDecoder(context, layout.repetition(), LEVEL_BITS);
        this.definitionDecoder =
                layout.definition() == null ? null : new BlockDecoder(context, layout.definition(), LEVEL_BITS);
        this.values = values;
        this.valueBuffers = new MemorySegment[values.bufferCount()];
        if (layout.bufferCount() != valueBuffers.length) {
            throw context.corrupt(
                    layout.bufferCount() + " buffers per chunk, the encoding has " + valueBuffers.length);
        }
    }

    /// Opens a chunk.
    void open(MemorySegment chunk, int valueCount) {
        int levelStreams = (repetitionDecoder == null ? 0 : 1) + (definitionDecoder == null ? 0 : 1);
        int sizeBytes = largeSizes ? 4 : 2;
        long headerBytes = 2 + 2L * levelStreams + (long) sizeBytes * valueBuffers.length;
        context.require(chunk, headerBytes, "chunk header");
        levelCount = chunk.get(SHORT, 0) & 0xFFFF;
        long sizeAt = 2;
        long at = aligned(headerBytes);
        repetition = null;
        definition = null;
        if (repetitionDecoder != null) {
            int size = chunk.get(SHORT, sizeAt) & 0xFFFF;
            repetition = repetitionDecoder.decode(slice(chunk, at, size, "repetition levels"), levelCount);
            sizeAt += 2;
            at = aligned(at + size);
        }
        if (definitionDecoder != null) {
            int size = chunk.get(SHORT, sizeAt) & 0xFFFF;
            definition = definitionDecoder.decode(slice(chunk, at, size, "definition levels"), levelCount);
            sizeAt += 2;
            at = aligned(at + size);
        }
        for (int i = 0; i < valueBuffers.length; i++) {
            long size = largeSizes ? Integer.toUnsignedLong(chunk.get(INT, sizeAt)) : chunk.get(SHORT, sizeAt) & 0xFFFF;
            valueBuffers[i] = slice(chunk, at, size, "value buffer");
            sizeAt += sizeBytes;
            at = aligned(at + size);
        }
        values.open(valueBuffers, 0, valueCount);
    }

    private MemorySegment slice(MemorySegment chunk, long at, long size, String what) {
        if (at > chunk.byteSize() || size > chunk.byteSize() - at) {
            throw context.corrupt(what + ": needs " + size + " bytes at " + at + " of a chunk of " + chunk.byteSize());
        }
        return chunk.asSlice(at, size);
    }

    private static long aligned(long offset) {
        return (offset + 7) & ~7L;
    }

    /// Levels in the open chunk.
    int levelCount() {
        return levelCount;
    }

    /// u16 each; null without lists.
    @Nullable MemorySegment repetition() {
        return repetition;
    }

    /// u16 each; null where nothing is null or empty.
    @Nullable MemorySegment definition() {
        return definition;
    }

    void appendValues(int from, int to, ValueSink sink) {
        values.append(from, to, sink);
    }
}
