// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.util.Arrays;
import java.util.List;

import dev.joust.format.internal.bytes.ByteSlice;
import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.internal.kernel.BitPackKernels;

/// Values of 8, 16, 32 or 64 bits packed to fewer, 1024 at a time (spec: file format 4.2). A last group that is not
/// full is filled up with zeros.
public final class BitpackingEncoder {
    private static final int GROUP = BitPackKernels.GROUP;

    private BitpackingEncoder() {}

    public static boolean packs(int bitsPerValue) {
        return bitsPerValue == 8 || bitsPerValue == 16 || bitsPerValue == 32 || bitsPerValue == 64;
    }

    /// Bits that the largest value of each group of 1024 needs.
    public static int[] groupWidths(LeafValues.FixedWidth values) {
        int[] widths = new int[(values.count() + GROUP - 1) / GROUP];
        for (int group = 0; group < widths.length; group++) {
            int start = group * GROUP;
            widths[group] = width(values, start, Math.min(values.count(), start + GROUP));
        }
        return widths;
    }

    private static int width(LeafValues.FixedWidth values, int start, int end) {
        byte[] bytes = values.bytes();
        long union = 0;
        switch (values.bitsPerValue()) {
            case 8 -> {
                for (int i = start; i < end; i++) {
                    union |= bytes[i];
                }
                union &= 0xFF;
            }
            case 16 -> {
                for (int i = start; i < end; i++) {
                    union |= LittleEndian.getShort(bytes, 2 * i);
                }
                union &= 0xFFFF;
            }
            case 32 -> {
                int all = 0;
                for (int i = start; i < end; i++) {
                    all |= LittleEndian.getInt(bytes, 4 * i);
                }
                union = all & 0xFFFFFFFFL;
            }
            case 64 -> {
                for (int i = start; i < end; i++) {
                    union |= LittleEndian.getLong(bytes, 8 * i);
                }
            }
            default -> throw new IllegalArgumentException(values.bitsPerValue() + " bits do not pack");
        }
        return 64 - Long.numberOfLeadingZeros(union);
    }

    /// Bytes of all groups packed inline: each has its width in front, as one word.
    public static long inlineSizeBytes(int bitsPerValue, int[] groupWidths) {
        long total = 0;
        for (int width : groupWidths) {
            total += bitsPerValue / 8 + 128 * width;
        }
        return total;
    }

    /// Chunks of 1024 values, each with its own width in front.
    public static MiniBlockValues miniBlock(LeafValues.FixedWidth values, int[] groupWidths) {
        int[] sizes = new int[groupWidths.length];
        ByteSlice packed = inline(values, groupWidths, sizes);
        return new MiniBlockValues(
                new CompressiveEncoding.InlineBitpacking(values.bitsPerValue()),
                MiniBlockValues.uniformChunks(values.count(), GROUP),
                List.of(new MiniBlockValues.Buffer(packed, sizes)));
    }

    /// Groups packed inline, back to back.
    ///
    /// @param sizes bytes per group, filled in
    static ByteSlice inline(LeafValues.FixedWidth values, int[] groupWidths, int[] sizes) {
        int bits = values.bitsPerValue();
        byte[] target = new byte[Math.toIntExact(inlineSizeBytes(bits, groupWidths))];
        var packer = new Packer(bits);
        int at = 0;
        for (int group = 0; group < groupWidths.length; group++) {
            int width = groupWidths[group];
            target[at] = (byte) width;
            int start = group * GROUP;
            packer.pack(values.bytes(), start, Math.min(GROUP, values.count() - start), width, target, at + bits / 8);
            sizes[group] = bits / 8 + 128 * width;
            at += sizes[group];
        }
        return ByteSlice.of(target);
    }

    /// Whether a last group of `tail` values is shorter packed than as it is.
    private static boolean packsTail(int bits, int width, int tail) {
        return width * (GROUP - tail) < (bits - width) * tail;
    }

    /// Bytes of `count` values packed to `width` bits out of line.
    static int outOfLineSizeBytes(int bits, int width, int count) {
        int tail = count % GROUP;
        int groups = count / GROUP;
        return groups * 128 * width + (packsTail(bits, width, tail) ? 128 * width : tail * (bits / 8));
    }

    /// Packs values `[start, start + count)` to `width` bits, without a header.
    ///
    /// @return bytes written
    static int outOfLine(
            Packer packer, byte[] values, int start, int count, int width, byte[] target, int targetIndex) {
        int at = targetIndex;
        int bytesPerValue = packer.bits / 8;
        for (int done = 0; done < count; done += GROUP) {
            int size = Math.min(GROUP, count - done);
            if (size < GROUP && !packsTail(packer.bits, width, size)) {
                System.arraycopy(values, (start + done) * bytesPerValue, target, at, size * bytesPerValue);
                at += size * bytesPerValue;
            } else {
                packer.pack(values, start + done, size, width, target, at);
                at += 128 * width;
            }
        }
        return at - targetIndex;
    }

    /// Scratch for packing group after group. Not thread-safe.
    static final class Packer {
        private final int bits;
        private final byte[] bytes = new byte[GROUP];
        private final byte[] packedBytes = new byte[GROUP];
        private final short[] shorts = new short[GROUP];
        private final short[] packedShorts = new short[GROUP];
        private final int[] ints = new int[GROUP];
        private final int[] packedInts = new int[GROUP];
        private final long[] longs = new long[GROUP];
        private final long[] packedLongs = new long[GROUP];

        Packer(int bits) {
            this.bits = bits;
        }

        /// Packs `count` values of `source` from value `start` as one group of `128 * width` bytes.
        void pack(byte[] source, int start, int count, int width, byte[] target, int targetIndex) {
            switch (bits) {
                case 8 -> {
                    System.arraycopy(source, start, bytes, 0, count);
                    Arrays.fill(bytes, count, GROUP, (byte) 0);
                    BitPackKernels.pack8(bytes, width, packedBytes);
                    System.arraycopy(packedBytes, 0, target, targetIndex, 128 * width);
                }
                case 16 -> {
                    for (int i = 0; i < count; i++) {
                        shorts[i] = LittleEndian.getShort(source, 2 * (start + i));
                    }
                    Arrays.fill(shorts, count, GROUP, (short) 0);
                    BitPackKernels.pack16(shorts, width, packedShorts);
                    for (int i = 0; i < 64 * width; i++) {
                        LittleEndian.putShort(target, targetIndex + 2 * i, packedShorts[i]);
                    }
                }
                case 32 -> {
                    for (int i = 0; i < count; i++) {
                        ints[i] = LittleEndian.getInt(source, 4 * (start + i));
                    }
                    Arrays.fill(ints, count, GROUP, 0);
                    BitPackKernels.pack32(ints, width, packedInts);
                    for (int i = 0; i < 32 * width; i++) {
                        LittleEndian.putInt(target, targetIndex + 4 * i, packedInts[i]);
                    }
                }
                default -> {
                    for (int i = 0; i < count; i++) {
                        longs[i] = LittleEndian.getLong(source, 8 * (start + i));
                    }
                    Arrays.fill(longs, count, GROUP, 0);
                    BitPackKernels.pack64(longs, width, packedLongs);
                    for (int i = 0; i < 16 * width; i++) {
                        LittleEndian.putLong(target, targetIndex + 8 * i, packedLongs[i]);
                    }
                }
            }
        }
    }
}
