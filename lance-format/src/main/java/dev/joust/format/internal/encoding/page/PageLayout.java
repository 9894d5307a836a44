// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.bytes.Bytes;
import dev.joust.format.internal.encoding.compress.CompressiveEncoding;
import dev.joust.format.internal.encoding.repdef.RepDefLayer;

/// How a page of a 2.1, 2.2 or 2.3 file lays out levels and values (spec: file format 3). Counts are as the file says, not
/// yet checked.
public sealed interface PageLayout {
    /// What each level of nesting may hold in this page, leaf first.
    List<RepDefLayer> layers();

    /// Small values: chunks of a few KiB, each with its levels. Buffers: chunk words, chunks, dictionary where there
    /// is one, repetition index where its depth is not 0.
    ///
    /// @param repetition             of levels in each chunk; null without lists
    /// @param definition             of levels in each chunk; null where nothing is null or empty
    /// @param dictionary             of the dictionary block; the values then are indices into it
    /// @param bufferCount            buffers per chunk, levels not counted
    /// @param repetitionIndexDepth   0 without repetition index
    /// @param itemCount              values in the page (slots: rows or list items, null ones included)
    /// @param largeChunks            chunk words and buffer sizes have 32 bits (2.2), not 16 (2.1)
    record MiniBlockLayout(
            @Nullable CompressiveEncoding repetition,
            @Nullable CompressiveEncoding definition,
            CompressiveEncoding values,
            @Nullable CompressiveEncoding dictionary,
            long dictionaryItemCount,
            List<RepDefLayer> layers,
            long bufferCount,
            int repetitionIndexDepth,
            long itemCount,
            boolean largeChunks)
            implements PageLayout {
        public MiniBlockLayout {
            layers = List.copyOf(layers);
        }
    }

    /// Large values: each with its levels in front. Buffers: the zipped data, and a row index where values differ in
    /// size or rows hold lists.
    ///
    /// @param bits             per value, or of the length before each value
    /// @param variable         whether `bits` are a length's
    /// @param itemCount        entries: values and null or empty lists
    /// @param visibleItemCount values
    record FullZipLayout(
            int repetitionBits,
            int definitionBits,
            int bits,
            boolean variable,
            long itemCount,
            long visibleItemCount,
            CompressiveEncoding values,
            List<RepDefLayer> layers)
            implements PageLayout {
        public FullZipLayout {
            layers = List.copyOf(layers);
        }
    }

    /// Nothing but nulls and empty lists, or (2.2) one value everywhere. Buffers: none, or levels, or the value, or the
    /// value and levels.
    ///
    /// @param inlineValue the value where it is fixed width and short
    record ConstantLayout(
            List<RepDefLayer> layers,
            @Nullable Bytes inlineValue,
            @Nullable CompressiveEncoding repetition,
            @Nullable CompressiveEncoding definition,
            long repetitionCount,
            long definitionCount)
            implements PageLayout {
        public ConstantLayout {
            layers = List.copyOf(layers);
        }
    }

    /// Structure as sets of positions instead of levels (2.3). Buffers: those of the values, then one for each sequence
    /// of positions or counts that has one, in layer order.
    ///
    /// @param structure root first
    /// @param values    of slots, as a page with nothing around them: chunked values of every leaf slot (their number is
    ///     -1 where there are as many as rows), zipped ones of those that hold a value, a constant, or none
    /// @param indices   for each leaf slot, which of the zipped values it holds; null if they are in order
    record SparseLayout(List<SparseLayer> structure, PageLayout values, @Nullable CompressiveEncoding indices)
            implements PageLayout {
        public SparseLayout {
            structure = List.copyOf(structure);
        }

        /// Levels that tell all that the structure can.
        @Override
        public List<RepDefLayer> layers() {
            return structure.reversed().stream()
                    .map(layer -> switch (layer) {
                        case SparseItems _, SparseFixedSizeLists _ -> RepDefLayer.NULLABLE_ITEM;
                        case SparseLists _ -> RepDefLayer.NULL_AND_EMPTY_LIST;
                    })
                    .toList();
        }

        /// The dimension of the fixed-size lists that are a layer, counted from the leaf, which is 0; 0 for other
        /// layers.
        long dimension(int layer) {
            return switch (structure.get(structure.size() - 1 - layer)) {
                case SparseFixedSizeLists(long dimension, SparseValidity _) -> dimension;
                case SparseItems _, SparseLists _ -> 0;
            };
        }
    }

    /// One level of nesting of a {@link SparseLayout}.
    sealed interface SparseLayer {}

    /// Items or structs: which of them are null.
    record SparseItems(SparseValidity validity) implements SparseLayer {}

    /// Lists: which of them are not empty, how many slots each of those has, and which are null.
    record SparseLists(
            long childSlotCount,
            CompressiveEncoding nonEmptyPositions,
            long nonEmptyCount,
            CompressiveEncoding counts,
            SparseValidity validity)
            implements SparseLayer {}

    /// Fixed-size lists of structs: which of them are null. Those too have `dimension` slots below.
    record SparseFixedSizeLists(long dimension, SparseValidity validity) implements SparseLayer {}

    /// @param ofNulls whether the positions are those of nulls, or of what is valid
    record SparseValidity(boolean ofNulls, CompressiveEncoding positions, long positionCount) {}

    /// Values elsewhere in the file; the page holds where.
    record BlobLayout(PageLayout inner, List<RepDefLayer> layers) implements PageLayout {
        public BlobLayout {
            layers = List.copyOf(layers);
        }
    }
}
