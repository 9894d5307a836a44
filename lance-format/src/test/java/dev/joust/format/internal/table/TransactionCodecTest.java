// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import dev.joust.format.commit.Operation;
import dev.joust.format.internal.proto.transaction.Transaction;
import dev.joust.io.ObjectPath;

class TransactionCodecTest {
    private static final MessageSource SOURCE = new MessageSource(ObjectPath.ROOT.resolve("test.txn"), 0);

    /// Every operation with every field of every message set, and fields that nobody knows beside them.
    @TestFactory
    List<DynamicTest> everyFieldOfEveryOperationComesBack() {
        List<DynamicTest> tests = new ArrayList<>();
        for (FieldDescriptor field : Transaction.getDescriptor().getOneofs().getFirst().getFields()) {
            tests.add(DynamicTest.dynamicTest(field.getName(), () -> {
                Transaction.Builder builder = Transaction.newBuilder();
                builder.setField(field, filled(Transaction.newBuilder().newBuilderForField(field)));
                builder.setReadVersion(7).setUuid("u").setTag("t").putTransactionProperties("k", "v");
                Transaction message = Injection.into(builder.build());
                byte[] written = TransactionCodec.toBytes(TransactionCodec.parse(message.toByteArray(), SOURCE));
                assertEquals(message, Transaction.parseFrom(written));
            }));
        }
        assertEquals(16, tests.size());
        return tests;
    }

    @Test
    void operationsThatNobodyKnowsKeepTheirBytes() throws InvalidProtocolBufferException {
        Transaction message = Transaction.newBuilder()
                .setReadVersion(7)
                .setUuid("u")
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                150,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFromUtf8("new"))
                                        .build())
                        .build())
                .build();
        var parsed = TransactionCodec.parse(message.toByteArray(), SOURCE);
        assertInstanceOf(Operation.Unknown.class, parsed.operation());
        assertEquals(message, Transaction.parseFrom(TransactionCodec.toBytes(parsed)));
        assertArrayEquals(message.toByteArray(), TransactionCodec.toBytes(parsed));
    }

    /// The message with all fields set, each to something that is valid there.
    private static Message filled(Message.Builder builder) {
        for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
            boolean isOtherOfOneof = field.getRealContainingOneof() != null
                    && builder.getOneofFieldDescriptor(field.getRealContainingOneof()) != null;
            if (isOtherOfOneof || isLeftOut(field)) {
                continue;
            }
            if (field.isMapField() || field.isRepeated()) {
                builder.addRepeatedField(field, value(builder, field));
            } else {
                builder.setField(field, value(builder, field));
            }
        }
        return builder.build();
    }

    /// What the reference does not write any more, and what is read in a form that is not written.
    private static boolean isLeftOut(FieldDescriptor field) {
        return switch (field.getFullName()) {
            case "lance.table.Transaction.Rewrite.old_fragments",
                    "lance.table.Transaction.Rewrite.new_fragments",
                    "lance.file.Field.extension_name",
                    "lance.file.Field.unenforced_primary_key",
                    "lance.file.Field.unenforced_primary_key_position",
                    "lance.file.Field.unenforced_clustering_key",
                    "lance.file.Field.unenforced_clustering_key_position" -> true;
            default -> false;
        };
    }

    private static Object value(Message.Builder builder, FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> field.getName().equals("parent_id") ? -1 : 1;
            case LONG -> 1L;
            case FLOAT -> 1f;
            case DOUBLE -> 0.5;
            case BOOLEAN -> true;
            case STRING -> field.getName().equals("logical_type") ? "int64" : field.getName();
            case BYTE_STRING -> ByteString.copyFrom(new byte[16]);
            case ENUM -> field.getEnumType().getValues().getLast();
            case MESSAGE -> filled(builder.newBuilderForField(field));
        };
    }
}
