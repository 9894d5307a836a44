// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.InvalidProtocolBufferException;
import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.bytes.Bytes;
import dev.joust.format.internal.encoding.compress.CompressiveEncoding;
import dev.joust.format.internal.encoding.compress.CompressiveEncodingCodec;
import dev.joust.format.internal.encoding.repdef.RepDefLayer;
import dev.joust.format.internal.file.EncodedMessage;
import dev.joust.format.internal.proto.encodings23.ChunkedValues;
import dev.joust.format.internal.proto.encodings23.DenseChunkLevels;
import dev.joust.format.internal.proto.encodings23.PlanarLayout;
import dev.joust.format.internal.proto.encodings23.SparseStructuralLayer;
import dev.joust.format.internal.proto.encodings23.SparseValiditySet;
import dev.joust.format.internal.proto.encodings23.ValuePlane;
import dev.joust.format.internal.proto.encodings23.ZippedValues;

/// {@link PageLayout} from the message that files of version 2.3 have for it (spec: file format, appendix C): what is
/// dense there is a layout of 2.2 in other words.
final class PlanarLayoutCodec {
    static final String TYPE_NAME = "lance.encodings23.PlanarLayout";

    private PlanarLayoutCodec() {}

    /// @throws CorruptFileException without file and offset: the caller knows them
    static PageLayout parse(EncodedMessage encoding) {
        try {
            PlanarLayout message = PlanarLayout.parseFrom(encoding.bytes().array());
            return switch (message.getStructure().getCodecCase()) {
                case DENSE -> {
                    List<RepDefLayer> layers = message.getStructure().getDense().getLayersValueList().stream()
                            .map(RepDefLayer::fromCode)
                            .toList();
                    yield values(message.getValues(), layers);
                }
                case SPARSE -> sparse(message);
                case CODEC_NOT_SET ->
                    throw new UnsupportedFormatException("a page structure that is not named or not known is not read");
            };
        } catch (InvalidProtocolBufferException e) {
            throw new CorruptFileException("page layout is not a message: " + e.getMessage(), e);
        }
    }

    private static PageLayout values(ValuePlane values, List<RepDefLayer> layers) {
        return switch (values.getCodecCase()) {
            case CHUNKED -> chunked(values.getChunked(), layers, values.getChunked().getNumItems());
            case ZIPPED -> zipped(values.getZipped(), layers);
            case CONSTANT ->
                new PageLayout.ConstantLayout(
                        layers, Bytes.wrap(values.getConstant().getScalar().toByteArray()), null, null, 0, 0);
            case NONE -> new PageLayout.ConstantLayout(layers, null, null, null, 0, 0);
            case INDEXED -> throw new CorruptFileException("indexed values in a dense page");
            case CODEC_NOT_SET ->
                throw new UnsupportedFormatException("page values that are not named or not known are not read");
        };
    }

    private static PageLayout.MiniBlockLayout chunked(ChunkedValues m, List<RepDefLayer> layers, long itemCount) {
        DenseChunkLevels levels = m.getLevels();
        return new PageLayout.MiniBlockLayout(
                levels.hasRepetition() ? CompressiveEncodingCodec.parse23(levels.getRepetition()) : null,
                levels.hasDefinition() ? CompressiveEncodingCodec.parse23(levels.getDefinition()) : null,
                CompressiveEncodingCodec.parse23(m.getCompression()),
                m.hasDictionary() ? CompressiveEncodingCodec.parse23(m.getDictionary()) : null,
                m.getNumDictionaryItems(),
                layers,
                m.getNumBuffers(),
                levels.getRepetitionIndexDepth(),
                itemCount,
                true);
    }

    private static PageLayout.FullZipLayout zipped(ZippedValues m, List<RepDefLayer> layers) {
        return new PageLayout.FullZipLayout(
                m.getLevels().getBitsRepetition(),
                m.getLevels().getBitsDefinition(),
                m.hasBitsPerOffset() ? m.getBitsPerOffset() : m.getBitsPerValue(),
                m.hasBitsPerOffset(),
                m.getNumItems(),
                m.getNumVisibleItems(),
                CompressiveEncodingCodec.parse23(m.getCompression()),
                layers);
    }

    private static PageLayout.SparseLayout sparse(PlanarLayout message) {
        List<PageLayout.SparseLayer> structure = new ArrayList<>();
        long leafSlots = -1; // as many as rows, until a list says otherwise
        for (SparseStructuralLayer layer : message.getStructure().getSparse().getLayersList()) {
            switch (layer.getLayerCase()) {
                case VALIDITY -> structure.add(new PageLayout.SparseItems(validity(layer.getValidity())));
                case LIST -> {
                    var list = layer.getList();
                    leafSlots = list.getNumChildSlots();
                    structure.add(new PageLayout.SparseLists(
                            list.getNumChildSlots(),
                            CompressiveEncodingCodec.parse23(list.getNonEmptyPositions()),
                            list.getNumNonEmptyPositions(),
                            CompressiveEncodingCodec.parse23(list.getCounts()),
                            validity(list.getValidity())));
                }
                case FIXED_SIZE_LIST -> {
                    var list = layer.getFixedSizeList();
                    structure.add(new PageLayout.SparseFixedSizeLists(
                            list.getDimension(), validity(list.getValidity())));
                }
                case LAYER_NOT_SET ->
                    throw new UnsupportedFormatException("a sparse layer that is not named or not known is not read");
            }
        }
        ValuePlane values = message.getValues();
        List<RepDefLayer> flat = List.of(RepDefLayer.ALL_VALID_ITEM);
        @Nullable CompressiveEncoding indices = null;
        PageLayout plane;
        if (values.hasIndexed()) {
            indices = CompressiveEncodingCodec.parse23(values.getIndexed().getIndices());
            plane = zipped(values.getIndexed().getItems(), flat);
        } else if (values.hasChunked()) {
            plane = chunked(values.getChunked(), flat, leafSlots);
        } else {
            plane = values(values, flat);
        }
        return new PageLayout.SparseLayout(structure, plane, indices);
    }

    private static PageLayout.SparseValidity validity(SparseValiditySet set) {
        boolean ofNulls = switch (set.getMeaning()) {
            case SPARSE_VALIDITY_NULL_POSITIONS -> true;
            case SPARSE_VALIDITY_VALID_POSITIONS -> false;
            case SPARSE_VALIDITY_UNSPECIFIED, UNRECOGNIZED ->
                throw new UnsupportedFormatException("a validity set whose meaning is not known is not read");
        };
        return new PageLayout.SparseValidity(
                ofNulls, CompressiveEncodingCodec.parse23(set.getPositions()), set.getNumPositions());
    }
}
