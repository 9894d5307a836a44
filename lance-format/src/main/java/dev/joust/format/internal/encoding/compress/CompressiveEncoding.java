// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.bytes.Bytes;

/// How values (or levels) became bytes: a tree, outermost step first (spec: file format 4). Bit widths and counts are
/// as the file says, not yet checked.
public sealed interface CompressiveEncoding {
    /// Values side by side, `bitsPerValue` each.
    record Flat(long bitsPerValue) implements CompressiveEncoding {}

    /// Offsets, then bytes.
    record Variable(CompressiveEncoding offsets) implements CompressiveEncoding {}

    /// The same value everywhere; without one, nothing but nulls.
    record Constant(@Nullable Bytes value) implements CompressiveEncoding {}

    /// 1024 values at a time packed to a width that the descriptor holds.
    record OutOfLineBitpacking(long uncompressedBitsPerValue, long packedBitsPerValue) implements CompressiveEncoding {}

    /// 1024 values at a time packed to a width that precedes them.
    record InlineBitpacking(long uncompressedBitsPerValue) implements CompressiveEncoding {}

    /// Strings of codes for up to 255 symbols of 1 to 8 bytes.
    record Fsst(Bytes symbolTable, CompressiveEncoding values) implements CompressiveEncoding {}

    /// Indices and items as one encoding; no 2.1 or 2.2 writer makes it (dictionaries are part of the layout).
    record Dictionary(CompressiveEncoding indices, CompressiveEncoding items, long dictionaryItemCount)
            implements CompressiveEncoding {}

    /// Values, and how often each is repeated.
    record Rle(CompressiveEncoding values, CompressiveEncoding runLengths) implements CompressiveEncoding {}

    /// All first bytes, all second bytes, and so on.
    record ByteStreamSplit(CompressiveEncoding values) implements CompressiveEncoding {}

    /// A general-purpose compression around another encoding.
    ///
    /// @param level as the writer was asked; means nothing to a reader
    record General(CompressionScheme scheme, @Nullable Integer level, CompressiveEncoding values)
            implements CompressiveEncoding {}

    /// `itemsPerValue` items per value, with a validity bitmap of the items or without.
    record FixedSizeList(long itemsPerValue, CompressiveEncoding values, boolean hasValidity)
            implements CompressiveEncoding {}

    /// The fields of a struct side by side, row after row.
    record PackedStruct(List<Long> bitsPerValue, CompressiveEncoding values) implements CompressiveEncoding {
        public PackedStruct {
            bitsPerValue = List.copyOf(bitsPerValue);
        }
    }

    /// As a packed struct, where some fields have a length in front.
    record VariablePackedStruct(List<PackedField> fields) implements CompressiveEncoding {
        public VariablePackedStruct {
            fields = List.copyOf(fields);
        }
    }

    /// Value i is `start + i * step`; 2.3 only, for offsets, positions and counts.
    record Range(long bitsPerValue, long start, long step) implements CompressiveEncoding {}

    /// The first value and the differences between neighbours, one less than values; 2.3 only, as `Range`.
    record Delta(long bitsPerValue, long base, CompressiveEncoding deltas) implements CompressiveEncoding {}

    /// @param bits     of the value, or of the length before it
    /// @param variable whether `bits` are a length's
    record PackedField(CompressiveEncoding value, long bits, boolean variable) {}
}
