// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.util.List;

import dev.joust.format.internal.bytes.ByteSlice;

/// Values cut into chunks and compressed, not yet joined with their levels (spec: file format 3.2).
///
/// @param chunkValueCounts values per chunk: powers of two from 2 on, the last chunk as many as remain
/// @param buffers          the value buffers of a chunk, each as one stream through all chunks
@SuppressWarnings("ArrayRecordComponent") // working memory, compared by nobody
public record MiniBlockValues(CompressiveEncoding encoding, int[] chunkValueCounts, List<Buffer> buffers) {
    /// Values per chunk at most.
    public static final int MAX_CHUNK_VALUES = 4096;

    /// Bytes of values per chunk that writers aim below.
    public static final int CHUNK_BUDGET_BYTES = 8186;

    public MiniBlockValues {
        buffers = List.copyOf(buffers);
    }

    /// @param bytes      chunk after chunk, without padding
    /// @param chunkSizes bytes per chunk
    public record Buffer(ByteSlice bytes, int[] chunkSizes) {}

    public int chunkCount() {
        return chunkValueCounts.length;
    }

    /// Bytes in chunks, with padding and the header of a chunk without levels.
    ///
    /// @param wordBytes width of chunk words and buffer sizes: 4, or 2 in 2.1
    public long sizeBytes(int wordBytes) {
        return (long) chunkCount() * (wordBytes + (2 + wordBytes * buffers.size() + 7 & ~7)) + paddedBytes();
    }

    /// Bytes of values in chunks, with padding.
    long paddedBytes() {
        long total = 0;
        for (Buffer buffer : buffers) {
            for (int size : buffer.chunkSizes()) {
                total += size + 7 & ~7;
            }
        }
        return total;
    }

    /// The same values with the first buffer of each chunk compressed, where that is smaller.
    public MiniBlockValues compressed(CompressionScheme scheme) {
        return GeneralEncoder.miniBlock(this, scheme);
    }

    /// About what {@link #compressed} would take.
    public long estimateCompressedBytes(CompressionScheme scheme, int wordBytes) {
        return sizeBytes(wordBytes) - paddedBytes() + GeneralEncoder.estimateBytes(this, scheme);
    }

    /// Counts of chunks of `chunkValues` each, and the rest.
    static int[] uniformChunks(int valueCount, int chunkValues) {
        int[] counts = new int[(valueCount + chunkValues - 1) / chunkValues];
        java.util.Arrays.fill(counts, chunkValues);
        if (counts.length > 0) {
            counts[counts.length - 1] = valueCount - (counts.length - 1) * chunkValues;
        }
        return counts;
    }
}
