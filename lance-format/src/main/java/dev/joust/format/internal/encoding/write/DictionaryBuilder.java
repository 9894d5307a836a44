// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;

/// Looks for repeated values: distinct ones in order of first appearance, and a u32 index per slot. Null slots
/// repeat the index before them.
///
/// Gives up as soon as the dictionary with its indices could not be much smaller than the values, or a sample
/// says so beforehand (spec: file format 5.5).
final class DictionaryBuilder {
    private static final int SAMPLE_BLOCKS = 32;
    private static final int SAMPLE_BLOCK_VALUES = 128;
    private static final double SAMPLE_UNIQUE_LIMIT = 0.98;
    private static final int MAX_ITEMS = 100_000;

    /// Distinct values and where each slot finds its own.
    ///
    /// @param indices u32 per slot
    record Dictionary(LeafValues items, LeafValues.FixedWidth indices) {}

    private final LeafValues values;
    private final Slots slots;

    /// Open addressing: item number + 1, 0 = free.
    private int[] table = new int[1 << 10];

    private int[] hashes = new int[1 << 9];
    private int[] firstSlots = new int[1 << 9];
    private int itemCount;

    private DictionaryBuilder(LeafValues values) {
        this.values = values;
        this.slots = switch (values) {
            case LeafValues.FixedWidth fixed -> new FixedSlots(fixed.bytes(), fixed.bytesPerValue());
            case LeafValues.VariableWidth variable -> new VariableSlots(variable.bytes(), variable.offsets());
            case LeafValues.FixedSizeList _, LeafValues.Indexed _, LeafValues.Packed _, LeafValues.BlobDescriptors _,
                    LeafValues.None _ ->
                throw new IllegalArgumentException("no dictionary of " + values.getClass().getSimpleName());
        };
    }

    /// @param validity bit per slot, null if all are valid
    /// @return null where a dictionary does not pay
    static @Nullable Dictionary build(LeafValues values, byte @Nullable [] validity, EncodingRequest request) {
        int maxItems = Math.clamp(values.count() / request.dictionaryDivisor(), 1, MAX_ITEMS);
        if (looksUnique(values, validity, maxItems)) {
            return null;
        }
        return new DictionaryBuilder(values).build(validity, maxItems, request);
    }

    /// Whether blocks taken from all over the page hold (nearly) only different values.
    private static boolean looksUnique(LeafValues values, byte @Nullable [] validity, int maxItems) {
        int sampleCount = SAMPLE_BLOCKS * SAMPLE_BLOCK_VALUES;
        if (values.count() < 2 * sampleCount) {
            return false;
        }
        var sample = new DictionaryBuilder(values);
        int stride = (values.count() - SAMPLE_BLOCK_VALUES) / (SAMPLE_BLOCKS - 1);
        int seen = 0;
        for (int block = 0; block < SAMPLE_BLOCKS; block++) {
            int start = block * stride;
            for (int slot = start; slot < start + SAMPLE_BLOCK_VALUES; slot++) {
                if (isValid(validity, slot)) {
                    sample.indexOf(slot);
                    seen++;
                }
            }
        }
        double uniqueRatio = seen == 0 ? 0 : (double) sample.itemCount / seen;
        return uniqueRatio >= SAMPLE_UNIQUE_LIMIT || uniqueRatio * values.count() > Math.max(maxItems, sampleCount);
    }

    private @Nullable Dictionary build(byte @Nullable [] validity, int maxItems, EncodingRequest request) {
        int count = values.count();
        byte[] indices = new byte[Math.multiplyExact(4, count)];
        long limitBytes = Math.min(
                (long) (values.sizeBytes() * request.dictionaryShare()) - values.count(), request.dictionarySizeBytes());
        long itemBytes = 0;
        int known = 0;
        int last = 0;
        for (int slot = 0; slot < count; slot++) {
            if (isValid(validity, slot)) {
                last = indexOf(slot);
                if (itemCount > known) {
                    known = itemCount;
                    itemBytes += slots.length(slot) + slots.overheadPerItem();
                    if (itemCount > maxItems || itemBytes > limitBytes) {
                        return null;
                    }
                }
            }
            LittleEndian.putInt(indices, 4 * slot, last);
        }
        return new Dictionary(items(), new LeafValues.FixedWidth(32, count, indices));
    }

    private static boolean isValid(byte @Nullable [] validity, int slot) {
        return validity == null || (validity[slot >>> 3] >> (slot & 7) & 1) != 0;
    }

    private int indexOf(int slot) {
        int hash = slots.hash(slot);
        int mask = table.length - 1;
        int at = hash & mask;
        while (table[at] != 0) {
            int item = table[at] - 1;
            if (hashes[item] == hash && slots.equal(firstSlots[item], slot)) {
                return item;
            }
            at = at + 1 & mask;
        }
        if (itemCount == hashes.length) {
            hashes = Arrays.copyOf(hashes, itemCount * 2);
            firstSlots = Arrays.copyOf(firstSlots, itemCount * 2);
        }
        hashes[itemCount] = hash;
        firstSlots[itemCount] = slot;
        table[at] = ++itemCount;
        if (itemCount * 2 > table.length) {
            rehash();
        }
        return itemCount - 1;
    }

    private void rehash() {
        table = new int[table.length * 2];
        int mask = table.length - 1;
        for (int item = 0; item < itemCount; item++) {
            int at = hashes[item] & mask;
            while (table[at] != 0) {
                at = at + 1 & mask;
            }
            table[at] = item + 1;
        }
    }

    private LeafValues items() {
        return switch (values) {
            case LeafValues.FixedWidth fixed -> {
                int width = fixed.bytesPerValue();
                byte[] items = new byte[itemCount * width];
                for (int item = 0; item < itemCount; item++) {
                    System.arraycopy(fixed.bytes(), firstSlots[item] * width, items, item * width, width);
                }
                yield new LeafValues.FixedWidth(fixed.bitsPerValue(), itemCount, items);
            }
            case LeafValues.VariableWidth variable -> {
                int[] offsets = new int[itemCount + 1];
                for (int item = 0; item < itemCount; item++) {
                    offsets[item + 1] = offsets[item] + variable.length(firstSlots[item]);
                }
                byte[] items = new byte[offsets[itemCount]];
                for (int item = 0; item < itemCount; item++) {
                    System.arraycopy(variable.bytes(), variable.offsets()[firstSlots[item]], items, offsets[item],
                            variable.length(firstSlots[item]));
                }
                yield new LeafValues.VariableWidth(variable.bitsPerOffset(), itemCount, offsets, items);
            }
            case LeafValues.FixedSizeList _, LeafValues.Indexed _, LeafValues.Packed _, LeafValues.BlobDescriptors _,
                    LeafValues.None _ -> throw new IllegalStateException();
        };
    }

    /// The bytes of each slot.
    private interface Slots {
        int hash(int slot);

        boolean equal(int slot, int otherSlot);

        int length(int slot);

        int overheadPerItem();
    }

    @SuppressWarnings("ArrayRecordComponent") // a view, compared by nobody
    private record FixedSlots(byte[] bytes, int width) implements Slots {
        @Override
        public int hash(int slot) {
            return hashOf(bytes, slot * width, width);
        }

        @Override
        public boolean equal(int slot, int otherSlot) {
            return sameBytes(bytes, slot * width, otherSlot * width, width);
        }

        @Override
        public int length(int slot) {
            return width;
        }

        @Override
        public int overheadPerItem() {
            return 0;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // a view, compared by nobody
    private record VariableSlots(byte[] bytes, int[] offsets) implements Slots {
        @Override
        public int hash(int slot) {
            return hashOf(bytes, offsets[slot], offsets[slot + 1] - offsets[slot]);
        }

        @Override
        public boolean equal(int slot, int otherSlot) {
            int length = offsets[slot + 1] - offsets[slot];
            return offsets[otherSlot + 1] - offsets[otherSlot] == length
                    && sameBytes(bytes, offsets[slot], offsets[otherSlot], length);
        }

        @Override
        public int length(int slot) {
            return offsets[slot + 1] - offsets[slot];
        }

        @Override
        public int overheadPerItem() {
            return 4;
        }
    }

    /// Eight bytes at a time: most are short, and a call would take longer than the bytes.
    private static boolean sameBytes(byte[] bytes, int start, int otherStart, int length) {
        int at = 0;
        for (; at + 8 <= length; at += 8) {
            if (LittleEndian.getLong(bytes, start + at) != LittleEndian.getLong(bytes, otherStart + at)) {
                return false;
            }
        }
        if (at < length && Math.max(start, otherStart) + at + 8 <= bytes.length) {
            long different = LittleEndian.getLong(bytes, start + at) ^ LittleEndian.getLong(bytes, otherStart + at);
            return (different & (-1L >>> (64 - 8 * (length - at)))) == 0;
        }
        for (; at < length; at++) {
            if (bytes[start + at] != bytes[otherStart + at]) {
                return false;
            }
        }
        return true;
    }

    private static int hashOf(byte[] bytes, int start, int length) {
        long hash = length * 0x9E3779B97F4A7C15L;
        int at = start;
        int end = start + length;
        for (; at + 8 <= end; at += 8) {
            hash = mix(hash ^ LittleEndian.getLong(bytes, at));
        }
        int left = end - at;
        long tail = 0;
        if (left > 0 && at + 8 <= bytes.length) {
            tail = LittleEndian.getLong(bytes, at) & (-1L >>> (64 - 8 * left));
        } else {
            for (int shift = 0; at < end; at++, shift += 8) {
                tail |= (bytes[at] & 0xFFL) << shift;
            }
        }
        hash = mix(hash ^ tail);
        return (int) (hash ^ hash >>> 32);
    }

    private static long mix(long value) {
        long mixed = value * 0xBF58476D1CE4E5B9L;
        return mixed ^ mixed >>> 29;
    }
}
