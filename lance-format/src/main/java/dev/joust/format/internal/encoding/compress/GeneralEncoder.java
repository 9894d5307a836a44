// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.airlift.compress.v3.Compressor;
import io.airlift.compress.v3.lz4.Lz4JavaCompressor;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;

import dev.joust.format.internal.bytes.ByteSlice;
import dev.joust.format.internal.bytes.LittleEndian;

/// A general-purpose compression with the length in front: `u32 length; LZ4 block`, or `u64 length; Zstd frame`
/// (spec: file format 4.8). Not thread-safe.
public final class GeneralEncoder {
    /// A page whose first buffers take less together stays as it is.
    private static final int LEAST_BYTES = 4096;

    /// Chunks that stand for all when encodings are compared.
    private static final int SAMPLE_CHUNKS = 16;

    private final CompressionScheme scheme;
    private final Compressor compressor;

    public GeneralEncoder(CompressionScheme scheme) {
        this.scheme = scheme;
        this.compressor = switch (scheme) {
            case LZ4 -> new Lz4JavaCompressor();
            case ZSTD -> new ZstdJavaCompressor();
        };
    }

    private int prefixBytes() {
        return switch (scheme) {
            case LZ4 -> 4;
            case ZSTD -> 8;
        };
    }

    /// Room that `length` bytes need at most.
    int maxBytes(int length) {
        return prefixBytes() + compressor.maxCompressedLength(length);
    }

    /// Compresses to `target`, which has {@link #maxBytes} from `targetIndex` on.
    ///
    /// @return bytes written
    int compress(byte[] source, int offset, int length, byte[] target, int targetIndex) {
        switch (scheme) {
            case LZ4 -> LittleEndian.putInt(target, targetIndex, length);
            case ZSTD -> LittleEndian.putLong(target, targetIndex, length);
        }
        int start = targetIndex + prefixBytes();
        return prefixBytes() + compressor.compress(source, offset, length, target, start, target.length - start);
    }

    public ByteSlice compress(ByteSlice source) {
        byte[] target = new byte[maxBytes(source.length())];
        return new ByteSlice(target, 0, compress(source.bytes(), source.offset(), source.length(), target, 0));
    }

    CompressiveEncoding around(CompressiveEncoding encoding) {
        return new CompressiveEncoding.General(scheme, null, encoding);
    }

    /// Compresses the first buffer of each chunk.
    ///
    /// @return `values` itself where that is too small, or does not shrink
    static MiniBlockValues miniBlock(MiniBlockValues values, CompressionScheme scheme) {
        MiniBlockValues.Buffer first = values.buffers().getFirst();
        if (first.bytes().length() < LEAST_BYTES) {
            return values;
        }
        var encoder = new GeneralEncoder(scheme);
        int[] sizes = new int[first.chunkSizes().length];
        byte[] target = new byte[first.bytes().length()];
        int from = first.bytes().offset();
        int to = 0;
        for (int chunk = 0; chunk < sizes.length; chunk++) {
            int size = first.chunkSizes()[chunk];
            int room = to + encoder.maxBytes(size);
            if (room > target.length) {
                if (to > first.bytes().length()) {
                    return values;
                }
                target = Arrays.copyOf(target, Math.addExact(room, target.length / 8));
            }
            sizes[chunk] = encoder.compress(first.bytes().bytes(), from, size, target, to);
            from += size;
            to += sizes[chunk];
        }
        List<MiniBlockValues.Buffer> buffers = new ArrayList<>(values.buffers());
        buffers.set(0, new MiniBlockValues.Buffer(new ByteSlice(target, 0, to), sizes));
        var compressed = new MiniBlockValues(encoder.around(values.encoding()), values.chunkValueCounts(), buffers);
        return compressed.paddedBytes() < values.paddedBytes() ? compressed : values;
    }

    /// What compressed values would take, judged by some of their chunks.
    static long estimateBytes(MiniBlockValues values, CompressionScheme scheme) {
        MiniBlockValues.Buffer first = values.buffers().getFirst();
        var encoder = new GeneralEncoder(scheme);
        int[] sizes = first.chunkSizes();
        int step = Math.max(1, sizes.length / SAMPLE_CHUNKS);
        byte[] target = new byte[0];
        long before = 0;
        long after = 0;
        int from = first.bytes().offset();
        for (int chunk = 0; chunk < sizes.length; chunk++) {
            if (chunk % step == 0) {
                int room = encoder.maxBytes(sizes[chunk]);
                target = target.length < room ? new byte[room] : target;
                before += sizes[chunk];
                after += encoder.compress(first.bytes().bytes(), from, sizes[chunk], target, 0);
            }
            from += sizes[chunk];
        }
        long others = values.paddedBytes() - first.bytes().length();
        return others + (before == 0 ? 0 : Math.round((double) first.bytes().length() * after / before));
    }
}
