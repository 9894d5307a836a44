// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.internal.encoding.compress.BitpackingEncoder;
import dev.joust.format.internal.encoding.compress.BlockEncoder;
import dev.joust.format.internal.encoding.compress.FlatEncoder;
import dev.joust.format.internal.encoding.compress.FsstEncoder;
import dev.joust.format.internal.encoding.compress.MiniBlockValues;
import dev.joust.format.internal.encoding.compress.PackedStructEncoder;
import dev.joust.format.internal.encoding.compress.PerValueEncoder;
import dev.joust.format.internal.encoding.compress.RleEncoder;
import dev.joust.format.internal.encoding.compress.VariableEncoder;
import dev.joust.format.internal.encoding.page.ConstantWriter;
import dev.joust.format.internal.encoding.page.EncodedPage;
import dev.joust.format.internal.encoding.page.PageLayout;
import dev.joust.format.internal.encoding.page.fullzip.FullZipWriter;
import dev.joust.format.internal.encoding.page.miniblock.MiniBlockWriter;
import dev.joust.format.internal.encoding.repdef.RepDefBuilder;
import dev.joust.format.internal.encoding.repdef.RepDefLayer;
import dev.joust.format.internal.encoding.repdef.RepDefLevels;

/// Encodes one page in the smallest of the forms that suit its values (spec: file format 5.2 to 5.5). Thread-safe:
/// it keeps nothing, and the page data is its caller's alone.
public final class PageEncoder {
    /// Values from this size on are zipped one by one, smaller ones go into mini-blocks.
    private static final int FULL_ZIP_BYTES = 256;

    /// Below this, a symbol table of 2.3 KiB does not pay.
    private static final int LEAST_FSST_BYTES = 32 << 10;

    private static final int LEAST_FSST_LENGTH = 5;

    /// Values longer than this are compressed one by one with zstd.
    private static final int ZSTD_LENGTH = 32 << 10;

    private static final int LEAST_DICTIONARY_VALUES = 100;
    private static final int MAX_DICTIONARY_ITEMS = 100_000;

    /// A dictionary page this much smaller than its values is taken without a look at other forms.
    private static final double CLEAR_DICTIONARY_RATIO = 0.4;

    /// Levels of a page that has to be cut because of them, at most, unless one row alone has more.
    private static final int MAX_PART_LEVELS = 32767;

    private final FileVersion version;

    private final boolean text;

    /// @param version 2.1 or 2.2
    /// @param text    the column holds text, not arbitrary bytes
    public PageEncoder(FileVersion version, boolean text) {
        this.version = version;
        this.text = text;
    }

    /// One page and the rows it holds.
    public record EncodedRows(long firstRow, long rowCount, EncodedPage page) {}

    /// Encodes at least one row, as one page where that can be. The values of null slots may be overwritten.
    public List<EncodedRows> encode(PageData data) {
        if (data.layers().isEmpty() && data.values() instanceof LeafValues.None) {
            return List.of(new EncodedRows(data.firstRow(), data.rowCount(), ConstantWriter.allNull()));
        }
        RepDefLevels levels = data.levels();
        if (levels.slotCount() != data.values().count()) {
            throw new IllegalArgumentException(
                    levels.slotCount() + " slots by the lists above, " + data.values().count() + " values");
        }
        EncodedPage page = encode(data.values(), levels);
        if (page != null) {
            return List.of(new EncodedRows(data.firstRow(), data.rowCount(), page));
        }
        List<EncodedRows> parts = new ArrayList<>();
        addParts(data, levels, parts);
        return parts;
    }

    /// Cuts rows with many null and empty lists into pages whose levels can be stored.
    private void addParts(PageData data, RepDefLevels levels, List<EncodedRows> target) {
        int entry = 0;
        int slot = 0;
        long row = data.firstRow();
        while (entry < levels.levelCount()) {
            int firstEntry = entry;
            int firstSlot = slot;
            long firstRow = row;
            do {
                int rowStart = entry;
                int rowSlot = slot;
                do {
                    slot += levels.isVisible(entry) ? 1 : 0;
                    entry++;
                } while (entry < levels.levelCount() && !levels.startsRow(entry));
                if (row > firstRow && entry - firstEntry > MAX_PART_LEVELS) {
                    entry = rowStart;
                    slot = rowSlot;
                    break;
                }
                row++;
            } while (entry < levels.levelCount());
            RepDefLevels partLevels = levels.slice(firstEntry, entry, slot - firstSlot);
            LeafValues partValues = data.values().slice(firstSlot, slot);
            EncodedPage page = encode(partValues, partLevels);
            target.add(new EncodedRows(
                    firstRow, row - firstRow, page != null ? page : oneLongRow(partValues, partLevels)));
        }
    }

    /// A row with more null and empty lists than a chunk can hold is zipped, however small its values.
    private static EncodedPage oneLongRow(LeafValues values, RepDefLevels levels) {
        return switch (values) {
            case LeafValues.VariableWidth variable -> FullZipWriter.write(PerValueEncoder.plain(variable), levels);
            case LeafValues.FixedWidth(int bits, int _, byte[] _) when bits == 1 ->
                throw new UnsupportedFormatException(
                        "a row of more than " + MAX_PART_LEVELS + " null or empty lists of booleans is not written");
            case LeafValues.FixedWidth _, LeafValues.FixedSizeList _ -> FullZipWriter.write(values, levels);
            case LeafValues.Packed packed -> FullZipWriter.write(zipped(packed, levels.slotValidity()), levels);
            case LeafValues.Indexed _ ->
                throw new UnsupportedFormatException(
                        "a row of more than " + MAX_PART_LEVELS + " null or empty lists of dictionary values is not written");
            case LeafValues.BlobDescriptors _, LeafValues.None _ -> throw new IllegalStateException();
        };
    }

    /// @return null if the levels do not fit one page
    private @Nullable EncodedPage encode(LeafValues values, RepDefLevels levels) {
        if (values instanceof LeafValues.BlobDescriptors blobs) {
            return blobs(blobs, levels);
        }
        byte[] validity = levels.slotValidity();
        if (!anyValid(validity, values.count())) {
            return levels.layers().equals(List.of(RepDefLayer.NULLABLE_ITEM))
                    ? ConstantWriter.allNull()
                    : ConstantWriter.levelsOnly(levels, version);
        }
        return switch (values) {
            case LeafValues.FixedWidth fixed -> fixedWidth(fixed, validity, levels);
            case LeafValues.VariableWidth variable -> variableWidth(variable, validity, levels);
            case LeafValues.FixedSizeList list -> fixedSizeList(list, validity, levels);
            case LeafValues.Indexed indexed -> indexed(indexed, validity, levels);
            case LeafValues.Packed packed ->
                PackedStructEncoder.isFixedWidth(packed)
                        ? miniBlockPage(PackedStructEncoder.miniBlock(packed), levels)
                        : FullZipWriter.write(zipped(packed, validity), levels);
            case LeafValues.BlobDescriptors _, LeafValues.None _ -> throw new IllegalStateException();
        };
    }

    /// The inner page knows no nulls: a null is a descriptor of size 0 whose position is its levels.
    private EncodedPage blobs(LeafValues.BlobDescriptors values, RepDefLevels levels) {
        short[] definition = levels.definition();
        for (int slot = 0; definition != null && slot < values.count(); slot++) {
            if (definition[slot] != 0) {
                LittleEndian.putLong(values.positions().bytes(), 8 * slot, (long) definition[slot] << 16);
                LittleEndian.putLong(values.sizes().bytes(), 8 * slot, 0);
            }
        }
        var descriptors = new LeafValues.Packed(
                values.count(),
                List.of(
                        new LeafValues.PackedField(values.positions(), false),
                        new LeafValues.PackedField(values.sizes(), false)));
        RepDefLevels without = new RepDefBuilder(values.count()).addItems(null).build();
        EncodedPage inner = MiniBlockWriter.write(PackedStructEncoder.miniBlock(descriptors), without, null, 0, version);
        return new EncodedPage(new PageLayout.BlobLayout(inner.layout(), levels.layers()), inner.buffers());
    }

    private static boolean anyValid(byte @Nullable [] validity, int count) {
        if (validity == null) {
            return count > 0;
        }
        for (byte bits : validity) {
            if (bits != 0) {
                return true;
            }
        }
        return false;
    }

    private @Nullable EncodedPage miniBlockPage(MiniBlockValues values, RepDefLevels levels) {
        return MiniBlockWriter.fits(values, levels)
                ? MiniBlockWriter.write(values, levels, null, 0, version)
                : null;
    }

    private boolean isV2_1() {
        return version == FileVersion.V2_1;
    }

    private int wordBytes() {
        return isV2_1() ? 2 : 4;
    }

    private @Nullable EncodedPage fixedWidth(LeafValues.FixedWidth values, byte @Nullable [] validity, RepDefLevels levels) {
        fillNulls(values, validity);
        EncodedPage constant = isV2_1() || !isConstant(values, validity)
                ? null
                : ConstantWriter.value(values, firstValid(validity), levels);
        if (constant != null && levels.definition() == null && levels.repetition() == null) {
            return constant;
        }
        EncodedPage page = values.bitsPerValue() >= FULL_ZIP_BYTES * 8
                ? FullZipWriter.write(values, levels)
                : miniBlockPage(miniBlock(values, levels), levels);
        if (mayHaveDictionary(values)) {
            page = smaller(page, dictionaryPage(values, validity, levels));
        }
        return smaller(page, constant);
    }

    /// The smallest of flat, bit-packed and run-length encoded, levels counted.
    private MiniBlockValues miniBlock(LeafValues.FixedWidth values, RepDefLevels levels) {
        MiniBlockValues best = FlatEncoder.miniBlock(values);
        if (!BitpackingEncoder.packs(values.bitsPerValue())) {
            return best;
        }
        int[] widths = BitpackingEncoder.groupWidths(values);
        if (BitpackingEncoder.inlineSizeBytes(values.bitsPerValue(), widths) < values.sizeBytes()) {
            best = smaller(best, BitpackingEncoder.miniBlock(values, widths), levels);
        }
        if (RleEncoder.estimateSizeBytes(values) < best.sizeBytes(wordBytes())) {
            best = smaller(best, RleEncoder.miniBlock(values), levels);
        }
        return best;
    }

    private MiniBlockValues smaller(MiniBlockValues first, MiniBlockValues second, RepDefLevels levels) {
        return sizeBytes(second, levels) < sizeBytes(first, levels) ? second : first;
    }

    /// Levels of one bit take 128 bytes per 1024 values or part of that.
    private long sizeBytes(MiniBlockValues values, RepDefLevels levels) {
        long total = values.sizeBytes(wordBytes());
        if (levels.definition() != null) {
            for (int count : values.chunkValueCounts()) {
                total += Math.min(2L * count, 128L * ((count + 1023) / 1024));
            }
        }
        return total;
    }

    private boolean mayHaveDictionary(LeafValues.FixedWidth values) {
        return values.count() >= LEAST_DICTIONARY_VALUES && values.bitsPerValue() >= (isV2_1() ? 128 : 64);
    }

    private @Nullable EncodedPage dictionaryPage(LeafValues values, byte @Nullable [] validity, RepDefLevels levels) {
        DictionaryBuilder.Dictionary dictionary = DictionaryBuilder.build(
                values, validity, Math.clamp(values.count() / 2, 1, MAX_DICTIONARY_ITEMS));
        if (dictionary == null) {
            return null;
        }
        return dictionaryPage(dictionary.indices(), dictionary.items(), levels);
    }

    private @Nullable EncodedPage dictionaryPage(LeafValues.FixedWidth indices, LeafValues items, RepDefLevels levels) {
        MiniBlockValues chunks = miniBlock(indices, levels);
        return MiniBlockWriter.fits(chunks, levels)
                ? MiniBlockWriter.write(chunks, levels, BlockEncoder.encode(items, !isV2_1()), items.count(), version)
                : null;
    }

    private @Nullable EncodedPage indexed(LeafValues.Indexed values, byte @Nullable [] validity, RepDefLevels levels) {
        fillNulls(values.indices(), validity);
        return dictionaryPage(values.indices(), values.items(), levels);
    }

    private @Nullable EncodedPage variableWidth(
            LeafValues.VariableWidth values, byte @Nullable [] validity, RepDefLevels levels) {
        EncodedPage constant = isV2_1() || !isConstant(values, validity)
                ? null
                : ConstantWriter.value(values, firstValid(validity), levels);
        if (constant != null && levels.definition() == null && levels.repetition() == null) {
            return constant;
        }
        EncodedPage dictionary =
                values.count() < LEAST_DICTIONARY_VALUES ? null : dictionaryPage(values, validity, levels);
        if (dictionary != null && dictionary.sizeBytes() < CLEAR_DICTIONARY_RATIO * values.sizeBytes()) {
            return smaller(dictionary, constant);
        }
        int longest = longest(values);
        EncodedPage page = longest >= FULL_ZIP_BYTES
                ? FullZipWriter.write(perValue(values, longest, text), levels)
                : miniBlockPage(miniBlock(values, longest), levels);
        return smaller(smaller(page, dictionary), constant);
    }

    private static PerValueEncoder zipped(LeafValues.Packed values, byte @Nullable [] validity) {
        List<PackedStructEncoder.Field> fields = new ArrayList<>();
        for (LeafValues.PackedField field : values.fields()) {
            fields.add(field.values() instanceof LeafValues.VariableWidth variable
                    ? PackedStructEncoder.variable(perValue(variable, longest(variable), field.text()))
                    : PackedStructEncoder.fixed(field.values()));
        }
        return PackedStructEncoder.zip(fields, values.count(), validity);
    }

    private static boolean suitsFsst(LeafValues.VariableWidth values, int longest, boolean text) {
        return text && longest >= LEAST_FSST_LENGTH && values.byteCount() >= LEAST_FSST_BYTES;
    }

    private MiniBlockValues miniBlock(LeafValues.VariableWidth values, int longest) {
        FsstEncoder encoded = suitsFsst(values, longest, text) ? FsstEncoder.encode(values) : null;
        return encoded == null
                ? VariableEncoder.miniBlock(values, VariableEncoder.encoding(values))
                : VariableEncoder.miniBlock(encoded.values(), encoded.encoding());
    }

    private static int longest(LeafValues.VariableWidth values) {
        int longest = 0;
        for (int i = 0; i < values.count(); i++) {
            longest = Math.max(longest, values.length(i));
        }
        return longest;
    }

    private static PerValueEncoder perValue(LeafValues.VariableWidth values, int longest, boolean text) {
        PerValueEncoder compressed = null;
        if (longest > ZSTD_LENGTH && values.byteCount() >= LEAST_FSST_BYTES) {
            compressed = PerValueEncoder.zstd(values);
        } else if (suitsFsst(values, longest, text)) {
            compressed = PerValueEncoder.fsst(values);
        }
        return compressed == null ? PerValueEncoder.plain(values) : compressed;
    }

    private @Nullable EncodedPage fixedSizeList(
            LeafValues.FixedSizeList values, byte @Nullable [] validity, RepDefLevels levels) {
        LeafValues.FixedSizeList cleaned = NullItems.withoutThoseOfNullRows(values, validity);
        if (cleaned.items() instanceof LeafValues.FixedWidth && NullItems.areAll(cleaned)) {
            return FullZipWriter.writeNullItems(cleaned, levels);
        }
        boolean bits = FlatEncoder.bitsPerItem(cleaned) == 1;
        return FlatEncoder.bitsPerRow(cleaned) >= FULL_ZIP_BYTES * 8L && !bits
                ? FullZipWriter.write(cleaned, levels)
                : miniBlockPage(FlatEncoder.miniBlock(cleaned), levels);
    }

    private static @Nullable EncodedPage smaller(@Nullable EncodedPage first, @Nullable EncodedPage second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        return second.sizeBytes() < first.sizeBytes() ? second : first;
    }

    private static boolean isValid(byte @Nullable [] validity, int slot) {
        return validity == null || (validity[slot >>> 3] >> (slot & 7) & 1) != 0;
    }

    private static int firstValid(byte @Nullable [] validity) {
        int slot = 0;
        while (!isValid(validity, slot)) {
            slot++;
        }
        return slot;
    }

    /// Gives each null slot the value before it (the first ones the value after them): whatever they held, they
    /// neither widen nor interrupt what is around them.
    private static void fillNulls(LeafValues.FixedWidth values, byte @Nullable [] validity) {
        if (validity == null || values.bitsPerValue() == 1) {
            return;
        }
        int width = values.bytesPerValue();
        byte[] bytes = values.bytes();
        int last = firstValid(validity);
        for (int slot = 0; slot < values.count(); slot++) {
            if (isValid(validity, slot)) {
                last = slot;
            } else {
                System.arraycopy(bytes, last * width, bytes, slot * width, width);
            }
        }
    }

    /// Whether all valid values are equal; null slots have been filled.
    private static boolean isConstant(LeafValues.FixedWidth values, byte @Nullable [] validity) {
        byte[] bytes = values.bytes();
        if (values.bitsPerValue() != 1) {
            int width = values.bytesPerValue();
            int end = values.count() * width;
            return Arrays.mismatch(bytes, 0, end - width, bytes, width, end) < 0;
        }
        int first = firstValid(validity);
        int value = bytes[first >>> 3] >> (first & 7) & 1;
        for (int slot = first + 1; slot < values.count(); slot++) {
            if ((bytes[slot >>> 3] >> (slot & 7) & 1) != value && isValid(validity, slot)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isConstant(LeafValues.VariableWidth values, byte @Nullable [] validity) {
        int[] offsets = values.offsets();
        int first = firstValid(validity);
        for (int slot = first + 1; slot < values.count(); slot++) {
            if (isValid(validity, slot)
                    && !Arrays.equals(values.bytes(), offsets[first], offsets[first + 1],
                            values.bytes(), offsets[slot], offsets[slot + 1])) {
                return false;
            }
        }
        return true;
    }
}
