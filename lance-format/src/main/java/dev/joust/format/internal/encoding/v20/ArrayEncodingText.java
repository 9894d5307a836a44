// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.util.Locale;
import java.util.stream.Collectors;

/// Encodings in words: `nullable(flat32)`, `fsst(binary(flat64, flat8))`.
final class ArrayEncodingText {
    private ArrayEncodingText() {}

    static String of(ArrayEncoding encoding) {
        return switch (encoding) {
            case ArrayEncoding.Flat flat ->
                "flat" + flat.bitsPerValue()
                        + (flat.compression() == null
                                ? ""
                                : " as " + flat.compression().name().toLowerCase(Locale.ROOT));
            case ArrayEncoding.NoNulls(var values) -> of(values);
            case ArrayEncoding.SomeNulls(var _, var values) -> "nullable(" + of(values) + ")";
            case ArrayEncoding.AllNulls _ -> "all-null";
            case ArrayEncoding.FixedSizeList(long dimension, var items) ->
                "fixed-size-list" + dimension + "(" + of(items) + ")";
            case ArrayEncoding.ListOffsets(var offsets, long _, long items) ->
                "list(" + of(offsets) + ") of " + items + " items";
            case ArrayEncoding.StructHeader _ -> "struct";
            case ArrayEncoding.Binary(var indices, var bytes, long _) ->
                "binary(" + of(indices) + ", " + of(bytes) + ")";
            case ArrayEncoding.Dictionary(var indices, var items, long count) ->
                "dictionary(" + of(indices) + ", " + count + " x " + of(items) + ")";
            case ArrayEncoding.Fsst(var binary, var _) -> "fsst(" + of(binary) + ")";
            case ArrayEncoding.PackedStruct(var inner, var _) ->
                "packed("
                        + inner.stream().map(ArrayEncodingText::of).collect(Collectors.joining(", "))
                        + ")";
            case ArrayEncoding.Bitpacked(long packed, long bits, var _, boolean signed) ->
                "bitpacked" + bits + "to" + packed + (signed ? " signed" : "");
            case ArrayEncoding.BitpackedForNonNeg(long packed, long bits, var _) -> "fastlanes" + bits + "to" + packed;
            case ArrayEncoding.FixedSizeBinary(var bytes, long width) -> "equal-length" + width + "(" + of(bytes) + ")";
        };
    }
}
