// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import org.jspecify.annotations.Nullable;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.file.MapEntriesCodec;
import dev.joust.format.internal.proto.table.IndexSection;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.FeatureFlags;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.WriterVersion;

/// `Manifest` and `IndexSection` messages to records and back (spec: table format 2.1).
final class ManifestCodec {
    private static final String FILE_FORMAT = "lance";
    private static final int FRAGMENTS = 2 << 3 | WireReader.LENGTH_DELIMITED;

    private ManifestCodec() {}

    /// A parsed manifest and where the other sections of its file start.
    ///
    /// @param message                  without its fragments
    /// @param indexSectionOffset       null for none
    /// @param transactionSectionOffset null for none
    record Parsed(
            dev.joust.format.internal.proto.table.Manifest message,
            List<Fragment> fragments,
            @Nullable Long indexSectionOffset,
            @Nullable Long transactionSectionOffset) {}

    static Parsed parse(byte[] bytes, MessageSource source) {
        try {
            List<Fragment> fragments = new ArrayList<>();
            var message = dev.joust.format.internal.proto.table.Manifest.parseFrom(
                    withoutFragments(bytes, fragments, source));
            if (message.getFragmentsCount() > 0) {
                fragments = FragmentCodec.fragmentsFromProto(message.getFragmentsList(), source);
                message = message.toBuilder().clearFragments().build();
            }
            Long transaction = null;
            if (message.hasTransactionSection()) {
                transaction = message.getTransactionSection();
            } else if (message.hasTransactionSectionDeprecated()) {
                transaction = message.getTransactionSectionDeprecated();
            }
            return new Parsed(
                    message, fragments, message.hasIndexSection() ? message.getIndexSection() : null, transaction);
        } catch (InvalidProtocolBufferException e) {
            throw source.corrupt("manifest", "is no protobuf message: " + e.getMessage());
        }
    }

    /// The message without its fragments, which take up nearly all of a large one and are parsed by themselves; whole, and
    /// no fragments, if its bytes are not what they usually are.
    private static ByteBuffer withoutFragments(byte[] bytes, List<Fragment> fragments, MessageSource source) {
        FragmentListCodec parser = new FragmentListCodec(bytes, source);
        WireReader reader = new WireReader(bytes, 0, bytes.length);
        ByteBuffer rest = ByteBuffer.allocate(bytes.length);
        while (reader.hasNext()) {
            int start = reader.position();
            int tag = reader.tag();
            if (tag == FRAGMENTS) {
                int length = reader.length();
                if (!reader.failed()) {
                    fragments.add(parser.parse(reader.position(), length));
                    reader.skip(length);
                }
                continue;
            }
            switch (tag & 7) {
                case WireReader.VARINT -> reader.varint();
                case WireReader.LENGTH_DELIMITED -> reader.skip(reader.length());
                default -> reader.fail();
            }
            if (!reader.failed()) {
                rest.put(bytes, start, reader.position() - start);
            }
        }
        if (reader.failed()) {
            fragments.clear();
            return ByteBuffer.wrap(bytes);
        }
        return rest.flip();
    }

    /// @param unmodelled fields of the message beside the indices
    record Indices(List<IndexMetadata> indices, Bytes unmodelled) {
        static final Indices NONE = new Indices(List.of(), Bytes.EMPTY);
    }

    static Indices parseIndexSection(byte[] bytes, MessageSource source) {
        try {
            IndexSection section = IndexSection.parseFrom(bytes);
            return new Indices(
                    IndexMetadataCodec.fromProto(section.getIndicesList(), source),
                    FragmentCodec.unknownFields(section.getUnknownFields()));
        } catch (InvalidProtocolBufferException e) {
            throw source.corrupt("index section", "is no protobuf message: " + e.getMessage());
        }
    }

    static byte[] indexSectionBytes(Manifest manifest) {
        var section = IndexSection.newBuilder().addAllIndices(IndexMetadataCodec.toProto(manifest.indices()));
        FragmentCodec.mergeUnmodelled(section, manifest.unmodelledOfIndexSection());
        return section.build().toByteArray();
    }

    static Manifest toManifest(Parsed parsed, Indices indices, MessageSource source) {
        var message = parsed.message();
        List<Fragment> fragments = parsed.fragments();
        String dataFormat = message.hasDataFormat()
                ? message.getDataFormat().getVersion()
                : dataFormatOf(fragments, message.getWriterFeatureFlags());
        boolean isLegacy = dataFormat.equals(FileVersion.V0_1.label());
        for (int i = 1; i < fragments.size() && !isLegacy; i++) {
            if (fragments.get(i).id() <= fragments.get(i - 1).id()) {
                throw source.corrupt("manifest", "fragment " + fragments.get(i).id() + " comes after fragment "
                        + fragments.get(i - 1).id());
            }
        }
        if (message.hasDataFormat() && !message.getDataFormat().getFileFormat().equals(FILE_FORMAT)) {
            throw new UnsupportedFormatException(source.file() + ": data files of format '"
                    + message.getDataFormat().getFileFormat() + "'");
        }
        return new Manifest(
                StoredSchemaCodec.fromProto(message.getFieldsList(), MapEntriesCodec.bytes(message.getSchemaMetadataList()), source),
                fragments,
                message.getVersion(),
                instant(message.getTimestamp(), source),
                message.getReaderFeatureFlags(),
                message.getWriterFeatureFlags(),
                message.hasMaxFragmentId() ? Long.valueOf(Integer.toUnsignedLong(message.getMaxFragmentId())) : null,
                message.getTransactionFile(),
                message.hasWriterVersion() ? writerVersion(message.getWriterVersion()) : null,
                message.getNextRowId(),
                dataFormat,
                MapEntriesCodec.text(message.getConfigList()),
                FragmentCodec.basePathsFromProto(message.getBasePathsList()),
                MapEntriesCodec.text(message.getTableMetadataList()),
                message.hasBranch() ? message.getBranch() : null,
                message.hasMaxAllocatedFieldId() ? message.getMaxAllocatedFieldId() : null,
                indices.indices(),
                unmodelledOf(message),
                indices.unmodelled());
    }

    /// The version of data files where a manifest is older than that field: the files' own; without any, what a flag says
    /// (spec: legacy format 1).
    private static String dataFormatOf(List<Fragment> fragments, long writerFlags) {
        for (Fragment fragment : fragments) {
            for (DataFile file : fragment.files()) {
                return FileVersion.fromNumbers(file.majorVersion(), file.minorVersion())
                        .label();
            }
        }
        return ((writerFlags & FeatureFlags.V2_FORMAT) != 0 ? FileVersion.V2_2 : FileVersion.V0_1).label();
    }

    private static Bytes unmodelledOf(dev.joust.format.internal.proto.table.Manifest message) {
        var rest = dev.joust.format.internal.proto.table.Manifest.newBuilder();
        rest.setUnknownFields(message.getUnknownFields());
        rest.setVersionAuxData(message.getVersionAuxData());
        if (message.hasDataFormat()
                && message.getDataFormat().getUnknownFields().getSerializedSize() > 0) {
            rest.getDataFormatBuilder()
                    .setUnknownFields(message.getDataFormat().getUnknownFields());
        }
        return Bytes.of(rest.build().toByteArray());
    }

    static byte[] toBytes(
            Manifest manifest, @Nullable Long indexSectionOffset, @Nullable Long transactionSectionOffset) {
        var message = dev.joust.format.internal.proto.table.Manifest.newBuilder();
        FragmentCodec.mergeUnmodelled(message, manifest.unmodelled());
        Instant timestamp = manifest.timestamp();
        message.addAllFields(StoredSchemaCodec.fieldsToProto(manifest.storedSchema()))
                .addAllSchemaMetadata(MapEntriesCodec.ofBytes(StoredSchemaCodec.metadataToProto(manifest.storedSchema())))
                .addAllFragments(FragmentCodec.fragmentsToProto(manifest.fragments()))
                .setVersion(manifest.version())
                .setTimestamp(Timestamp.newBuilder()
                        .setSeconds(timestamp.getEpochSecond())
                        .setNanos(timestamp.getNano()))
                .setReaderFeatureFlags(manifest.readerFeatureFlags())
                .setWriterFeatureFlags(manifest.writerFeatureFlags())
                .setTransactionFile(manifest.transactionFile())
                .setNextRowId(manifest.nextRowId())
                .addAllConfig(MapEntriesCodec.ofText(manifest.config()))
                .addAllBasePaths(FragmentCodec.basePathsToProto(manifest.basePaths()))
                .addAllTableMetadata(MapEntriesCodec.ofText(manifest.tableMetadata()));
        message.getDataFormatBuilder().setFileFormat(FILE_FORMAT).setVersion(manifest.dataFormatVersion());
        if (manifest.maxFragmentId() != null) {
            message.setMaxFragmentId(manifest.maxFragmentId().intValue());
        }
        if (manifest.writerVersion() != null) {
            message.setWriterVersion(toProto(manifest.writerVersion()));
        }
        if (manifest.branch() != null) {
            message.setBranch(manifest.branch());
        }
        if (manifest.maxAllocatedFieldId() != null) {
            message.setMaxAllocatedFieldId(manifest.maxAllocatedFieldId());
        }
        if (indexSectionOffset != null) {
            message.setIndexSection(indexSectionOffset);
        }
        if (transactionSectionOffset != null) {
            message.setTransactionSection(transactionSectionOffset);
        }
        return message.build().toByteArray();
    }

    private static Instant instant(Timestamp timestamp, MessageSource source) {
        try {
            return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
        } catch (java.time.DateTimeException | ArithmeticException e) {
            throw source.corrupt("manifest", "timestamp of " + timestamp.getSeconds() + " seconds");
        }
    }

    private static WriterVersion writerVersion(
            dev.joust.format.internal.proto.table.Manifest.WriterVersion message) {
        return new WriterVersion(
                message.getLibrary(),
                message.getVersion(),
                message.hasPrerelease() ? message.getPrerelease() : null,
                message.hasBuildMetadata() ? message.getBuildMetadata() : null);
    }

    private static dev.joust.format.internal.proto.table.Manifest.WriterVersion toProto(WriterVersion writer) {
        var message = dev.joust.format.internal.proto.table.Manifest.WriterVersion.newBuilder()
                .setLibrary(writer.library())
                .setVersion(writer.version());
        if (writer.prerelease() != null) {
            message.setPrerelease(writer.prerelease());
        }
        if (writer.buildMetadata() != null) {
            message.setBuildMetadata(writer.buildMetadata());
        }
        return message.build();
    }
}
