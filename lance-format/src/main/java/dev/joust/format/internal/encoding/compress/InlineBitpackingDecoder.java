// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.kernel.DecodeKernels;

/// Up to 1024 values packed to a width that precedes them (spec: file format 4.2).
///
///      0            word of T bits: the width W, 0 to T
///      T/8          1024 values packed to W bits: 128 * W bytes, however few of them count
final class InlineBitpackingDecoder implements MiniBlockDecoder {
    private final DecodeContext context;
    private final int wordBits;
    private final DecodeContext.Scratch scratch;
    private MemorySegment packed = MemorySegment.NULL;
    private int bitWidth;
    private MemorySegment unpacked = MemorySegment.NULL;

    InlineBitpackingDecoder(DecodeContext context, int wordBits) {
        this.context = context;
        this.wordBits = wordBits;
        this.scratch = context.newScratch();
    }

    @Override
    public int bufferCount() {
        return 1;
    }

    @Override
    public void open(MemorySegment[] buffers, int firstBuffer, int valueCount) {
        packed = buffers[firstBuffer];
        bitWidth = checkedWidth(context, packed, wordBits, valueCount);
        unpacked = MemorySegment.NULL;
    }

    /// The width in front of a packed group, which is there in full.
    static int checkedWidth(DecodeContext context, MemorySegment packed, int wordBits, int valueCount) {
        if (valueCount > DecodeKernels.GROUP_VALUES) {
            throw context.corrupt(valueCount + " values in one bit-packed group, at most 1024 fit");
        }
        context.require(packed, wordBits / 8, "width of bit-packed values");
        long width = switch (wordBits) {
            case 8 -> packed.get(ValueLayout.JAVA_BYTE, 0) & 0xFF;
            case 16 -> packed.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0) & 0xFFFF;
            case 32 -> packed.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
            default -> packed.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
        };
        if (width < 0 || width > wordBits) {
            throw context.corrupt("values of " + wordBits + " bits packed to " + Long.toUnsignedString(width));
        }
        context.require(
                packed, wordBits / 8 + DecodeKernels.packedGroupBytes((int) width), "1024 values of " + width + " bits");
        return (int) width;
    }

    @Override
    public void append(int from, int to, ValueSink sink) {
        FixedWidthSink target = (FixedWidthSink) sink;
        if (from == 0 && to == DecodeKernels.GROUP_VALUES) {
            long at = target.reserve(to);
            DecodeKernels.INSTANCE.unpack(wordBits, bitWidth, packed, wordBits / 8, target.segment(), at);
            target.advance(to);
            return;
        }
        if (unpacked.byteSize() == 0) {
            unpacked = scratch.atLeast(DecodeKernels.packedGroupBytes(wordBits));
            DecodeKernels.INSTANCE.unpack(wordBits, bitWidth, packed, wordBits / 8, unpacked, 0);
        }
        target.append(unpacked, (long) from * (wordBits / 8), to - from);
    }
}
