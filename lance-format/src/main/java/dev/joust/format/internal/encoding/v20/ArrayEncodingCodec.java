// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.util.List;
import java.util.Locale;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.bytes.Bytes;
import dev.joust.format.internal.encoding.compress.CompressionScheme;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.file.EncodedMessage;
import dev.joust.format.internal.proto.encodings20.Buffer;
import dev.joust.format.internal.proto.encodings20.ColumnEncoding;
import dev.joust.format.internal.proto.encodings20.Compression;

/// {@link ArrayEncoding} from and to its message, and the encoding of a column.
public final class ArrayEncodingCodec {
    private static final String PAGE_TYPE = "lance.encodings.ArrayEncoding";
    private static final String COLUMN_TYPE = "lance.encodings.ColumnEncoding";

    private ArrayEncodingCodec() {}

    /// The encoding of a page.
    static ArrayEncoding parse(DecodeContext context, EncodedMessage encoding) {
        if (!encoding.typeName().equals(PAGE_TYPE)) {
            throw new UnsupportedFormatException(
                    context.file() + ": a page of encoding '" + encoding.typeName() + "' in a 2.0 file is not read");
        }
        try {
            return parse(
                    context,
                    dev.joust.format.internal.proto.encodings20.ArrayEncoding.parseFrom(
                            encoding.bytes().array()));
        } catch (InvalidProtocolBufferException e) {
            throw context.corrupt("its encoding is not a message: " + e.getMessage());
        }
    }

    /// Whether the column's pages hold descriptors of blobs, not the values themselves.
    static boolean isBlob(DecodeContext context, EncodedMessage encoding) {
        if (!encoding.typeName().equals(COLUMN_TYPE)) {
            throw new UnsupportedFormatException(
                    context.file() + ": a column of encoding '" + encoding.typeName() + "' is not read");
        }
        try {
            ColumnEncoding message = ColumnEncoding.parseFrom(encoding.bytes().array());
            while (message.getColumnEncodingCase() == ColumnEncoding.ColumnEncodingCase.ZONE_INDEX) {
                message = message.getZoneIndex().getInner(); // statistics beside the values
            }
            return switch (message.getColumnEncodingCase()) {
                case VALUES -> false;
                case BLOB -> {
                    if (message.getBlob().getInner().getColumnEncodingCase()
                            != ColumnEncoding.ColumnEncodingCase.VALUES) {
                        throw unsupported(context, "a blob column of anything but values");
                    }
                    yield true;
                }
                case ZONE_INDEX, COLUMNENCODING_NOT_SET ->
                    throw unsupported(context, "a column encoding that is not known");
            };
        } catch (InvalidProtocolBufferException e) {
            throw context.corrupt("the column's encoding is not a message: " + e.getMessage());
        }
    }

    private static ArrayEncoding parse(
            DecodeContext context, dev.joust.format.internal.proto.encodings20.ArrayEncoding message) {
        return switch (message.getArrayEncodingCase()) {
            case FLAT ->
                new ArrayEncoding.Flat(
                        message.getFlat().getBitsPerValue(),
                        buffer(context, message.getFlat().getBuffer()),
                        message.getFlat().hasCompression()
                                ? scheme(context, message.getFlat().getCompression())
                                : null);
            case NULLABLE -> {
                var nullable = message.getNullable();
                yield switch (nullable.getNullabilityCase()) {
                    case NO_NULLS -> new ArrayEncoding.NoNulls(parse(context, nullable.getNoNulls().getValues()));
                    case SOME_NULLS ->
                        new ArrayEncoding.SomeNulls(
                                parse(context, nullable.getSomeNulls().getValidity()),
                                parse(context, nullable.getSomeNulls().getValues()));
                    case ALL_NULLS -> new ArrayEncoding.AllNulls();
                    case NULLABILITY_NOT_SET -> throw unsupported(context, "a nullability that is not known");
                };
            }
            case FIXED_SIZE_LIST ->
                new ArrayEncoding.FixedSizeList(
                        Integer.toUnsignedLong(message.getFixedSizeList().getDimension()),
                        parse(context, message.getFixedSizeList().getItems()));
            case LIST ->
                new ArrayEncoding.ListOffsets(
                        parse(context, message.getList().getOffsets()),
                        message.getList().getNullOffsetAdjustment(),
                        message.getList().getNumItems());
            case STRUCT -> new ArrayEncoding.StructHeader();
            case BINARY ->
                new ArrayEncoding.Binary(
                        parse(context, message.getBinary().getIndices()),
                        parse(context, message.getBinary().getBytes()),
                        message.getBinary().getNullAdjustment());
            case DICTIONARY ->
                new ArrayEncoding.Dictionary(
                        parse(context, message.getDictionary().getIndices()),
                        parse(context, message.getDictionary().getItems()),
                        Integer.toUnsignedLong(message.getDictionary().getNumDictionaryItems()));
            case FSST ->
                new ArrayEncoding.Fsst(
                        parse(context, message.getFsst().getBinary()),
                        Bytes.wrap(message.getFsst().getSymbolTable().toByteArray()));
            case PACKED_STRUCT ->
                new ArrayEncoding.PackedStruct(
                        message.getPackedStruct().getInnerList().stream()
                                .map(inner -> parse(context, inner))
                                .toList(),
                        buffer(context, message.getPackedStruct().getBuffer()));
            case BITPACKED ->
                new ArrayEncoding.Bitpacked(
                        message.getBitpacked().getCompressedBitsPerValue(),
                        message.getBitpacked().getUncompressedBitsPerValue(),
                        buffer(context, message.getBitpacked().getBuffer()),
                        message.getBitpacked().getSigned());
            case BITPACKED_FOR_NON_NEG ->
                new ArrayEncoding.BitpackedForNonNeg(
                        message.getBitpackedForNonNeg().getCompressedBitsPerValue(),
                        message.getBitpackedForNonNeg().getUncompressedBitsPerValue(),
                        buffer(context, message.getBitpackedForNonNeg().getBuffer()));
            case FIXED_SIZE_BINARY ->
                new ArrayEncoding.FixedSizeBinary(
                        parse(context, message.getFixedSizeBinary().getBytes()),
                        Integer.toUnsignedLong(message.getFixedSizeBinary().getByteWidth()));
            case CONSTANT -> throw unsupported(context, "a constant encoding in a 2.0 file");
            case ARRAYENCODING_NOT_SET -> throw unsupported(context, "an array encoding that is not named or not known");
        };
    }

    private static BufferRef buffer(DecodeContext context, Buffer buffer) {
        BufferRef.Place place = switch (buffer.getBufferType()) {
            case page -> BufferRef.Place.PAGE;
            case column -> BufferRef.Place.COLUMN;
            case file -> BufferRef.Place.FILE;
            case UNRECOGNIZED -> throw unsupported(context, "buffer type " + buffer.getBufferTypeValue());
        };
        return new BufferRef(Integer.toUnsignedLong(buffer.getBufferIndex()), place);
    }

    private static @Nullable CompressionScheme scheme(DecodeContext context, Compression compression) {
        return switch (compression.getScheme().toLowerCase(Locale.ROOT)) {
            case "none", "" -> null;
            case "zstd" -> CompressionScheme.ZSTD;
            case "lz4" -> CompressionScheme.LZ4;
            default -> throw unsupported(context, "buffer compression '" + compression.getScheme() + "'");
        };
    }

    private static UnsupportedFormatException unsupported(DecodeContext context, String what) {
        return new UnsupportedFormatException(context.file() + ": " + what + " is not read");
    }

    /// What a page says of its encoding.
    public static EncodedMessage toEncodedMessage(ArrayEncoding encoding) {
        return new EncodedMessage(PAGE_TYPE, Bytes.wrap(toMessage(encoding).toByteArray()));
    }

    private static dev.joust.format.internal.proto.encodings20.ArrayEncoding toMessage(ArrayEncoding encoding) {
        var message = dev.joust.format.internal.proto.encodings20.ArrayEncoding.newBuilder();
        switch (encoding) {
            case ArrayEncoding.Flat(long bits, BufferRef buffer, CompressionScheme compression) -> {
                var flat = message.getFlatBuilder().setBitsPerValue(bits).setBuffer(toMessage(buffer));
                if (compression != null) {
                    flat.setCompression(Compression.newBuilder()
                            .setScheme(compression.name().toLowerCase(Locale.ROOT)));
                }
            }
            case ArrayEncoding.NoNulls(ArrayEncoding values) ->
                message.getNullableBuilder().getNoNullsBuilder().setValues(toMessage(values));
            case ArrayEncoding.SomeNulls(ArrayEncoding validity, ArrayEncoding values) ->
                message.getNullableBuilder()
                        .getSomeNullsBuilder()
                        .setValidity(toMessage(validity))
                        .setValues(toMessage(values));
            case ArrayEncoding.AllNulls _ -> message.getNullableBuilder().getAllNullsBuilder();
            case ArrayEncoding.FixedSizeList(long dimension, ArrayEncoding items) ->
                message.getFixedSizeListBuilder()
                        .setDimension((int) dimension)
                        .setItems(toMessage(items));
            case ArrayEncoding.ListOffsets(ArrayEncoding offsets, long nullOffsetAdjustment, long itemCount) ->
                message.getListBuilder()
                        .setOffsets(toMessage(offsets))
                        .setNullOffsetAdjustment(nullOffsetAdjustment)
                        .setNumItems(itemCount);
            case ArrayEncoding.StructHeader _ -> message.getStructBuilder();
            case ArrayEncoding.Binary(ArrayEncoding indices, ArrayEncoding bytes, long nullAdjustment) ->
                message.getBinaryBuilder()
                        .setIndices(toMessage(indices))
                        .setBytes(toMessage(bytes))
                        .setNullAdjustment(nullAdjustment);
            case ArrayEncoding.Dictionary(ArrayEncoding indices, ArrayEncoding items, long itemCount) ->
                message.getDictionaryBuilder()
                        .setIndices(toMessage(indices))
                        .setItems(toMessage(items))
                        .setNumDictionaryItems((int) itemCount);
            case ArrayEncoding.Fsst(ArrayEncoding binary, Bytes symbolTable) ->
                message.getFsstBuilder()
                        .setBinary(toMessage(binary))
                        .setSymbolTable(ByteString.copyFrom(symbolTable.array()));
            case ArrayEncoding.PackedStruct(List<ArrayEncoding> inner, BufferRef buffer) -> {
                var struct = message.getPackedStructBuilder().setBuffer(toMessage(buffer));
                inner.forEach(field -> struct.addInner(toMessage(field)));
            }
            case ArrayEncoding.Bitpacked(long packedBits, long bits, BufferRef buffer, boolean signed) ->
                message.getBitpackedBuilder()
                        .setCompressedBitsPerValue(packedBits)
                        .setUncompressedBitsPerValue(bits)
                        .setBuffer(toMessage(buffer))
                        .setSigned(signed);
            case ArrayEncoding.BitpackedForNonNeg(long packedBits, long bits, BufferRef buffer) ->
                message.getBitpackedForNonNegBuilder()
                        .setCompressedBitsPerValue(packedBits)
                        .setUncompressedBitsPerValue(bits)
                        .setBuffer(toMessage(buffer));
            case ArrayEncoding.FixedSizeBinary(ArrayEncoding bytes, long byteWidth) ->
                message.getFixedSizeBinaryBuilder().setBytes(toMessage(bytes)).setByteWidth((int) byteWidth);
        }
        return message.build();
    }

    private static Buffer toMessage(BufferRef buffer) {
        return Buffer.newBuilder()
                .setBufferIndex((int) buffer.index())
                .setBufferType(switch (buffer.place()) {
                    case PAGE -> Buffer.BufferType.page;
                    case COLUMN -> Buffer.BufferType.column;
                    case FILE -> Buffer.BufferType.file;
                })
                .build();
    }
}
