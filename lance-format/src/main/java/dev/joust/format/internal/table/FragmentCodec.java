// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.proto.table.DataFragment;
import dev.joust.format.internal.proto.table.RowLineageColumn;
import dev.joust.format.table.BasePath;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.DeletionFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.StoredSequence;

/// Messages of fragments, their files and base paths, to records and back (spec: table format 2.2).
final class FragmentCodec {
    private static final long MAX_UNSIGNED_INT = 0xFFFF_FFFFL;
    /// Offsets are 32 bits, and the last one stands for no row.
    private static final long MAX_PHYSICAL_ROWS = 1L << 32;

    private FragmentCodec() {}

    /// The fragment whose message lies there, whatever is in it.
    static Fragment parse(byte[] manifest, int offset, int lengthBytes, MessageSource source) {
        try {
            DataFragment message =
                    DataFragment.parseFrom(CodedInputStream.newInstance(manifest, offset, lengthBytes));
            return fragmentsFromProto(List.of(message), source).getFirst();
        } catch (IOException e) {
            throw source.corrupt("manifest", "is no protobuf message: " + e.getMessage());
        }
    }

    static List<Fragment> fragmentsFromProto(List<DataFragment> messages, MessageSource source) {
        List<Fragment> fragments = new ArrayList<>(messages.size());
        ListPool lists = new ListPool();
        for (DataFragment message : messages) {
            fragments.add(fragmentFromProto(message, lists, source));
        }
        return fragments;
    }

    static boolean isId(long id) {
        return id >= 0 && id <= MAX_UNSIGNED_INT;
    }

    static boolean isPhysicalRowCount(long count) {
        return count >= 0 && count <= MAX_PHYSICAL_ROWS;
    }

    static List<DataFragment> fragmentsToProto(List<Fragment> fragments) {
        return fragments.stream().map(FragmentCodec::toProto).toList();
    }

    private static Fragment fragmentFromProto(DataFragment message, ListPool lists, MessageSource source) {
        String structure = "fragment " + Long.toUnsignedString(message.getId());
        long id = message.getId();
        if (!isId(id)) {
            throw source.corrupt(structure, "id does not fit 32 bits");
        }
        long physicalRows = message.getPhysicalRows();
        if (!isPhysicalRowCount(physicalRows)) {
            throw source.corrupt(structure, Long.toUnsignedString(physicalRows) + " rows, at most 2^32 can be");
        }
        List<DataFile> files = new ArrayList<>(message.getFilesCount());
        for (var file : message.getFilesList()) {
            files.add(dataFileFromProto(file, lists, structure, source));
        }
        DeletionFile deletions =
                message.hasDeletionFile() ? deletionFileFromProto(message.getDeletionFile(), structure, source) : null;
        if (deletions != null && physicalRows > 0 && deletions.deletedRowCount() > physicalRows) {
            throw source.corrupt(
                    structure, deletions.deletedRowCount() + " of " + physicalRows + " rows are said to be deleted");
        }
        StoredSequence rowIds =
                switch (message.getRowIdSequenceCase()) {
                    case INLINE_ROW_IDS -> inline(message.getInlineRowIds());
                    case COLUMN_ROW_IDS -> new StoredSequence.InColumn();
                    case ROWIDSEQUENCE_NOT_SET -> null;
                };
        StoredSequence updated =
                switch (message.getLastUpdatedAtVersionSequenceCase()) {
                    case INLINE_LAST_UPDATED_AT_VERSIONS -> inline(message.getInlineLastUpdatedAtVersions());
                    case COLUMN_LAST_UPDATED_AT_VERSIONS -> new StoredSequence.InColumn();
                    case LASTUPDATEDATVERSIONSEQUENCE_NOT_SET -> null;
                };
        StoredSequence created =
                switch (message.getCreatedAtVersionSequenceCase()) {
                    case INLINE_CREATED_AT_VERSIONS -> inline(message.getInlineCreatedAtVersions());
                    case COLUMN_CREATED_AT_VERSIONS -> new StoredSequence.InColumn();
                    case CREATEDATVERSIONSEQUENCE_NOT_SET -> null;
                };
        return new Fragment(
                id, files, deletions, physicalRows, rowIds, updated, created, unmodelledOf(message));
    }

    private static Bytes unmodelledOf(DataFragment message) {
        if (message.getOverlaysCount() == 0
                && message.getUnknownFields().getSerializedSize() == 0) {
            return Bytes.EMPTY;
        }
        return Bytes.of(message.toBuilder()
                .clearId()
                .clearFiles()
                .clearDeletionFile()
                .clearPhysicalRows()
                .clearRowIdSequence()
                .clearLastUpdatedAtVersionSequence()
                .clearCreatedAtVersionSequence()
                .build()
                .toByteArray());
    }

    static DataFragment toProto(Fragment fragment) {
        DataFragment.Builder message = DataFragment.newBuilder();
        mergeUnmodelled(message, fragment.unmodelled());
        message.setId(fragment.id()).setPhysicalRows(fragment.physicalRowCount());
        for (DataFile file : fragment.files()) {
            message.addFiles(toProto(file));
        }
        if (fragment.deletionFile() != null) {
            message.setDeletionFile(toProto(fragment.deletionFile()));
        }
        switch (fragment.rowIds()) {
            case StoredSequence.Inline(Bytes bytes) -> message.setInlineRowIds(byteString(bytes));
            case StoredSequence.InColumn _ -> message.setColumnRowIds(RowLineageColumn.getDefaultInstance());
            case null -> {}
        }
        switch (fragment.lastUpdatedAtVersions()) {
            case StoredSequence.Inline(Bytes bytes) -> message.setInlineLastUpdatedAtVersions(byteString(bytes));
            case StoredSequence.InColumn _ ->
                message.setColumnLastUpdatedAtVersions(RowLineageColumn.getDefaultInstance());
            case null -> {}
        }
        switch (fragment.createdAtVersions()) {
            case StoredSequence.Inline(Bytes bytes) -> message.setInlineCreatedAtVersions(byteString(bytes));
            case StoredSequence.InColumn _ ->
                message.setColumnCreatedAtVersions(RowLineageColumn.getDefaultInstance());
            case null -> {}
        }
        return message.build();
    }

    static DataFile dataFileFromProto(
            dev.joust.format.internal.proto.table.DataFile message, String structure, MessageSource source) {
        return dataFileFromProto(message, new ListPool(), structure, source);
    }

    private static DataFile dataFileFromProto(
            dev.joust.format.internal.proto.table.DataFile message,
            ListPool lists,
            String structure,
            MessageSource source) {
        if (message.getPath().isEmpty()) {
            throw source.corrupt(structure, "data file without a path");
        }
        // Files of the legacy format have no column indices: a field's column is found by its id.
        if (message.getColumnIndicesCount() != message.getFieldsCount() && message.getFileMajorVersion() >= 2) {
            throw source.corrupt(structure, "data file " + message.getPath() + " with " + message.getFieldsCount()
                    + " fields in " + message.getColumnIndicesCount() + " columns");
        }
        if (message.getFileSizeBytes() < 0) {
            throw source.corrupt(structure, "data file " + message.getPath() + " of "
                    + Long.toUnsignedString(message.getFileSizeBytes()) + " bytes");
        }
        return new DataFile(
                message.getPath(),
                lists.pooled(message.getFieldsList()),
                lists.pooled(message.getColumnIndicesList()),
                message.getFileMajorVersion(),
                message.getFileMinorVersion(),
                message.getFileSizeBytes(),
                message.hasBaseId() ? message.getBaseId() : null,
                unknownFields(message.getUnknownFields()));
    }

    static dev.joust.format.internal.proto.table.DataFile toProto(DataFile file) {
        var message = dev.joust.format.internal.proto.table.DataFile.newBuilder();
        mergeUnmodelled(message, file.unmodelled());
        message.setPath(file.path())
                .addAllFields(file.fieldIds())
                .addAllColumnIndices(file.columnIndices())
                .setFileMajorVersion(file.majorVersion())
                .setFileMinorVersion(file.minorVersion())
                .setFileSizeBytes(file.sizeBytes());
        if (file.baseId() != null) {
            message.setBaseId(file.baseId());
        }
        return message.build();
    }

    private static DeletionFile deletionFileFromProto(
            dev.joust.format.internal.proto.table.DeletionFile message, String structure, MessageSource source) {
        DeletionFile.Encoding encoding =
                switch (message.getFileType()) {
                    case ARROW_ARRAY -> DeletionFile.Encoding.ARROW;
                    case BITMAP -> DeletionFile.Encoding.BITMAP;
                    case UNRECOGNIZED ->
                        throw source.corrupt(
                                structure, "deletion file of unknown type " + message.getFileTypeValue());
                };
        if (!isPhysicalRowCount(message.getNumDeletedRows())) {
            throw source.corrupt(structure, Long.toUnsignedString(message.getNumDeletedRows()) + " deleted rows");
        }
        return new DeletionFile(
                encoding,
                message.getReadVersion(),
                message.getId(),
                message.getNumDeletedRows(),
                message.hasBaseId() ? message.getBaseId() : null,
                unknownFields(message.getUnknownFields()));
    }

    private static dev.joust.format.internal.proto.table.DeletionFile toProto(DeletionFile file) {
        var message = dev.joust.format.internal.proto.table.DeletionFile.newBuilder();
        mergeUnmodelled(message, file.unmodelled());
        message.setFileType(
                        switch (file.encoding()) {
                            case ARROW ->
                                dev.joust.format.internal.proto.table.DeletionFile.DeletionFileType.ARROW_ARRAY;
                            case BITMAP -> dev.joust.format.internal.proto.table.DeletionFile.DeletionFileType.BITMAP;
                        })
                .setReadVersion(file.readVersion())
                .setId(file.id())
                .setNumDeletedRows(file.deletedRowCount());
        if (file.baseId() != null) {
            message.setBaseId(file.baseId());
        }
        return message.build();
    }

    static List<BasePath> basePathsFromProto(List<dev.joust.format.internal.proto.table.BasePath> messages) {
        return messages.stream()
                .map(message -> new BasePath(
                        message.getId(),
                        message.hasName() ? message.getName() : null,
                        message.getIsDatasetRoot(),
                        message.getPath(),
                        unknownFields(message.getUnknownFields())))
                .toList();
    }

    static List<dev.joust.format.internal.proto.table.BasePath> basePathsToProto(List<BasePath> paths) {
        return paths.stream()
                .map(path -> {
                    var message = dev.joust.format.internal.proto.table.BasePath.newBuilder();
                    mergeUnmodelled(message, path.unmodelled());
                    message.setId(path.id()).setIsDatasetRoot(path.isDatasetRoot()).setPath(path.path());
                    if (path.name() != null) {
                        message.setName(path.name());
                    }
                    return message.build();
                })
                .toList();
    }

    static Bytes unknownFields(UnknownFieldSet unknown) {
        return unknown.getSerializedSize() == 0 ? Bytes.EMPTY : Bytes.of(unknown.toByteArray());
    }

    static void mergeUnmodelled(Message.Builder message, Bytes unmodelled) {
        if (unmodelled.isEmpty()) {
            return;
        }
        try {
            message.mergeFrom(unmodelled.toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what was kept of a message is no message", e);
        }
    }

    static ByteString byteString(Bytes bytes) {
        return ByteString.copyFrom(bytes.toByteArray());
    }

    private static StoredSequence inline(ByteString bytes) {
        return new StoredSequence.Inline(Bytes.of(bytes.toByteArray()));
    }

    /// Most files of a table hold the same fields in the same columns: they share one list.
    private static final class ListPool {
        private @Nullable List<Integer> lastFields;
        private @Nullable List<Integer> lastColumns;

        List<Integer> pooled(List<Integer> list) {
            if (lastFields != null && lastFields.equals(list)) {
                return lastFields;
            }
            if (lastColumns != null && lastColumns.equals(list)) {
                return lastColumns;
            }
            lastColumns = lastFields;
            lastFields = List.copyOf(list);
            return lastFields;
        }
    }
}
