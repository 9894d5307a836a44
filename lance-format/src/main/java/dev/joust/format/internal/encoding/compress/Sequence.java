// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.bytes.Bytes;

/// Unsigned numbers of 32 or 64 bits whose count the container knows: offsets, positions and counts of 2.3 (spec: file
/// format, appendix C, "generic blocks"). Some are told by the descriptor alone and have no buffer. One per task, not
/// thread-safe: an answer is valid until the next call.
public final class Sequence {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final DecodeContext context;
    private final CompressiveEncoding encoding;
    private final int bits;
    private final DecodeContext.Scratch scratch;
    private final @Nullable Sequence first;
    private final @Nullable Sequence second;
    private final @Nullable BlockDecoder block;

    /// @param bits 32 or 64
    public Sequence(DecodeContext context, CompressiveEncoding encoding, int bits) {
        this.context = context;
        this.encoding = encoding;
        this.bits = bits;
        this.scratch = context.newScratch();
        Sequence one = null;
        Sequence two = null;
        BlockDecoder decoder = null;
        switch (encoding) {
            case CompressiveEncoding.Constant(@Nullable Bytes value) -> {
                if (value != null && value.size() != bits / 8) {
                    throw context.corrupt("a constant of " + value.size() + " bytes among numbers of " + bits + " bits");
                }
            }
            case CompressiveEncoding.Range(long width, long _, long _) -> requireWidth(width);
            case CompressiveEncoding.Delta(long width, long _, CompressiveEncoding deltas) -> {
                requireWidth(width);
                one = new Sequence(context, deltas, bits);
            }
            case CompressiveEncoding.Rle(CompressiveEncoding values, CompressiveEncoding lengths) -> {
                one = new Sequence(context, values, bits);
                two = new Sequence(context, lengths, 32);
            }
            case CompressiveEncoding.Dictionary(CompressiveEncoding indices, CompressiveEncoding items, long _) -> {
                one = new Sequence(context, indices, 32);
                two = new Sequence(context, items, bits);
            }
            case CompressiveEncoding.Flat _, CompressiveEncoding.InlineBitpacking _,
                    CompressiveEncoding.OutOfLineBitpacking _, CompressiveEncoding.General _ ->
                decoder = new BlockDecoder(context, encoding, bits);
            case CompressiveEncoding.Variable _, CompressiveEncoding.Fsst _, CompressiveEncoding.ByteStreamSplit _,
                    CompressiveEncoding.FixedSizeList _, CompressiveEncoding.PackedStruct _,
                    CompressiveEncoding.VariablePackedStruct _ ->
                throw new UnsupportedFormatException(
                        encoding.getClass().getSimpleName() + " of offsets, positions or counts is not read");
        }
        first = one;
        second = two;
        block = decoder;
    }

    private void requireWidth(long width) {
        if (width != bits) {
            throw context.corrupt("numbers of " + bits + " bits stored as of " + Long.toUnsignedString(width));
        }
    }

    /// The width that an encoding's numbers have.
    static int bits(DecodeContext context, CompressiveEncoding encoding) {
        long bits = switch (encoding) {
            case CompressiveEncoding.Flat(long width) -> width;
            case CompressiveEncoding.InlineBitpacking(long width) -> width;
            case CompressiveEncoding.OutOfLineBitpacking(long width, long _) -> width;
            case CompressiveEncoding.Range(long width, long _, long _) -> width;
            case CompressiveEncoding.Delta(long width, long _, CompressiveEncoding _) -> width;
            case CompressiveEncoding.Constant(@Nullable Bytes value) -> value == null ? 0 : 8L * value.size();
            case CompressiveEncoding.Rle(CompressiveEncoding values, CompressiveEncoding _) -> bits(context, values);
            case CompressiveEncoding.Dictionary dictionary -> bits(context, dictionary.items());
            case CompressiveEncoding.General general -> bits(context, general.values());
            case CompressiveEncoding.Variable _, CompressiveEncoding.Fsst _, CompressiveEncoding.ByteStreamSplit _,
                    CompressiveEncoding.FixedSizeList _, CompressiveEncoding.PackedStruct _,
                    CompressiveEncoding.VariablePackedStruct _ -> 0;
        };
        if (bits != 32 && bits != 64) {
            throw context.corrupt("offsets of " + Long.toUnsignedString(bits) + " bits");
        }
        return (int) bits;
    }

    /// Whether there is a buffer for it.
    public boolean hasPayload() {
        return block != null
                || (first != null && first.hasPayload())
                || (second != null && second.hasPayload());
    }

    /// The numbers, `bits / 8` bytes each, or more of them.
    ///
    /// @param payload the buffer, if {@link #hasPayload there is one}
    public MemorySegment decode(MemorySegment payload, long count) {
        if (count < 0 || count > Integer.MAX_VALUE / 8) {
            throw context.corrupt(Long.toUnsignedString(count) + " offsets, positions or counts");
        }
        int number = (int) count;
        return switch (encoding) {
            case CompressiveEncoding.Constant(@Nullable Bytes value) -> constant(value, number);
            case CompressiveEncoding.Range(long _, long start, long step) -> {
                MemorySegment target = scratch.atLeast(Math.max(8, count * (bits / 8)));
                for (int i = 0; i < number; i++) {
                    set(target, i, start + i * step);
                }
                yield target;
            }
            case CompressiveEncoding.Delta(long _, long base, CompressiveEncoding _) -> {
                MemorySegment deltas = child(first).decode(payload, Math.max(0, count - 1));
                MemorySegment target = scratch.atLeast(Math.max(8, count * (bits / 8)));
                long value = base;
                for (int i = 0; i < number; i++) {
                    set(target, i, value);
                    value += i < number - 1 ? get(deltas, i) : 0;
                }
                yield target;
            }
            case CompressiveEncoding.Rle _ -> runs(payload, number);
            case CompressiveEncoding.Dictionary dictionary -> looked(payload, number, dictionary.dictionaryItemCount());
            case CompressiveEncoding.Flat _, CompressiveEncoding.InlineBitpacking _,
                    CompressiveEncoding.OutOfLineBitpacking _, CompressiveEncoding.General _,
                    CompressiveEncoding.Variable _, CompressiveEncoding.Fsst _, CompressiveEncoding.ByteStreamSplit _,
                    CompressiveEncoding.FixedSizeList _, CompressiveEncoding.PackedStruct _,
                    CompressiveEncoding.VariablePackedStruct _ ->
                java.util.Objects.requireNonNull(block).decode(payload, number);
        };
    }

    private MemorySegment constant(@Nullable Bytes value, int count) {
        if (value == null) {
            if (count != 0) {
                throw context.corrupt(count + " numbers of an empty sequence");
            }
            return MemorySegment.NULL;
        }
        MemorySegment target = scratch.atLeast(Math.max(8, (long) count * (bits / 8)));
        for (int i = 0; i < count; i++) {
            set(target, i, scalar(value));
        }
        return target;
    }

    private long scalar(Bytes value) {
        long number = 0;
        for (int i = value.size() - 1; i >= 0; i--) {
            number = number << 8 | (value.byteAt(i) & 0xFF);
        }
        return number;
    }

    private static Sequence child(@Nullable Sequence child) {
        return java.util.Objects.requireNonNull(child);
    }

    /// A u64 with the size of the values, values, lengths; or nothing at all.
    private MemorySegment runs(MemorySegment payload, int count) {
        MemorySegment[] parts = split(payload, 1);
        long runCount = runCount(parts, count);
        MemorySegment values = child(first).decode(parts[0], runCount);
        MemorySegment lengths = child(second).decode(parts[1], runCount);
        MemorySegment target = scratch.atLeast(Math.max(8, (long) count * (bits / 8)));
        int at = 0;
        for (int run = 0; run < runCount; run++) {
            long length = Integer.toUnsignedLong(lengths.get(INT, 4L * run));
            if (length == 0 || length > count - at) {
                throw context.corrupt("run " + run + " of " + length + " numbers, " + (count - at) + " are left");
            }
            for (long i = 0; i < length; i++) {
                set(target, at++, get(values, run));
            }
        }
        if (at != count) {
            throw context.corrupt("runs of " + at + " numbers, not " + count);
        }
        return target;
    }

    private long runCount(MemorySegment[] parts, int count) {
        Sequence values = child(first);
        Sequence lengths = child(second);
        if (lengths.encoding instanceof CompressiveEncoding.Constant(@Nullable Bytes value) && value != null) {
            long length = scalar(value);
            if (length <= 0 || count % length != 0) {
                throw context.corrupt("runs of " + length + " among " + count + " numbers");
            }
            return count / length;
        }
        if (lengths.encoding instanceof CompressiveEncoding.Range(long _, long start, long step)) {
            long total = 0;
            long runs = 0;
            for (; total < count; runs++) {
                total += start + runs * step;
                if (start <= 0 || step < 0) {
                    throw context.corrupt("run lengths from " + start + " by " + step);
                }
            }
            return runs;
        }
        if (lengths.encoding instanceof CompressiveEncoding.Flat) {
            return parts[1].byteSize() / 4;
        }
        if (values.encoding instanceof CompressiveEncoding.Flat) {
            return parts[0].byteSize() / (bits / 8);
        }
        throw new UnsupportedFormatException("runs whose number neither values nor lengths tell are not read");
    }

    /// u64 sizes of the indices and of the items, indices, items; or nothing at all.
    private MemorySegment looked(MemorySegment payload, int count, long itemCount) {
        MemorySegment[] parts = split(payload, 2);
        MemorySegment indices = child(first).decode(parts[0], count);
        MemorySegment items = child(second).decode(parts[1], itemCount);
        MemorySegment target = scratch.atLeast(Math.max(8, (long) count * (bits / 8)));
        for (int i = 0; i < count; i++) {
            long index = Integer.toUnsignedLong(indices.get(INT, 4L * i));
            if (index >= itemCount) {
                throw context.corrupt("index " + index + " among " + itemCount + " items");
            }
            set(target, i, get(items, (int) index));
        }
        return target;
    }

    /// Two parts behind one or two sizes.
    private MemorySegment[] split(MemorySegment payload, int sizeCount) {
        if (!hasPayload()) {
            return new MemorySegment[] {MemorySegment.NULL, MemorySegment.NULL};
        }
        context.require(payload, 8L * sizeCount, "sizes of the parts of a sequence");
        long firstBytes = payload.get(LONG, 0);
        long rest = payload.byteSize() - 8L * sizeCount;
        long secondBytes = sizeCount == 1 ? rest - firstBytes : payload.get(LONG, 8);
        if (firstBytes < 0 || firstBytes > rest || secondBytes < 0 || secondBytes > rest - firstBytes) {
            throw context.corrupt("parts of " + Long.toUnsignedString(firstBytes) + " and "
                    + Long.toUnsignedString(secondBytes) + " bytes in " + rest);
        }
        long at = 8L * sizeCount;
        return new MemorySegment[] {payload.asSlice(at, firstBytes), payload.asSlice(at + firstBytes, secondBytes)};
    }

    private long get(MemorySegment numbers, int index) {
        return bits == 32 ? Integer.toUnsignedLong(numbers.get(INT, 4L * index)) : numbers.get(LONG, 8L * index);
    }

    private void set(MemorySegment numbers, int index, long value) {
        if (bits == 32) {
            numbers.set(INT, 4L * index, (int) value);
        } else {
            numbers.set(LONG, 8L * index, value);
        }
    }
}
