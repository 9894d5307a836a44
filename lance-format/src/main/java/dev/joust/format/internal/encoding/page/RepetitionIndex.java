// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

import dev.joust.format.internal.bytes.ByteCursor;
import dev.joust.format.internal.encoding.compress.DecodeContext;

/// In which chunks of a mini-block page a row with lists begins and ends (spec: file format 3.2). Immutable.
///
///     per chunk, row-major, depth + 1 words:
///      0  u64  rows whose last entry lies in the chunk
///      8  u64  entries behind them, of a row that goes on in the next chunk; 0 if none does
final class RepetitionIndex {
    /// Rows that begin before each chunk; one more than chunks.
    private final long[] beginStarts;
    /// Rows that end before each chunk; one more than chunks.
    private final long[] endStarts;

    private RepetitionIndex(long[] beginStarts, long[] endStarts) {
        this.beginStarts = beginStarts;
        this.endStarts = endStarts;
    }

    static RepetitionIndex parse(
            DecodeContext context, MemorySegment bytes, int depth, int chunkCount, long rowCount) {
        long stride = 8L * (depth + 1L);
        if (depth < 1 || bytes.byteSize() != Math.multiplyExact(stride, (long) chunkCount)) {
            throw context.corrupt("a repetition index of depth " + Integer.toUnsignedString(depth) + " of "
                    + bytes.byteSize() + " bytes for " + chunkCount + " chunks");
        }
        ByteCursor cursor = new ByteCursor(context.file(), 0, bytes);
        long[] begins = new long[chunkCount + 1];
        long[] ends = new long[chunkCount + 1];
        for (int chunk = 0; chunk < chunkCount; chunk++) {
            long finished = cursor.size64("rows finished in a chunk");
            boolean goesOn = cursor.size64("entries left over in a chunk") != 0;
            for (int skip = 1; skip < depth; skip++) {
                cursor.size64("repetition index");
            }
            ends[chunk + 1] = ends[chunk] + finished;
            begins[chunk + 1] = ends[chunk + 1] + (goesOn ? 1 : 0);
            if (finished > rowCount || begins[chunk + 1] > rowCount || begins[chunk + 1] < begins[chunk]) {
                throw context.corrupt("chunk " + chunk + " of " + chunkCount + " ends row " + ends[chunk + 1]
                        + " and begins row " + begins[chunk + 1] + " of " + rowCount);
            }
        }
        if (begins[chunkCount] != rowCount || ends[chunkCount] != rowCount) {
            throw context.corrupt("chunks end " + ends[chunkCount] + " and begin " + begins[chunkCount] + " of "
                    + rowCount + " rows");
        }
        return new RepetitionIndex(begins, ends);
    }

    /// The chunk where a row begins.
    int chunkOfBegin(long row) {
        return chunkOf(beginStarts, row);
    }

    /// The chunk where a row ends.
    int chunkOfEnd(long row) {
        return chunkOf(endStarts, row);
    }

    private static int chunkOf(long[] starts, long row) {
        int found = Arrays.binarySearch(starts, row);
        int chunk = found >= 0 ? found : -found - 2;
        while (starts[chunk + 1] == row) { // chunks in which none begins, or none ends
            chunk++;
        }
        return chunk;
    }

    /// The first row that begins in the chunk or behind it.
    long firstBegin(int chunk) {
        return beginStarts[chunk];
    }

    /// Rows that begin in the chunk.
    int beginCount(int chunk) {
        return Math.toIntExact(beginStarts[chunk + 1] - beginStarts[chunk]);
    }

    /// Whether the chunk begins in the middle of a row.
    boolean continues(int chunk) {
        return beginStarts[chunk] != endStarts[chunk];
    }

    long stateBytes() {
        return 16L * beginStarts.length;
    }
}
