// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.LogicalTypes;

/// Takes the buffers of vectors as columns: shared where the memory is ours, else copied. Brings them to the form of
/// {@link ColumnBuffers}: offsets from 0, null slots of length 0. Trusts no length: vectors may come from the network.
final class FromArrow {
    private final BufferSource memory;
    private final DictionaryProvider dictionaries;

    FromArrow(BufferSource memory, DictionaryProvider dictionaries) {
        this.memory = memory;
        this.dictionaries = dictionaries;
    }

    ColumnBuffers column(FieldVector vector, Field field, int rowCount) {
        Field found = ArrowSchemas.fromArrow(vector.getField(), dictionaries, field.name());
        if (!sameType(found, field)) {
            throw new IllegalArgumentException("column " + field.name() + " is " + describe(found) + ", not "
                    + describe(field));
        }
        return column(vector, field, 0, rowCount, null);
    }

    private static boolean sameType(Field found, Field wanted) {
        if (!found.type().equals(wanted.type()) || found.children().size() != wanted.children().size()) {
            return false;
        }
        boolean named = wanted.type() instanceof LogicalType.Struct;
        for (int i = 0; i < wanted.children().size(); i++) {
            Field child = wanted.children().get(i);
            if (!sameType(found.children().get(i), child)
                    || (named && !found.children().get(i).name().equals(child.name()))) {
                return false;
            }
        }
        return true;
    }

    private static String describe(Field field) {
        String type = LogicalTypes.format(field.type());
        return field.children().isEmpty()
                ? type
                : type + field.children().stream().map(child -> child.name() + " " + describe(child)).toList();
    }

    /// @param parent validity of the parent's rows: where it is null, a null is no offence against the field
    private ColumnBuffers column(
            FieldVector anyVector, Field field, int startRow, int rowCount, @Nullable MemorySegment parent) {
        FieldVector vector = anyVector instanceof ExtensionTypeVector<?> extension
                ? (FieldVector) extension.getUnderlyingVector()
                : anyVector;
        if (vector.getValueCount() < Math.addExact(startRow, rowCount)) {
            throw tooShort(field, "values", vector.getValueCount(), startRow + (long) rowCount);
        }
        if (field.type() instanceof LogicalType.Json && !(vector instanceof LargeVarBinaryVector)) {
            return jsonText(vector, field, startRow, rowCount);
        }
        if (vector instanceof BaseVariableWidthViewVector views) {
            return views(views, field, startRow, rowCount);
        }
        LogicalType type = field.type();
        if (type instanceof LogicalType.Null) {
            return new ColumnBuffers(field, rowCount, 0, null, null, null, List.of());
        }
        MemorySegment validity = null;
        int nullCount = 0;
        if (vector.getNullCount() > 0) {
            validity = bits(vector.getValidityBuffer(), field, startRow, rowCount);
            nullCount = rowCount - Bits.countSet(validity, rowCount);
            validity = nullCount == 0 ? null : validity;
        }
        if (validity != null && !field.nullable()) {
            checkRequired(field, validity, rowCount, parent);
            validity = null;
            nullCount = 0;
        }
        return switch (type) {
            case LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.Json _ ->
                variable(vector, field, startRow, rowCount, nullCount, validity);
            case LogicalType.List _, LogicalType.Map _ ->
                list(vector, field, startRow, rowCount, nullCount, validity);
            case LogicalType.FixedSizeList f -> {
                FieldVector items = vector.getChildrenFromFields().getFirst();
                ColumnBuffers child = column(
                        items,
                        Columns.itemField(field),
                        Math.multiplyExact(startRow, f.dimension()),
                        Math.multiplyExact(rowCount, f.dimension()),
                        null);
                yield new ColumnBuffers(field, rowCount, nullCount, validity, null, null, List.of(child));
            }
            case LogicalType.Struct _ -> {
                List<ColumnBuffers> children = new ArrayList<>();
                List<FieldVector> vectors = vector.getChildrenFromFields();
                for (int i = 0; i < vectors.size(); i++) {
                    children.add(column(vectors.get(i), field.children().get(i), startRow, rowCount, validity));
                }
                yield new ColumnBuffers(field, rowCount, nullCount, validity, null, null, children);
            }
            case LogicalType.Dictionary d -> {
                MemorySegment indices = fixed(vector, field, d.index().bitWidth(), startRow, rowCount);
                Dictionary dictionary = dictionaries.lookup(vector.getField().getDictionary().getId());
                FieldVector values = dictionary.getVector();
                ColumnBuffers child =
                        column(values, Field.nullable(field.name(), d.value()), 0, values.getValueCount(), null);
                ColumnBuffers column =
                        new ColumnBuffers(field, rowCount, nullCount, validity, null, indices, List.of(child));
                Dictionaries.checkIndices(column);
                yield column;
            }
            case LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _,
                    LogicalType.FixedSizeBinary _, LogicalType.Date _, LogicalType.Time _, LogicalType.Timestamp _,
                    LogicalType.Duration _, LogicalType.BFloat16 _, LogicalType.Null _ ->
                new ColumnBuffers(
                        field,
                        rowCount,
                        nullCount,
                        validity,
                        null,
                        fixed(vector, field, type.bitsPerValue(), startRow, rowCount),
                        List.of());
        };
    }

    private static void checkRequired(
            Field field, MemorySegment validity, int rowCount, @Nullable MemorySegment parent) {
        for (int i = 0; i < rowCount; i++) {
            if (!Bits.get(validity, i) && (parent == null || Bits.get(parent, i))) {
                throw new IllegalArgumentException("column " + field.name() + " takes no nulls; row " + i + " is null");
            }
        }
    }

    private ColumnBuffers views(BaseVariableWidthViewVector vector, Field field, int startRow, int rowCount) {
        ColumnBuilder builder = ColumnBuilder.of(field);
        for (int i = startRow; i < startRow + rowCount; i++) {
            builder.append(vector.isNull(i) ? null : vector.get(i));
        }
        return builder.build(memory);
    }

    /// Text as JSONB.
    private ColumnBuffers jsonText(FieldVector vector, Field field, int startRow, int rowCount) {
        ColumnBuilder builder = ColumnBuilder.of(field);
        for (int i = startRow; i < startRow + rowCount; i++) {
            Object text = vector.getObject(i);
            builder.append(text == null ? null : text.toString());
        }
        return builder.build(memory);
    }

    private ColumnBuffers variable(
            FieldVector vector,
            Field field,
            int startRow,
            int rowCount,
            int nullCount,
            @Nullable MemorySegment validity) {
        ArrowBuf data = vector.getDataBuffer();
        Offsets offsets = offsets(vector, field, startRow, rowCount, validity, data.capacity());
        MemorySegment values;
        if (offsets.gathered == null) {
            values = buffer(data, offsets.start, offsets.size);
        } else {
            values = memory.allocate(offsets.size, 8);
            long at = 0;
            for (int i = 0; i < rowCount; i++) {
                long length = offsets.gathered[2 * i + 1];
                copy(data, offsets.gathered[2 * i], values, at, length);
                at += length;
            }
        }
        return new ColumnBuffers(field, rowCount, nullCount, validity, offsets.buffer, values, List.of());
    }

    private ColumnBuffers list(
            FieldVector vector,
            Field field,
            int startRow,
            int rowCount,
            int nullCount,
            @Nullable MemorySegment validity) {
        FieldVector itemVector = vector.getChildrenFromFields().getFirst();
        Offsets offsets = offsets(vector, field, startRow, rowCount, validity, itemVector.getValueCount());
        Field itemField = field.children().getFirst();
        ColumnBuffers items;
        if (offsets.gathered == null) {
            items = column(itemVector, itemField, Math.toIntExact(offsets.start), Math.toIntExact(offsets.size), null);
        } else {
            int[] rows = new int[Math.toIntExact(offsets.size)];
            int at = 0;
            for (int i = 0; i < rowCount; i++) {
                for (long item = 0; item < offsets.gathered[2 * i + 1]; item++) {
                    rows[at++] = Math.toIntExact(offsets.gathered[2 * i] + item);
                }
            }
            items = Columns.take(column(itemVector, itemField, 0, itemVector.getValueCount(), null), rows, memory);
        }
        return new ColumnBuffers(field, rowCount, nullCount, validity, offsets.buffer, null, List.of(items));
    }

    /// Offsets from 0 up.
    ///
    /// @param start    first value that is used, where they are used in one piece
    /// @param gathered start and length per row, where null slots hold values that are left out; else null
    @SuppressWarnings("ArrayRecordComponent")
    private record Offsets(MemorySegment buffer, long start, long size, long @Nullable [] gathered) {}

    private Offsets offsets(
            FieldVector vector,
            Field field,
            int startRow,
            int rowCount,
            @Nullable MemorySegment validity,
            long valueCount) {
        boolean large = Columns.largeOffsets(field.type());
        int width = large ? 8 : 4;
        if (rowCount == 0) {
            return new Offsets(memory.allocate(width, 8).fill((byte) 0), 0, 0, null);
        }
        ArrowBuf source = vector.getOffsetBuffer();
        long wanted = (startRow + rowCount + 1L) * width;
        if (source.capacity() < wanted) {
            throw tooShort(field, "offsets", source.capacity(), wanted);
        }
        long start = offset(source, large, startRow);
        long previous = start;
        boolean holes = false;
        for (int i = 0; i < rowCount; i++) {
            long next = offset(source, large, startRow + i + 1);
            if (next < previous || previous < 0 || next > valueCount) {
                throw new IllegalArgumentException("column " + field.name() + ", row " + i + ": offsets " + previous
                        + " to " + next + " of " + valueCount);
            }
            holes |= next > previous && validity != null && !Bits.get(validity, i);
            previous = next;
        }
        if (!holes && start == 0) {
            return new Offsets(
                    buffer(source, (long) startRow * width, (rowCount + 1L) * width), 0, previous, null);
        }
        MemorySegment buffer = memory.allocate((rowCount + 1L) * width, 8);
        Columns.putOffset(buffer, large, 0, 0);
        long[] gathered = holes ? new long[2 * rowCount] : null;
        long end = 0;
        for (int i = 0; i < rowCount; i++) {
            long from = offset(source, large, startRow + i);
            long length = offset(source, large, startRow + i + 1) - from;
            if (gathered != null) {
                length = validity != null && !Bits.get(validity, i) ? 0 : length;
                gathered[2 * i] = from;
                gathered[2 * i + 1] = length;
            }
            end += length;
            Columns.putOffset(buffer, large, i + 1, end);
        }
        return new Offsets(buffer, start, end, gathered);
    }

    private static long offset(ArrowBuf offsets, boolean large, long index) {
        return large ? offsets.getLong(index << 3) : offsets.getInt(index << 2);
    }

    private MemorySegment fixed(FieldVector vector, Field field, int bitWidth, int startRow, int rowCount) {
        if (bitWidth == 1) {
            return bits(vector.getDataBuffer(), field, startRow, rowCount);
        }
        long width = bitWidth / 8;
        ArrowBuf data = vector.getDataBuffer();
        if (data.capacity() < (startRow + (long) rowCount) * width) {
            throw tooShort(field, "values", data.capacity(), (startRow + (long) rowCount) * width);
        }
        return buffer(data, startRow * width, rowCount * width);
    }

    private MemorySegment bits(ArrowBuf source, Field field, int startRow, int rowCount) {
        long wanted = Bits.byteCount(startRow + (long) rowCount);
        if (source.capacity() < wanted) {
            throw tooShort(field, "bits", source.capacity(), wanted);
        }
        if ((startRow & 7) == 0) {
            return buffer(source, startRow >>> 3, Bits.byteCount(rowCount));
        }
        MemorySegment bits = Bits.allocate(memory, rowCount);
        Bits.copy(MemorySegment.ofBuffer(source.nioBuffer(0, (int) wanted)), startRow, bits, 0, rowCount);
        return bits;
    }

    private MemorySegment buffer(ArrowBuf source, long offset, long sizeBytes) {
        if (sizeBytes == 0) {
            return MemorySegment.NULL;
        }
        ArrowBuf part = source.slice(offset, sizeBytes);
        if (memory instanceof ArrowBufferSource own && (part.memoryAddress() & 7) == 0 && own.canShare(part)) {
            return own.share(part);
        }
        MemorySegment copy = memory.allocate(sizeBytes, 64);
        copy(source, offset, copy, 0, sizeBytes);
        return copy;
    }

    private static void copy(ArrowBuf source, long from, MemorySegment target, long at, long sizeBytes) {
        for (long done = 0; done < sizeBytes; ) {
            int part = (int) Math.min(sizeBytes - done, 1 << 30);
            MemorySegment.copy(MemorySegment.ofBuffer(source.nioBuffer(from + done, part)), 0, target, at + done, part);
            done += part;
        }
    }

    private static IllegalArgumentException tooShort(Field field, String what, long found, long wanted) {
        return new IllegalArgumentException(
                "column " + field.name() + ": " + wanted + " " + what + " wanted, " + found + " there");
    }
}
