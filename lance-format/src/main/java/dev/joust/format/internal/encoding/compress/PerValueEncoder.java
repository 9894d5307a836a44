// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.LeafValues;

/// Values of variable width, each compressed by itself, for the full-zip layout (spec: file format 4, 4.8).
///
/// @param values the compressed bytes; a null slot stays empty
public record PerValueEncoder(CompressiveEncoding encoding, LeafValues.VariableWidth values) {
    public static PerValueEncoder plain(LeafValues.VariableWidth values) {
        return new PerValueEncoder(VariableEncoder.encoding(values), values);
    }

    /// @return null where codes are not smaller
    public static @Nullable PerValueEncoder fsst(LeafValues.VariableWidth values) {
        FsstEncoder encoded = FsstEncoder.encode(values);
        return encoded == null ? null : new PerValueEncoder(encoded.encoding(), encoded.values());
    }

    /// One zstd frame per value.
    ///
    /// @return null where that is not smaller
    public static @Nullable PerValueEncoder zstd(LeafValues.VariableWidth values) {
        var encoder = new GeneralEncoder(CompressionScheme.ZSTD);
        byte[] target = new byte[values.byteCount() / 2 + 1024];
        int[] offsets = new int[values.count() + 1];
        int at = 0;
        for (int i = 0; i < values.count(); i++) {
            int length = values.length(i);
            int room = encoder.maxBytes(length);
            if (at + room > target.length) {
                if (at > values.byteCount()) {
                    return null;
                }
                target = Arrays.copyOf(target, Math.addExact(at + room, target.length / 2));
            }
            at += encoder.compress(values.bytes(), values.offsets()[i], length, target, at);
            offsets[i + 1] = at;
        }
        if (at >= values.byteCount()) {
            return null;
        }
        return new PerValueEncoder(
                encoder.around(VariableEncoder.encoding(values)),
                new LeafValues.VariableWidth(values.bitsPerOffset(), values.count(), offsets, target));
    }
}
