// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.Bits;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.batch.Dictionaries;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;

/// Which rows have which key: a hash table of the keys' bytes, rows of one key chained in the order they came. A key of
/// which a part is null is no key. Not thread-safe.
///
/// Floating point keys are equal where their bits are: NaN equals itself, and -0 is not 0, as in the reference's joins.
final class KeyTable {
    static final int NONE = -1;
    private static final int PAGE_BYTES = 1 << 20;
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private int[] slots = new int[64];
    private int keyCount;
    private long[] hashes = new long[32];
    private int[] firstRows = new int[32];
    private int[] lastRows = new int[32];
    private byte[][] pageOf = new byte[32][];
    private int[] starts = new int[32];
    private int[] lengths = new int[32];
    private byte[] page = new byte[0];
    private int pageUsed;

    private int[] nextRows = new int[32];
    private int rowCount;

    KeyTable() {
        Arrays.fill(slots, NONE);
    }

    /// Rows added so far; the next has this number.
    int rowCount() {
        return rowCount;
    }

    /// Adds the next row.
    ///
    /// @return the first row of the same key; {@link #NONE} where the key is new or none
    int add(Keys keys, int row) {
        if (rowCount == Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a merge takes 2^31 rows at most");
        }
        if (rowCount == nextRows.length) {
            nextRows = Arrays.copyOf(nextRows, nextRows.length * 2);
        }
        int number = rowCount++;
        nextRows[number] = NONE;
        if (!keys.read(row)) {
            return NONE;
        }
        long hash = hash(keys.bytes, keys.length);
        int slot = slot(keys, hash);
        int key = slots[slot];
        if (key != NONE) {
            nextRows[lastRows[key]] = number;
            lastRows[key] = number;
            return firstRows[key];
        }
        slots[slot] = addKey(keys, hash, number);
        if (keyCount * 2L > slots.length) {
            grow();
        }
        return NONE;
    }

    /// The first row added that has the key; {@link #NONE} where there is none.
    int find(Keys keys, int row) {
        if (!keys.read(row)) {
            return NONE;
        }
        int key = slots[slot(keys, hash(keys.bytes, keys.length))];
        return key == NONE ? NONE : firstRows[key];
    }

    /// The row of the same key that was added next; {@link #NONE} after the last.
    int next(int row) {
        return nextRows[row];
    }

    /// Takes away all rows of a key but the first.
    void keepFirst(int firstRow) {
        nextRows[firstRow] = NONE;
    }

    private int slot(Keys keys, long hash) {
        int mask = slots.length - 1;
        int slot = (int) hash & mask;
        while (slots[slot] != NONE && !isKey(slots[slot], keys, hash)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean isKey(int key, Keys keys, long hash) {
        return hashes[key] == hash
                && lengths[key] == keys.length
                && Arrays.equals(
                        pageOf[key], starts[key], starts[key] + keys.length, keys.bytes, 0, keys.length);
    }

    private int addKey(Keys keys, long hash, int row) {
        if (keyCount == hashes.length) {
            int size = keyCount * 2;
            hashes = Arrays.copyOf(hashes, size);
            firstRows = Arrays.copyOf(firstRows, size);
            lastRows = Arrays.copyOf(lastRows, size);
            pageOf = Arrays.copyOf(pageOf, size);
            starts = Arrays.copyOf(starts, size);
            lengths = Arrays.copyOf(lengths, size);
        }
        if (page.length - pageUsed < keys.length) {
            page = new byte[Math.max(PAGE_BYTES, keys.length)];
            pageUsed = 0;
        }
        System.arraycopy(keys.bytes, 0, page, pageUsed, keys.length);
        int key = keyCount++;
        hashes[key] = hash;
        firstRows[key] = row;
        lastRows[key] = row;
        pageOf[key] = page;
        starts[key] = pageUsed;
        lengths[key] = keys.length;
        pageUsed += keys.length;
        return key;
    }

    private void grow() {
        slots = new int[slots.length * 2];
        Arrays.fill(slots, NONE);
        int mask = slots.length - 1;
        for (int key = 0; key < keyCount; key++) {
            int slot = (int) hashes[key] & mask;
            while (slots[slot] != NONE) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = key;
        }
    }

    private static long hash(byte[] bytes, int length) {
        long hash = length;
        int at = 0;
        for (; at + 8 <= length; at += 8) {
            hash = mix(hash ^ (long) LONGS.get(bytes, at));
        }
        long rest = 0;
        for (; at < length; at++) {
            rest = (rest << 8) | (bytes[at] & 0xff);
        }
        return mix(hash ^ rest);
    }

    /// Every bit of the result depends on every bit given.
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 32)) * 0x9e37_79b9_7f4a_7c15L;
        mixed = (mixed ^ (mixed >>> 29)) * 0xbf58_476d_1ce4_e5b9L;
        return mixed ^ (mixed >>> 32);
    }

    /// The keys of a batch's rows, one at a time. The batch stays the caller's.
    static final class Keys implements AutoCloseable {
        private final Arena arena = Arena.ofConfined();
        private final List<ColumnBuffers> columns = new ArrayList<>();
        byte[] bytes = new byte[64];
        int length;

        /// @throws IllegalArgumentException for a column that cannot be a key
        Keys(Batch batch, List<String> names) {
            for (String name : names) {
                requireKey(batch.column(name).field());
                columns.add(Dictionaries.decode(batch.column(name), arena));
            }
        }

        static void requireKey(Field field) {
            LogicalType type = field.type() instanceof LogicalType.Dictionary d ? d.value() : field.type();
            switch (type) {
                case LogicalType.FixedSizeList _, LogicalType.Struct _, LogicalType.List _, LogicalType.Map _,
                        LogicalType.Json _, LogicalType.Null _, LogicalType.Dictionary _ ->
                    throw new IllegalArgumentException(
                            "column '" + field.name() + "' cannot be a key: lists, structs, maps and JSON are none");
                case LogicalType.Bool _, LogicalType.Int _, LogicalType.FloatingPoint _, LogicalType.Decimal _,
                        LogicalType.Utf8 _, LogicalType.Binary _, LogicalType.FixedSizeBinary _, LogicalType.Date _,
                        LogicalType.Time _, LogicalType.Timestamp _, LogicalType.Duration _, LogicalType.BFloat16 _ -> {}
            }
        }

        /// Reads the key of a row.
        ///
        /// @return whether it has one: no part is null
        boolean read(int row) {
            length = 0;
            for (ColumnBuffers column : columns) {
                if (column.isNull(row)) {
                    return false;
                }
                append(column, row);
            }
            return true;
        }

        private void append(ColumnBuffers column, int row) {
            MemorySegment values = column.values();
            int bits = column.field().type().bitsPerValue();
            if (bits == 1) {
                reserve(1);
                bytes[length++] = (byte) (values != null && Bits.get(values, row) ? 1 : 0);
                return;
            }
            long start = bits > 0 ? (long) row * (bits >>> 3) : Columns.offset(column, row);
            int size = Math.toIntExact(bits > 0 ? bits >>> 3 : Columns.offset(column, row + 1) - start);
            reserve(size + 4);
            if (size > 0 && values != null) {
                MemorySegment.copy(values, ValueLayout.JAVA_BYTE, start, bytes, length, size);
            }
            length += size;
            if (bits == 0 && columns.size() > 1) {
                // So that ("ab", "c") is not ("a", "bc")
                for (int i = 0; i < 4; i++) {
                    bytes[length++] = (byte) (size >>> (8 * i));
                }
            }
        }

        private void reserve(int size) {
            if (bytes.length - length < size) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(length, size)));
            }
        }

        @Override
        public void close() {
            arena.close();
        }
    }
}
