// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

/// A file of the cache folder, little endian:
///
///      0  "JOUSTRNG"
///      8  u32 length of the key   12  u32 CRC-32C of all that follows
///     16  u64 offset of the range 24  u64 its length
///     32  key (root, path and version of the file that the bytes are of), then the bytes
final class CacheEntry {
    private static final long MAGIC = 0x474E525453554F4AL;
    private static final int HEADER_BYTES = 32;
    private static final int CHECKED_FROM = 16;

    private CacheEntry() {}

    static ByteBuffer toBytes(FileKey file, long offset, byte[] bytes) {
        byte[] key = file.text().getBytes(UTF_8);
        ByteBuffer entry = ByteBuffer.allocate(HEADER_BYTES + key.length + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(MAGIC)
                .putInt(key.length)
                .putInt(0)
                .putLong(offset)
                .putLong(bytes.length)
                .put(key)
                .put(bytes)
                .flip();
        return entry.putInt(12, checksum(entry));
    }

    /// The bytes of the range; null unless the entry is whole, undamaged, and of that range of that file.
    static byte @Nullable [] parse(ByteBuffer file, FileKey key, long offset, long length) {
        ByteBuffer entry = file.order(ByteOrder.LITTLE_ENDIAN);
        byte[] expectedKey = key.text().getBytes(UTF_8);
        if (entry.limit() != HEADER_BYTES + expectedKey.length + length
                || entry.getLong(0) != MAGIC
                || entry.getInt(8) != expectedKey.length
                || entry.getInt(12) != checksum(entry)
                || entry.getLong(16) != offset
                || entry.getLong(24) != length
                || !entry.slice(HEADER_BYTES, expectedKey.length).equals(ByteBuffer.wrap(expectedKey))) {
            return null;
        }
        byte[] bytes = new byte[(int) length];
        entry.get(HEADER_BYTES + expectedKey.length, bytes);
        return bytes;
    }

    private static int checksum(ByteBuffer entry) {
        CRC32C crc = new CRC32C();
        crc.update(entry.slice(CHECKED_FROM, entry.limit() - CHECKED_FROM));
        return (int) crc.getValue();
    }
}
