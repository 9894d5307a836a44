// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.kernel.DecodeKernels;

/// Decodes one opaque block of fixed-width values: the levels of a chunk, the dictionary of a page (spec: file format
/// 4, block). One per task, not thread-safe: the answer may lie in memory that the next call reuses.
public final class BlockDecoder {
    private final DecodeContext context;
    private final CompressiveEncoding encoding;
    private final int bits;
    private final DecodeContext.Scratch scratch;
    private final Decompressor[] decompressors;
    /// Of runs that are not flat values with 8-bit lengths (2.3).
    private @Nullable PackedRunsDecoder packedRuns;

    /// @param bits width of a value: 8, 16, 32 or 64; any multiple of 8 where the encoding is flat inside
    public BlockDecoder(DecodeContext context, CompressiveEncoding encoding, int bits) {
        this.context = context;
        this.encoding = encoding;
        this.bits = bits;
        this.scratch = context.newScratch();
        this.decompressors = new Decompressor[1];
        if (encoding instanceof CompressiveEncoding.General general) {
            decompressors[0] = new Decompressor(context, general.scheme());
        }
        check(encoding);
    }

    private void check(CompressiveEncoding block) {
        switch (block) {
            case CompressiveEncoding.Flat(long width) -> checkWidth(width);
            case CompressiveEncoding.InlineBitpacking(long width) -> {
                checkWidth(width);
                checkWord();
            }
            case CompressiveEncoding.OutOfLineBitpacking(long width, long packedWidth) -> {
                checkWidth(width);
                checkWord();
                if (packedWidth < 0 || packedWidth > width) {
                    throw context.corrupt("values of " + width + " bits packed to " + packedWidth);
                }
            }
            case CompressiveEncoding.Rle(CompressiveEncoding values, CompressiveEncoding lengths) -> {
                if (!DecodeKernels.expands(bits / 8)) {
                    throw context.corrupt("runs of values of " + bits + " bits");
                }
                if (values instanceof CompressiveEncoding.Flat(long width)
                        && lengths instanceof CompressiveEncoding.Flat(long lengthWidth)
                        && lengthWidth == 8) {
                    checkWidth(width);
                } else {
                    packedRuns = PackedRunsDecoder.of(context, values, lengths, bits);
                }
            }
            case CompressiveEncoding.General(CompressionScheme _, Integer _, CompressiveEncoding inner) -> {
                if (inner instanceof CompressiveEncoding.General) {
                    throw new UnsupportedFormatException("a block compressed twice is not read");
                }
                check(inner);
            }
            case CompressiveEncoding.Variable _, CompressiveEncoding.Constant _, CompressiveEncoding.Fsst _,
                    CompressiveEncoding.Dictionary _, CompressiveEncoding.ByteStreamSplit _,
                    CompressiveEncoding.FixedSizeList _, CompressiveEncoding.PackedStruct _,
                    CompressiveEncoding.VariablePackedStruct _, CompressiveEncoding.Range _,
                    CompressiveEncoding.Delta _ ->
                throw new UnsupportedFormatException(
                        block.getClass().getSimpleName() + " blocks of " + bits + "-bit values are not read");
        }
    }

    private void checkWidth(long width) {
        if (width != bits) {
            throw context.corrupt("values of " + bits + " bits stored as of " + width);
        }
    }

    private void checkWord() {
        if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
            throw context.corrupt("bit-packed values of " + bits + " bits");
        }
    }

    /// `valueCount` values (or more), as the block holds them.
    public MemorySegment decode(MemorySegment block, int valueCount) {
        return decode(encoding, block, valueCount);
    }

    private MemorySegment decode(CompressiveEncoding from, MemorySegment block, int valueCount) {
        return switch (from) {
            case CompressiveEncoding.Flat _ -> {
                context.require(block, (long) valueCount * (bits / 8), valueCount + " flat values of " + bits + " bits");
                yield block;
            }
            case CompressiveEncoding.InlineBitpacking _ -> {
                int width = InlineBitpackingDecoder.checkedWidth(context, block, bits, valueCount);
                MemorySegment target = scratch.atLeast(DecodeKernels.packedGroupBytes(bits));
                DecodeKernels.INSTANCE.unpack(bits, width, block, bits / 8, target, 0);
                yield target;
            }
            case CompressiveEncoding.OutOfLineBitpacking(long _, long packedWidth) ->
                outOfLine(block, (int) packedWidth, valueCount);
            case CompressiveEncoding.Rle _ -> runs(block, valueCount);
            case CompressiveEncoding.General general ->
                decode(general.values(), decompressors[0].decompress(block), valueCount);
            case CompressiveEncoding.Variable _, CompressiveEncoding.Constant _, CompressiveEncoding.Fsst _,
                    CompressiveEncoding.Dictionary _, CompressiveEncoding.ByteStreamSplit _,
                    CompressiveEncoding.FixedSizeList _, CompressiveEncoding.PackedStruct _,
                    CompressiveEncoding.VariablePackedStruct _, CompressiveEncoding.Range _,
                    CompressiveEncoding.Delta _ ->
                throw new IllegalStateException(from.toString()); // refused when made
        };
    }

    /// Full groups of 1024, then a tail that is packed as a group if that is shorter, else raw: only the bytes that
    /// remain tell.
    private MemorySegment outOfLine(MemorySegment block, int width, int valueCount) {
        int groupBytes = DecodeKernels.packedGroupBytes(width);
        int fullGroups = valueCount / DecodeKernels.GROUP_VALUES;
        int tailCount = valueCount % DecodeKernels.GROUP_VALUES;
        long tailAt = (long) fullGroups * groupBytes;
        long tailBytes = block.byteSize() - tailAt;
        long rawBytes = (long) tailCount * (bits / 8);
        boolean rawTail = tailCount > 0 && tailBytes == rawBytes;
        context.require(
                block,
                tailAt + (tailCount == 0 ? 0 : rawTail ? rawBytes : groupBytes),
                valueCount + " values of " + width + " bits");
        long unpackedGroupBytes = DecodeKernels.packedGroupBytes(bits);
        int groups = fullGroups + (tailCount > 0 ? 1 : 0);
        MemorySegment target = scratch.atLeast(groups * unpackedGroupBytes);
        for (int i = 0; i < groups; i++) {
            if (i == fullGroups && rawTail) {
                MemorySegment.copy(block, tailAt, target, i * unpackedGroupBytes, rawBytes);
            } else {
                DecodeKernels.INSTANCE.unpack(
                        bits, width, block, (long) i * groupBytes, target, i * unpackedGroupBytes);
            }
        }
        return target;
    }

    /// A u64 with the size of the values, values, lengths.
    private MemorySegment runs(MemorySegment block, int valueCount) {
        int widthBytes = bits / 8;
        context.require(block, 8, "size of the values of runs");
        long valuesBytes = block.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
        if (valuesBytes < 0 || valuesBytes > block.byteSize() - 8) {
            throw context.corrupt(Long.toUnsignedString(valuesBytes) + " bytes of run values in a block of "
                    + block.byteSize() + " bytes");
        }
        MemorySegment values = block.asSlice(8, valuesBytes);
        MemorySegment lengths = block.asSlice(8 + valuesBytes);
        PackedRunsDecoder packed = packedRuns;
        if (packed != null) {
            packed.open(new MemorySegment[] {values, lengths}, 0, valueCount);
            FixedWidthSink decoded =
                    new FixedWidthSink((sizeBytes, _) -> scratch.atLeast(sizeBytes), widthBytes, valueCount);
            packed.append(0, valueCount, decoded);
            return decoded.filled();
        }
        long total = RleDecoder.checkedTotal(context, values, lengths, widthBytes);
        if (total < valueCount) {
            throw context.corrupt("runs of " + total + " values, " + valueCount + " are needed");
        }
        MemorySegment target = scratch.atLeast((long) valueCount * widthBytes);
        DecodeKernels.INSTANCE.expandRuns(widthBytes, values, lengths, 0, 0, target, 0, valueCount);
        return target;
    }
}
