// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import com.google.protobuf.ByteString;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.bytes.Bytes;
import dev.joust.format.internal.proto.encodings23.BufferCompression;

/// {@link CompressiveEncoding} from the message that files of version 2.3 have for it.
public final class Encoding23Codec {
    private Encoding23Codec() {}

    public static CompressiveEncoding parse(dev.joust.format.internal.proto.encodings23.CompressiveEncoding message) {
        return switch (message.getCompressionCase()) {
            case FLAT -> {
                refuse(message.getFlat().hasData(), "a flat encoding with its own buffer compression");
                yield new CompressiveEncoding.Flat(message.getFlat().getBitsPerValue());
            }
            case VARIABLE -> {
                refuse(message.getVariable().hasValues(), "a variable encoding with its own buffer compression");
                yield new CompressiveEncoding.Variable(parse(message.getVariable().getOffsets()));
            }
            case CONSTANT ->
                new CompressiveEncoding.Constant(
                        message.getConstant().hasValue()
                                ? bytes(message.getConstant().getValue())
                                : null);
            case OUT_OF_LINE_BITPACKING -> {
                var packed = message.getOutOfLineBitpacking();
                if (!(parse(packed.getValues()) instanceof CompressiveEncoding.Flat(long packedBits))) {
                    throw unsupported("out-of-line bit-packing of anything but flat values");
                }
                yield new CompressiveEncoding.OutOfLineBitpacking(packed.getUncompressedBitsPerValue(), packedBits);
            }
            case INLINE_BITPACKING -> {
                refuse(message.getInlineBitpacking().hasValues(), "inline bit-packing with its own buffer compression");
                yield new CompressiveEncoding.InlineBitpacking(
                        message.getInlineBitpacking().getUncompressedBitsPerValue());
            }
            case FSST ->
                new CompressiveEncoding.Fsst(
                        bytes(message.getFsst().getSymbolTable()),
                        parse(message.getFsst().getValues()));
            case DICTIONARY ->
                new CompressiveEncoding.Dictionary(
                        parse(message.getDictionary().getIndices()),
                        parse(message.getDictionary().getItems()),
                        Integer.toUnsignedLong(message.getDictionary().getNumDictionaryItems()));
            case RLE ->
                new CompressiveEncoding.Rle(
                        parse(message.getRle().getValues()),
                        parse(message.getRle().getRunLengths()));
            case BYTE_STREAM_SPLIT ->
                new CompressiveEncoding.ByteStreamSplit(parse(message.getByteStreamSplit().getValues()));
            case GENERAL -> {
                BufferCompression compression = message.getGeneral().getCompression();
                yield new CompressiveEncoding.General(
                        CompressionScheme.fromCode(compression.getSchemeValue()),
                        compression.hasLevel() ? compression.getLevel() : null,
                        parse(message.getGeneral().getValues()));
            }
            case FIXED_SIZE_LIST ->
                new CompressiveEncoding.FixedSizeList(
                        message.getFixedSizeList().getItemsPerValue(),
                        parse(message.getFixedSizeList().getValues()),
                        message.getFixedSizeList().getHasValidity());
            case PACKED_STRUCT ->
                new CompressiveEncoding.PackedStruct(
                        message.getPackedStruct().getBitsPerValueList(),
                        parse(message.getPackedStruct().getValues()));
            case VARIABLE_PACKED_STRUCT ->
                new CompressiveEncoding.VariablePackedStruct(message.getVariablePackedStruct().getFieldsList().stream()
                        .map(field -> new CompressiveEncoding.PackedField(
                                parse(field.getValue()),
                                field.hasBitsPerLength() ? field.getBitsPerLength() : field.getBitsPerValue(),
                                field.hasBitsPerLength()))
                        .toList());
            case RANGE ->
                new CompressiveEncoding.Range(
                        message.getRange().getUncompressedBitsPerValue(),
                        message.getRange().getStart(),
                        message.getRange().getStep());
            case DELTA ->
                new CompressiveEncoding.Delta(
                        message.getDelta().getUncompressedBitsPerValue(),
                        message.getDelta().getBase(),
                        parse(message.getDelta().getDeltas()));
            case COMPRESSION_NOT_SET -> throw unsupported("a compression that is not named or not known");
        };
    }

    private static Bytes bytes(ByteString bytes) {
        return Bytes.wrap(bytes.toByteArray());
    }

    private static void refuse(boolean present, String what) {
        if (present) {
            throw unsupported(what);
        }
    }

    private static UnsupportedFormatException unsupported(String what) {
        return new UnsupportedFormatException(what + " is not read");
    }
}
