// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20.write;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.bytes.ByteSlice;
import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.internal.encoding.compress.CompressionScheme;
import dev.joust.format.internal.encoding.compress.CompressiveEncoding;
import dev.joust.format.internal.encoding.compress.FsstEncoder;
import dev.joust.format.internal.encoding.compress.GeneralEncoder;
import dev.joust.format.internal.encoding.v20.ArrayEncoding;
import dev.joust.format.internal.encoding.v20.ArrayEncodingCodec;
import dev.joust.format.internal.encoding.write.NullItems;
import dev.joust.format.internal.file.FilePage;
import dev.joust.format.schema.LogicalType;

/// Values of one leaf to the buffers of a page and the tree of encodings that describes them. Used once, not
/// thread-safe.
final class LeafPageEncoder {
    private final PageBuffers buffers = new PageBuffers();
    private final LeafForm form;

    private LeafPageEncoder(LeafForm form) {
        this.form = form;
    }

    /// @param validity bit per value, 1 = valid; null where no value is null
    static FilePage encode(LeafValues values, byte @Nullable [] validity, LeafForm form) {
        var encoder = new LeafPageEncoder(form);
        ArrayEncoding encoding = encoder.encode(values, validity);
        return new FilePage(
                values.count(), 0, ArrayEncodingCodec.toEncodedMessage(encoding), encoder.buffers.slices());
    }

    private ArrayEncoding encode(LeafValues values, byte @Nullable [] validity) {
        return switch (values) {
            case LeafValues.None none -> nulls(none.count());
            case LeafValues.FixedWidth fixed -> nullable(fixed, validity);
            case LeafValues.FixedSizeList list -> nullable(list, validity);
            case LeafValues.VariableWidth variable -> text(variable, validity);
            case LeafValues.Indexed indexed -> dictionary(indexed, validity);
            case LeafValues.Packed packed -> packed(PackedRows.of(packed));
            case LeafValues.BlobDescriptors blobs -> packed(PackedRows.of(blobs, validity));
        };
    }

    private ArrayEncoding packed(PackedRows rows) {
        return new ArrayEncoding.PackedStruct(rows.fields(), buffers.add(rows.bytes()));
    }

    private ArrayEncoding nulls(int count) {
        var nulls = new ArrayEncoding.AllNulls();
        return form.field().type() instanceof LogicalType.Dictionary(var _, LogicalType.Int index)
                ? new ArrayEncoding.Dictionary(
                        encode(new LeafValues.FixedWidth(index.bitWidth(), count, new byte[count * (index.bitWidth() / 8)]), null), nulls, 1)
                : nulls;
    }

    private ArrayEncoding nullable(LeafValues values, byte @Nullable [] validity) {
        int nullCount = Validity.nullCount(validity, values.count());
        if (nullCount == values.count()) {
            return new ArrayEncoding.AllNulls();
        }
        if (validity == null || nullCount == 0) {
            return new ArrayEncoding.NoNulls(valuesOf(values, null));
        }
        var bitmap = new ArrayEncoding.Flat(1, buffers.add(validity, (values.count() + 7L) / 8), null);
        return new ArrayEncoding.SomeNulls(bitmap, valuesOf(values, validity));
    }

    private ArrayEncoding valuesOf(LeafValues values, byte @Nullable [] validity) {
        return switch (values) {
            case LeafValues.FixedWidth fixed -> flat(fixed);
            case LeafValues.FixedSizeList list -> new ArrayEncoding.FixedSizeList(list.dimension(), items(list, validity));
            case LeafValues.VariableWidth _, LeafValues.Indexed _, LeafValues.Packed _, LeafValues.BlobDescriptors _,
                    LeafValues.None _ ->
                throw new IllegalStateException();
        };
    }

    private ArrayEncoding flat(LeafValues.FixedWidth values) {
        return new ArrayEncoding.Flat(values.bitsPerValue(), buffers.add(values.bytes(), values.sizeBytes()), null);
    }

    private ArrayEncoding items(LeafValues.FixedSizeList list, byte @Nullable [] validity) {
        if (!Validity.anyItemValid(list, validity)) {
            return new ArrayEncoding.AllNulls();
        }
        LeafValues.FixedSizeList needed = NullItems.withoutThoseOfNullRows(list, validity);
        return encode(needed.items(), needed.itemValidity());
    }

    private ArrayEncoding text(LeafValues.VariableWidth values, byte @Nullable [] validity) {
        StringDictionary dictionary = form.stringDictionary() ? StringDictionary.of(values, validity) : null;
        if (dictionary != null) {
            ArrayEncoding indices = encode(dictionary.indices(), null);
            return new ArrayEncoding.Dictionary(
                    indices,
                    binary(dictionary.items(), dictionary.itemValidity(), null),
                    dictionary.items().count());
        }
        FsstEncoder codes = form.fsst() ? FsstEncoder.encode(values) : null;
        if (codes != null && codes.encoding() instanceof CompressiveEncoding.Fsst fsst) {
            return new ArrayEncoding.Fsst(binary(codes.values(), validity, null), fsst.symbolTable());
        }
        return binary(values, validity, form.scheme());
    }

    private ArrayEncoding dictionary(LeafValues.Indexed values, byte @Nullable [] validity) {
        NullItem dictionary = NullItem.added(values, validity, form);
        ArrayEncoding indices = encode(dictionary.values().indices(), null);
        LeafValues items = dictionary.values().items();
        ArrayEncoding encodedItems = items instanceof LeafValues.VariableWidth variable
                ? binary(variable, dictionary.itemValidity(), null)
                : encode(items, dictionary.itemValidity());
        return new ArrayEncoding.Dictionary(indices, encodedItems, items.count());
    }

    private ArrayEncoding binary(
            LeafValues.VariableWidth values, byte @Nullable [] validity, @Nullable CompressionScheme scheme) {
        int count = values.count();
        long nullAdjustment = values.byteCount() + 1L;
        byte[] ends = new byte[Math.multiplyExact(8, count)];
        for (int i = 0; i < count; i++) {
            boolean isNull = !Validity.isValid(validity, i);
            LittleEndian.putLong(ends, 8 * i, values.offsets()[i + 1] + (isNull ? nullAdjustment : 0));
        }
        var indices = new ArrayEncoding.NoNulls(new ArrayEncoding.Flat(64, buffers.add(ends, ends.length), null));
        return new ArrayEncoding.Binary(indices, bytes(values, scheme), nullAdjustment);
    }

    private ArrayEncoding bytes(LeafValues.VariableWidth values, @Nullable CompressionScheme scheme) {
        var plain = new ByteSlice(values.bytes(), 0, values.byteCount());
        ByteSlice compressed = scheme == null ? plain : new GeneralEncoder(scheme).compress(plain);
        return compressed.length() < plain.length()
                ? new ArrayEncoding.Flat(8, buffers.add(compressed), scheme)
                : new ArrayEncoding.Flat(8, buffers.add(plain), null);
    }
}
