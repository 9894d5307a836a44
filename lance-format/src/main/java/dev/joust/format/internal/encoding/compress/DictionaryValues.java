// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.encoding.sink.BitCopy;
import dev.joust.format.internal.encoding.sink.BitSink;
import dev.joust.format.internal.encoding.sink.DictionarySink;
import dev.joust.format.internal.encoding.sink.FixedSizeListSink;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.NoneSink;
import dev.joust.format.internal.encoding.sink.PackedStructSink;
import dev.joust.format.internal.encoding.sink.UnstoredSink;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.encoding.sink.VariableSink;
import dev.joust.format.internal.kernel.CopyKernels;

/// The decoded dictionary of a page: immutable, thread-safe, in memory of its own (spec: file format 3.2).
///
/// @param itemCount values
/// @param offsets   for strings and binaries: `itemCount + 1` ends, 8 bytes each, 0 in front; otherwise null
/// @param values    `itemCount` values, or the bytes that `offsets` count in; then the slack that kernels want
/// @param lists     decodes each of `values`, where they are fixed-size lists; otherwise null
public record DictionaryValues(
        int itemCount,
        @Nullable MemorySegment offsets,
        MemorySegment values,
        ZippedDecoder.@Nullable FixedDecoder lists) {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /// A dictionary is worth its while far below this.
    private static final long MAX_BYTES_BEYOND_BLOCK = 32 << 20;

    DictionaryValues(int itemCount, @Nullable MemorySegment offsets, MemorySegment values) {
        this(itemCount, offsets, values, null);
    }

    /// Bytes held.
    public long sizeBytes() {
        return values.byteSize() + (offsets == null ? 0 : offsets.byteSize());
    }

    /// Appends every item.
    public void appendAll(ValueSink sink) {
        switch (sink) {
            case FixedWidthSink fixed -> fixed.append(values, 0, itemCount);
            case BitSink bits -> bits.append(values, 0, itemCount);
            case VariableSink variable -> {
                MemorySegment ends = Objects.requireNonNull(offsets);
                if (itemCount > 0) {
                    variable.appendAdjacent(values, ends.get(LONG, 0), ends, 8, 8, itemCount);
                }
            }
            case DictionarySink _, FixedSizeListSink _, NoneSink _, PackedStructSink _, UnstoredSink _ ->
                throw new IllegalStateException(sink.toString()); // refused by decode
        }
    }

    /// Decodes the dictionary block of a page.
    public static DictionaryValues decode(
            DecodeContext context, CompressiveEncoding encoding, ValueShape shape, MemorySegment block, long itemCount) {
        if (itemCount < 0 || itemCount > Integer.MAX_VALUE - 1) {
            throw context.corrupt("a dictionary of " + Long.toUnsignedString(itemCount) + " items");
        }
        return switch (shape) {
            case ValueShape.Fixed(int bits) when bits >= 8 -> {
                long sizeBytes = itemCount * (bits / 8);
                if (sizeBytes > MAX_BYTES_BEYOND_BLOCK + 8 * block.byteSize()) {
                    throw context.corrupt("a dictionary of " + sizeBytes + " bytes in " + block.byteSize());
                }
                MemorySegment decoded = new BlockDecoder(context, encoding, bits).decode(block, (int) itemCount);
                yield new DictionaryValues((int) itemCount, null, keep(decoded, sizeBytes));
            }
            case ValueShape.Variable(int offsetBytes) -> {
                CompressiveEncoding inner = encoding;
                MemorySegment bytes = block;
                if (encoding instanceof CompressiveEncoding.General general) {
                    inner = general.values();
                    bytes = new Decompressor(context, general.scheme()).decompress(block);
                }
                if (!(inner instanceof CompressiveEncoding.Variable(CompressiveEncoding offsets))) {
                    throw new UnsupportedFormatException("a dictionary of strings as "
                            + inner.getClass().getSimpleName() + " is not read");
                }
                VariableBlock variable = VariableBlock.parse(context, offsets, bytes, (int) itemCount);
                yield new DictionaryValues((int) itemCount, variable.ownedOffsets(), keep(variable.bytes(), variable.bytes().byteSize()));
            }
            case ValueShape.Fixed _ -> {
                CompressiveEncoding inner = encoding;
                MemorySegment bytes = block;
                if (encoding instanceof CompressiveEncoding.General general) {
                    inner = general.values();
                    bytes = new Decompressor(context, general.scheme()).decompress(block);
                }
                if (!(inner instanceof CompressiveEncoding.Flat(long width)) || width != 1) {
                    throw new UnsupportedFormatException("a dictionary of booleans as "
                            + inner.getClass().getSimpleName() + " is not read");
                }
                long sizeBytes = BitCopy.byteCount(itemCount);
                context.require(bytes, sizeBytes, itemCount + " booleans");
                yield new DictionaryValues((int) itemCount, null, keep(bytes, sizeBytes));
            }
            case ValueShape.Dictionary(int _, ValueShape value) -> decode(context, encoding, value, block, itemCount);
            case ValueShape.FixedSizeList list -> lists(context, encoding, list, block, (int) itemCount);
            case ValueShape.PackedStruct _, ValueShape.None _, ValueShape.Unstored _ ->
                throw new UnsupportedFormatException("a dictionary of " + shape + " is not read");
        };
    }

    /// Fixed-size lists: each as a full-zip page has it, the items' validity among its bytes (2.3).
    private static DictionaryValues lists(
            DecodeContext context,
            CompressiveEncoding encoding,
            ValueShape.FixedSizeList shape,
            MemorySegment block,
            int itemCount) {
        CompressiveEncoding inner = encoding;
        MemorySegment bytes = block;
        if (encoding instanceof CompressiveEncoding.General general) {
            inner = general.values();
            bytes = new Decompressor(context, general.scheme()).decompress(block);
        }
        ZippedDecoder.FixedDecoder decoder = ZippedDecoder.fixed(context, inner, shape);
        long sizeBytes = (long) decoder.sizeBytes() * itemCount;
        context.require(bytes, sizeBytes, itemCount + " lists");
        return new DictionaryValues(itemCount, null, keep(bytes, sizeBytes), decoder);
    }

    private static MemorySegment keep(MemorySegment bytes, long sizeBytes) {
        MemorySegment copy = Arena.ofAuto().allocate(sizeBytes + CopyKernels.SLACK_BYTES, 64);
        MemorySegment.copy(bytes, 0, copy, 0, sizeBytes);
        return copy;
    }

    /// A block of variable-width values (spec: file format 4.4).
    ///
    ///      0   u32 32     4   u32 start of bytes     8   u32 [n + 1] offsets from 0      or with u64 throughout
    ///      0   u8 32|64, then u32|u64 n and start of bytes unaligned, then offsets       (old files)
    private record VariableBlock(MemorySegment ownedOffsets, MemorySegment bytes) {
        static VariableBlock parse(
                DecodeContext context, CompressiveEncoding offsets, MemorySegment block, int valueCount) {
            if (!(offsets instanceof CompressiveEncoding.Flat)) {
                throw new UnsupportedFormatException("a dictionary with packed offsets is not read");
            }
            context.require(block, 8, "header of variable-width values");
            int width = block.get(ValueLayout.JAVA_BYTE, 0) & 0xFF;
            if (width != 32 && width != 64) {
                throw context.corrupt("variable-width values with offsets of " + width + " bits");
            }
            int offsetBytes = width / 8;
            boolean old = (block.get(INT, 0) & 0xFFFFFF00) != 0;
            long bytesStartAt = old ? 1 + offsetBytes : offsetBytes;
            long offsetsAt = bytesStartAt + offsetBytes;
            long offsetsEnd = offsetsAt + (valueCount + 1L) * offsetBytes;
            context.require(block, offsetsEnd, valueCount + " offsets");
            long bytesStart = VariableDecoder.offset(block, bytesStartAt, offsetBytes, 0);
            if (bytesStart < offsetsEnd || bytesStart > block.byteSize()) {
                throw context.corrupt("bytes of variable-width values start at " + bytesStart + ", between " + offsetsEnd
                        + " and " + block.byteSize() + " expected");
            }
            MemorySegment bytes = block.asSlice(bytesStart);
            VariableDecoder.checkOffsets(context, block, offsetsAt, offsetBytes, valueCount, bytes.byteSize());
            MemorySegment owned = Arena.ofAuto().allocate((valueCount + 1L) * 8, 64);
            for (int i = 0; i <= valueCount; i++) {
                owned.set(LONG, 8L * i, VariableDecoder.offset(block, offsetsAt, offsetBytes, i));
            }
            return new VariableBlock(owned, bytes);
        }
    }
}
