// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.joust.format.commit.Operation;
import dev.joust.format.commit.Operation.UpdateConfig.MapUpdate;
import dev.joust.format.internal.proto.transaction.Transaction;
import dev.joust.format.table.Bytes;

/// The operations of a transaction, message to record and back (spec: table format 3.2).
final class OperationCodec {
    private OperationCodec() {}

    static Operation fromProto(Transaction message, MessageSource source) {
        return switch (message.getOperationCase()) {
            case APPEND -> {
                var m = message.getAppend();
                yield new Operation.Append(
                        FragmentCodec.fragmentsFromProto(m.getFragmentsList(), source),
                        FragmentCodec.unknownFields(m.getUnknownFields()));
            }
            case DELETE -> {
                var m = message.getDelete();
                yield new Operation.Delete(
                        FragmentCodec.fragmentsFromProto(m.getUpdatedFragmentsList(), source),
                        List.copyOf(m.getDeletedFragmentIdsList()),
                        m.getPredicate(),
                        FragmentCodec.unknownFields(m.getUnknownFields()));
            }
            case OVERWRITE -> {
                var m = message.getOverwrite();
                yield new Operation.Overwrite(
                        FragmentCodec.fragmentsFromProto(m.getFragmentsList(), source),
                        StoredSchemaCodec.fromProto(m.getSchemaList(), m.getSchemaMetadataMap(), source),
                        Map.copyOf(m.getConfigUpsertValuesMap()),
                        FragmentCodec.basePathsFromProto(m.getInitialBasesList()),
                        FragmentCodec.unknownFields(m.getUnknownFields()));
            }
            case CREATE_INDEX -> {
                var m = message.getCreateIndex();
                yield new Operation.CreateIndex(
                        IndexMetadataCodec.fromProto(m.getNewIndicesList(), source),
                        IndexMetadataCodec.fromProto(m.getRemovedIndicesList(), source),
                        FragmentCodec.unknownFields(m.getUnknownFields()));
            }
            case REWRITE -> RewriteCodec.fromProto(message.getRewrite(), source);
            case MERGE -> {
                var m = message.getMerge();
                yield new Operation.Merge(
                        FragmentCodec.fragmentsFromProto(m.getFragmentsList(), source),
                        StoredSchemaCodec.fromProto(m.getSchemaList(), m.getSchemaMetadataMap(), source),
                        m.getPreservesNullability(),
                        FragmentCodec.unknownFields(m.getUnknownFields()));
            }
            case RESTORE ->
                new Operation.Restore(
                        message.getRestore().getVersion(),
                        FragmentCodec.unknownFields(message.getRestore().getUnknownFields()));
            case RESERVE_FRAGMENTS ->
                new Operation.ReserveFragments(
                        message.getReserveFragments().getNumFragments(),
                        FragmentCodec.unknownFields(message.getReserveFragments().getUnknownFields()));
            case UPDATE -> UpdateCodec.fromProto(message.getUpdate(), source);
            case PROJECT -> {
                var m = message.getProject();
                yield new Operation.Project(
                        StoredSchemaCodec.fromProto(m.getSchemaList(), Map.of(), source),
                        m.getPreservesNullability(),
                        FragmentCodec.unknownFields(m.getUnknownFields()));
            }
            case UPDATE_CONFIG -> {
                var m = message.getUpdateConfig();
                Map<Integer, MapUpdate> fields = new LinkedHashMap<>();
                m.getFieldMetadataUpdatesMap().forEach((id, update) -> fields.put(id, mapUpdate(update)));
                yield new Operation.UpdateConfig(
                        m.hasConfigUpdates() ? mapUpdate(m.getConfigUpdates()) : null,
                        m.hasTableMetadataUpdates() ? mapUpdate(m.getTableMetadataUpdates()) : null,
                        m.hasSchemaMetadataUpdates() ? mapUpdate(m.getSchemaMetadataUpdates()) : null,
                        fields,
                        FragmentCodec.unknownFields(m.getUnknownFields()));
            }
            case DATA_REPLACEMENT ->
                new Operation.DataReplacement(
                        message.getDataReplacement().getReplacementsList().stream()
                                .map(group -> new Operation.DataReplacement.Replacement(
                                        group.getFragmentId(),
                                        FragmentCodec.dataFileFromProto(
                                                group.getNewFile(), "replaced data file", source),
                                        FragmentCodec.unknownFields(group.getUnknownFields())))
                                .toList(),
                        FragmentCodec.unknownFields(message.getDataReplacement().getUnknownFields()));
            case CLONE -> {
                var m = message.getClone();
                yield new Operation.Clone(
                        m.getIsShallow(),
                        m.hasRefName() ? m.getRefName() : null,
                        m.getRefVersion(),
                        m.getRefPath(),
                        m.hasBranchName() ? m.getBranchName() : null,
                        FragmentCodec.unknownFields(m.getUnknownFields()));
            }
            case UPDATE_BASES ->
                new Operation.UpdateBases(
                        FragmentCodec.basePathsFromProto(
                                message.getUpdateBases().getNewBasesList()),
                        FragmentCodec.unknownFields(message.getUpdateBases().getUnknownFields()));
            case UPDATE_MEM_WAL_STATE ->
                new Operation.UpdateMemWalState(
                        Bytes.of(message.getUpdateMemWalState().toByteArray()));
            case DATA_OVERLAY ->
                new Operation.DataOverlay(
                        message.getDataOverlay().getGroupsList().stream()
                                .map(group -> group.getFragmentId())
                                .toList(),
                        Bytes.of(message.getDataOverlay().toByteArray()));
            case OPERATION_NOT_SET -> new Operation.Unknown();
        };
    }

    static void toProto(Operation operation, Transaction.Builder target) {
        switch (operation) {
            case Operation.Append(var fragments, Bytes rest) -> {
                var m = Transaction.Append.newBuilder().addAllFragments(FragmentCodec.fragmentsToProto(fragments));
                FragmentCodec.mergeUnmodelled(m, rest);
                target.setAppend(m);
            }
            case Operation.Delete(var updated, var deleted, String predicate, Bytes rest) -> {
                var m = Transaction.Delete.newBuilder()
                        .addAllUpdatedFragments(FragmentCodec.fragmentsToProto(updated))
                        .addAllDeletedFragmentIds(deleted)
                        .setPredicate(predicate);
                FragmentCodec.mergeUnmodelled(m, rest);
                target.setDelete(m);
            }
            case Operation.Overwrite(var fragments, var schema, var config, var bases, Bytes rest) -> {
                var m = Transaction.Overwrite.newBuilder()
                        .addAllFragments(FragmentCodec.fragmentsToProto(fragments))
                        .addAllSchema(StoredSchemaCodec.fieldsToProto(schema))
                        .putAllSchemaMetadata(StoredSchemaCodec.metadataToProto(schema))
                        .putAllConfigUpsertValues(config)
                        .addAllInitialBases(FragmentCodec.basePathsToProto(bases));
                FragmentCodec.mergeUnmodelled(m, rest);
                target.setOverwrite(m);
            }
            case Operation.CreateIndex(var added, var removed, Bytes rest) -> {
                var m = Transaction.CreateIndex.newBuilder()
                        .addAllNewIndices(IndexMetadataCodec.toProto(added))
                        .addAllRemovedIndices(IndexMetadataCodec.toProto(removed));
                FragmentCodec.mergeUnmodelled(m, rest);
                target.setCreateIndex(m);
            }
            case Operation.Rewrite rewrite -> target.setRewrite(RewriteCodec.toProto(rewrite));
            case Operation.Merge(var fragments, var schema, boolean preserves, Bytes rest) -> {
                var m = Transaction.Merge.newBuilder()
                        .addAllFragments(FragmentCodec.fragmentsToProto(fragments))
                        .addAllSchema(StoredSchemaCodec.fieldsToProto(schema))
                        .putAllSchemaMetadata(StoredSchemaCodec.metadataToProto(schema))
                        .setPreservesNullability(preserves);
                FragmentCodec.mergeUnmodelled(m, rest);
                target.setMerge(m);
            }
            case Operation.Restore(long version, Bytes rest) -> {
                var m = Transaction.Restore.newBuilder().setVersion(version);
                FragmentCodec.mergeUnmodelled(m, rest);
                target.setRestore(m);
            }
            case Operation.ReserveFragments(int count, Bytes rest) -> {
                var m = Transaction.ReserveFragments.newBuilder().setNumFragments(count);
                FragmentCodec.mergeUnmodelled(m, rest);
                target.setReserveFragments(m);
            }
            case Operation.Update update -> target.setUpdate(UpdateCodec.toProto(update));
            case Operation.Project(var schema, boolean preserves, Bytes rest) -> {
                var m = Transaction.Project.newBuilder()
                        .addAllSchema(StoredSchemaCodec.fieldsToProto(schema))
                        .setPreservesNullability(preserves);
                FragmentCodec.mergeUnmodelled(m, rest);
                target.setProject(m);
            }
            case Operation.UpdateConfig config -> target.setUpdateConfig(toProto(config));
            case Operation.DataReplacement(var replacements, Bytes rest) -> {
                var m = Transaction.DataReplacement.newBuilder();
                for (var replacement : replacements) {
                    var group = Transaction.DataReplacement.Group.newBuilder()
                            .setFragmentId(replacement.fragmentId())
                            .setNewFile(FragmentCodec.toProto(replacement.newFile()));
                    FragmentCodec.mergeUnmodelled(group, replacement.unmodelled());
                    m.addReplacements(group);
                }
                FragmentCodec.mergeUnmodelled(m, rest);
                target.setDataReplacement(m);
            }
            case Operation.Clone clone -> target.setClone(toProto(clone));
            case Operation.UpdateBases(var bases, Bytes rest) -> {
                var m = Transaction.UpdateBases.newBuilder().addAllNewBases(FragmentCodec.basePathsToProto(bases));
                FragmentCodec.mergeUnmodelled(m, rest);
                target.setUpdateBases(m);
            }
            case Operation.UpdateMemWalState(Bytes content) ->
                FragmentCodec.mergeUnmodelled(target.getUpdateMemWalStateBuilder(), content);
            case Operation.DataOverlay(_, Bytes content) ->
                FragmentCodec.mergeUnmodelled(target.getDataOverlayBuilder(), content);
            case Operation.Unknown _ -> {}
        }
    }

    private static Transaction.UpdateConfig.Builder toProto(Operation.UpdateConfig config) {
        var m = Transaction.UpdateConfig.newBuilder();
        if (config.config() != null) {
            m.setConfigUpdates(toProto(config.config()));
        }
        if (config.tableMetadata() != null) {
            m.setTableMetadataUpdates(toProto(config.tableMetadata()));
        }
        if (config.schemaMetadata() != null) {
            m.setSchemaMetadataUpdates(toProto(config.schemaMetadata()));
        }
        config.fieldMetadata()
                .forEach((id, update) ->
                        m.putFieldMetadataUpdates(id, toProto(update).build()));
        FragmentCodec.mergeUnmodelled(m, config.unmodelled());
        return m;
    }

    private static Transaction.Clone.Builder toProto(Operation.Clone clone) {
        var m = Transaction.Clone.newBuilder()
                .setIsShallow(clone.isShallow())
                .setRefVersion(clone.refVersion())
                .setRefPath(clone.refPath());
        if (clone.refName() != null) {
            m.setRefName(clone.refName());
        }
        if (clone.branchName() != null) {
            m.setBranchName(clone.branchName());
        }
        FragmentCodec.mergeUnmodelled(m, clone.unmodelled());
        return m;
    }

    private static MapUpdate mapUpdate(Transaction.UpdateMap message) {
        return new MapUpdate(
                message.getUpdateEntriesList().stream()
                        .map(entry -> new MapUpdate.Entry(
                                entry.getKey(),
                                entry.hasValue() ? entry.getValue() : null,
                                FragmentCodec.unknownFields(entry.getUnknownFields())))
                        .toList(),
                message.getReplace(),
                FragmentCodec.unknownFields(message.getUnknownFields()));
    }

    private static Transaction.UpdateMap.Builder toProto(MapUpdate update) {
        var message = Transaction.UpdateMap.newBuilder().setReplace(update.replace());
        for (MapUpdate.Entry entry : update.entries()) {
            message.addUpdateEntries(toProto(entry));
        }
        FragmentCodec.mergeUnmodelled(message, update.unmodelled());
        return message;
    }

    private static Transaction.UpdateMap.Entry toProto(MapUpdate.Entry entry) {
        var message = Transaction.UpdateMap.Entry.newBuilder().setKey(entry.key());
        if (entry.value() != null) {
            message.setValue(entry.value());
        }
        FragmentCodec.mergeUnmodelled(message, entry.unmodelled());
        return message.build();
    }
}
