// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.util.List;

import dev.joust.format.internal.bytes.ByteSlice;
import dev.joust.format.internal.encoding.LeafValues;

/// Values of 32 or 64 bits taken apart: of each chunk first all first bytes, then all second ones, and so on
/// (spec: file format 4.7). Takes as much room as before; what is alike comes to lie side by side for the compression
/// around it.
public final class ByteStreamSplitEncoder {
    private static final int CHUNK_BYTES = 4096;

    private ByteStreamSplitEncoder() {}

    public static boolean splits(int bitsPerValue) {
        return bitsPerValue == 32 || bitsPerValue == 64;
    }

    public static MiniBlockValues miniBlock(LeafValues.FixedWidth values) {
        int width = values.bytesPerValue();
        int[] counts = MiniBlockValues.uniformChunks(values.count(), CHUNK_BYTES / width);
        int[] sizes = new int[counts.length];
        byte[] source = values.bytes();
        byte[] target = new byte[Math.multiplyExact(values.count(), width)];
        int start = 0;
        for (int chunk = 0; chunk < counts.length; chunk++) {
            int count = counts[chunk];
            sizes[chunk] = count * width;
            for (int part = 0; part < width; part++) {
                int to = start + part * count;
                for (int i = 0; i < count; i++) {
                    target[to + i] = source[start + i * width + part];
                }
            }
            start += sizes[chunk];
        }
        return new MiniBlockValues(
                new CompressiveEncoding.ByteStreamSplit(new CompressiveEncoding.Flat(values.bitsPerValue())),
                counts,
                List.of(new MiniBlockValues.Buffer(ByteSlice.of(target), sizes)));
    }
}
