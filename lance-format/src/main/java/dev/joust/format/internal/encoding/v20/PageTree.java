// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.encoding.compress.CompressionScheme;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.compress.FsstSymbolTable;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.file.PageInfo;
import dev.joust.format.schema.Field;
import dev.joust.io.ByteRange;

/// One page and its tree of encodings: makes readers out of it, with what the tree says checked against the type of the
/// column and the buffers that are there.
///
/// @param columnBuffers buffers that the pages of the column share
record PageTree(DecodeContext context, PageInfo page, List<ByteRange> columnBuffers, ArrayEncoding root) {
    static PageTree parse(DecodeContext context, PageInfo page, List<ByteRange> columnBuffers) {
        return new PageTree(context, page, columnBuffers, ArrayEncodingCodec.parse(context, page.encoding()));
    }

    /// A reader of the page's values.
    ValueReader reader(Field field, ValueShape shape) {
        return reader(root, field, shape, page.length());
    }

    /// A reader of the page's 64-bit ends of lists, and what more its encoding says.
    ListPage listPage(Field field) {
        if (!(root instanceof ArrayEncoding.ListOffsets list)) {
            throw unexpected(root, "a list");
        }
        if (list.itemCount() < 0) {
            throw context.corrupt("a list page of " + Long.toUnsignedString(list.itemCount()) + " items");
        }
        if (list.nullOffsetAdjustment() <= 0) {
            throw context.corrupt(
                    "a null offset adjustment of " + Long.toUnsignedString(list.nullOffsetAdjustment()));
        }
        ValueReader ends = reader(list.offsets(), field, new ValueShape.Fixed(64), page.length());
        return new ListPage(ends, list.nullOffsetAdjustment(), list.itemCount());
    }

    /// What a page of a list column holds.
    record ListPage(ValueReader ends, long nullOffsetAdjustment, long itemCount) {}

    /// The dictionary and the indices of a page of a dictionary column.
    ///
    /// @param field of the dictionary's values
    DictionaryPage dictionaryPage(Field field, ValueShape items, int indexBits) {
        if (root instanceof ArrayEncoding.AllNulls) {
            return new DictionaryPage(
                    new AllNullReader(), new DictionaryItems(field, items, new AllNullReader(), 0));
        }
        if (!(root instanceof ArrayEncoding.Dictionary dictionary)) {
            throw unexpected(root, "a dictionary");
        }
        return new DictionaryPage(
                reader(dictionary.indices(), field, new ValueShape.Fixed(indexBits), page.length()),
                dictionaryItems(dictionary, field, items));
    }

    record DictionaryPage(ValueReader indices, DictionaryItems items) {}

    /// The rows of a packed struct and the widths of its fields.
    PackedPage packedPage() {
        ArrayEncoding encoding = root instanceof ArrayEncoding.NoNulls(ArrayEncoding values) ? values : root;
        if (!(encoding instanceof ArrayEncoding.PackedStruct(List<ArrayEncoding> inner, BufferRef buffer))) {
            throw unexpected(encoding, "a packed struct");
        }
        int[] widthsBytes = new int[inner.size()];
        long rowBits = 0;
        for (int i = 0; i < widthsBytes.length; i++) {
            long bits = packedBits(inner.get(i));
            if (bits <= 0 || bits % 8 != 0 || bits > Integer.MAX_VALUE - rowBits) {
                throw new UnsupportedFormatException(context.file() + ": a packed struct with a field of "
                        + Long.toUnsignedString(bits) + " bits is not read");
            }
            widthsBytes[i] = (int) (bits / 8);
            rowBits += bits;
        }
        if (rowBits == 0) {
            throw context.corrupt("a packed struct without fields");
        }
        return new PackedPage(new FlatReader(buffer(buffer, null), (int) rowBits), widthsBytes);
    }

    /// @param widthsBytes of the fields, in order
    record PackedPage(FlatReader rows, int[] widthsBytes) {}

    private long packedBits(ArrayEncoding encoding) {
        return switch (encoding) {
            case ArrayEncoding.NoNulls(ArrayEncoding values) -> packedBits(values);
            case ArrayEncoding.Flat flat -> flat.bitsPerValue();
            case ArrayEncoding.FixedSizeList(long dimension, ArrayEncoding items) ->
                Math.multiplyExact(dimension, packedBits(items));
            case ArrayEncoding.SomeNulls _, ArrayEncoding.AllNulls _, ArrayEncoding.ListOffsets _,
                    ArrayEncoding.StructHeader _, ArrayEncoding.Binary _, ArrayEncoding.Dictionary _,
                    ArrayEncoding.Fsst _, ArrayEncoding.PackedStruct _, ArrayEncoding.Bitpacked _,
                    ArrayEncoding.BitpackedForNonNeg _, ArrayEncoding.FixedSizeBinary _ ->
                throw new UnsupportedFormatException(
                        context.file() + ": a packed struct with a field of " + name(encoding) + " is not read");
        };
    }

    private ValueReader reader(ArrayEncoding encoding, Field field, ValueShape shape, long valueCount) {
        return switch (encoding) {
            case ArrayEncoding.NoNulls(ArrayEncoding values) -> reader(values, field, shape, valueCount);
            case ArrayEncoding.SomeNulls(ArrayEncoding validity, ArrayEncoding values) ->
                new NullableReader(bitmap(validity), reader(values, field, shape, valueCount));
            case ArrayEncoding.AllNulls _ -> new AllNullReader();
            case ArrayEncoding.Flat flat -> {
                int bits = bitsOf(encoding, shape, flat.bitsPerValue());
                yield new FlatReader(buffer(flat.buffer(), flat.compression()), bits);
            }
            case ArrayEncoding.FixedSizeList(long dimension, ArrayEncoding items) -> {
                if (!(shape instanceof ValueShape.FixedSizeList(int expected, ValueShape item))
                        || dimension != expected) {
                    throw context.corrupt("lists of " + dimension + " items for a column of " + shape);
                }
                yield new FixedSizeListReader(
                        expected, reader(items, field, item, Math.multiplyExact(valueCount, dimension)));
            }
            case ArrayEncoding.Binary binary -> binaryReader(binary, field, shape, valueCount);
            case ArrayEncoding.Fsst(ArrayEncoding codes, var symbols) -> {
                if (!(codes instanceof ArrayEncoding.Binary binary)) {
                    throw unexpected(codes, "binary below fsst");
                }
                yield new FsstReader(binaryReader(binary, field, shape, valueCount), symbolTable(symbols));
            }
            case ArrayEncoding.FixedSizeBinary(ArrayEncoding bytes, long byteWidth) -> {
                requireVariable(encoding, shape);
                yield new EqualLengthReader(byteBuffer(bytes), Math.toIntExact(byteWidth));
            }
            case ArrayEncoding.Dictionary dictionary -> {
                int indexBits = indexBits(dictionary.indices());
                Field itemField = Field.nullable("values", field.type());
                yield new DictionaryReader(
                        reader(dictionary.indices(), field, new ValueShape.Fixed(indexBits), valueCount),
                        indexBits,
                        dictionaryItems(dictionary, itemField, shape));
            }
            case ArrayEncoding.Bitpacked(long packedBits, long bitsPerValue, BufferRef buffer, boolean signed) -> {
                int bits = wordBits(encoding, shape, bitsPerValue);
                if (packedBits < 1 || packedBits > bits) {
                    throw context.corrupt("values of " + bits + " bits packed to " + Long.toUnsignedString(packedBits));
                }
                yield new BitpackedReader(buffer(buffer, null), (int) packedBits, bits, signed);
            }
            case ArrayEncoding.BitpackedForNonNeg(long packedBits, long bitsPerValue, BufferRef buffer) -> {
                int bits = wordBits(encoding, shape, bitsPerValue);
                if (packedBits < 0 || packedBits > bits) {
                    throw context.corrupt("values of " + bits + " bits packed to " + Long.toUnsignedString(packedBits));
                }
                yield new FastLanesReader(buffer(buffer, null), (int) packedBits, bits);
            }
            case ArrayEncoding.ListOffsets _, ArrayEncoding.StructHeader _, ArrayEncoding.PackedStruct _ ->
                throw unexpected(encoding, "values of " + shape);
        };
    }

    private BinaryReader binaryReader(ArrayEncoding.Binary binary, Field field, ValueShape shape, long valueCount) {
        requireVariable(binary, shape);
        return new BinaryReader(
                reader(binary.indices(), field, new ValueShape.Fixed(64), valueCount),
                byteBuffer(binary.bytes()),
                binary.nullAdjustment(),
                valueCount);
    }

    private DictionaryItems dictionaryItems(ArrayEncoding.Dictionary dictionary, Field field, ValueShape shape) {
        if (!(shape instanceof ValueShape.Fixed) && !(shape instanceof ValueShape.Variable)) {
            throw new UnsupportedFormatException(
                    context.file() + ": a dictionary of " + field.type() + " is not read");
        }
        if (dictionary.itemCount() > Math.addExact(1, Math.multiplyExact(8, bufferBytes()))) {
            throw context.corrupt("a dictionary of " + dictionary.itemCount() + " items in a page of " + bufferBytes()
                    + " bytes");
        }
        return new DictionaryItems(
                field,
                shape,
                reader(dictionary.items(), field, shape, dictionary.itemCount()),
                Math.toIntExact(dictionary.itemCount()));
    }

    /// Bytes that a reader may come to remember, about.
    long stateBytes() {
        return root instanceof ArrayEncoding.Dictionary ? 512 + 2 * bufferBytes() : 512;
    }

    private long bufferBytes() {
        return page.buffers().stream().mapToLong(ByteRange::length).sum();
    }

    private FsstSymbolTable symbolTable(dev.joust.format.internal.bytes.Bytes symbols) {
        try {
            return FsstSymbolTable.parse(symbols);
        } catch (CorruptFileException e) {
            throw context.corrupt(String.valueOf(e.getMessage()));
        }
    }

    private void requireVariable(ArrayEncoding encoding, ValueShape shape) {
        if (!(shape instanceof ValueShape.Variable)) {
            throw unexpected(encoding, "values of " + shape);
        }
    }

    private int bitsOf(ArrayEncoding encoding, ValueShape shape, long bits) {
        if (!(shape instanceof ValueShape.Fixed(int expected))) {
            throw unexpected(encoding, "values of " + shape);
        }
        if (bits != expected) {
            throw context.corrupt("values of " + Long.toUnsignedString(bits) + " bits, the column's have " + expected);
        }
        return expected;
    }

    private int wordBits(ArrayEncoding encoding, ValueShape shape, long bits) {
        int word = bitsOf(encoding, shape, bits);
        if (word != 8 && word != 16 && word != 32 && word != 64) {
            throw context.corrupt("bit-packed values of " + word + " bits");
        }
        return word;
    }

    private int indexBits(ArrayEncoding indices) {
        long bits = switch (indices) {
            case ArrayEncoding.NoNulls(ArrayEncoding values) -> indexBits(values);
            case ArrayEncoding.SomeNulls(ArrayEncoding _, ArrayEncoding values) -> indexBits(values);
            case ArrayEncoding.AllNulls _ -> 8;
            case ArrayEncoding.Flat flat -> flat.bitsPerValue();
            case ArrayEncoding.Bitpacked packed -> packed.bitsPerValue();
            case ArrayEncoding.BitpackedForNonNeg packed -> packed.bitsPerValue();
            case ArrayEncoding.FixedSizeList _, ArrayEncoding.ListOffsets _, ArrayEncoding.StructHeader _,
                    ArrayEncoding.Binary _, ArrayEncoding.Dictionary _, ArrayEncoding.Fsst _,
                    ArrayEncoding.PackedStruct _, ArrayEncoding.FixedSizeBinary _ ->
                throw unexpected(indices, "dictionary indices");
        };
        if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
            throw context.corrupt("dictionary indices of " + Long.toUnsignedString(bits) + " bits");
        }
        return (int) bits;
    }

    /// The buffer of a bitmap.
    private PageBuffer bitmap(ArrayEncoding encoding) {
        ArrayEncoding flat = encoding instanceof ArrayEncoding.NoNulls(ArrayEncoding values) ? values : encoding;
        if (!(flat instanceof ArrayEncoding.Flat(long bits, BufferRef buffer, CompressionScheme compression))
                || bits != 1) {
            throw unexpected(encoding, "a bitmap");
        }
        return buffer(buffer, compression);
    }

    /// The buffer of the bytes of strings.
    private PageBuffer byteBuffer(ArrayEncoding encoding) {
        ArrayEncoding flat = encoding instanceof ArrayEncoding.NoNulls(ArrayEncoding values) ? values : encoding;
        if (!(flat instanceof ArrayEncoding.Flat(long bits, BufferRef buffer, CompressionScheme compression))
                || bits % 8 != 0) {
            throw unexpected(encoding, "bytes");
        }
        return buffer(buffer, compression);
    }

    private PageBuffer buffer(BufferRef buffer, @Nullable CompressionScheme compression) {
        List<ByteRange> buffers = switch (buffer.place()) {
            case PAGE -> page.buffers();
            case COLUMN -> columnBuffers;
            case FILE -> throw new UnsupportedFormatException(
                    context.file() + ": a page with values in a buffer of the file is not read");
        };
        if (buffer.index() >= buffers.size()) {
            throw context.corrupt("buffer " + buffer.index() + " of " + buffers.size());
        }
        return new PageBuffer(buffers.get((int) buffer.index()), compression);
    }

    private CorruptFileException unexpected(ArrayEncoding encoding, String expected) {
        return context.corrupt("encoding '" + name(encoding) + "' where there should be " + expected);
    }

    private static String name(ArrayEncoding encoding) {
        return encoding.getClass().getSimpleName();
    }
}
