// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.util.List;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.bytes.Bytes;
import dev.joust.format.internal.encoding.compress.CompressiveEncodingCodec;
import dev.joust.format.internal.encoding.repdef.RepDefLayer;
import dev.joust.format.internal.file.EncodedMessage;

/// {@link PageLayout} from and to its message.
public final class PageLayoutCodec {
    public static final String TYPE_NAME = "lance.encodings21.PageLayout";

    private PageLayoutCodec() {}

    /// @throws CorruptFileException without file and offset: the caller knows them
    public static PageLayout parse(EncodedMessage encoding) {
        if (encoding.typeName().equals(PlanarLayoutCodec.TYPE_NAME)) {
            return PlanarLayoutCodec.parse(encoding);
        }
        if (!encoding.typeName().equals(TYPE_NAME)) {
            throw new UnsupportedFormatException("page encoding '" + encoding.typeName() + "' is not known");
        }
        try {
            return parse(dev.joust.format.internal.proto.encodings21.PageLayout.parseFrom(
                    encoding.bytes().array()));
        } catch (InvalidProtocolBufferException e) {
            throw new CorruptFileException("page layout is not a message: " + e.getMessage(), e);
        }
    }

    public static EncodedMessage toEncodedMessage(PageLayout layout) {
        return new EncodedMessage(TYPE_NAME, Bytes.wrap(toMessage(layout).toByteArray()));
    }

    private static PageLayout parse(dev.joust.format.internal.proto.encodings21.PageLayout message) {
        return switch (message.getLayoutCase()) {
            case MINI_BLOCK_LAYOUT -> {
                var m = message.getMiniBlockLayout();
                yield new PageLayout.MiniBlockLayout(
                        m.hasRepCompression() ? CompressiveEncodingCodec.parse(m.getRepCompression()) : null,
                        m.hasDefCompression() ? CompressiveEncodingCodec.parse(m.getDefCompression()) : null,
                        CompressiveEncodingCodec.parse(m.getValueCompression()),
                        m.hasDictionary() ? CompressiveEncodingCodec.parse(m.getDictionary()) : null,
                        m.getNumDictionaryItems(),
                        layers(m.getLayersValueList()),
                        m.getNumBuffers(),
                        m.getRepetitionIndexDepth(),
                        m.getNumItems(),
                        m.getHasLargeChunk());
            }
            case FULL_ZIP_LAYOUT -> {
                var m = message.getFullZipLayout();
                yield new PageLayout.FullZipLayout(
                        m.getBitsRep(),
                        m.getBitsDef(),
                        m.hasBitsPerOffset() ? m.getBitsPerOffset() : m.getBitsPerValue(),
                        m.hasBitsPerOffset(),
                        Integer.toUnsignedLong(m.getNumItems()),
                        Integer.toUnsignedLong(m.getNumVisibleItems()),
                        CompressiveEncodingCodec.parse(m.getValueCompression()),
                        layers(m.getLayersValueList()));
            }
            case CONSTANT_LAYOUT -> {
                var m = message.getConstantLayout();
                yield new PageLayout.ConstantLayout(
                        layers(m.getLayersValueList()),
                        m.hasInlineValue() ? Bytes.wrap(m.getInlineValue().toByteArray()) : null,
                        m.hasRepCompression() ? CompressiveEncodingCodec.parse(m.getRepCompression()) : null,
                        m.hasDefCompression() ? CompressiveEncodingCodec.parse(m.getDefCompression()) : null,
                        m.getNumRepValues(),
                        m.getNumDefValues());
            }
            case BLOB_LAYOUT ->
                new PageLayout.BlobLayout(
                        parse(message.getBlobLayout().getInnerLayout()),
                        layers(message.getBlobLayout().getLayersValueList()));
            case LAYOUT_NOT_SET ->
                throw new UnsupportedFormatException("a page layout that is not named or not known is not read");
        };
    }

    private static dev.joust.format.internal.proto.encodings21.PageLayout toMessage(PageLayout layout) {
        var message = dev.joust.format.internal.proto.encodings21.PageLayout.newBuilder();
        switch (layout) {
            case PageLayout.MiniBlockLayout m -> {
                var builder = message.getMiniBlockLayoutBuilder()
                        .setValueCompression(CompressiveEncodingCodec.toMessage(m.values()))
                        .setNumDictionaryItems(m.dictionaryItemCount())
                        .addAllLayersValue(codes(m.layers()))
                        .setNumBuffers(m.bufferCount())
                        .setRepetitionIndexDepth(m.repetitionIndexDepth())
                        .setNumItems(m.itemCount())
                        .setHasLargeChunk(m.largeChunks());
                if (m.repetition() != null) {
                    builder.setRepCompression(CompressiveEncodingCodec.toMessage(m.repetition()));
                }
                if (m.definition() != null) {
                    builder.setDefCompression(CompressiveEncodingCodec.toMessage(m.definition()));
                }
                if (m.dictionary() != null) {
                    builder.setDictionary(CompressiveEncodingCodec.toMessage(m.dictionary()));
                }
            }
            case PageLayout.FullZipLayout m -> {
                var builder = message.getFullZipLayoutBuilder()
                        .setBitsRep(m.repetitionBits())
                        .setBitsDef(m.definitionBits())
                        .setNumItems((int) m.itemCount())
                        .setNumVisibleItems((int) m.visibleItemCount())
                        .setValueCompression(CompressiveEncodingCodec.toMessage(m.values()))
                        .addAllLayersValue(codes(m.layers()));
                if (m.variable()) {
                    builder.setBitsPerOffset(m.bits());
                } else {
                    builder.setBitsPerValue(m.bits());
                }
            }
            case PageLayout.ConstantLayout m -> {
                var builder = message.getConstantLayoutBuilder()
                        .addAllLayersValue(codes(m.layers()))
                        .setNumRepValues(m.repetitionCount())
                        .setNumDefValues(m.definitionCount());
                @Nullable Bytes value = m.inlineValue();
                if (value != null) {
                    builder.setInlineValue(ByteString.copyFrom(value.array()));
                }
                if (m.repetition() != null) {
                    builder.setRepCompression(CompressiveEncodingCodec.toMessage(m.repetition()));
                }
                if (m.definition() != null) {
                    builder.setDefCompression(CompressiveEncodingCodec.toMessage(m.definition()));
                }
            }
            case PageLayout.SparseLayout _ -> throw new IllegalArgumentException("a sparse page in a file before 2.3");
            case PageLayout.BlobLayout(PageLayout inner, List<RepDefLayer> layers) ->
                message.getBlobLayoutBuilder().setInnerLayout(toMessage(inner)).addAllLayersValue(codes(layers));
        }
        return message.build();
    }

    private static List<RepDefLayer> layers(List<Integer> codes) {
        return codes.stream().map(RepDefLayer::fromCode).toList();
    }

    private static List<Integer> codes(List<RepDefLayer> layers) {
        return layers.stream().map(RepDefLayer::code).toList();
    }
}
