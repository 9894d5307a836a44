// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20.write;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.schema.LogicalTypes;

/// A dictionary column as 2.0 stores it: a null is the number of an item that is null (spec: file format, appendix B).
/// Readers want an item at least.
///
/// @param itemValidity null where no item is null
@SuppressWarnings("ArrayRecordComponent") // working memory, compared by nobody
record NullItem(LeafValues.Indexed values, byte @Nullable [] itemValidity) {
    /// The dictionary with an item more for the null rows, if there are any. Writes to the indices.
    ///
    /// @throws UnsupportedFormatException if the indices cannot count one item more
    static NullItem added(LeafValues.Indexed values, byte @Nullable [] validity, LeafForm form) {
        boolean nulls = Validity.nullCount(validity, values.count()) > 0;
        if (!nulls && values.items().count() > 0) {
            return new NullItem(values, null);
        }
        int nullItem = values.items().count();
        if (nullItem >= form.maxItemCount()) {
            throw new UnsupportedFormatException("column '" + form.field().name() + "' of type "
                    + LogicalTypes.format(form.field().type()) + ": " + nullItem
                    + " values and nulls in one page; files of version 2.0 count null as a value, and the indices"
                    + " have room for " + form.maxItemCount());
        }
        for (int row = 0; row < values.count(); row++) {
            if (!Validity.isValid(validity, row)) {
                putIndex(values.indices(), row, nullItem);
            }
        }
        byte[] itemValidity = new byte[nullItem / 8 + 1];
        for (int item = 0; item < nullItem; item++) {
            itemValidity[item >>> 3] |= (byte) (1 << (item & 7));
        }
        return new NullItem(
                new LeafValues.Indexed(values.indices(), withEmptyItem(values.items())), itemValidity);
    }

    private static void putIndex(LeafValues.FixedWidth indices, int row, int item) {
        byte[] bytes = indices.bytes();
        switch (indices.bytesPerValue()) {
            case 1 -> bytes[row] = (byte) item;
            case 2 -> LittleEndian.putShort(bytes, 2 * row, (short) item);
            case 4 -> LittleEndian.putInt(bytes, 4 * row, item);
            default -> LittleEndian.putLong(bytes, 8 * row, item);
        }
    }

    private static LeafValues withEmptyItem(LeafValues items) {
        int count = items.count() + 1;
        return switch (items) {
            case LeafValues.FixedWidth(int bits, int _, byte[] bytes) ->
                new LeafValues.FixedWidth(bits, count, Arrays.copyOf(bytes, (int) (((long) bits * count + 7) / 8)));
            case LeafValues.VariableWidth(int bits, int _, int[] offsets, byte[] bytes) -> {
                int[] longer = Arrays.copyOf(offsets, count + 1);
                longer[count] = longer[count - 1];
                yield new LeafValues.VariableWidth(bits, count, longer, bytes);
            }
            case LeafValues.FixedSizeList _, LeafValues.Indexed _, LeafValues.Packed _, LeafValues.BlobDescriptors _,
                    LeafValues.None _ ->
                throw new IllegalArgumentException("a dictionary of " + items.getClass().getSimpleName());
        };
    }
}
