// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding;

import org.jspecify.annotations.Nullable;

/// The flattened values of one page, null slots among them, as arrays that the page owns. Arrays may be longer than
/// their content.
@SuppressWarnings("ArrayRecordComponent") // working memory, compared by nobody
public sealed interface LeafValues {
    /// Slots, null ones included.
    int count();

    /// Bytes of content.
    long sizeBytes();

    /// @param bitsPerValue 1 (bits, LSB first, tail bits 0) or a multiple of 8 (little-endian, back to back)
    record FixedWidth(int bitsPerValue, int count, byte[] bytes) implements LeafValues {
        @Override
        public long sizeBytes() {
            return ((long) bitsPerValue * count + 7) / 8;
        }

        public int bytesPerValue() {
            return bitsPerValue / 8;
        }
    }

    /// Value i is `bytes[offsets[i]..offsets[i + 1])`; null slots are empty.
    ///
    /// @param bitsPerOffset 32 or 64, as the type has it
    /// @param offsets       `count + 1` used, the first is 0
    record VariableWidth(int bitsPerOffset, int count, int[] offsets, byte[] bytes) implements LeafValues {
        public int byteCount() {
            return offsets[count];
        }

        public int length(int index) {
            return offsets[index + 1] - offsets[index];
        }

        @Override
        public long sizeBytes() {
            return byteCount() + (count + 1L) * (bitsPerOffset / 8);
        }
    }

    /// @param itemValidity bit per item, 1 = valid; null where no item is null
    /// @param items        `count * dimension` items, fixed width or again a fixed-size list
    record FixedSizeList(int dimension, int count, byte @Nullable [] itemValidity, LeafValues items)
            implements LeafValues {
        @Override
        public long sizeBytes() {
            return items.sizeBytes() + (itemValidity == null ? 0 : ((long) dimension * count + 7) / 8);
        }
    }

    /// Values of the null type: nothing but their number.
    record None(int count) implements LeafValues {
        @Override
        public long sizeBytes() {
            return 0;
        }
    }
}
