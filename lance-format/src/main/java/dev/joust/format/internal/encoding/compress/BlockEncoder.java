// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import io.airlift.compress.v3.lz4.Lz4JavaCompressor;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;

import dev.joust.format.internal.bytes.ByteSlice;
import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;

/// Values as one opaque buffer, such as a dictionary (spec: file format 4, 4.8).
///
/// @param encoding what `bytes` are
public record BlockEncoder(CompressiveEncoding encoding, ByteSlice bytes) {
    /// Below this there is nothing to win.
    private static final int LEAST_COMPRESSED_BYTES = 64;

    /// The smallest of: as they are, LZ4 of that, bit-packed.
    ///
    /// @param allowLz4 the file version knows compressed blocks (2.2)
    public static BlockEncoder encode(LeafValues values, boolean allowLz4) {
        return switch (values) {
            case LeafValues.VariableWidth variable ->
                smallerByLz4(new BlockEncoder(
                        VariableEncoder.encoding(variable), ByteSlice.of(VariableEncoder.block(variable))), allowLz4);
            case LeafValues.FixedWidth fixed -> {
                var raw = new BlockEncoder(
                        new CompressiveEncoding.Flat(fixed.bitsPerValue()),
                        new ByteSlice(fixed.bytes(), 0, Math.toIntExact(fixed.sizeBytes())));
                BlockEncoder best = smallerByLz4(raw, allowLz4);
                if (BitpackingEncoder.packs(fixed.bitsPerValue())) {
                    BlockEncoder packed = packed(fixed);
                    best = packed.bytes.length() < best.bytes.length() ? packed : best;
                }
                yield best;
            }
            case LeafValues.FixedSizeList _, LeafValues.Indexed _, LeafValues.Packed _, LeafValues.BlobDescriptors _,
                    LeafValues.None _ ->
                throw new IllegalArgumentException("no block of " + values.getClass().getSimpleName());
        };
    }

    private static BlockEncoder packed(LeafValues.FixedWidth values) {
        int[] widths = BitpackingEncoder.groupWidths(values);
        if (widths.length == 1) {
            return new BlockEncoder(
                    new CompressiveEncoding.InlineBitpacking(values.bitsPerValue()),
                    BitpackingEncoder.inline(values, widths, new int[1]));
        }
        int width = 0;
        for (int groupWidth : widths) {
            width = Math.max(width, groupWidth);
        }
        byte[] target = new byte[BitpackingEncoder.outOfLineSizeBytes(values.bitsPerValue(), width, values.count())];
        var packer = new BitpackingEncoder.Packer(values.bitsPerValue());
        BitpackingEncoder.outOfLine(packer, values.bytes(), 0, values.count(), width, target, 0);
        return new BlockEncoder(
                new CompressiveEncoding.OutOfLineBitpacking(values.bitsPerValue(), width), ByteSlice.of(target));
    }

    private static BlockEncoder smallerByLz4(BlockEncoder plain, boolean allowLz4) {
        if (!allowLz4 || plain.bytes.length() < LEAST_COMPRESSED_BYTES) {
            return plain;
        }
        ByteSlice compressed = lz4(plain.bytes);
        return compressed.length() < plain.bytes.length()
                ? new BlockEncoder(
                        new CompressiveEncoding.General(CompressionScheme.LZ4, null, plain.encoding), compressed)
                : plain;
    }

    /// `u32 uncompressed length; LZ4 block`.
    static ByteSlice lz4(ByteSlice source) {
        var compressor = new Lz4JavaCompressor();
        byte[] target = new byte[4 + compressor.maxCompressedLength(source.length())];
        LittleEndian.putInt(target, 0, source.length());
        int length = compressor.compress(
                source.bytes(), source.offset(), source.length(), target, 4, target.length - 4);
        return new ByteSlice(target, 0, 4 + length);
    }

    /// `u64 uncompressed length; zstd frame`, written to `target`.
    ///
    /// @return bytes written
    static int zstd(
            ZstdJavaCompressor compressor, byte[] source, int offset, int length, byte[] target, int targetIndex) {
        LittleEndian.putLong(target, targetIndex, length);
        return 8 + compressor.compress(
                source, offset, length, target, targetIndex + 8, target.length - targetIndex - 8);
    }
}
