// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;


import com.google.protobuf.InvalidProtocolBufferException;

import dev.joust.format.commit.Operation;
import dev.joust.format.commit.Transaction;

/// `Transaction` messages to records and back (spec: table format 3.1, 3.2). Its operations are in
/// {@link OperationCodec}.
public final class TransactionCodec {
    private TransactionCodec() {}

    /// @throws dev.joust.format.CorruptFileException if the bytes are no transaction
    public static Transaction parse(byte[] bytes, MessageSource source) {
        dev.joust.format.internal.proto.transaction.Transaction message;
        try {
            message = dev.joust.format.internal.proto.transaction.Transaction.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw source.corrupt("transaction", "is no protobuf message: " + e.getMessage());
        }
        Operation operation = OperationCodec.fromProto(message, source);
        return new Transaction(
                message.getReadVersion(),
                message.getUuid(),
                message.getTag(),
                message.getTransactionPropertiesMap(),
                operation,
                FragmentCodec.unknownFields(message.getUnknownFields()));
    }

    public static byte[] toBytes(Transaction transaction) {
        var message = dev.joust.format.internal.proto.transaction.Transaction.newBuilder();
        FragmentCodec.mergeUnmodelled(message, transaction.unmodelled());
        message.setReadVersion(transaction.readVersion())
                .setUuid(transaction.uuid())
                .setTag(transaction.tag())
                .putAllTransactionProperties(transaction.properties());
        OperationCodec.toProto(transaction.operation(), message);
        return message.build().toByteArray();
    }
}
