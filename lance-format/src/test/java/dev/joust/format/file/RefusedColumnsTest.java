// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;

/// Columns that are refused, each by its name and with the reason: the reference does not write them, or writes what it
/// cannot read.
class RefusedColumnsTest {
    private static final LogicalType INT = new LogicalType.Int(32, true);
    private static final LogicalType TEXT = new LogicalType.Utf8(false);
    private static final LogicalType BYTES = new LogicalType.Binary(true);
    private static final LogicalType STRUCT = new LogicalType.Struct();

    /// @param reason part of the message
    record Refusal(FileVersion version, Field column, String reason) {
        @Override
        public String toString() {
            return version + ": " + reason;
        }
    }

    private static Field field(String name, LogicalType type, Field... children) {
        return Field.nullable(name, type).withChildren(List.of(children));
    }

    private static Field with(Field field, String key) {
        return new Field(field.id(), field.name(), field.type(), true, field.children(), Map.of(key, "true"));
    }

    private static Field struct(String name, Field... children) {
        return field(name, STRUCT, children);
    }

    private static Field packed(String name, Field... children) {
        return with(struct(name, children), FileProjection.PACKED_KEY);
    }

    private static Field list(Field item) {
        return field("c", new LogicalType.List(false, item.type() instanceof LogicalType.Struct), item);
    }

    private static Field vector(Field struct) {
        return field("c", new LogicalType.FixedSizeList(null, 2), struct);
    }

    private static Field map(LogicalType value, Field... valueChildren) {
        Field entries = Field.required("entries", STRUCT)
                .withChildren(List.of(Field.required("key", TEXT), field("value", value, valueChildren)));
        return field("c", new LogicalType.Map(), entries);
    }

    private static Field blobV1(String name, LogicalType type) {
        return with(field(name, type), FileProjection.BLOB_KEY);
    }

    private static Field blobV2(String name, Field... fields) {
        return new Field(
                Field.UNASSIGNED, name, STRUCT, true, List.of(fields),
                Map.of(Field.EXTENSION_NAME, BlobFields.EXTENSION_V2));
    }

    private static Field blobV2(String name) {
        return blobV2(name, field("data", BYTES), field("uri", TEXT));
    }

    static List<Refusal> refusals() {
        FileVersion v1 = FileVersion.V2_1;
        FileVersion v2 = FileVersion.V2_2;
        List<Refusal> refusals = new ArrayList<>();
        // What 2.1 does not have
        refusals.add(new Refusal(v1, map(INT), "maps in files of version 2.1"));
        refusals.add(new Refusal(v1, vector(struct("item", field("x", INT))), "fixed-size lists of structs in files of version 2.1"));
        refusals.add(new Refusal(v1, packed("c", field("x", TEXT)), "'x', in files of version 2.1"));
        refusals.add(new Refusal(v1, packed("c", field("x", new LogicalType.FixedSizeBinary(20_000))), "of 20000 bytes in files of version 2.1"));
        refusals.add(new Refusal(v1, blobV2("c"), "lance.blob.v2 in files of version 2.1"));
        for (FileVersion version : List.of(v1, v2)) {
            // What is written by the reference, but not read
            refusals.add(new Refusal(version, list(blobV1("item", BYTES)), "blobs in lists"));
            refusals.add(new Refusal(version, packed("c", field("x", INT), field("y", new LogicalType.Bool())), "'y'"));
            refusals.add(new Refusal(version, packed("c", struct("x", field("y", INT))), "'x'"));
            // What is not written by the reference
            refusals.add(new Refusal(version, packed("c", field("x", new LogicalType.Null())), "'x'"));
            refusals.add(new Refusal(version, packed("c", field("x", new LogicalType.List(false, false), field("item", INT))), "'x'"));
            refusals.add(new Refusal(version, packed("c", blobV1("x", BYTES)), "packed structs with blobs"));
            refusals.add(new Refusal(version, packed("c", field("x", new LogicalType.Dictionary(TEXT, new LogicalType.Int(8, true)))), "'x'"));
            for (LogicalType value : List.of(
                    new LogicalType.Date(32), new LogicalType.FixedSizeBinary(3), new LogicalType.Decimal(128, 5, 2),
                    new LogicalType.Null(), new LogicalType.Timestamp(LogicalType.TimeUnit.SECOND, null))) {
                refusals.add(new Refusal(
                        version, field("c", new LogicalType.Dictionary(value, new LogicalType.Int(8, true))), "dictionaries of "));
            }
            refusals.add(new Refusal(version, blobV1("c", TEXT), "other than large_binary"));
            refusals.add(new Refusal(version, blobV1("c", new LogicalType.Binary(false)), "other than large_binary"));
            refusals.add(new Refusal(
                    version, with(struct("c", field("position", INT), field("size", INT)), FileProjection.BLOB_KEY), "such as descriptors"));
            refusals.add(new Refusal(version, struct("c", struct("inner")), "structs without fields inside others"));
            refusals.add(new Refusal(version, list(struct("item")), "inside lists"));
            refusals.add(new Refusal(version, field("c", new LogicalType.FixedSizeList(TEXT, 2)), "fixed-size lists of string"));
        }
        refusals.add(new Refusal(v2, vector(struct("item", list(field("item", INT)))), "lists in fixed-size lists of structs"));
        refusals.add(new Refusal(v2, vector(struct("item", map(INT))), "maps in fixed-size lists of structs"));
        refusals.add(new Refusal(v2, list(vector(struct("item", field("x", INT)))), "fixed-size lists of structs in lists or maps"));
        refusals.add(new Refusal(v2, map(new LogicalType.FixedSizeList(null, 2), struct("item", field("x", INT))), "fixed-size lists of structs in lists or maps"));
        refusals.add(new Refusal(v2, vector(struct("item", blobV2("b"))), "fixed-size lists of structs with blobs"));
        refusals.add(new Refusal(v2, map(STRUCT, blobV2("b")), "maps with blobs"));
        refusals.add(new Refusal(v2, list(blobV2("item")), "blobs in lists"));
        refusals.add(new Refusal(v2, blobV2("c", field("bytes", BYTES)), "blobs whose fields are not"));
        refusals.add(new Refusal(v2, list(packed("item", field("x", TEXT))), "'x', in lists"));
        return refusals;
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void columnIsRefusedWithTheReason(Refusal refusal) {
        Schema schema = Schema.of(refusal.column()).withAssignedIds(0);
        var error = assertThrows(
                UnsupportedFormatException.class, () -> LanceFileWriter.check(schema, refusal.version()));
        assertTrue(error.getMessage().contains(refusal.reason()), error.getMessage());
        assertTrue(error.getMessage().startsWith("column '"), error.getMessage());
    }

    /// Of the same kinds, and read by the reference.
    @Test
    void whatLiesNextToTheRefusalsIsWritten() {
        for (Field column : List.of(
                map(INT),
                vector(struct("item", field("x", INT), field("v", new LogicalType.FixedSizeList(new LogicalType.Bool(), 3)))),
                packed("c", field("x", TEXT), field("y", INT), field("v", new LogicalType.FixedSizeList(INT, 3))),
                list(packed("item", field("x", INT))),
                blobV1("c", BYTES),
                blobV2("c"),
                struct("c", blobV2("b"), struct("s", blobV1("b", BYTES))),
                struct("c"),
                list(field("item", new LogicalType.Dictionary(TEXT, new LogicalType.Int(8, true)))))) {
            Schema schema = Schema.of(column).withAssignedIds(0);
            assertDoesNotThrow(() -> LanceFileWriter.check(schema, FileVersion.V2_2), column.toString());
        }
    }
}
