// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page.fullzip;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.bytes.ByteSlice;
import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.internal.encoding.compress.CompressiveEncoding;
import dev.joust.format.internal.encoding.compress.FlatEncoder;
import dev.joust.format.internal.encoding.compress.PerValueEncoder;
import dev.joust.format.internal.encoding.page.EncodedPage;
import dev.joust.format.internal.encoding.page.PageLayout;
import dev.joust.format.internal.encoding.repdef.RepDefLevels;

/// Zips values with their levels (spec: file format 3.3).
///
///     entry:        control word? | value?
///     control word: repetition << bits of definition | definition, in 0, 1, 2 or 4 bytes
///     value:        fixed width: always, where the entry has a slot; variable width: where it is valid, length in front
///
/// Rows of variable size get an index of their starts, and the end.
public final class FullZipWriter {
    private final RepDefLevels levels;
    private final int repetitionBits;
    private final int definitionBits;
    private final int wordBytes;

    private FullZipWriter(RepDefLevels levels) {
        this.levels = levels;
        repetitionBits = bitsOfLargest(levels.repetition(), levels.levelCount());
        int used = bitsOfLargest(levels.definition(), levels.levelCount());
        // Where pages of lists are joined, the reference miscounts nulls unless all or none say what is null
        definitionBits = levels.repetition() != null && levels.definition() != null ? Math.max(1, used) : used;
        int bits = repetitionBits + definitionBits;
        wordBytes = bits == 0 ? 0 : bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
    }

    private static int bitsOfLargest(short @Nullable [] values, int count) {
        int union = 0;
        for (int i = 0; values != null && i < count; i++) {
            union |= values[i];
        }
        return 32 - Integer.numberOfLeadingZeros(union);
    }

    /// @param values fixed width of whole bytes, or fixed-size lists of that
    public static EncodedPage write(LeafValues values, RepDefLevels levels) {
        return new FullZipWriter(levels).writeFixed(values, FlatEncoder.encoding(values));
    }

    /// Fixed-size lists without a single valid item: nothing but the items' validity is stored.
    public static EncodedPage writeNullItems(LeafValues.FixedSizeList values, RepDefLevels levels) {
        var encoding = new CompressiveEncoding.FixedSizeList(
                values.dimension(), new CompressiveEncoding.Constant(null), true);
        var withoutItems = new LeafValues.FixedSizeList(
                values.dimension(), values.count(), values.itemValidity(), new LeafValues.FixedWidth(
                        0, values.items().count(), new byte[0]));
        return new FullZipWriter(levels).writeFixed(withoutItems, encoding);
    }

    public static EncodedPage write(PerValueEncoder values, RepDefLevels levels) {
        return new FullZipWriter(levels).writeVariable(values);
    }

    private void putWord(byte[] data, int at, int entry) {
        int word = 0;
        if (levels.repetition() != null) {
            word = levels.repetition()[entry] << definitionBits;
        }
        if (levels.definition() != null) {
            word |= levels.definition()[entry];
        }
        switch (wordBytes) {
            case 0 -> {}
            case 1 -> data[at] = (byte) word;
            case 2 -> LittleEndian.putShort(data, at, (short) word);
            default -> LittleEndian.putInt(data, at, word);
        }
    }

    private EncodedPage writeFixed(LeafValues values, CompressiveEncoding encoding) {
        int valueBytes = bytesPerRow(values);
        ByteSlice data = wordBytes == 0 && values.sizeBytes() == (long) valueBytes * values.count()
                        && values.innermost().sizeBytes() == values.sizeBytes()
                ? new ByteSlice(values.innermost().bytes(), 0, Math.toIntExact(values.sizeBytes()))
                : ByteSlice.of(zipFixed(values, valueBytes));
        List<ByteSlice> buffers = levels.repetition() == null
                ? List.of(data)
                : List.of(data, rowIndexOfFixed(valueBytes));
        return new EncodedPage(layout(8 * valueBytes, false, encoding), buffers);
    }

    private byte[] zipFixed(LeafValues values, int valueBytes) {
        byte[] data = new byte[Math.toIntExact(
                (long) levels.levelCount() * wordBytes + (long) levels.slotCount() * valueBytes)];
        int at = 0;
        int slot = 0;
        for (int entry = 0; entry < levels.levelCount(); entry++) {
            putWord(data, at, entry);
            at += wordBytes;
            if (levels.definition() == null || levels.definition()[entry] <= levels.maxVisible()) {
                at = putRow(values, slot, 1, data, at);
                slot++;
            }
        }
        return data;
    }

    /// Appends the `itemsPerRow` items of one row, validity of each level of lists first.
    private static int putRow(LeafValues values, int row, int itemsPerRow, byte[] data, int targetIndex) {
        return switch (values) {
            case LeafValues.FixedSizeList list -> {
                int items = itemsPerRow * list.dimension();
                int at = targetIndex;
                if (list.itemValidity() != null) {
                    copyBits(list.itemValidity(), (long) row * items, items, data, at);
                    at += (items + 7) / 8;
                }
                yield putRow(list.items(), row, items, data, at);
            }
            case LeafValues.FixedWidth fixed -> {
                int bytes = Math.toIntExact((long) itemsPerRow * fixed.bitsPerValue() / 8);
                System.arraycopy(fixed.bytes(), row * bytes, data, targetIndex, bytes);
                yield targetIndex + bytes;
            }
            case LeafValues.VariableWidth _, LeafValues.Indexed _, LeafValues.Packed _, LeafValues.BlobDescriptors _,
                    LeafValues.None _ -> throw new IllegalStateException();
        };
    }

    private static void copyBits(byte[] source, long startBit, int count, byte[] data, int targetIndex) {
        for (int i = 0; i < count; i++) {
            long bit = startBit + i;
            int value = source[(int) (bit >>> 3)] >> (bit & 7) & 1;
            data[targetIndex + (i >>> 3)] |= (byte) (value << (i & 7));
        }
    }

    private static int bytesPerRow(LeafValues values) {
        long bits = 0;
        long items = 1;
        LeafValues at = values;
        while (at instanceof LeafValues.FixedSizeList list) {
            items *= list.dimension();
            bits += list.itemValidity() == null ? 0 : (items + 7) / 8 * 8;
            at = list.items();
        }
        bits += items * values.innermost().bitsPerValue();
        if (bits % 8 != 0) {
            throw new IllegalArgumentException("values of " + bits + " bits are not whole bytes");
        }
        return Math.toIntExact(bits / 8);
    }

    private EncodedPage writeVariable(PerValueEncoder encoded) {
        LeafValues.VariableWidth values = encoded.values();
        int lengthBytes = values.bitsPerOffset() / 8;
        long total = (long) levels.levelCount() * wordBytes;
        int slots = 0;
        for (int entry = 0; entry < levels.levelCount(); entry++) {
            if (isValid(entry)) {
                total += lengthBytes + values.length(slots);
            }
            slots += isVisible(entry) ? 1 : 0;
        }
        byte[] data = new byte[Math.toIntExact(total)];
        int[] rowStarts = new int[rowCount() + 1];
        int at = 0;
        int slot = 0;
        int row = 0;
        for (int entry = 0; entry < levels.levelCount(); entry++) {
            if (startsRow(entry)) {
                rowStarts[row++] = at;
            }
            putWord(data, at, entry);
            at += wordBytes;
            if (isValid(entry)) {
                int length = values.length(slot);
                if (lengthBytes == 4) {
                    LittleEndian.putInt(data, at, length);
                } else {
                    LittleEndian.putLong(data, at, length);
                }
                System.arraycopy(values.bytes(), values.offsets()[slot], data, at + lengthBytes, length);
                at += lengthBytes + length;
            }
            slot += isVisible(entry) ? 1 : 0;
        }
        rowStarts[row] = at;
        return new EncodedPage(
                layout(values.bitsPerOffset(), true, encoded.encoding()),
                List.of(ByteSlice.of(data), ByteSlice.of(rowIndex(rowStarts))));
    }

    private boolean isValid(int entry) {
        return levels.definition() == null || levels.definition()[entry] == 0;
    }

    private boolean isVisible(int entry) {
        return levels.definition() == null || levels.definition()[entry] <= levels.maxVisible();
    }

    private boolean startsRow(int entry) {
        return levels.repetition() == null || levels.repetition()[entry] == levels.maxRepetition();
    }

    private int rowCount() {
        if (levels.repetition() == null) {
            return levels.levelCount();
        }
        int rows = 0;
        for (int entry = 0; entry < levels.levelCount(); entry++) {
            rows += startsRow(entry) ? 1 : 0;
        }
        return rows;
    }

    private ByteSlice rowIndexOfFixed(int valueBytes) {
        int[] rowStarts = new int[rowCount() + 1];
        int at = 0;
        int row = 0;
        for (int entry = 0; entry < levels.levelCount(); entry++) {
            if (startsRow(entry)) {
                rowStarts[row++] = at;
            }
            at += wordBytes + (isVisible(entry) ? valueBytes : 0);
        }
        rowStarts[row] = at;
        return ByteSlice.of(rowIndex(rowStarts));
    }

    /// As many bytes for each as the last needs: 1, 2 or 4.
    private static byte[] rowIndex(int[] rowStarts) {
        int last = rowStarts[rowStarts.length - 1];
        int width = last <= 0xFF ? 1 : last <= 0xFFFF ? 2 : 4;
        byte[] index = new byte[Math.multiplyExact(width, rowStarts.length)];
        for (int i = 0; i < rowStarts.length; i++) {
            switch (width) {
                case 1 -> index[i] = (byte) rowStarts[i];
                case 2 -> LittleEndian.putShort(index, 2 * i, (short) rowStarts[i]);
                default -> LittleEndian.putInt(index, 4 * i, rowStarts[i]);
            }
        }
        return index;
    }

    private PageLayout layout(int bits, boolean variable, CompressiveEncoding encoding) {
        return new PageLayout.FullZipLayout(
                repetitionBits, definitionBits, bits, variable, levels.levelCount(), levels.slotCount(), encoding,
                levels.layers());
    }
}
