// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.joust.format.commit.Operation;
import dev.joust.format.commit.Operation.KeyFilter;
import dev.joust.format.internal.proto.transaction.Transaction;
import dev.joust.format.internal.proto.transaction.Transaction.KeyExistenceFilter;
import dev.joust.format.table.Bytes;

/// `Update` with its key filter, message to record and back (spec: table format 3.3, 6.4).
final class UpdateCodec {
    private UpdateCodec() {}

    static Operation.Update fromProto(Transaction.Update message, MessageSource source) {
        Map<Long, Bytes> offsets = new LinkedHashMap<>();
        message.getUpdatedFragmentOffsetBitmapsMap()
                .forEach((id, bitmap) -> offsets.put(id, Bytes.of(bitmap.toByteArray())));
        Operation.Update.Mode mode =
                switch (message.getUpdateMode()) {
                    case REWRITE_ROWS -> Operation.Update.Mode.REWRITE_ROWS;
                    case REWRITE_COLUMNS -> Operation.Update.Mode.REWRITE_COLUMNS;
                    case UNRECOGNIZED ->
                        throw source.corrupt("update", "mode " + message.getUpdateModeValue() + " is not known");
                };
        return new Operation.Update(
                List.copyOf(message.getRemovedFragmentIdsList()),
                FragmentCodec.fragmentsFromProto(message.getUpdatedFragmentsList(), source),
                FragmentCodec.fragmentsFromProto(message.getNewFragmentsList(), source),
                List.copyOf(message.getFieldsModifiedList()),
                List.copyOf(message.getFieldsForPreservingFragBitmapList()),
                mode,
                message.hasInsertedRows() ? keyFilter(message.getInsertedRows()) : null,
                offsets,
                FragmentCodec.unknownFields(message.getUnknownFields()));
    }

    static Transaction.Update toProto(Operation.Update update) {
        var message = Transaction.Update.newBuilder()
                .addAllRemovedFragmentIds(update.removedFragmentIds())
                .addAllUpdatedFragments(FragmentCodec.fragmentsToProto(update.updatedFragments()))
                .addAllNewFragments(FragmentCodec.fragmentsToProto(update.newFragments()))
                .addAllFieldsModified(update.fieldsModified())
                .addAllFieldsForPreservingFragBitmap(update.fieldsForPreservingFragmentBitmap())
                .setUpdateMode(
                        switch (update.mode()) {
                            case REWRITE_ROWS -> Transaction.Update.UpdateMode.REWRITE_ROWS;
                            case REWRITE_COLUMNS -> Transaction.Update.UpdateMode.REWRITE_COLUMNS;
                        });
        update.updatedOffsets()
                .forEach((id, bitmap) ->
                        message.putUpdatedFragmentOffsetBitmaps(id, FragmentCodec.byteString(bitmap)));
        if (update.insertedRows() != null) {
            message.setInsertedRows(toProto(update.insertedRows()));
        }
        FragmentCodec.mergeUnmodelled(message, update.unmodelled());
        return message.build();
    }

    private static KeyFilter keyFilter(KeyExistenceFilter message) {
        var rest = message.toBuilder().clearFieldIds();
        if (!message.hasBloom()) {
            return new KeyFilter(
                    List.copyOf(message.getFieldIdsList()),
                    Bytes.EMPTY,
                    Bytes.EMPTY,
                    Bytes.of(rest.build().toByteArray()));
        }
        rest.clearBloom();
        return new KeyFilter(
                List.copyOf(message.getFieldIdsList()),
                Bytes.of(message.getBloom().getBitmap().toByteArray()),
                Bytes.of(message.getBloom().toBuilder().clearBitmap().build().toByteArray()),
                Bytes.of(rest.build().toByteArray()));
    }

    private static KeyExistenceFilter toProto(KeyFilter filter) {
        var message = KeyExistenceFilter.newBuilder();
        FragmentCodec.mergeUnmodelled(message, filter.unmodelled());
        message.addAllFieldIds(filter.fieldIds());
        if (!filter.bloom().isEmpty() || !filter.filterParameters().isEmpty()) {
            FragmentCodec.mergeUnmodelled(message.getBloomBuilder(), filter.filterParameters());
            message.getBloomBuilder().setBitmap(FragmentCodec.byteString(filter.bloom()));
        }
        return message.build();
    }
}
