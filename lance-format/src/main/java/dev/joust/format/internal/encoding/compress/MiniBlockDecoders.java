// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.encoding.sink.ValueShape;

/// Builds the decoder for a mini-block page's values, and checks that it gives what the column's type wants.
public final class MiniBlockDecoders {
    private MiniBlockDecoders() {}

    /// @param dictionary of the page, if it has one: then `encoding` is of indices
    public static MiniBlockDecoder create(
            DecodeContext context,
            CompressiveEncoding encoding,
            ValueShape shape,
            @Nullable DictionaryValues dictionary) {
        if (dictionary == null) {
            return create(context, encoding, shape);
        }
        int indexBits = wordBits(context, encoding);
        return new DictionaryDecoder(
                context, create(context, encoding, new ValueShape.Fixed(indexBits)), indexBits, dictionary);
    }

    private static MiniBlockDecoder create(DecodeContext context, CompressiveEncoding encoding, ValueShape shape) {
        return switch (encoding) {
            case CompressiveEncoding.Flat(long bits) -> new FlatDecoder(context, fixed(context, shape, bits, false));
            case CompressiveEncoding.InlineBitpacking(long bits) ->
                new InlineBitpackingDecoder(context, fixed(context, shape, bits, true));
            case CompressiveEncoding.Variable(CompressiveEncoding offsets) -> variable(context, offsets, shape);
            case CompressiveEncoding.Fsst fsst -> {
                if (!(fsst.values() instanceof CompressiveEncoding.Variable(CompressiveEncoding offsets))) {
                    throw notRead("FSST of " + name(fsst.values()));
                }
                yield new FsstDecoder(
                        context, FsstSymbolTable.parse(fsst.symbolTable()), variable(context, offsets, shape));
            }
            case CompressiveEncoding.Rle(CompressiveEncoding values, CompressiveEncoding lengths) -> {
                if (!(values instanceof CompressiveEncoding.Flat(long bits))
                        || !(lengths instanceof CompressiveEncoding.Flat(long lengthBits))
                        || lengthBits != 8) {
                    yield PackedRunsDecoder.of(context, values, lengths, fixed(context, shape, wordBits(context, values), true));
                }
                yield new RleDecoder(context, fixed(context, shape, bits, true));
            }
            case CompressiveEncoding.ByteStreamSplit(CompressiveEncoding values) -> {
                if (!(values instanceof CompressiveEncoding.Flat(long bits))) {
                    throw notRead("byte stream split of " + name(values));
                }
                if (bits != 32 && bits != 64) {
                    throw context.corrupt(Long.toUnsignedString(bits) + "-bit values split in streams");
                }
                yield new ByteStreamSplitDecoder(context, fixed(context, shape, bits, true));
            }
            case CompressiveEncoding.General general -> {
                if (general.values() instanceof CompressiveEncoding.General) {
                    throw notRead("a general compression of one");
                }
                yield new GeneralDecoder(context, general.scheme(), create(context, general.values(), shape));
            }
            case CompressiveEncoding.FixedSizeList(long dimension, CompressiveEncoding values, boolean hasValidity) -> {
                if (!(shape instanceof ValueShape.FixedSizeList(int wanted, ValueShape item)) || dimension != wanted) {
                    throw context.corrupt("lists of " + Long.toUnsignedString(dimension) + " items stored for " + shape);
                }
                yield new FixedSizeListDecoder(context, wanted, hasValidity, create(context, values, item));
            }
            case CompressiveEncoding.PackedStruct packed -> packedStruct(context, packed, shape);
            case CompressiveEncoding.Constant _, CompressiveEncoding.OutOfLineBitpacking _,
                    CompressiveEncoding.Dictionary _, CompressiveEncoding.VariablePackedStruct _,
                    CompressiveEncoding.Range _, CompressiveEncoding.Delta _ ->
                throw notRead(name(encoding) + " in mini-blocks");
        };
    }

    private static VariableDecoder variable(DecodeContext context, CompressiveEncoding offsets, ValueShape shape) {
        if (!(shape instanceof ValueShape.Variable)) {
            throw context.corrupt("variable-width values stored for " + shape);
        }
        if (!(offsets instanceof CompressiveEncoding.Flat(long bits))) {
            return VariableDecoder.withSequence(context, offsets);
        }
        if (bits != 32 && bits != 64) {
            throw notRead("variable-width values with " + name(offsets) + " offsets");
        }
        return new VariableDecoder(context, (int) (bits / 8));
    }

    private static PackedStructDecoder packedStruct(
            DecodeContext context, CompressiveEncoding.PackedStruct packed, ValueShape shape) {
        if (!(shape instanceof ValueShape.PackedStruct(List<ValueShape> fields, List<Integer> _))
                || fields.size() != packed.bitsPerValue().size()) {
            throw context.corrupt("structs with fields of " + packed.bitsPerValue() + " bits stored for " + shape);
        }
        int[] widths = new int[fields.size()];
        long rowBits = 0;
        for (int i = 0; i < widths.length; i++) {
            long bits = packed.bitsPerValue().get(i);
            if (bits <= 0 || bits % 8 != 0) {
                throw new UnsupportedFormatException("a packed struct with a field of "
                        + Long.toUnsignedString(bits) + " bits is not read: only whole bytes are stored");
            }
            widths[i] = fixed(context, fields.get(i), bits, false) / 8;
            rowBits += bits;
        }
        if (rowBits > Integer.MAX_VALUE) {
            throw context.corrupt("structs of " + rowBits + " bits");
        }
        return new PackedStructDecoder(
                context, create(context, packed.values(), new ValueShape.Fixed((int) rowBits)), widths);
    }

    /// The width that both the encoding and the type have.
    ///
    /// @param word only 8, 16, 32 and 64 will do
    private static int fixed(DecodeContext context, ValueShape shape, long bits, boolean word) {
        if (!(shape instanceof ValueShape.Fixed(int wanted)) || bits != wanted) {
            throw context.corrupt("values of " + Long.toUnsignedString(bits) + " bits stored for " + shape);
        }
        if (word && wanted != 8 && wanted != 16 && wanted != 32 && wanted != 64) {
            throw context.corrupt("values of " + wanted + " bits where 8, 16, 32 or 64 are possible");
        }
        return wanted;
    }

    /// The width of dictionary indices, as their encoding says.
    private static int wordBits(DecodeContext context, CompressiveEncoding encoding) {
        long bits = switch (encoding) {
            case CompressiveEncoding.Flat(long width) -> width;
            case CompressiveEncoding.InlineBitpacking(long width) -> width;
            case CompressiveEncoding.Rle(CompressiveEncoding values, CompressiveEncoding _) -> wordBits(context, values);
            case CompressiveEncoding.ByteStreamSplit(CompressiveEncoding values) -> wordBits(context, values);
            case CompressiveEncoding.General general -> wordBits(context, general.values());
            case CompressiveEncoding.OutOfLineBitpacking(long width, long _) -> width;
            case CompressiveEncoding.Variable _, CompressiveEncoding.Constant _, CompressiveEncoding.Fsst _,
                    CompressiveEncoding.Dictionary _, CompressiveEncoding.FixedSizeList _,
                    CompressiveEncoding.PackedStruct _, CompressiveEncoding.VariablePackedStruct _,
                    CompressiveEncoding.Range _, CompressiveEncoding.Delta _ ->
                throw context.corrupt(name(encoding) + " as dictionary indices");
        };
        if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
            throw context.corrupt("dictionary indices of " + Long.toUnsignedString(bits) + " bits");
        }
        return (int) bits;
    }

    private static String name(CompressiveEncoding encoding) {
        return encoding.getClass().getSimpleName();
    }

    private static UnsupportedFormatException notRead(String what) {
        return new UnsupportedFormatException(what + " is not read");
    }
}
