// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.util.Locale;
import java.util.stream.Collectors;

/// Encodings in words, as the spec's tables have them: `fsst(variable(flat32))`.
public final class EncodingText {
    private EncodingText() {}

    public static String of(CompressiveEncoding encoding) {
        return switch (encoding) {
            case CompressiveEncoding.Flat(long bits) -> "flat" + bits;
            case CompressiveEncoding.Variable(var offsets) -> "variable(" + of(offsets) + ")";
            case CompressiveEncoding.Constant(var value) -> value == null ? "all-null" : "constant";
            case CompressiveEncoding.OutOfLineBitpacking(long bits, long packed) -> "bitpacked" + bits + "to" + packed;
            case CompressiveEncoding.InlineBitpacking(long bits) -> "bitpacked" + bits;
            case CompressiveEncoding.Fsst(var _, var values) -> "fsst(" + of(values) + ")";
            case CompressiveEncoding.Dictionary(var indices, var items, long count) ->
                "dictionary(" + of(indices) + ", " + count + " x " + of(items) + ")";
            case CompressiveEncoding.Range(long bits, long start, long step) ->
                "range" + bits + " from " + start + " by " + step;
            case CompressiveEncoding.Delta(long bits, long _, var deltas) -> "delta" + bits + "(" + of(deltas) + ")";
            case CompressiveEncoding.Rle(var values, var lengths) -> "rle(" + of(values) + ", " + of(lengths) + ")";
            case CompressiveEncoding.ByteStreamSplit(var values) -> "byte-stream-split(" + of(values) + ")";
            case CompressiveEncoding.General(var scheme, var _, var values) ->
                scheme.name().toLowerCase(Locale.ROOT) + "(" + of(values) + ")";
            case CompressiveEncoding.FixedSizeList(long items, var values, boolean validity) ->
                "fixed-size-list" + items + (validity ? "+validity" : "") + "(" + of(values) + ")";
            case CompressiveEncoding.PackedStruct(var bits, var values) -> "packed" + bits + "(" + of(values) + ")";
            case CompressiveEncoding.VariablePackedStruct(var fields) ->
                "variable-packed("
                        + fields.stream().map(field -> of(field.value())).collect(Collectors.joining(", "))
                        + ")";
        };
    }
}
