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

    /// @throws UnsupportedFormatException also for what only 2.3 has
    public static CompressiveEncoding parse(dev.joust.format.internal.proto.encodings21.CompressiveEncoding message) {
        return parse(message, false);
    }

    /// Of a file of version 2.3.
    public static CompressiveEncoding parse23(dev.joust.format.internal.proto.encodings21.CompressiveEncoding message) {
        return parse(message, true);
    }

    private static CompressiveEncoding parse(
            dev.joust.format.internal.proto.encodings21.CompressiveEncoding message, boolean has23) {
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
                yield new CompressiveEncoding.Variable(parse(message.getVariable().getOffsets(), has23));
            }
            case CONSTANT ->
                new CompressiveEncoding.Constant(
                        message.getConstant().hasValue()
                                ? bytes(message.getConstant().getValue())
                                : null);
            case OUT_OF_LINE_BITPACKING -> {
                var packed = message.getOutOfLineBitpacking();
                if (!(parse(packed.getValues(), has23) instanceof CompressiveEncoding.Flat(long packedBits))) {
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
                        parse(message.getFsst().getValues(), has23));
            case DICTIONARY ->
                new CompressiveEncoding.Dictionary(
                        parse(message.getDictionary().getIndices(), has23),
                        parse(message.getDictionary().getItems(), has23),
                        Integer.toUnsignedLong(message.getDictionary().getNumDictionaryItems()));
            case RLE ->
                new CompressiveEncoding.Rle(
                        parse(message.getRle().getValues(), has23),
                        parse(message.getRle().getRunLengths(), has23));
            case BYTE_STREAM_SPLIT ->
                new CompressiveEncoding.ByteStreamSplit(parse(message.getByteStreamSplit().getValues(), has23));
            case GENERAL -> {
                BufferCompression compression = message.getGeneral().getCompression();
                yield new CompressiveEncoding.General(
                        CompressionScheme.fromCode(compression.getSchemeValue()),
                        compression.hasLevel() ? compression.getLevel() : null,
                        parse(message.getGeneral().getValues(), has23));
            }
            case FIXED_SIZE_LIST ->
                new CompressiveEncoding.FixedSizeList(
                        message.getFixedSizeList().getItemsPerValue(),
                        parse(message.getFixedSizeList().getValues(), has23),
                        message.getFixedSizeList().getHasValidity());
            case PACKED_STRUCT ->
                new CompressiveEncoding.PackedStruct(
                        message.getPackedStruct().getBitsPerValueList(),
                        parse(message.getPackedStruct().getValues(), has23));
            case VARIABLE_PACKED_STRUCT -> {
                List<CompressiveEncoding.PackedField> fields = new ArrayList<>();
                for (var field : message.getVariablePackedStruct().getFieldsList()) {
                    fields.add(new CompressiveEncoding.PackedField(
                            parse(field.getValue(), has23),
                            field.hasBitsPerLength() ? field.getBitsPerLength() : field.getBitsPerValue(),
                            field.hasBitsPerLength()));
                }
                yield new CompressiveEncoding.VariablePackedStruct(fields);
            }
            case RANGE -> {
                requireVersion23(has23, "a range");
                yield new CompressiveEncoding.Range(
                        message.getRange().getUncompressedBitsPerValue(),
                        message.getRange().getStart(),
                        message.getRange().getStep());
            }
            case DELTA -> {
                requireVersion23(has23, "differences");
                yield new CompressiveEncoding.Delta(
                        message.getDelta().getUncompressedBitsPerValue(),
                        message.getDelta().getBase(),
                        parse(message.getDelta().getDeltas(), true));
            }
            case COMPRESSION_NOT_SET -> throw unsupported("a compression that is not named or not known");
        };
    }

    private static void requireVersion23(boolean has23, String what) {
        if (!has23) {
            throw unsupported(what + " in a file before 2.3");
        }
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
