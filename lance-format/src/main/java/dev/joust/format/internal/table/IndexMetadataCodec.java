// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;

import com.google.protobuf.ByteString;

import dev.joust.format.table.Bytes;
import dev.joust.format.table.IndexMetadata;

/// `IndexMetadata` messages to records and back; an index kind that nobody here knows goes through unchanged
/// (spec: table format 2.5).
final class IndexMetadataCodec {
    private static final int UUID_BYTES = 16;

    private IndexMetadataCodec() {}

    static List<IndexMetadata> fromProto(
            List<dev.joust.format.internal.proto.table.IndexMetadata> messages, MessageSource source) {
        return messages.stream().map(message -> fromProto(message, source)).toList();
    }

    static List<dev.joust.format.internal.proto.table.IndexMetadata> toProto(List<IndexMetadata> indices) {
        return indices.stream().map(IndexMetadataCodec::toProto).toList();
    }

    private static IndexMetadata fromProto(
            dev.joust.format.internal.proto.table.IndexMetadata message, MessageSource source) {
        var rest = message.toBuilder()
                .clearFields()
                .clearName()
                .clearDatasetVersion()
                .clearFragmentBitmap()
                .clearIndexVersion()
                .clearCreatedAt()
                .clearBaseId()
                .clearFiles();
        rest.getUuidBuilder().clearUuid();
        if (message.hasIndexDetails()) {
            rest.getIndexDetailsBuilder().clearTypeUrl().clearValue();
        }
        return new IndexMetadata(
                uuid(message.getUuid(), "index '" + message.getName() + "'", source),
                message.getFieldsList(),
                message.getName(),
                message.getDatasetVersion(),
                message.getFragmentBitmap().isEmpty()
                        ? null
                        : Bytes.of(message.getFragmentBitmap().toByteArray()),
                message.hasIndexDetails() ? message.getIndexDetails().getTypeUrl() : null,
                Bytes.of(message.getIndexDetails().getValue().toByteArray()),
                message.hasIndexVersion() ? message.getIndexVersion() : null,
                message.hasCreatedAt() ? message.getCreatedAt() : null,
                message.hasBaseId() ? message.getBaseId() : null,
                filesFromProto(message.getFilesList()),
                Bytes.of(rest.build().toByteArray()));
    }

    private static dev.joust.format.internal.proto.table.IndexMetadata toProto(IndexMetadata index) {
        var message = dev.joust.format.internal.proto.table.IndexMetadata.newBuilder();
        FragmentCodec.mergeUnmodelled(message, index.unmodelled());
        message.getUuidBuilder().setUuid(bytes(index.uuid()));
        message.addAllFields(index.fieldIds())
                .setName(index.name())
                .setDatasetVersion(index.datasetVersion())
                .addAllFiles(filesToProto(index.files()));
        if (index.fragmentBitmap() != null) {
            message.setFragmentBitmap(FragmentCodec.byteString(index.fragmentBitmap()));
        }
        if (index.detailsTypeUrl() != null) {
            message.getIndexDetailsBuilder()
                    .setTypeUrl(index.detailsTypeUrl())
                    .setValue(FragmentCodec.byteString(index.details()));
        }
        if (index.indexVersion() != null) {
            message.setIndexVersion(index.indexVersion());
        }
        if (index.createdAtMillis() != null) {
            message.setCreatedAt(index.createdAtMillis());
        }
        if (index.baseId() != null) {
            message.setBaseId(index.baseId());
        }
        return message.build();
    }

    static List<IndexMetadata.IndexFile> filesFromProto(
            List<dev.joust.format.internal.proto.table.IndexFile> messages) {
        return messages.stream()
                .map(file -> new IndexMetadata.IndexFile(
                        file.getPath(), file.getSizeBytes(), FragmentCodec.unknownFields(file.getUnknownFields())))
                .toList();
    }

    static List<dev.joust.format.internal.proto.table.IndexFile> filesToProto(List<IndexMetadata.IndexFile> files) {
        return files.stream()
                .map(file -> {
                    var message = dev.joust.format.internal.proto.table.IndexFile.newBuilder();
                    FragmentCodec.mergeUnmodelled(message, file.unmodelled());
                    return message.setPath(file.path())
                            .setSizeBytes(file.sizeBytes())
                            .build();
                })
                .toList();
    }

    static UUID uuid(dev.joust.format.internal.proto.table.UUID message, String structure, MessageSource source) {
        if (message.getUuid().size() != UUID_BYTES) {
            throw source.corrupt(structure, "uuid of " + message.getUuid().size() + " bytes");
        }
        ByteBuffer bytes = message.getUuid().asReadOnlyByteBuffer();
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    static ByteString bytes(UUID uuid) {
        return ByteString.copyFrom(ByteBuffer.allocate(UUID_BYTES)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .flip());
    }
}
