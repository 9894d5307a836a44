// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20.write;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.bytes.ByteSlice;
import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.format.internal.encoding.v20.ArrayEncoding;
import dev.joust.format.internal.encoding.v20.BufferRef;
import dev.joust.format.schema.LogicalType;

/// Structs as rows of bytes: the fields side by side, all of fixed width (spec: file format, appendix B).
///
/// @param fields what each field is; only the widths matter to readers
record PackedRows(ByteSlice bytes, List<ArrayEncoding> fields) {
    /// Bytes of a value inside a row, or 0 for types that have no place there.
    static long widthBytes(LogicalType type) {
        return switch (type) {
            case LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _, LogicalType.FixedSizeBinary _,
                    LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _,
                    LogicalType.BFloat16 _ ->
                type.bitsPerValue() / 8;
            case LogicalType.FixedSizeList(LogicalType item, int dimension) ->
                item == null ? 0 : Math.multiplyExact(dimension, widthBytes(item));
            case LogicalType.Null _, LogicalType.Bool _, LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.Json _,
                    LogicalType.Dictionary _, LogicalType.Struct _, LogicalType.List _, LogicalType.Map _ ->
                0;
        };
    }

    static PackedRows of(LeafValues.Packed values) {
        List<ArrayEncoding> fields = new ArrayList<>();
        long rowBytes = 0;
        for (LeafValues.PackedField field : values.fields()) {
            fields.add(encoding(field.values()));
            rowBytes += field.values().sizeBytes() / Math.max(1, values.count());
        }
        byte[] rows = new byte[Math.toIntExact(rowBytes * values.count())];
        int offsetInRow = 0;
        for (LeafValues.PackedField field : values.fields()) {
            byte[] source = field.values().innermost().bytes();
            int width = (int) (field.values().sizeBytes() / Math.max(1, values.count()));
            for (int row = 0, at = offsetInRow; row < values.count(); row++, at += (int) rowBytes) {
                System.arraycopy(source, row * width, rows, at, width);
            }
            offsetInRow += width;
        }
        return new PackedRows(ByteSlice.of(rows), fields);
    }

    /// Position and size of blobs: 0 and 0 is empty, 1 and 0 null.
    static PackedRows of(LeafValues.BlobDescriptors blobs, byte @Nullable [] validity) {
        byte[] positions = blobs.positions().bytes();
        for (int row = 0; row < blobs.count(); row++) {
            if (!Validity.isValid(validity, row)) {
                LittleEndian.putLong(positions, 8 * row, 1);
            }
        }
        return of(new LeafValues.Packed(
                blobs.count(),
                List.of(
                        new LeafValues.PackedField(blobs.positions(), false),
                        new LeafValues.PackedField(blobs.sizes(), false))));
    }

    private static ArrayEncoding encoding(LeafValues values) {
        return new ArrayEncoding.NoNulls(switch (values) {
            case LeafValues.FixedWidth fixed ->
                new ArrayEncoding.Flat(fixed.bitsPerValue(), new BufferRef(0, BufferRef.Place.PAGE), null);
            case LeafValues.FixedSizeList list ->
                new ArrayEncoding.FixedSizeList(list.dimension(), encoding(list.items()));
            case LeafValues.VariableWidth _, LeafValues.Indexed _, LeafValues.Packed _, LeafValues.BlobDescriptors _,
                    LeafValues.None _ ->
                throw values.notFixed();
        });
    }
}
