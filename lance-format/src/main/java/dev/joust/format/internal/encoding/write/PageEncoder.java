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
import dev.joust.format.internal.encoding.compress.FlatEncoder;
import dev.joust.format.internal.encoding.compress.MiniBlockValues;
import dev.joust.format.internal.encoding.compress.PackedStructEncoder;
import dev.joust.format.internal.encoding.compress.PerValueEncoder;
import dev.joust.format.internal.encoding.page.ConstantWriter;
import dev.joust.format.internal.encoding.page.EncodedPage;
import dev.joust.format.internal.encoding.page.PageLayout;
import dev.joust.format.internal.encoding.page.fullzip.FullZipWriter;
import dev.joust.format.internal.encoding.page.miniblock.MiniBlockWriter;
import dev.joust.format.internal.encoding.repdef.RepDefBuilder;
import dev.joust.format.internal.encoding.repdef.RepDefLayer;
import dev.joust.format.internal.encoding.repdef.RepDefLevels;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Encodes one page in the smallest of the forms that suit its values (spec: file format 5.2 to 5.5). Thread-safe:
/// it keeps nothing, and the page data is its caller's alone.
public final class PageEncoder {
    /// Values from this size on are zipped one by one, smaller ones go into mini-blocks.
    private static final int FULL_ZIP_BYTES = 256;

    private static final int LEAST_DICTIONARY_VALUES = 100;

    /// Longer values are zipped even if mini-blocks are asked for.
    private static final int MAX_MINI_BLOCK_VALUE_BYTES = 8 << 10;

    /// A dictionary page this much smaller than its values is taken without a look at other forms.
    private static final double CLEAR_DICTIONARY_RATIO = 0.4;

    /// Levels of a page that has to be cut because of them, at most, unless one row alone has more.
    private static final int MAX_PART_LEVELS = 32767;

    private final FileVersion version;
    private final EncodingRequest request;
    private final ValueEncodings encodings;
    private final List<EncodingRequest> fieldRequests;

    /// @param version       2.1 or 2.2
    /// @param text          the column holds text, not arbitrary bytes
    /// @param fieldRequests what is asked for the fields of a packed struct
    PageEncoder(FileVersion version, boolean text, EncodingRequest request, List<EncodingRequest> fieldRequests) {
        this.version = version;
        this.request = request;
        this.encodings = new ValueEncodings(version, text, request);
        this.fieldRequests = List.copyOf(fieldRequests);
    }

    /// For a column with what its metadata asks for.
    ///
    /// @param version 2.1 or 2.2
    /// @param root    the top-level field that the column lies in
    /// @param leaf    the column's own field
    /// @throws IllegalArgumentException if the metadata asks for what there is not
    public static PageEncoder of(FileVersion version, Field root, Field leaf) {
        return new PageEncoder(
                version,
                leaf.type() instanceof LogicalType.Utf8,
                EncodingRequest.of(root, leaf),
                leaf.children().stream().map(child -> EncodingRequest.of(root, child)).toList());
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
    private EncodedPage oneLongRow(LeafValues values, RepDefLevels levels) {
        return switch (values) {
            case LeafValues.VariableWidth variable -> FullZipWriter.write(PerValueEncoder.plain(variable), levels);
            case LeafValues.FixedWidth fixed -> FullZipWriter.write(wholeBytes(fixed), levels);
            case LeafValues.FixedSizeList _ -> FullZipWriter.write(values, levels);
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
        return MiniBlockWriter.write(values, levels, null, 0, version);
    }

    private boolean isV2_1() {
        return version == FileVersion.V2_1;
    }

    /// @param sizeBytes of the longest value
    private boolean zips(long sizeBytes) {
        return switch (request.structure()) {
            case AUTOMATIC -> sizeBytes >= FULL_ZIP_BYTES;
            case FULL_ZIP -> true;
            case MINI_BLOCK -> sizeBytes > MAX_MINI_BLOCK_VALUE_BYTES;
        };
    }

    /// Zipped booleans take a byte each.
    private static LeafValues.FixedWidth wholeBytes(LeafValues.FixedWidth values) {
        if (values.bitsPerValue() != 1) {
            return values;
        }
        byte[] bytes = new byte[values.count()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values.bytes()[i >>> 3] >> (i & 7) & 1);
        }
        return new LeafValues.FixedWidth(8, values.count(), bytes);
    }

    private @Nullable EncodedPage fixedWidth(LeafValues.FixedWidth values, byte @Nullable [] validity, RepDefLevels levels) {
        fillNulls(values, validity);
        EncodedPage constant = isV2_1() || !isConstant(values, validity)
                ? null
                : ConstantWriter.value(values, firstValid(validity), levels);
        if (constant != null && levels.definition() == null && levels.repetition() == null) {
            return constant;
        }
        EncodedPage page = zips(values.bytesPerValue())
                ? FullZipWriter.write(wholeBytes(values), levels)
                : miniBlockPage(encodings.miniBlock(values, levels), levels);
        if (mayHaveDictionary(values)) {
            page = smaller(page, dictionaryPage(values, validity, levels));
        }
        return smaller(page, constant);
    }

    private boolean mayHaveDictionary(LeafValues.FixedWidth values) {
        return values.count() >= LEAST_DICTIONARY_VALUES && values.bitsPerValue() >= (isV2_1() ? 128 : 64);
    }

    private @Nullable EncodedPage dictionaryPage(LeafValues values, byte @Nullable [] validity, RepDefLevels levels) {
        DictionaryBuilder.Dictionary dictionary = DictionaryBuilder.build(values, validity, request);
        if (dictionary == null) {
            return null;
        }
        return dictionaryPage(dictionary.indices(), dictionary.items(), levels);
    }

    private @Nullable EncodedPage dictionaryPage(LeafValues.FixedWidth indices, LeafValues items, RepDefLevels levels) {
        return MiniBlockWriter.write(
                encodings.miniBlock(indices, levels), levels, encodings.dictionaryItems(items), items.count(), version);
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
        EncodedPage page = zips(longest)
                ? FullZipWriter.write(encodings.perValue(values, longest), levels)
                : miniBlockPage(encodings.miniBlock(values, longest), levels);
        return smaller(smaller(page, dictionary), constant);
    }

    private static int longest(LeafValues.VariableWidth values) {
        int longest = 0;
        for (int i = 0; i < values.count(); i++) {
            longest = Math.max(longest, values.length(i));
        }
        return longest;
    }

    private PerValueEncoder zipped(LeafValues.Packed values, byte @Nullable [] validity) {
        List<PackedStructEncoder.Field> fields = new ArrayList<>();
        for (LeafValues.PackedField field : values.fields()) {
            EncodingRequest asked =
                    fields.size() < fieldRequests.size() ? fieldRequests.get(fields.size()) : EncodingRequest.DEFAULT;
            fields.add(field.values() instanceof LeafValues.VariableWidth variable
                    ? PackedStructEncoder.variable(new ValueEncodings(version, field.text(), asked)
                            .perValue(variable, longest(variable)))
                    : PackedStructEncoder.fixed(field.values()));
        }
        return PackedStructEncoder.zip(fields, values.count(), validity);
    }

    private @Nullable EncodedPage fixedSizeList(
            LeafValues.FixedSizeList values, byte @Nullable [] validity, RepDefLevels levels) {
        LeafValues.FixedSizeList cleaned = NullItems.withoutThoseOfNullRows(values, validity);
        if (cleaned.items() instanceof LeafValues.FixedWidth && NullItems.areAll(cleaned)) {
            return FullZipWriter.writeNullItems(cleaned, levels);
        }
        boolean bits = FlatEncoder.bitsPerItem(cleaned) == 1;
        return zips(FlatEncoder.bitsPerRow(cleaned) / 8) && !bits
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
        for (int start = 0; start < values.count(); start += 8) {
            int nulls = ~validity[start >>> 3] & 0xFF;
            int end = Math.min(start + 8, values.count());
            if (nulls == 0) {
                last = end - 1;
                continue;
            }
            for (int slot = start; slot < end; slot++, nulls >>>= 1) {
                if ((nulls & 1) == 0) {
                    last = slot;
                } else {
                    copyValue(bytes, last, slot, width);
                }
            }
        }
    }

    private static void copyValue(byte[] bytes, int from, int to, int width) {
        switch (width) {
            case 1 -> bytes[to] = bytes[from];
            case 2 -> LittleEndian.putShort(bytes, 2 * to, LittleEndian.getShort(bytes, 2 * from));
            case 4 -> LittleEndian.putInt(bytes, 4 * to, LittleEndian.getInt(bytes, 4 * from));
            case 8 -> LittleEndian.putLong(bytes, 8 * to, LittleEndian.getLong(bytes, 8 * from));
            default -> System.arraycopy(bytes, from * width, bytes, to * width, width);
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
