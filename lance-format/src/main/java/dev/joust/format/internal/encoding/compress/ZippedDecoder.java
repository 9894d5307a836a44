// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.encoding.sink.BitCopy;
import dev.joust.format.internal.encoding.sink.BitSink;
import dev.joust.format.internal.encoding.sink.DictionarySink;
import dev.joust.format.internal.encoding.sink.FixedSizeListSink;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.GrowingSegment;
import dev.joust.format.internal.encoding.sink.NoneSink;
import dev.joust.format.internal.encoding.sink.PackedStructSink;
import dev.joust.format.internal.encoding.sink.UnstoredSink;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.encoding.sink.VariableSink;

/// Decodes values of full-zip pages one by one (spec: file format 4, per-value). One per task, not thread-safe.
public sealed interface ZippedDecoder
        permits ZippedDecoder.FixedDecoder, ZippedDecoder.Bytes, ZippedDecoder.Coded, ZippedDecoder.Compressed, ZippedStruct {
    /// Appends the value that is stored in `source[start, end)`: for fixed widths {@link FixedDecoder#sizeBytes} bytes.
    void append(MemorySegment source, long start, long end, ValueSink sink);

    /// Values of one size.
    sealed interface FixedDecoder extends ZippedDecoder {
        int sizeBytes();

        /// Whether stored values are, byte for byte, what a batch holds.
        boolean isVerbatim();
    }

    /// The decoder for the fixed-width values of a page.
    static FixedDecoder fixed(DecodeContext context, CompressiveEncoding encoding, ValueShape shape) {
        return switch (encoding) {
            case CompressiveEncoding.Flat(long bits) -> {
                if (!(shape instanceof ValueShape.Fixed(int wanted))) {
                    throw context.corrupt("values of " + bits + " bits stored for " + shape);
                }
                if (wanted == 1 && (bits == 8 || bits == 1)) {
                    yield new WideBool(); // a byte each, whatever the descriptor says
                }
                if (bits != wanted) {
                    throw context.corrupt("values of " + bits + " bits stored for " + shape);
                }
                yield new Raw(wanted / 8);
            }
            case CompressiveEncoding.FixedSizeList list -> ZippedList.of(context, list, shape);
            case CompressiveEncoding.PackedStruct packed -> ZippedRow.of(context, packed, shape);
            case CompressiveEncoding.Variable _, CompressiveEncoding.Constant _,
                    CompressiveEncoding.OutOfLineBitpacking _, CompressiveEncoding.InlineBitpacking _,
                    CompressiveEncoding.Fsst _, CompressiveEncoding.Dictionary _, CompressiveEncoding.Rle _,
                    CompressiveEncoding.ByteStreamSplit _, CompressiveEncoding.General _,
                    CompressiveEncoding.VariablePackedStruct _, CompressiveEncoding.Range _,
                    CompressiveEncoding.Delta _ ->
                throw notRead(encoding);
        };
    }

    /// The decoder for the variable-width values of a page.
    static ZippedDecoder variable(DecodeContext context, CompressiveEncoding encoding, ValueShape shape) {
        if (encoding instanceof CompressiveEncoding.VariablePackedStruct packed) {
            return ZippedStruct.of(context, packed, shape);
        }
        if (!(shape instanceof ValueShape.Variable)) {
            throw context.corrupt("variable-width values stored for " + shape);
        }
        return switch (encoding) {
            case CompressiveEncoding.Variable _ -> new Bytes();
            case CompressiveEncoding.Fsst(var symbolTable, CompressiveEncoding.Variable _) -> {
                FsstSymbolTable table = FsstSymbolTable.parse(symbolTable);
                yield table.isCoded() ? new Coded(context, table) : new Bytes();
            }
            case CompressiveEncoding.General general when general.values() instanceof CompressiveEncoding.Variable ->
                new Compressed(new Decompressor(context, general.scheme()));
            case CompressiveEncoding.Flat _, CompressiveEncoding.Constant _,
                    CompressiveEncoding.OutOfLineBitpacking _, CompressiveEncoding.InlineBitpacking _,
                    CompressiveEncoding.Fsst _, CompressiveEncoding.Dictionary _, CompressiveEncoding.Rle _,
                    CompressiveEncoding.ByteStreamSplit _, CompressiveEncoding.General _,
                    CompressiveEncoding.FixedSizeList _, CompressiveEncoding.PackedStruct _,
                    CompressiveEncoding.VariablePackedStruct _, CompressiveEncoding.Range _,
                    CompressiveEncoding.Delta _ ->
                throw notRead(encoding);
        };
    }

    private static UnsupportedFormatException notRead(CompressiveEncoding encoding) {
        return new UnsupportedFormatException(
                encoding.getClass().getSimpleName() + " in a full-zip page is not read");
    }

    /// As they are.
    record Raw(int sizeBytes) implements FixedDecoder {
        @Override
        public boolean isVerbatim() {
            return true;
        }

        @Override
        public void append(MemorySegment source, long start, long end, ValueSink sink) {
            ((FixedWidthSink) sink).append(source, start, 1);
        }
    }

    /// Booleans of a byte each.
    record WideBool() implements FixedDecoder {
        @Override
        public int sizeBytes() {
            return 1;
        }

        @Override
        public boolean isVerbatim() {
            return false;
        }

        @Override
        public void append(MemorySegment source, long start, long end, ValueSink sink) {
            ((BitSink) sink).appendRepeated(source.get(ValueLayout.JAVA_BYTE, start) != 0, 1);
        }
    }

    /// Bytes of a string.
    record Bytes() implements ZippedDecoder {
        @Override
        public void append(MemorySegment source, long start, long end, ValueSink sink) {
            ((VariableSink) sink).append(source, start, end - start);
        }
    }

    /// FSST codes of a string.
    record Coded(DecodeContext context, FsstSymbolTable table) implements ZippedDecoder {
        @Override
        public void append(MemorySegment source, long start, long end, ValueSink sink) {
            VariableSink target = (VariableSink) sink;
            GrowingSegment bytes = target.bytes();
            bytes.reserve(FsstSymbolTable.roomFor(end - start));
            table.decode(context, source, start, end, bytes);
            target.endValue();
        }
    }

    /// A compressed string; nothing at all for an empty one.
    record Compressed(Decompressor decompressor) implements ZippedDecoder {
        @Override
        public void append(MemorySegment source, long start, long end, ValueSink sink) {
            MemorySegment bytes = decompressor.decompress(source.asSlice(start, end - start));
            ((VariableSink) sink).append(bytes, 0, bytes.byteSize());
        }
    }

    /// A fixed-size list: bitmaps of the items' validity, outermost first, then the innermost items (spec: file format
    /// 4.9). Items that are all null are not stored.
    record ZippedList(
            int sizeBytes, int[] dimensions, boolean[] validity, boolean itemsStored, int itemBits)
            implements FixedDecoder {
        static ZippedList of(DecodeContext context, CompressiveEncoding.FixedSizeList list, ValueShape shape) {
            int depth = 0;
            for (CompressiveEncoding at = list; at instanceof CompressiveEncoding.FixedSizeList inner; ) {
                depth++;
                at = inner.values();
            }
            int[] dimensions = new int[depth];
            boolean[] validity = new boolean[depth];
            CompressiveEncoding encoding = list;
            ValueShape inner = shape;
            long items = 1;
            long size = 0;
            for (int i = 0; i < depth; i++) {
                CompressiveEncoding.FixedSizeList layer = (CompressiveEncoding.FixedSizeList) encoding;
                if (!(inner instanceof ValueShape.FixedSizeList(int dimension, ValueShape item))
                        || dimension != layer.itemsPerValue()) {
                    throw context.corrupt("lists of " + Long.toUnsignedString(layer.itemsPerValue())
                            + " items stored for " + shape);
                }
                dimensions[i] = dimension;
                validity[i] = layer.hasValidity();
                items = Math.multiplyExact(items, (long) dimension);
                size += layer.hasValidity() ? BitCopy.byteCount(items) : 0;
                encoding = layer.values();
                inner = item;
            }
            boolean stored = !(encoding instanceof CompressiveEncoding.Constant constant) || constant.value() != null;
            if (!(inner instanceof ValueShape.Fixed(int bits))
                    || (stored && !(encoding instanceof CompressiveEncoding.Flat(long flatBits) && flatBits == bits))) {
                throw context.corrupt(encoding + " stored as items of " + shape);
            }
            size += stored ? BitCopy.byteCount(Math.multiplyExact(items, (long) bits)) : 0;
            if (size > Integer.MAX_VALUE / 2 || items > Integer.MAX_VALUE / 2) {
                throw context.corrupt(shape + " has " + items + " items, " + size + " bytes per row");
            }
            return new ZippedList((int) size, dimensions, validity, stored, bits);
        }

        @Override
        public boolean isVerbatim() {
            boolean anyValidity = false;
            for (boolean layer : validity) {
                anyValidity |= layer;
            }
            return itemsStored && itemBits >= 8 && !anyValidity;
        }

        @Override
        public void append(MemorySegment source, long start, long end, ValueSink sink) {
            long at = start;
            ValueSink target = sink;
            int items = 1;
            for (int i = 0; i < dimensions.length; i++) {
                FixedSizeListSink list = (FixedSizeListSink) target;
                items *= dimensions[i];
                if (validity[i]) {
                    list.itemValidity().append(source, at * 8, items);
                    at += BitCopy.byteCount(items);
                } else {
                    list.itemValidity().appendValid(items);
                }
                list.advance(items / dimensions[i]);
                target = list.items();
            }
            switch (target) {
                case FixedWidthSink fixed -> {
                    if (itemsStored) {
                        fixed.append(source, at, items);
                    } else {
                        fixed.appendEmpty(items);
                    }
                }
                case BitSink bits -> {
                    if (itemsStored) {
                        bits.append(source, at * 8, items);
                    } else {
                        bits.appendEmpty(items);
                    }
                }
                case DictionarySink _, FixedSizeListSink _, NoneSink _, PackedStructSink _, UnstoredSink _,
                        VariableSink _ ->
                    throw new IllegalStateException(target.toString()); // refused by of
            }
        }
    }

    /// A struct of fixed-width fields side by side, whole bytes each (spec: file format 3.6).
    record ZippedRow(int sizeBytes, List<FixedDecoder> fields) implements FixedDecoder {
        static ZippedRow of(DecodeContext context, CompressiveEncoding.PackedStruct packed, ValueShape shape) {
            if (!(shape instanceof ValueShape.PackedStruct(List<ValueShape> shapes, List<Integer> _))
                    || shapes.size() != packed.bitsPerValue().size()) {
                throw context.corrupt("structs with fields of " + packed.bitsPerValue() + " bits stored for " + shape);
            }
            List<FixedDecoder> fields = new ArrayList<>();
            long rowBits = 0;
            for (int i = 0; i < shapes.size(); i++) {
                long bits = packed.bitsPerValue().get(i);
                if (!(shapes.get(i) instanceof ValueShape.Fixed(int wanted)) || wanted % 8 != 0 || bits != wanted) {
                    throw context.corrupt("values of " + Long.toUnsignedString(bits) + " bits stored for "
                            + shapes.get(i) + " in a struct");
                }
                fields.add(new Raw(wanted / 8));
                rowBits += bits;
            }
            if (!(packed.values() instanceof CompressiveEncoding.Flat(long stored))
                    || stored != rowBits
                    || rowBits > Integer.MAX_VALUE) {
                throw context.corrupt("structs of " + rowBits + " bits stored as " + packed.values());
            }
            return new ZippedRow((int) (rowBits / 8), List.copyOf(fields));
        }

        @Override
        public boolean isVerbatim() {
            return false;
        }

        @Override
        public void append(MemorySegment source, long start, long end, ValueSink sink) {
            PackedStructSink target = (PackedStructSink) sink;
            long at = start;
            for (int i = 0; i < fields.size(); i++) {
                FixedDecoder field = fields.get(i);
                ValueSink fieldSink = target.field(i);
                if (fieldSink != null) {
                    field.append(source, at, at + field.sizeBytes(), fieldSink);
                }
                at += field.sizeBytes();
            }
            target.advance(1);
        }
    }
}
