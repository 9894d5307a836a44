// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.ByteString;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.bytes.Bytes;
import dev.joust.format.internal.proto.encodings21.BufferCompression;

/// {@link CompressiveEncoding} from and to its message.
public final class CompressiveEncodingCodec {
    private CompressiveEncodingCodec() {}

    public static CompressiveEncoding parse(dev.joust.format.internal.proto.encodings21.CompressiveEncoding message) {
        return switch (message.getCompressionCase()) {
            case FLAT -> {
                if (message.getFlat().hasData()) {
                    throw unsupported("a flat encoding with its own buffer compression");
                }
                yield new CompressiveEncoding.Flat(message.getFlat().getBitsPerValue());
            }
            case VARIABLE -> {
                if (message.getVariable().hasValues()) {
                    throw unsupported("a variable encoding with its own buffer compression");
                }
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
                if (message.getInlineBitpacking().hasValues()) {
                    throw unsupported("inline bit-packing with its own buffer compression");
                }
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
            case VARIABLE_PACKED_STRUCT -> {
                List<CompressiveEncoding.PackedField> fields = new ArrayList<>();
                for (var field : message.getVariablePackedStruct().getFieldsList()) {
                    fields.add(new CompressiveEncoding.PackedField(
                            parse(field.getValue()),
                            field.hasBitsPerLength() ? field.getBitsPerLength() : field.getBitsPerValue(),
                            field.hasBitsPerLength()));
                }
                yield new CompressiveEncoding.VariablePackedStruct(fields);
            }
            case COMPRESSION_NOT_SET -> throw unsupported("a compression that is not named or not known");
        };
    }

    public static dev.joust.format.internal.proto.encodings21.CompressiveEncoding toMessage(
            CompressiveEncoding encoding) {
        var message = dev.joust.format.internal.proto.encodings21.CompressiveEncoding.newBuilder();
        switch (encoding) {
            case CompressiveEncoding.Flat(long bitsPerValue) ->
                message.getFlatBuilder().setBitsPerValue(bitsPerValue);
            case CompressiveEncoding.Variable(CompressiveEncoding offsets) ->
                message.getVariableBuilder().setOffsets(toMessage(offsets));
            case CompressiveEncoding.Constant constant -> {
                var builder = message.getConstantBuilder();
                if (constant.value() != null) {
                    builder.setValue(ByteString.copyFrom(constant.value().array()));
                }
            }
            case CompressiveEncoding.OutOfLineBitpacking(long uncompressedBits, long packedBits) ->
                message.getOutOfLineBitpackingBuilder()
                        .setUncompressedBitsPerValue(uncompressedBits)
                        .setValues(toMessage(new CompressiveEncoding.Flat(packedBits)));
            case CompressiveEncoding.InlineBitpacking(long uncompressedBits) ->
                message.getInlineBitpackingBuilder().setUncompressedBitsPerValue(uncompressedBits);
            case CompressiveEncoding.Fsst(Bytes symbolTable, CompressiveEncoding values) ->
                message.getFsstBuilder()
                        .setSymbolTable(ByteString.copyFrom(symbolTable.array()))
                        .setValues(toMessage(values));
            case CompressiveEncoding.Dictionary(CompressiveEncoding indices, CompressiveEncoding items, long count) ->
                message.getDictionaryBuilder()
                        .setIndices(toMessage(indices))
                        .setItems(toMessage(items))
                        .setNumDictionaryItems((int) count);
            case CompressiveEncoding.Range _, CompressiveEncoding.Delta _ ->
                throw new IllegalArgumentException(encoding + " in a file before 2.3");
            case CompressiveEncoding.Rle(CompressiveEncoding values, CompressiveEncoding runLengths) ->
                message.getRleBuilder().setValues(toMessage(values)).setRunLengths(toMessage(runLengths));
            case CompressiveEncoding.ByteStreamSplit(CompressiveEncoding values) ->
                message.getByteStreamSplitBuilder().setValues(toMessage(values));
            case CompressiveEncoding.General general -> {
                var builder = message.getGeneralBuilder().setValues(toMessage(general.values()));
                builder.getCompressionBuilder().setSchemeValue(general.scheme().code());
                if (general.level() != null) {
                    builder.getCompressionBuilder().setLevel(general.level());
                }
            }
            case CompressiveEncoding.FixedSizeList(long itemsPerValue, CompressiveEncoding values, boolean validity) ->
                message.getFixedSizeListBuilder()
                        .setItemsPerValue(itemsPerValue)
                        .setValues(toMessage(values))
                        .setHasValidity(validity);
            case CompressiveEncoding.PackedStruct(List<Long> bitsPerValue, CompressiveEncoding values) ->
                message.getPackedStructBuilder().addAllBitsPerValue(bitsPerValue).setValues(toMessage(values));
            case CompressiveEncoding.VariablePackedStruct(List<CompressiveEncoding.PackedField> fields) -> {
                for (CompressiveEncoding.PackedField field : fields) {
                    var builder = message.getVariablePackedStructBuilder()
                            .addFieldsBuilder()
                            .setValue(toMessage(field.value()));
                    if (field.variable()) {
                        builder.setBitsPerLength(field.bits());
                    } else {
                        builder.setBitsPerValue(field.bits());
                    }
                }
            }
        }
        return message.build();
    }

    private static Bytes bytes(ByteString bytes) {
        return Bytes.wrap(bytes.toByteArray());
    }

    private static UnsupportedFormatException unsupported(String what) {
        return new UnsupportedFormatException(what + " is not read");
    }
}
