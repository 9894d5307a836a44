// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.ValueSink;

/// Runs as 2.3 has them: lengths of 8, 16 or 32 bits, values or lengths packed or compressed (spec: file format,
/// appendix C). How many runs a chunk has is told by the part that is not packed.
final class PackedRunsDecoder implements MiniBlockDecoder {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final DecodeContext context;
    private final Part valuePart;
    private final Part lengthPart;
    private MemorySegment values = MemorySegment.NULL;
    private MemorySegment lengths = MemorySegment.NULL;
    private int runCount;
    private int run;
    /// Number of the first value of `run`.
    private int runStart;

    private PackedRunsDecoder(DecodeContext context, Part valuePart, Part lengthPart) {
        this.context = context;
        this.valuePart = valuePart;
        this.lengthPart = lengthPart;
    }

    /// @param bits of a value: 8, 16, 32 or 64
    static PackedRunsDecoder of(
            DecodeContext context, CompressiveEncoding values, CompressiveEncoding lengths, int bits) {
        for (int lengthBits = 8; lengthBits <= 32; lengthBits *= 2) {
            if (Part.width(lengths) == lengthBits) {
                Part valuePart = new Part(context, values, bits);
                Part lengthPart = new Part(context, lengths, lengthBits);
                if (valuePart.needsCount() && lengthPart.needsCount()) {
                    throw context.corrupt("runs whose number neither values nor lengths tell");
                }
                return new PackedRunsDecoder(context, valuePart, lengthPart);
            }
        }
        throw new UnsupportedFormatException("runs with " + lengths.getClass().getSimpleName() + " lengths are not read");
    }

    /// Values or lengths.
    private static final class Part {
        private final int bits;
        private final @Nullable Decompressor decompressor;
        private final @Nullable BlockDecoder packed;

        Part(DecodeContext context, CompressiveEncoding encoding, int bits) {
            this.bits = bits;
            if (width(encoding) != bits) {
                throw context.corrupt("runs of " + bits + " bits stored as of " + width(encoding));
            }
            decompressor = encoding instanceof CompressiveEncoding.General general
                    ? new Decompressor(context, general.scheme())
                    : null;
            boolean counted = encoding instanceof CompressiveEncoding.OutOfLineBitpacking
                    || encoding instanceof CompressiveEncoding.InlineBitpacking;
            packed = counted ? new BlockDecoder(context, encoding, bits) : null;
        }

        /// 0 for what does not occur here.
        static long width(CompressiveEncoding encoding) {
            if (encoding instanceof CompressiveEncoding.General general
                    && general.values() instanceof CompressiveEncoding.Flat(long bits)) {
                return bits;
            }
            if (encoding instanceof CompressiveEncoding.OutOfLineBitpacking(long bits, long _)) {
                return bits;
            }
            if (encoding instanceof CompressiveEncoding.InlineBitpacking(long bits)) {
                return bits;
            }
            return encoding instanceof CompressiveEncoding.Flat(long bits) ? bits : 0;
        }

        boolean needsCount() {
            return packed != null;
        }

        MemorySegment decode(MemorySegment buffer) {
            return decompressor == null ? buffer : decompressor.decompress(buffer);
        }

        MemorySegment decode(MemorySegment buffer, int count) {
            return Objects.requireNonNull(packed).decode(buffer, count);
        }
    }

    @Override
    public int bufferCount() {
        return 2;
    }

    @Override
    public void open(MemorySegment[] buffers, int firstBuffer, int valueCount) {
        MemorySegment valueBuffer = buffers[firstBuffer];
        MemorySegment lengthBuffer = buffers[firstBuffer + 1];
        if (valuePart.needsCount()) {
            lengths = lengthPart.decode(lengthBuffer);
            runCount = Math.toIntExact(lengths.byteSize() / (lengthPart.bits / 8));
            values = valuePart.decode(valueBuffer, runCount);
        } else {
            values = valuePart.decode(valueBuffer);
            runCount = Math.toIntExact(values.byteSize() / (valuePart.bits / 8));
            lengths = lengthPart.needsCount()
                    ? lengthPart.decode(lengthBuffer, runCount)
                    : lengthPart.decode(lengthBuffer);
        }
        context.require(lengths, (long) runCount * (lengthPart.bits / 8), "lengths of " + runCount + " runs");
        run = 0;
        runStart = 0;
        long total = 0;
        for (int i = 0; i < runCount; i++) {
            if (length(i) == 0) {
                throw context.corrupt("run " + i + " has length 0");
            }
            total += length(i);
        }
        if (total < valueCount) {
            throw context.corrupt("runs of " + total + " values, " + valueCount + " are needed");
        }
    }

    private long length(int index) {
        return switch (lengthPart.bits) {
            case 8 -> lengths.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
            case 16 -> lengths.get(SHORT, 2L * index) & 0xFFFF;
            default -> Integer.toUnsignedLong(lengths.get(INT, 4L * index));
        };
    }

    @Override
    public void append(int from, int to, ValueSink sink) {
        FixedWidthSink target = (FixedWidthSink) sink;
        if (from < runStart) {
            run = 0;
            runStart = 0;
        }
        int at = from;
        while (at < to) {
            long runEnd = runStart + length(run);
            if (runEnd > at) {
                int end = (int) Math.min(runEnd, to);
                target.appendRepeated(values, (long) run * target.widthBytes(), end - at);
                at = end;
            }
            if (runEnd <= at) {
                run++;
                runStart = (int) runEnd;
            }
        }
    }
}
