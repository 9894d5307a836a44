// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.util.ArrayList;
import java.util.List;

import dev.joust.format.commit.Operation;
import dev.joust.format.internal.proto.transaction.Transaction;
import dev.joust.format.table.Bytes;

/// `Rewrite`, message to record and back (spec: table format 3.2).
final class RewriteCodec {
    private RewriteCodec() {}

    static Operation.Rewrite fromProto(Transaction.Rewrite message, MessageSource source) {
        List<Operation.Rewrite.Group> groups = new ArrayList<>();
        // How groups were written before there were several: one, without a message of its own.
        if (message.getOldFragmentsCount() > 0 || message.getNewFragmentsCount() > 0) {
            groups.add(new Operation.Rewrite.Group(
                    FragmentCodec.fragmentsFromProto(message.getOldFragmentsList(), source),
                    FragmentCodec.fragmentsFromProto(message.getNewFragmentsList(), source),
                    Bytes.EMPTY));
        }
        for (var group : message.getGroupsList()) {
            groups.add(new Operation.Rewrite.Group(
                    FragmentCodec.fragmentsFromProto(group.getOldFragmentsList(), source),
                    FragmentCodec.fragmentsFromProto(group.getNewFragmentsList(), source),
                    FragmentCodec.unknownFields(group.getUnknownFields())));
        }
        return new Operation.Rewrite(
                groups,
                message.getRewrittenIndicesList().stream()
                        .map(index -> rewrittenIndex(index, source))
                        .toList(),
                FragmentCodec.unknownFields(message.getUnknownFields()));
    }

    private static Operation.Rewrite.RewrittenIndex rewrittenIndex(
            Transaction.Rewrite.RewrittenIndex message, MessageSource source) {
        var rest = message.toBuilder().clearNewIndexVersion().clearNewIndexFiles();
        rest.getOldIdBuilder().clearUuid();
        rest.getNewIdBuilder().clearUuid();
        if (message.hasNewIndexDetails()) {
            rest.getNewIndexDetailsBuilder().clearTypeUrl().clearValue();
        }
        return new Operation.Rewrite.RewrittenIndex(
                IndexMetadataCodec.uuid(message.getOldId(), "rewritten index", source),
                IndexMetadataCodec.uuid(message.getNewId(), "rewritten index", source),
                message.hasNewIndexDetails() ? message.getNewIndexDetails().getTypeUrl() : null,
                Bytes.of(message.getNewIndexDetails().getValue().toByteArray()),
                message.getNewIndexVersion(),
                IndexMetadataCodec.filesFromProto(message.getNewIndexFilesList()),
                Bytes.of(rest.build().toByteArray()));
    }

    static Transaction.Rewrite toProto(Operation.Rewrite rewrite) {
        var message = Transaction.Rewrite.newBuilder();
        for (var group : rewrite.groups()) {
            var g = Transaction.Rewrite.RewriteGroup.newBuilder()
                    .addAllOldFragments(FragmentCodec.fragmentsToProto(group.oldFragments()))
                    .addAllNewFragments(FragmentCodec.fragmentsToProto(group.newFragments()));
            FragmentCodec.mergeUnmodelled(g, group.unmodelled());
            message.addGroups(g);
        }
        for (var index : rewrite.rewrittenIndices()) {
            var i = Transaction.Rewrite.RewrittenIndex.newBuilder();
            FragmentCodec.mergeUnmodelled(i, index.unmodelled());
            i.setNewIndexVersion(index.newVersion())
                    .addAllNewIndexFiles(IndexMetadataCodec.filesToProto(index.newFiles()));
            i.getOldIdBuilder().setUuid(IndexMetadataCodec.bytes(index.oldId()));
            i.getNewIdBuilder().setUuid(IndexMetadataCodec.bytes(index.newId()));
            if (index.newDetailsTypeUrl() != null) {
                i.getNewIndexDetailsBuilder()
                        .setTypeUrl(index.newDetailsTypeUrl())
                        .setValue(FragmentCodec.byteString(index.newDetails()));
            }
            message.addRewrittenIndices(i);
        }
        FragmentCodec.mergeUnmodelled(message, rewrite.unmodelled());
        return message.build();
    }
}
