// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import dev.joust.format.internal.bytes.LittleEndian;

/// Repetition or definition levels of a page, compressed chunk by chunk in one form chosen for all of them by exact
/// size (spec: file format 4.3). Not thread-safe.
public final class LevelEncoder {
    private static final int LEVEL_BITS = 16;
    private static final int MAX_RUN = 255;

    private enum Form {
        FLAT,
        OUT_OF_LINE,
        RLE
    }

    private final byte[] levels;
    private final Form form;
    private final int width;
    private final BitpackingEncoder.Packer packer = new BitpackingEncoder.Packer(LEVEL_BITS);

    private LevelEncoder(byte[] levels, Form form, int width) {
        this.levels = levels;
        this.form = form;
        this.width = width;
    }

    /// @param chunkEnds index behind the last level of each chunk, the last one that of all levels
    /// @param allowRle      the file version knows run lengths here (2.2)
    /// @param maxChunkBytes a form that takes more for some chunk is out; 2 bytes per level always do
    public static LevelEncoder choose(short[] levels, int[] chunkEnds, boolean allowRle, int maxChunkBytes) {
        byte[] bytes = new byte[Math.multiplyExact(2, levels.length)];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().put(levels);
        int union = 0;
        for (short level : levels) {
            union |= level;
        }
        int width = 32 - Integer.numberOfLeadingZeros(union);
        LevelEncoder best = null;
        long bestBytes = Long.MAX_VALUE;
        for (Form form : Form.values()) {
            if (form == Form.RLE && (!allowRle || leastRleBytes(levels, chunkEnds) >= bestBytes)) {
                continue;
            }
            var candidate = new LevelEncoder(bytes, form, width);
            long total = 0;
            int start = 0;
            for (int end : chunkEnds) {
                int size = candidate.sizeBytes(start, end);
                total += size > maxChunkBytes && form != Form.FLAT ? Integer.MAX_VALUE : size + 7 & ~7;
                start = end;
            }
            if (total < bestBytes) {
                bestBytes = total;
                best = candidate;
            }
        }
        return java.util.Objects.requireNonNull(best);
    }

    /// What run lengths take if no run is too long for one, which is counted faster than what they do take.
    private static long leastRleBytes(short[] levels, int[] chunkEnds) {
        long changes = 0;
        for (int i = 1; i < levels.length; i++) {
            changes += levels[i] != levels[i - 1] ? 1 : 0;
        }
        // 8 bytes and a run in each chunk; one change may lie between two chunks
        return 8L * chunkEnds.length + 3 * Math.max(changes, chunkEnds.length);
    }

    public CompressiveEncoding encoding() {
        var flat = new CompressiveEncoding.Flat(LEVEL_BITS);
        return switch (form) {
            case FLAT -> flat;
            case OUT_OF_LINE -> new CompressiveEncoding.OutOfLineBitpacking(LEVEL_BITS, width);
            case RLE -> new CompressiveEncoding.Rle(flat, new CompressiveEncoding.Flat(8));
        };
    }

    /// Bytes that levels `[start, end)` take.
    public int sizeBytes(int start, int end) {
        return switch (form) {
            case FLAT -> 2 * (end - start);
            case OUT_OF_LINE -> BitpackingEncoder.outOfLineSizeBytes(LEVEL_BITS, width, end - start);
            case RLE -> 8 + 3 * runs(start, end);
        };
    }

    /// Writes levels `[start, end)` as one chunk has them.
    ///
    /// @return bytes written
    public int write(int start, int end, byte[] target, int targetIndex) {
        return switch (form) {
            case FLAT -> {
                System.arraycopy(levels, 2 * start, target, targetIndex, 2 * (end - start));
                yield 2 * (end - start);
            }
            case OUT_OF_LINE ->
                BitpackingEncoder.outOfLine(packer, levels, start, end - start, width, target, targetIndex);
            case RLE -> writeRuns(start, end, target, targetIndex);
        };
    }

    private int runEnd(int start, int end) {
        short level = LittleEndian.getShort(levels, 2 * start);
        int limit = Math.min(end, start + MAX_RUN);
        int at = start + 1;
        while (at < limit && LittleEndian.getShort(levels, 2 * at) == level) {
            at++;
        }
        return at;
    }

    private int runs(int start, int end) {
        int runs = 0;
        for (int at = start; at < end; at = runEnd(at, end)) {
            runs++;
        }
        return runs;
    }

    private int writeRuns(int start, int end, byte[] target, int targetIndex) {
        int runs = runs(start, end);
        LittleEndian.putLong(target, targetIndex, 2L * runs);
        int value = targetIndex + 8;
        int length = value + 2 * runs;
        for (int at = start; at < end; ) {
            int next = runEnd(at, end);
            LittleEndian.putShort(target, value, LittleEndian.getShort(levels, 2 * at));
            target[length++] = (byte) (next - at);
            value += 2;
            at = next;
        }
        return 8 + 3 * runs;
    }
}
