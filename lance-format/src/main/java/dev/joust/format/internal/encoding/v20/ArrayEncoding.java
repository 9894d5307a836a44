// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.bytes.Bytes;
import dev.joust.format.internal.encoding.compress.CompressionScheme;

/// How a page's values became bytes: a tree, outermost step first (spec: file format, appendix B). Widths, counts and
/// buffer numbers are as the file says, not yet checked.
public sealed interface ArrayEncoding {
    /// Values side by side, `bitsPerValue` each; with a compression, the whole buffer is one compressed unit.
    record Flat(long bitsPerValue, BufferRef buffer, @Nullable CompressionScheme compression)
            implements ArrayEncoding {}

    /// `nullable` without nulls.
    record NoNulls(ArrayEncoding values) implements ArrayEncoding {}

    /// `nullable` with a bit per value: 1 = valid.
    record SomeNulls(ArrayEncoding validity, ArrayEncoding values) implements ArrayEncoding {}

    /// `nullable` of nothing but nulls, without buffers.
    record AllNulls() implements ArrayEncoding {}

    /// `dimension` items per value.
    record FixedSizeList(long dimension, ArrayEncoding items) implements ArrayEncoding {}

    /// A list column: where each list ends among the `itemCount` items of the page, 64 bits each, nulls having
    /// `nullOffsetAdjustment` added.
    record ListOffsets(ArrayEncoding offsets, long nullOffsetAdjustment, long itemCount) implements ArrayEncoding {}

    /// A struct column: nothing.
    record StructHeader() implements ArrayEncoding {}

    /// Strings or binaries: where each ends among the bytes of the page, 64 bits each, nulls having `nullAdjustment`
    /// added.
    record Binary(ArrayEncoding indices, ArrayEncoding bytes, long nullAdjustment) implements ArrayEncoding {}

    /// Values as numbers of items. For plain columns 0 is null and k is item k - 1; for dictionary columns k is item k.
    record Dictionary(ArrayEncoding indices, ArrayEncoding items, long itemCount) implements ArrayEncoding {}

    /// Strings of codes for up to 255 symbols.
    record Fsst(ArrayEncoding binary, Bytes symbolTable) implements ArrayEncoding {}

    /// The fields of a struct side by side, row after row; `inner` says their widths.
    record PackedStruct(List<ArrayEncoding> inner, BufferRef buffer) implements ArrayEncoding {
        public PackedStruct {
            inner = List.copyOf(inner);
        }
    }

    /// Values of `packedBits` bits one after the other, LSB first, across bytes.
    record Bitpacked(long packedBits, long bitsPerValue, BufferRef buffer, boolean signed) implements ArrayEncoding {}

    /// Groups of 1024 values in FastLanes order, the last one filled up.
    record BitpackedForNonNeg(long packedBits, long bitsPerValue, BufferRef buffer) implements ArrayEncoding {}

    /// Strings or binaries of `byteWidth` bytes each.
    record FixedSizeBinary(ArrayEncoding bytes, long byteWidth) implements ArrayEncoding {}
}
