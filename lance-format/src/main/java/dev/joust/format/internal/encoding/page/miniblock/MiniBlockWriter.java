// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page.miniblock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.bytes.ByteSlice;
import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.compress.BlockEncoder;
import dev.joust.format.internal.encoding.compress.LevelEncoder;
import dev.joust.format.internal.encoding.compress.MiniBlockValues;
import dev.joust.format.internal.encoding.page.EncodedPage;
import dev.joust.format.internal.encoding.page.PageLayout;
import dev.joust.format.internal.encoding.repdef.RepDefLevels;

/// Joins chunks of values with their levels (spec: file format 3.2).
///
///     chunk:  u16 levels | u16 repetition bytes? | u16 definition bytes? | u16 (2.1) or u32 per value buffer | pad
///             repetition, pad | definition, pad | value buffer 0, pad | ...        pad: 0xFE to a multiple of 8
///     word:   bits 0-3 log2 of the values (0 in the last chunk), above: size in 8-byte words, minus 1
public final class MiniBlockWriter {
    /// Two bytes each, their size must fit 16 bits.
    private static final int MAX_CHUNK_LEVELS = 32767;
    private static final int MAX_LEVEL_BYTES = 65535;

    /// Of a whole chunk in 2.1.
    private static final int MAX_NARROW_CHUNK_BYTES = 32 << 10;
    private static final byte PADDING = (byte) 0xFE;

    private final MiniBlockValues values;
    private final RepDefLevels levels;
    private final FileVersion version;

    /// Index behind the last level of each chunk.
    private final int[] chunkLevelEnds;

    private final @Nullable LevelEncoder repetition;
    private final @Nullable LevelEncoder definition;

    private MiniBlockWriter(MiniBlockValues values, RepDefLevels levels, FileVersion version) {
        this.values = values;
        this.levels = levels;
        this.version = version;
        this.chunkLevelEnds = chunkLevelEnds(values, levels);
        boolean allowRle = version != FileVersion.V2_1;
        repetition = levels.repetition() == null
                ? null
                : LevelEncoder.choose(levels.repetition(), chunkLevelEnds, allowRle, MAX_LEVEL_BYTES);
        definition = levels.definition() == null
                ? null
                : LevelEncoder.choose(levels.definition(), chunkLevelEnds, allowRle, MAX_LEVEL_BYTES);
    }

    /// @param dictionary what the values are indices into
    /// @return null if some chunk has more levels than it can tell, or (2.1) more bytes: such a page must be cut or zipped
    public static @Nullable EncodedPage write(
            MiniBlockValues values,
            RepDefLevels levels,
            @Nullable BlockEncoder dictionary,
            long dictionaryItemCount,
            FileVersion version) {
        if (!fits(values, levels)) {
            return null;
        }
        return new MiniBlockWriter(values, levels, version).write(dictionary, dictionaryItemCount);
    }

    /// Whether the levels of every chunk can be stored: not those of long stretches of null and empty lists.
    private static boolean fits(MiniBlockValues values, RepDefLevels levels) {
        if (levels.levelCount() - levels.slotCount() <= MAX_CHUNK_LEVELS - MiniBlockValues.MAX_CHUNK_VALUES) {
            return true;
        }
        int start = 0;
        for (int end : chunkLevelEnds(values, levels)) {
            if (end - start > MAX_CHUNK_LEVELS) {
                return false;
            }
            start = end;
        }
        return true;
    }

    /// Null and empty lists behind the last value of a chunk go to the next one; the last chunk takes what is left.
    private static int[] chunkLevelEnds(MiniBlockValues values, RepDefLevels levels) {
        int[] ends = new int[values.chunkCount()];
        short[] definition = levels.definition();
        boolean allVisible = levels.levelCount() == levels.slotCount();
        int level = 0;
        for (int chunk = 0; chunk < ends.length; chunk++) {
            if (chunk == ends.length - 1) {
                level = levels.levelCount();
            } else if (allVisible || definition == null) {
                level += values.chunkValueCounts()[chunk];
            } else {
                for (int seen = 0; seen < values.chunkValueCounts()[chunk]; level++) {
                    seen += definition[level] <= levels.maxVisible() ? 1 : 0;
                }
            }
            ends[chunk] = level;
        }
        return ends;
    }

    private @Nullable EncodedPage write(@Nullable BlockEncoder dictionary, long dictionaryItemCount) {
        boolean wide = version != FileVersion.V2_1;
        int sizeBytes = wide ? 4 : 2;
        int headerBytes = 2 + (repetition == null ? 0 : 2) + (definition == null ? 0 : 2)
                + sizeBytes * values.buffers().size();
        int paddedHeaderBytes = headerBytes + 7 & ~7;
        int[] chunkSizes = new int[values.chunkCount()];
        long total = 0;
        for (int chunk = 0; chunk < chunkSizes.length; chunk++) {
            chunkSizes[chunk] = paddedHeaderBytes + levelBytes(repetition, chunk) + levelBytes(definition, chunk);
            for (MiniBlockValues.Buffer buffer : values.buffers()) {
                chunkSizes[chunk] += buffer.chunkSizes()[chunk] + 7 & ~7;
            }
            if (!wide && chunkSizes[chunk] > MAX_NARROW_CHUNK_BYTES) {
                return null;
            }
            total += chunkSizes[chunk];
        }
        byte[] data = new byte[Math.toIntExact(total)];
        byte[] words = new byte[sizeBytes * chunkSizes.length];
        int[] bufferAt = values.buffers().stream().mapToInt(buffer -> buffer.bytes().offset()).toArray();
        int at = 0;
        for (int chunk = 0; chunk < chunkSizes.length; chunk++) {
            putWord(words, chunk, chunkSizes[chunk], sizeBytes);
            writeChunk(chunk, data, at, headerBytes, sizeBytes, bufferAt);
            at += chunkSizes[chunk];
        }
        List<ByteSlice> buffers = new ArrayList<>(List.of(ByteSlice.of(words), ByteSlice.of(data)));
        if (dictionary != null) {
            buffers.add(dictionary.bytes());
        }
        if (levels.repetition() != null) {
            buffers.add(ByteSlice.of(repetitionIndex(levels.repetition())));
        }
        PageLayout layout = new PageLayout.MiniBlockLayout(
                repetition == null ? null : repetition.encoding(),
                definition == null ? null : definition.encoding(),
                values.encoding(),
                dictionary == null ? null : dictionary.encoding(),
                dictionaryItemCount,
                levels.layers(),
                values.buffers().size(),
                repetition == null ? 0 : 1,
                levels.slotCount(),
                wide);
        return new EncodedPage(layout, buffers);
    }

    private int levelStart(int chunk) {
        return chunk == 0 ? 0 : chunkLevelEnds[chunk - 1];
    }

    private int levelBytes(@Nullable LevelEncoder encoder, int chunk) {
        if (encoder == null) {
            return 0;
        }
        return encoder.sizeBytes(levelStart(chunk), chunkLevelEnds[chunk]) + 7 & ~7;
    }

    private void putWord(byte[] words, int chunk, int chunkSizeBytes, int wordBytes) {
        boolean last = chunk == values.chunkCount() - 1;
        int log = last ? 0 : Integer.numberOfTrailingZeros(values.chunkValueCounts()[chunk]);
        int word = (chunkSizeBytes / 8 - 1) << 4 | log;
        if (wordBytes == 4) {
            LittleEndian.putInt(words, 4 * chunk, word);
        } else {
            LittleEndian.putShort(words, 2 * chunk, (short) word);
        }
    }

    private void writeChunk(int chunk, byte[] data, int start, int headerBytes, int sizeBytes, int[] bufferAt) {
        int levelStart = levelStart(chunk);
        int levelEnd = chunkLevelEnds[chunk];
        boolean hasLevels = repetition != null || definition != null;
        LittleEndian.putShort(data, start, (short) (hasLevels ? levelEnd - levelStart : 0));
        int header = start + 2;
        int at = pad(data, start, start + headerBytes);
        if (repetition != null) {
            int written = repetition.write(levelStart, levelEnd, data, at);
            LittleEndian.putShort(data, header, (short) written);
            header += 2;
            at = pad(data, start, at + written);
        }
        if (definition != null) {
            int written = definition.write(levelStart, levelEnd, data, at);
            LittleEndian.putShort(data, header, (short) written);
            header += 2;
            at = pad(data, start, at + written);
        }
        for (int i = 0; i < bufferAt.length; i++) {
            MiniBlockValues.Buffer buffer = values.buffers().get(i);
            int size = buffer.chunkSizes()[chunk];
            if (sizeBytes == 4) {
                LittleEndian.putInt(data, header, size);
            } else {
                LittleEndian.putShort(data, header, (short) size);
            }
            header += sizeBytes;
            System.arraycopy(buffer.bytes().bytes(), bufferAt[i], data, at, size);
            bufferAt[i] += size;
            at = pad(data, start, at + size);
        }
    }

    private static int pad(byte[] data, int chunkStart, int at) {
        int end = chunkStart + (at - chunkStart + 7 & ~7);
        Arrays.fill(data, at, end, PADDING);
        return end;
    }

    /// Per chunk two u64: rows whose last entry is in it; entries after those of a row that goes on in the next one.
    private byte[] repetitionIndex(short[] repetitionLevels) {
        byte[] index = new byte[16 * chunkLevelEnds.length];
        int maxRepetition = levels.maxRepetition();
        for (int chunk = 0; chunk < chunkLevelEnds.length; chunk++) {
            int start = levelStart(chunk);
            int end = chunkLevelEnds[chunk];
            int finished = 0;
            for (int i = start + 1; i < end; i++) {
                finished += repetitionLevels[i] == maxRepetition ? 1 : 0;
            }
            int lastStart = end;
            while (lastStart > start && repetitionLevels[--lastStart] != maxRepetition) {}
            boolean complete = end == levels.levelCount() || repetitionLevels[end] == maxRepetition;
            LittleEndian.putLong(index, 16 * chunk, complete ? finished + 1 : finished);
            LittleEndian.putLong(index, 16 * chunk + 8, complete ? 0 : end - lastStart);
        }
        return index;
    }
}
