// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.util.Arrays;
import java.util.List;

import dev.joust.format.internal.bytes.ByteSlice;
import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;

/// Repeated values of 8, 16, 32 or 64 bits as value and run length of 1 to 255 (spec: file format 4.6). Runs do not
/// cross chunks. Not thread-safe.
public final class RleEncoder {
    private static final int MAX_RUN = 255;

    private final LeafValues.FixedWidth values;
    private final int width;

    private byte[] runValues;
    private byte[] runLengths;
    private int runCount;

    private int[] chunkValueCounts = new int[16];
    private int[] chunkRuns = new int[16];
    private int chunkCount;

    private RleEncoder(LeafValues.FixedWidth values) {
        this.values = values;
        this.width = values.bytesPerValue();
        this.runValues = new byte[64 * width];
        this.runLengths = new byte[64];
    }

    /// An upper bound of the encoded size in bytes.
    ///
    /// @param runCount what {@link #runCount} said
    public static long estimateSizeBytes(LeafValues.FixedWidth values, int runCount) {
        long splits = (long) values.count() / MAX_RUN + values.count() / MiniBlockValues.MAX_CHUNK_VALUES;
        return (runCount + splits) * (values.bytesPerValue() + 1);
    }

    /// Stretches of equal values, of any length.
    public static int runCount(LeafValues.FixedWidth values) {
        int width = values.bytesPerValue();
        byte[] bytes = values.bytes();
        int changes = 0;
        switch (width) {
            case 1 -> {
                for (int i = 1; i < values.count(); i++) {
                    changes += bytes[i] != bytes[i - 1] ? 1 : 0;
                }
            }
            case 2 -> {
                for (int i = 1; i < values.count(); i++) {
                    changes += LittleEndian.getShort(bytes, 2 * i) != LittleEndian.getShort(bytes, 2 * i - 2) ? 1 : 0;
                }
            }
            case 4 -> {
                for (int i = 1; i < values.count(); i++) {
                    changes += LittleEndian.getInt(bytes, 4 * i) != LittleEndian.getInt(bytes, 4 * i - 4) ? 1 : 0;
                }
            }
            default -> {
                for (int i = 1; i < values.count(); i++) {
                    changes += LittleEndian.getLong(bytes, 8 * i) != LittleEndian.getLong(bytes, 8 * i - 8) ? 1 : 0;
                }
            }
        }
        return changes + 1;
    }

    public static MiniBlockValues miniBlock(LeafValues.FixedWidth values) {
        return new RleEncoder(values).encode();
    }

    private MiniBlockValues encode() {
        int start = 0;
        while (start < values.count()) {
            start += encodeChunk(start);
        }
        int[] valueSizes = new int[chunkCount];
        for (int chunk = 0; chunk < chunkCount; chunk++) {
            valueSizes[chunk] = chunkRuns[chunk] * width;
        }
        return new MiniBlockValues(
                new CompressiveEncoding.Rle(
                        new CompressiveEncoding.Flat(values.bitsPerValue()), new CompressiveEncoding.Flat(8)),
                Arrays.copyOf(chunkValueCounts, chunkCount),
                List.of(new MiniBlockValues.Buffer(new ByteSlice(runValues, 0, runCount * width), valueSizes),
                        new MiniBlockValues.Buffer(new ByteSlice(runLengths, 0, runCount),
                                Arrays.copyOf(chunkRuns, chunkCount))));
    }

    /// Adds one chunk: all that is left if that fits, else the largest power of two that does.
    ///
    /// @return values in the chunk
    private int encodeChunk(int start) {
        int limit = Math.min(values.count(), start + MiniBlockValues.MAX_CHUNK_VALUES);
        int firstRun = runCount;
        int end = addRuns(start, limit, MiniBlockValues.CHUNK_BUDGET_BYTES / (width + 1));
        int count = end - start;
        if (end < values.count()) {
            count = Math.max(2, Integer.highestOneBit(count));
            runCount = firstRun;
            addRuns(start, start + count, Integer.MAX_VALUE);
        }
        if (chunkCount == chunkRuns.length) {
            chunkRuns = Arrays.copyOf(chunkRuns, chunkCount * 2);
            chunkValueCounts = Arrays.copyOf(chunkValueCounts, chunkCount * 2);
        }
        chunkRuns[chunkCount] = runCount - firstRun;
        chunkValueCounts[chunkCount++] = count;
        return count;
    }

    private int addRuns(int start, int end, int maxRuns) {
        int firstRun = runCount;
        int at = start;
        while (at < end && runCount - firstRun < maxRuns) {
            int runEnd = at + 1;
            int runLimit = Math.min(end, at + MAX_RUN);
            while (runEnd < runLimit && same(at, runEnd)) {
                runEnd++;
            }
            if (runCount == runLengths.length) {
                runLengths = Arrays.copyOf(runLengths, runCount * 2);
                runValues = Arrays.copyOf(runValues, runCount * 2 * width);
            }
            System.arraycopy(values.bytes(), at * width, runValues, runCount * width, width);
            runLengths[runCount++] = (byte) (runEnd - at);
            at = runEnd;
        }
        return at;
    }

    private boolean same(int index, int other) {
        byte[] bytes = values.bytes();
        return switch (width) {
            case 1 -> bytes[index] == bytes[other];
            case 2 -> LittleEndian.getShort(bytes, 2 * index) == LittleEndian.getShort(bytes, 2 * other);
            case 4 -> LittleEndian.getInt(bytes, 4 * index) == LittleEndian.getInt(bytes, 4 * other);
            default -> LittleEndian.getLong(bytes, 8 * index) == LittleEndian.getLong(bytes, 8 * other);
        };
    }
}
