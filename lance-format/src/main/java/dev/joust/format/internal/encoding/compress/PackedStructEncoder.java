// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;

/// Structs in one column, row after row (spec: file format 3.6).
///
///     fields of fixed width only:  field | field | ...                      flat, in mini-blocks
///     else:                        value, or length and bytes | ...         zipped, one run of bytes per row
public final class PackedStructEncoder {
    private PackedStructEncoder() {}

    /// Whether every field is of plain fixed width.
    public static boolean isFixedWidth(LeafValues.Packed values) {
        return values.fields().stream().allMatch(field -> field.values() instanceof LeafValues.FixedWidth);
    }

    /// @param values all of plain fixed width, whole bytes
    public static MiniBlockValues miniBlock(LeafValues.Packed values) {
        List<Long> widths = new ArrayList<>();
        int rowBytes = 0;
        for (LeafValues.PackedField field : values.fields()) {
            int width = ((LeafValues.FixedWidth) field.values()).bytesPerValue();
            widths.add(8L * width);
            rowBytes = Math.addExact(rowBytes, width);
        }
        byte[] rows = new byte[Math.multiplyExact(rowBytes, values.count())];
        int offsetInRow = 0;
        for (LeafValues.PackedField field : values.fields()) {
            LeafValues.FixedWidth column = (LeafValues.FixedWidth) field.values();
            int width = column.bytesPerValue();
            for (int row = 0, at = offsetInRow; row < values.count(); row++, at += rowBytes) {
                System.arraycopy(column.bytes(), row * width, rows, at, width);
            }
            offsetInRow += width;
        }
        MiniBlockValues flat = FlatEncoder.miniBlock(new LeafValues.FixedWidth(8 * rowBytes, values.count(), rows));
        return new MiniBlockValues(
                new CompressiveEncoding.PackedStruct(widths, flat.encoding()), flat.chunkValueCounts(), flat.buffers());
    }

    /// One field, ready to be zipped.
    public sealed interface Field {
        CompressiveEncoding.PackedField encoding();

        int sizeBytes(int row);

        /// @return index behind the bytes put
        int put(int row, byte[] target, int targetIndex);
    }

    /// @param values fixed width, or fixed-size lists of that without validity; whole bytes per row
    public static Field fixed(LeafValues values) {
        int rowBytes = Math.toIntExact(FlatEncoder.bitsPerRow(values) / 8);
        return new Fixed(FlatEncoder.encoding(values), rowBytes, values.innermost().bytes());
    }

    public static Field variable(PerValueEncoder values) {
        return new Variable(values.encoding(), values.values());
    }

    @SuppressWarnings("ArrayRecordComponent") // a view, compared by nobody
    private record Fixed(CompressiveEncoding values, int rowBytes, byte[] bytes) implements Field {
        @Override
        public CompressiveEncoding.PackedField encoding() {
            return new CompressiveEncoding.PackedField(values, 8L * rowBytes, false);
        }

        @Override
        public int sizeBytes(int row) {
            return rowBytes;
        }

        @Override
        public int put(int row, byte[] target, int targetIndex) {
            System.arraycopy(bytes, row * rowBytes, target, targetIndex, rowBytes);
            return targetIndex + rowBytes;
        }
    }

    private record Variable(CompressiveEncoding compression, LeafValues.VariableWidth values) implements Field {
        @Override
        public CompressiveEncoding.PackedField encoding() {
            return new CompressiveEncoding.PackedField(compression, values.bitsPerOffset(), true);
        }

        @Override
        public int sizeBytes(int row) {
            return values.bitsPerOffset() / 8 + values.length(row);
        }

        @Override
        public int put(int row, byte[] target, int targetIndex) {
            int length = values.length(row);
            if (values.bitsPerOffset() == 32) {
                LittleEndian.putInt(target, targetIndex, length);
            } else {
                LittleEndian.putLong(target, targetIndex, length);
            }
            int at = targetIndex + values.bitsPerOffset() / 8;
            System.arraycopy(values.bytes(), values.offsets()[row], target, at, length);
            return at + length;
        }
    }

    /// Rows as runs of bytes; null ones are empty.
    ///
    /// @param validity bit per row, null if all are valid
    public static PerValueEncoder zip(List<Field> fields, int rowCount, byte @Nullable [] validity) {
        int[] offsets = new int[rowCount + 1];
        for (int row = 0; row < rowCount; row++) {
            int size = 0;
            if (isValid(validity, row)) {
                for (Field field : fields) {
                    size += field.sizeBytes(row);
                }
            }
            offsets[row + 1] = Math.addExact(offsets[row], size);
        }
        byte[] rows = new byte[offsets[rowCount]];
        for (int row = 0; row < rowCount; row++) {
            if (isValid(validity, row)) {
                int at = offsets[row];
                for (Field field : fields) {
                    at = field.put(row, rows, at);
                }
            }
        }
        return new PerValueEncoder(
                new CompressiveEncoding.VariablePackedStruct(
                        fields.stream().map(Field::encoding).toList()),
                new LeafValues.VariableWidth(32, rowCount, offsets, rows));
    }

    private static boolean isValid(byte @Nullable [] validity, int row) {
        return validity == null || (validity[row >>> 3] >> (row & 7) & 1) != 0;
    }
}
