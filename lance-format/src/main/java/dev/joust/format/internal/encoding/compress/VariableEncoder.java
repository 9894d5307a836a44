// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.util.Arrays;
import java.util.List;

import dev.joust.format.internal.bytes.ByteSlice;
import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;

/// Values of variable width: offsets, then bytes (spec: file format 4.4).
public final class VariableEncoder {
    /// Offsets and bytes per chunk at most, if nothing else is asked for.
    public static final int CHUNK_BYTES = 4096;

    private static final byte PADDING = 0x48;

    private VariableEncoder() {}

    public static CompressiveEncoding encoding(LeafValues.VariableWidth values) {
        return new CompressiveEncoding.Variable(new CompressiveEncoding.Flat(values.bitsPerOffset()));
    }

    /// Chunks of at most `chunkSizeBytes`, where they have more than two values. Offsets count from the start of the
    /// chunk's buffer.
    public static MiniBlockValues miniBlock(
            LeafValues.VariableWidth values, CompressiveEncoding encoding, int chunkSizeBytes) {
        int offsetBytes = values.bitsPerOffset() / 8;
        int[] counts = new int[16];
        int[] sizes = new int[16];
        int chunks = 0;
        long total = 0;
        for (int start = 0; start < values.count(); start += counts[chunks - 1]) {
            if (chunks == counts.length) {
                counts = Arrays.copyOf(counts, chunks * 2);
                sizes = Arrays.copyOf(sizes, chunks * 2);
            }
            counts[chunks] = chunkValues(values, start, offsetBytes, chunkSizeBytes);
            sizes[chunks] = Math.toIntExact(
                    chunkBytes(values, start, counts[chunks], offsetBytes) + offsetBytes - 1 & -offsetBytes);
            total += sizes[chunks++];
        }
        byte[] target = new byte[Math.toIntExact(total)];
        int start = 0;
        int at = 0;
        for (int chunk = 0; chunk < chunks; chunk++) {
            writeChunk(values, start, counts[chunk], offsetBytes, target, at, sizes[chunk]);
            start += counts[chunk];
            at += sizes[chunk];
        }
        return new MiniBlockValues(encoding, Arrays.copyOf(counts, chunks),
                List.of(new MiniBlockValues.Buffer(ByteSlice.of(target), Arrays.copyOf(sizes, chunks))));
    }

    private static long chunkBytes(LeafValues.VariableWidth values, int start, int count, int offsetBytes) {
        return (count + 1L) * offsetBytes + values.offsets()[start + count] - values.offsets()[start];
    }

    private static int chunkValues(
            LeafValues.VariableWidth values, int start, int offsetBytes, int chunkSizeBytes) {
        int left = values.count() - start;
        if (left <= MiniBlockValues.MAX_CHUNK_VALUES && chunkBytes(values, start, left, offsetBytes) <= chunkSizeBytes) {
            return left;
        }
        int count = 2;
        while (count * 2 <= Math.min(left, MiniBlockValues.MAX_CHUNK_VALUES)
                && chunkBytes(values, start, count * 2, offsetBytes) <= chunkSizeBytes) {
            count *= 2;
        }
        return Math.min(count, left);
    }

    private static void writeChunk(
            LeafValues.VariableWidth values, int start, int count, int offsetBytes, byte[] target, int at, int size) {
        int first = values.offsets()[start];
        int bytesStart = (count + 1) * offsetBytes;
        putOffsets(values, start, count, offsetBytes, bytesStart, target, at);
        int length = values.offsets()[start + count] - first;
        System.arraycopy(values.bytes(), first, target, at + bytesStart, length);
        Arrays.fill(target, at + bytesStart + length, at + size, PADDING);
    }

    private static void putOffsets(
            LeafValues.VariableWidth values, int start, int count, int offsetBytes, int base, byte[] target, int at) {
        int[] offsets = values.offsets();
        int shift = base - offsets[start];
        if (offsetBytes == 4) {
            for (int i = 0; i <= count; i++) {
                LittleEndian.putInt(target, at + 4 * i, offsets[start + i] + shift);
            }
        } else {
            for (int i = 0; i <= count; i++) {
                LittleEndian.putLong(target, at + 8 * i, offsets[start + i] + shift);
            }
        }
    }

    /// All values as one block: width, start of the bytes, offsets from 0, bytes.
    static byte[] block(LeafValues.VariableWidth values) {
        int offsetBytes = values.bitsPerOffset() / 8;
        int bytesStart = 2 * offsetBytes + (values.count() + 1) * offsetBytes;
        byte[] target = new byte[Math.addExact(bytesStart, values.byteCount())];
        if (offsetBytes == 4) {
            LittleEndian.putInt(target, 0, 32);
            LittleEndian.putInt(target, 4, bytesStart);
        } else {
            LittleEndian.putLong(target, 0, 64);
            LittleEndian.putLong(target, 8, bytesStart);
        }
        putOffsets(values, 0, values.count(), offsetBytes, 0, target, 2 * offsetBytes);
        System.arraycopy(values.bytes(), 0, target, bytesStart, values.byteCount());
        return target;
    }
}
