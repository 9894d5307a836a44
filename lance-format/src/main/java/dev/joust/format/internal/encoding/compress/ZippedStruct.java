// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.internal.encoding.sink.PackedStructSink;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.encoding.sink.ValueSink;

/// Structs with fields of variable width: a row is its fields side by side, fixed ones as they are, the others behind
/// their length (spec: file format 3.6).
record ZippedStruct(DecodeContext context, List<StoredField> fields) implements ZippedDecoder {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// @param sizeBytes of the value, or of the length before it
    /// @param variable  which of both
    record StoredField(ZippedDecoder decoder, int sizeBytes, boolean variable) {}

    static ZippedStruct of(DecodeContext context, CompressiveEncoding.VariablePackedStruct packed, ValueShape shape) {
        if (!(shape instanceof ValueShape.PackedStruct(List<ValueShape> shapes, List<Integer> _))
                || shapes.size() != packed.fields().size()) {
            throw context.corrupt("structs of " + packed.fields().size() + " fields stored for " + shape);
        }
        List<StoredField> fields = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            CompressiveEncoding.PackedField field = packed.fields().get(i);
            if (field.variable()) {
                if (field.bits() != 32 && field.bits() != 64) {
                    throw context.corrupt("lengths of " + Long.toUnsignedString(field.bits()) + " bits");
                }
                ZippedDecoder decoder = ZippedDecoder.variable(context, field.value(), shapes.get(i));
                fields.add(new StoredField(decoder, (int) (field.bits() / 8), true));
            } else {
                FixedDecoder decoder = ZippedDecoder.fixed(context, field.value(), shapes.get(i));
                if (field.bits() != 8L * decoder.sizeBytes()) {
                    throw context.corrupt("field " + i + " has " + Long.toUnsignedString(field.bits())
                            + " bits, its encoding " + 8L * decoder.sizeBytes());
                }
                fields.add(new StoredField(decoder, decoder.sizeBytes(), false));
            }
        }
        return new ZippedStruct(context, List.copyOf(fields));
    }

    @Override
    public void append(MemorySegment source, long start, long end, ValueSink sink) {
        PackedStructSink target = (PackedStructSink) sink;
        long at = start;
        for (int i = 0; i < fields.size(); i++) {
            StoredField field = fields.get(i);
            long length = field.sizeBytes();
            requireBytes(length, end - at, i);
            if (field.variable()) {
                long stored = field.sizeBytes() == 4
                        ? Integer.toUnsignedLong(source.get(INT, at))
                        : source.get(LONG, at);
                at += length;
                length = stored;
                requireBytes(length, end - at, i);
            }
            ValueSink fieldSink = target.field(i);
            if (fieldSink != null) {
                field.decoder().append(source, at, at + length, fieldSink);
            }
            at += length;
        }
        if (at != end) {
            throw context.corrupt((end - at) + " bytes after the last field of a struct");
        }
        target.advance(1);
    }

    private void requireBytes(long needed, long remaining, int field) {
        if (needed < 0 || needed > remaining) {
            throw context.corrupt("field " + field + " of a struct needs " + Long.toUnsignedString(needed)
                    + " bytes, " + remaining + " remain");
        }
    }
}
