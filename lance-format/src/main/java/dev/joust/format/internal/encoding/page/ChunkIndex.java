// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.bytes.ByteCursor;
import dev.joust.format.internal.encoding.compress.DecodeContext;

/// Where the chunks of a mini-block page are and how many values each holds, from the page's chunk words
/// (spec: file format 3.2). Immutable.
///
///     one u16 (2.1) or u32 (2.2) per chunk:
///     bits 0..3   log2 of the number of values; of the last chunk 0, or the same
///     bits 4..    size in 8-byte words, less 1
final class ChunkIndex {
    /// No chunk of any writer has more.
    private static final int MAX_CHUNK_VALUES = 1 << 16;

    private final int chunkCount;
    /// In the data buffer; one more than chunks.
    private final long[] byteStarts;
    /// One more than chunks; null where all but the last chunk hold `1 << uniformLog`.
    private final long @Nullable [] valueStarts;
    private final int uniformLog;
    private final long valueCount;

    private ChunkIndex(long[] byteStarts, long @Nullable [] valueStarts, int uniformLog, long valueCount) {
        this.chunkCount = byteStarts.length - 1;
        this.byteStarts = byteStarts;
        this.valueStarts = valueStarts;
        this.uniformLog = uniformLog;
        this.valueCount = valueCount;
    }

    /// @param wordBytes 2 or 4
    static ChunkIndex parse(
            DecodeContext context, MemorySegment words, int wordBytes, long dataSizeBytes, long valueCount) {
        if (words.byteSize() % wordBytes != 0) {
            throw context.corrupt("chunk words of " + words.byteSize() + " bytes, " + wordBytes + " each");
        }
        int chunkCount = Math.toIntExact(words.byteSize() / wordBytes);
        ByteCursor cursor = new ByteCursor(context.file(), 0, words);
        long[] byteStarts = new long[chunkCount + 1];
        long[] valueStarts = new long[chunkCount + 1];
        int firstLog = -1;
        boolean uniform = true;
        for (int i = 0; i < chunkCount; i++) {
            long word = wordBytes == 2 ? cursor.u16("chunk word") : cursor.u32("chunk word");
            int log = (int) (word & 15);
            byteStarts[i + 1] = byteStarts[i] + ((word >>> 4) + 1) * 8;
            long remaining = valueCount - valueStarts[i];
            long count = i == chunkCount - 1 ? remaining : 1L << log;
            boolean lastLogFits = log == 0 || count == 1L << log;
            if (count < 1 || count > remaining || count > MAX_CHUNK_VALUES || (i == chunkCount - 1 && !lastLogFits)) {
                throw context.corrupt("chunk " + i + " of " + chunkCount + " holds " + count + " values (log " + log
                        + "), " + remaining + " of " + valueCount + " remain");
            }
            valueStarts[i + 1] = valueStarts[i] + count;
            if (i < chunkCount - 1) {
                firstLog = firstLog < 0 ? log : firstLog;
                uniform &= log == firstLog;
            }
        }
        if (chunkCount == 0 && valueCount != 0) {
            throw context.corrupt(valueCount + " values without a chunk");
        }
        if (byteStarts[chunkCount] > dataSizeBytes) {
            throw context.corrupt("chunks of " + byteStarts[chunkCount] + " bytes in a buffer of " + dataSizeBytes);
        }
        uniform &= chunkCount > 1 && valueCount - valueStarts[chunkCount - 1] <= 1L << firstLog;
        return new ChunkIndex(byteStarts, uniform ? null : valueStarts, uniform ? firstLog : 0, valueCount);
    }

    int chunkCount() {
        return chunkCount;
    }

    /// Offset of the chunk in the data buffer; for `chunkCount` the end.
    long byteStart(int chunk) {
        return byteStarts[chunk];
    }

    /// Number of the chunk's first value; for `chunkCount` the number of values.
    long valueStart(int chunk) {
        return valueStarts == null ? Math.min((long) chunk << uniformLog, valueCount) : valueStarts[chunk];
    }

    int valueCount(int chunk) {
        return (int) (valueStart(chunk + 1) - valueStart(chunk));
    }

    /// The chunk that holds a value.
    int chunkOf(long value) {
        if (valueStarts == null) {
            return (int) (value >>> uniformLog);
        }
        int found = Arrays.binarySearch(valueStarts, value);
        return found >= 0 ? found : -found - 2;
    }

    long stateBytes() {
        return 8L * byteStarts.length + (valueStarts == null ? 0 : 8L * valueStarts.length);
    }
}
