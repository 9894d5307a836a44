// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.bytes.ByteSlice;
import dev.joust.format.internal.encoding.LeafValues;

/// Values as one opaque buffer, such as a dictionary (spec: file format 4, 4.8).
///
/// @param encoding what `bytes` are
public record BlockEncoder(CompressiveEncoding encoding, ByteSlice bytes) {
    /// Below this there is nothing to win.
    private static final int LEAST_COMPRESSED_BYTES = 64;

    /// The smallest of: as they are, that compressed, bit-packed.
    ///
    /// @param scheme how to compress; null where that is not wanted, or not known to the file version (2.1)
    public static BlockEncoder encode(LeafValues values, @Nullable CompressionScheme scheme) {
        return switch (values) {
            case LeafValues.VariableWidth variable ->
                new BlockEncoder(VariableEncoder.encoding(variable), ByteSlice.of(VariableEncoder.block(variable)))
                        .compressed(scheme);
            case LeafValues.FixedWidth fixed -> {
                BlockEncoder best = new BlockEncoder(
                                new CompressiveEncoding.Flat(fixed.bitsPerValue()),
                                new ByteSlice(fixed.bytes(), 0, Math.toIntExact(fixed.sizeBytes())))
                        .compressed(scheme);
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

    private BlockEncoder compressed(@Nullable CompressionScheme scheme) {
        if (scheme == null || bytes.length() < LEAST_COMPRESSED_BYTES) {
            return this;
        }
        var encoder = new GeneralEncoder(scheme);
        ByteSlice compressed = encoder.compress(bytes);
        return compressed.length() < bytes.length() ? new BlockEncoder(encoder.around(encoding), compressed) : this;
    }
}
