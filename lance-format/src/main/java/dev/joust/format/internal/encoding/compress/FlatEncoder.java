// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.util.ArrayList;
import java.util.List;

import dev.joust.format.internal.bytes.ByteSlice;
import dev.joust.format.internal.encoding.LeafValues;

/// Fixed-width values, and fixed-size lists of them, as they are (spec: file format 4, 4.9).
public final class FlatEncoder {
    private FlatEncoder() {}

    public static MiniBlockValues miniBlock(LeafValues.FixedWidth values) {
        int chunkValues = chunkValues(values.bitsPerValue(), values.bitsPerValue() % 8 == 0 ? 2 : 8);
        int[] counts = MiniBlockValues.uniformChunks(values.count(), chunkValues);
        return new MiniBlockValues(
                new CompressiveEncoding.Flat(values.bitsPerValue()),
                counts,
                List.of(buffer(values.bytes(), counts, values.bitsPerValue())));
    }

    /// Each level of validity is a buffer, outer ones first, the items are the last.
    public static MiniBlockValues miniBlock(LeafValues.FixedSizeList values) {
        long bitsPerRow = bitsPerRow(values);
        boolean wholeBytes = bitsPerRow % 8 == 0 && !hasValidity(values);
        int chunkRows = chunkValues(bitsPerRow, wholeBytes ? 2 : 8);
        int[] counts = MiniBlockValues.uniformChunks(values.count(), chunkRows);
        List<MiniBlockValues.Buffer> buffers = new ArrayList<>();
        addBuffers(values, 1, counts, buffers);
        return new MiniBlockValues(encoding(values), counts, buffers);
    }

    private static void addBuffers(
            LeafValues values, long itemsPerRow, int[] counts, List<MiniBlockValues.Buffer> target) {
        switch (values) {
            case LeafValues.FixedSizeList list -> {
                long items = itemsPerRow * list.dimension();
                if (list.itemValidity() != null) {
                    target.add(buffer(list.itemValidity(), counts, items));
                }
                addBuffers(list.items(), items, counts, target);
            }
            case LeafValues.FixedWidth fixed ->
                target.add(buffer(fixed.bytes(), counts, itemsPerRow * fixed.bitsPerValue()));
            case LeafValues.VariableWidth _, LeafValues.Indexed _, LeafValues.Packed _, LeafValues.BlobDescriptors _,
                    LeafValues.None _ -> throw values.notFixed();
        }
    }

    private static MiniBlockValues.Buffer buffer(byte[] bytes, int[] counts, long bitsPerValue) {
        int[] sizes = new int[counts.length];
        long total = 0;
        for (int chunk = 0; chunk < counts.length; chunk++) {
            sizes[chunk] = Math.toIntExact((counts[chunk] * bitsPerValue + 7) / 8);
            total += sizes[chunk];
        }
        return new MiniBlockValues.Buffer(new ByteSlice(bytes, 0, Math.toIntExact(total)), sizes);
    }

    /// Doubles from `least` while the chunk stays small.
    private static int chunkValues(long bitsPerValue, int least) {
        int count = least;
        while ((2L * count * bitsPerValue + 7) / 8 < MiniBlockValues.CHUNK_BUDGET_BYTES
                && 2 * count <= MiniBlockValues.MAX_CHUNK_VALUES) {
            count *= 2;
        }
        return count;
    }

    /// The descriptor of fixed-width values or nested fixed-size lists, outermost first.
    public static CompressiveEncoding encoding(LeafValues values) {
        return switch (values) {
            case LeafValues.FixedWidth fixed -> new CompressiveEncoding.Flat(fixed.bitsPerValue());
            case LeafValues.FixedSizeList list ->
                new CompressiveEncoding.FixedSizeList(
                        list.dimension(), encoding(list.items()), list.itemValidity() != null);
            case LeafValues.VariableWidth _, LeafValues.Indexed _, LeafValues.Packed _, LeafValues.BlobDescriptors _,
                    LeafValues.None _ -> throw values.notFixed();
        };
    }

    /// Bits of one row's items and of their validity.
    public static long bitsPerRow(LeafValues values) {
        return switch (values) {
            case LeafValues.FixedWidth fixed -> fixed.bitsPerValue();
            case LeafValues.FixedSizeList list ->
                list.dimension() * (bitsPerRow(list.items()) + (list.itemValidity() == null ? 0 : 1));
            case LeafValues.VariableWidth _, LeafValues.Indexed _, LeafValues.Packed _, LeafValues.BlobDescriptors _,
                    LeafValues.None _ -> throw values.notFixed();
        };
    }

    /// Bits of one of the innermost items.
    public static int bitsPerItem(LeafValues values) {
        return values.innermost().bitsPerValue();
    }

    private static boolean hasValidity(LeafValues values) {
        return values instanceof LeafValues.FixedSizeList list
                && (list.itemValidity() != null || hasValidity(list.items()));
    }
}
