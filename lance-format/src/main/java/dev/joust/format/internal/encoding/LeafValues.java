// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// The flattened values of one page, null slots among them, as arrays that the page owns. Arrays may be longer than
/// their content.
@SuppressWarnings("ArrayRecordComponent") // working memory, compared by nobody
public sealed interface LeafValues {
    /// Slots, null ones included.
    int count();

    /// Bytes of content.
    long sizeBytes();

    /// A copy of slots `[start, end)`.
    LeafValues slice(int start, int end);

    /// The values themselves, or the items of the innermost fixed-size lists.
    ///
    /// @throws IllegalArgumentException if they are not of fixed width
    default FixedWidth innermost() {
        return switch (this) {
            case FixedWidth fixed -> fixed;
            case FixedSizeList list -> list.items().innermost();
            case VariableWidth _, Indexed _, Packed _, BlobDescriptors _, None _ -> throw notFixed();
        };
    }

    /// For values that have no place where fixed width is asked for.
    default IllegalArgumentException notFixed() {
        return new IllegalArgumentException(getClass().getSimpleName() + " is not of fixed width");
    }

    /// @param bitsPerValue 1 (bits, LSB first, tail bits 0) or a multiple of 8 (little-endian, back to back)
    record FixedWidth(int bitsPerValue, int count, byte[] bytes) implements LeafValues {
        @Override
        public long sizeBytes() {
            return ((long) bitsPerValue * count + 7) / 8;
        }

        @Override
        public FixedWidth slice(int start, int end) {
            return new FixedWidth(bitsPerValue, end - start, copyBits(
                    bytes, (long) start * bitsPerValue, (long) (end - start) * bitsPerValue));
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
        @Override
        public VariableWidth slice(int start, int end) {
            int[] newOffsets = new int[end - start + 1];
            for (int i = 0; i < newOffsets.length; i++) {
                newOffsets[i] = offsets[start + i] - offsets[start];
            }
            return new VariableWidth(
                    bitsPerOffset, end - start, newOffsets, Arrays.copyOfRange(bytes, offsets[start], offsets[end]));
        }

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

        @Override
        public FixedSizeList slice(int start, int end) {
            return new FixedSizeList(
                    dimension,
                    end - start,
                    itemValidity == null
                            ? null
                            : copyBits(itemValidity, (long) start * dimension, (long) (end - start) * dimension),
                    items.slice(start * dimension, end * dimension));
        }
    }

    /// Values by their number in a dictionary that the page holds, as the column's type says.
    ///
    /// @param indices as wide as the type has them; those of null slots mean nothing
    /// @param items   no null among them
    record Indexed(FixedWidth indices, LeafValues items) implements LeafValues {
        @Override
        public int count() {
            return indices.count();
        }

        @Override
        public long sizeBytes() {
            return indices.sizeBytes() + items.sizeBytes();
        }

        @Override
        public Indexed slice(int start, int end) {
            return new Indexed(indices.slice(start, end), items);
        }
    }

    /// The fields of structs that lie side by side in one column. No field is null where its struct is not.
    ///
    /// @param fields one for each field, `count` values each
    record Packed(int count, List<PackedField> fields) implements LeafValues {
        public Packed {
            fields = List.copyOf(fields);
        }

        @Override
        public long sizeBytes() {
            long total = 0;
            for (PackedField field : fields) {
                total += field.values().sizeBytes();
            }
            return total;
        }

        @Override
        public Packed slice(int start, int end) {
            return new Packed(
                    end - start,
                    fields.stream()
                            .map(field -> new PackedField(field.values().slice(start, end), field.text()))
                            .toList());
        }
    }

    /// Where in the file values lie that are not in the page.
    ///
    /// @param positions u64 each, those of null slots mean nothing
    /// @param sizes     u64 each; position and size of an empty value are 0
    record BlobDescriptors(FixedWidth positions, FixedWidth sizes) implements LeafValues {
        @Override
        public int count() {
            return positions.count();
        }

        @Override
        public long sizeBytes() {
            return positions.sizeBytes() + sizes.sizeBytes();
        }

        @Override
        public BlobDescriptors slice(int start, int end) {
            return new BlobDescriptors(positions.slice(start, end), sizes.slice(start, end));
        }
    }

    /// @param values fixed width of whole bytes, fixed-size lists of that without null items, or variable width
    /// @param text   they are text, not arbitrary bytes
    record PackedField(LeafValues values, boolean text) {}

    /// Values of the null type: nothing but their number.
    record None(int count) implements LeafValues {
        @Override
        public long sizeBytes() {
            return 0;
        }

        @Override
        public None slice(int start, int end) {
            return new None(end - start);
        }
    }

    private static byte[] copyBits(byte[] source, long startBit, long bitCount) {
        int start = Math.toIntExact(startBit >>> 3);
        if ((startBit & 7) == 0) {
            return Arrays.copyOfRange(source, start, Math.toIntExact(start + (bitCount + 7) / 8));
        }
        byte[] target = new byte[Math.toIntExact((bitCount + 7) / 8)];
        int shift = (int) (startBit & 7);
        for (int i = 0; i < target.length; i++) {
            int low = (source[start + i] & 0xFF) >>> shift;
            int high = start + i + 1 < source.length ? source[start + i + 1] << (8 - shift) : 0;
            target[i] = (byte) (low | high);
        }
        return target;
    }
}
