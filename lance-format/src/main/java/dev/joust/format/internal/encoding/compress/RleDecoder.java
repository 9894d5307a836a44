// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.kernel.DecodeKernels;

/// Runs: their values in one buffer, their lengths (1 to 255) in the next (spec: file format 4.6).
final class RleDecoder implements MiniBlockDecoder {
    private final DecodeContext context;
    private final int widthBytes;
    private MemorySegment values = MemorySegment.NULL;
    private MemorySegment lengths = MemorySegment.NULL;
    private int run;
    /// Number of the first value of `run`.
    private int runStart;

    RleDecoder(DecodeContext context, int bits) {
        this.context = context;
        this.widthBytes = bits / 8;
    }

    @Override
    public int bufferCount() {
        return 2;
    }

    @Override
    public void open(MemorySegment[] buffers, int firstBuffer, int valueCount) {
        values = buffers[firstBuffer];
        lengths = buffers[firstBuffer + 1];
        run = 0;
        runStart = 0;
        long total = checkedTotal(context, values, lengths, widthBytes);
        if (total < valueCount) {
            throw context.corrupt("runs of " + total + " values, " + valueCount + " are needed");
        }
    }

    /// Sum of the run lengths, each at least 1 and with a value.
    static long checkedTotal(DecodeContext context, MemorySegment values, MemorySegment lengths, int widthBytes) {
        long runCount = lengths.byteSize();
        context.require(values, runCount * widthBytes, "values of " + runCount + " runs");
        long total = 0;
        for (long i = 0; i < runCount; i++) {
            int length = lengths.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
            if (length == 0) {
                throw context.corrupt("run " + i + " has length 0");
            }
            total += length;
        }
        return total;
    }

    @Override
    public void append(int from, int to, ValueSink sink) {
        if (from == to) {
            return;
        }
        FixedWidthSink target = (FixedWidthSink) sink;
        if (from < runStart) {
            run = 0;
            runStart = 0;
        }
        while (runStart + length(run) <= from) {
            runStart += length(run);
            run++;
        }
        int valueCount = to - from;
        long at = target.reserve(valueCount);
        DecodeKernels.INSTANCE.expandRuns(
                widthBytes, values, lengths, run, from - runStart, target.segment(), at, valueCount);
        target.advance(valueCount);
    }

    private int length(int ofRun) {
        return lengths.get(ValueLayout.JAVA_BYTE, ofRun) & 0xFF;
    }
}
