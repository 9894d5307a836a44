// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.bytes.Bytes;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.internal.encoding.compress.fsst.FsstSymbols;
import dev.joust.format.internal.encoding.compress.fsst.FsstTrainer;

/// Strings as codes of a symbol table that the page has of its own (spec: file format 4.5).
///
/// @param encoding with the symbol table, around plain variable-width values
/// @param values   the codes
public record FsstEncoder(CompressiveEncoding encoding, LeafValues.VariableWidth values) {
    /// @return null where codes and table are not smaller than the strings
    public static @Nullable FsstEncoder encode(LeafValues.VariableWidth values) {
        FsstSymbols symbols = FsstTrainer.train(values.bytes(), values.offsets(), values.count());
        int sourceBytes = values.byteCount();
        byte[] codes = new byte[sourceBytes];
        byte[] table = symbols.toBytes();
        int[] offsets = new int[values.count() + 1];
        int at = 0;
        for (int i = 0; i < values.count(); i++) {
            int start = values.offsets()[i];
            int end = values.offsets()[i + 1];
            int roomNeeded = at + 2 * (end - start);
            if (roomNeeded > codes.length) {
                if (at + (end - start) > sourceBytes + (sourceBytes >>> 3)) {
                    return null;
                }
                codes = java.util.Arrays.copyOf(codes, Math.addExact(roomNeeded, sourceBytes >>> 3));
            }
            at = symbols.encode(values.bytes(), start, end, codes, at);
            offsets[i + 1] = at;
        }
        if (at + table.length >= sourceBytes) {
            return null;
        }
        return new FsstEncoder(
                new CompressiveEncoding.Fsst(Bytes.wrap(table), VariableEncoder.encoding(values)),
                new LeafValues.VariableWidth(values.bitsPerOffset(), values.count(), offsets, codes));
    }
}
