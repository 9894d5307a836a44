// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.airlift.compress.v3.xxhash.XxHash64JavaHasher;

import dev.joust.format.internal.table.KeyFilterCodec;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.PrimaryKey;
import dev.joust.format.schema.Schema;

/// Keys of the rows that a merge inserts, for other writers to see that they do not insert the same
/// (spec: table format 6.4). Kept as a split-block Bloom filter of 1024 blocks of eight 32-bit words, little endian, the
/// size that all writers use: others can't be compared. Not thread-safe.
public final class InsertedKeys {
    private static final int BLOCKS = 1024;
    private static final int WORDS = 8;
    private static final int[] SALTS = {
        0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31
    };

    private final List<Field> key;
    private final int[] words = new int[BLOCKS * WORDS];

    private InsertedKeys(List<Field> key) {
        this.key = key;
    }

    /// Whether keys of the table can be recorded: it declares a primary key, of integers of 32 or 64 bits, strings and
    /// binary columns.
    public static boolean canRecord(Schema schema) {
        List<Field> key = PrimaryKey.of(schema);
        return !key.isEmpty() && key.stream().allMatch(field -> isRecorded(field.type()));
    }

    private static boolean isRecorded(LogicalType type) {
        return type instanceof LogicalType.Utf8
                || type instanceof LogicalType.Binary
                || (type instanceof LogicalType.Int(int bitWidth, _) && bitWidth >= 32);
    }

    /// None yet.
    ///
    /// @throws IllegalArgumentException if keys of the table can't be recorded
    public static InsertedKeys of(Schema schema) {
        if (!canRecord(schema)) {
            throw new IllegalArgumentException("the table declares no primary key of integers, strings or bytes");
        }
        return new InsertedKeys(PrimaryKey.of(schema));
    }

    /// Fields of the key, in the order in which values are given.
    public List<Field> fields() {
        return key;
    }

    /// Records the key of one row.
    ///
    /// @param values in the order of {@link #fields}: integers as {@link Long} or {@link Integer} (unsigned ones of 64 bits
    ///               by their bits), strings, bytes
    public void add(List<?> values) {
        if (values.size() != key.size()) {
            throw new IllegalArgumentException(values.size() + " values for a key of " + key.size() + " fields");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < values.size(); i++) {
            bytes.writeBytes(bytes(values.get(i), key.get(i)));
            if (values.size() > 1) {
                bytes.write(0);
            }
        }
        insert(bytes.toByteArray());
    }

    private static byte[] bytes(Object value, Field field) {
        return switch (value) {
            case Long number -> littleEndian(number);
            case Integer number ->
                littleEndian(
                        field.type() instanceof LogicalType.Int(_, boolean signed) && !signed
                                ? Integer.toUnsignedLong(number)
                                : number);
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            case byte[] bytes -> bytes;
            default ->
                throw new IllegalArgumentException(
                        "key field '" + field.name() + "' can't be " + value.getClass().getSimpleName());
        };
    }

    private static byte[] littleEndian(long number) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .array();
    }

    private void insert(byte[] bytes) {
        long hash = XxHash64JavaHasher.hash(bytes, 0, bytes.length, 0);
        int block = (int) (((hash >>> 32) * BLOCKS) >>> 32);
        for (int word = 0; word < WORDS; word++) {
            words[block * WORDS + word] |= 1 << (((int) hash * SALTS[word]) >>> 27);
        }
    }

    /// The filter as transactions hold it.
    public Operation.KeyFilter toFilter() {
        ByteBuffer bitmap = ByteBuffer.allocate(words.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bitmap.asIntBuffer().put(words);
        return KeyFilterCodec.of(key.stream().map(Field::id).toList(), bitmap.array());
    }
}
