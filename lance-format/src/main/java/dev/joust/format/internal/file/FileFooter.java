// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import java.lang.foreign.MemorySegment;

import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.bytes.ByteCursor;
import dev.joust.format.internal.bytes.ByteSink;
import dev.joust.io.ObjectPath;

/// Trailing 40 bytes of a 2.x data file, little endian (spec: file format 1.1).
///
///      0  u64  offset of column metadata 0       24  u32  number of global buffers    32  u16  major
///      8  u64  offset of column offset table     28  u32  number of columns           34  u16  minor
///     16  u64  offset of global buffer table                                          36  "LANC"
///
/// 0.1 files share only the last 8 bytes; for them the offsets and counts are 0.
///
/// @param columnMetadataStart   offset in the file of the first column's metadata
/// @param columnTableStart      offset of the table of column metadata: {u64 position, u64 size} each
/// @param globalBufferTableStart offset of the table of global buffers: {u64 position, u64 size} each
/// @param globalBufferCount     number of global buffers, buffer 0 being the descriptor
/// @param columnCount           number of columns
public record FileFooter(
        long columnMetadataStart,
        long columnTableStart,
        long globalBufferTableStart,
        int globalBufferCount,
        int columnCount,
        FileVersion version) {
    public static final int SIZE_BYTES = 40;

    /// `LANC`, read as a little-endian integer.
    private static final long MAGIC = 0x434E414CL;

    private static final int VERSION_AND_MAGIC_BYTES = 8;
    private static final int TABLE_ENTRY_BYTES = 16;

    /// Reads the footer from the last bytes of a file.
    ///
    /// @param tail        the end of the file, at least 40 bytes of it where it has so many
    /// @param startInFile offset in the file of the first of `tail`
    public static FileFooter parse(ObjectPath file, long startInFile, MemorySegment tail) {
        long size = tail.byteSize();
        if (size < VERSION_AND_MAGIC_BYTES) {
            throw new ByteCursor(file, startInFile, tail)
                    .corrupt("file footer", "needs " + SIZE_BYTES + " bytes, the file has " + (startInFile + size));
        }
        ByteCursor end = cursorAt(file, startInFile, tail, size - VERSION_AND_MAGIC_BYTES);
        int major = end.u16("major version");
        int minor = end.u16("minor version");
        long magic = end.u32("magic");
        if (magic != MAGIC) {
            throw cursorAt(file, startInFile, tail, size - 4).corrupt("magic", "expected 'LANC' at the end of the file, found 0x" + Long.toHexString(magic));
        }
        FileVersion version = FileVersion.fromNumbers(major, minor);
        if (version == FileVersion.V0_1) {
            return new FileFooter(0, 0, 0, 0, 0, version);
        }
        if (size < SIZE_BYTES) {
            throw end.corrupt("file footer", "needs " + SIZE_BYTES + " bytes, the file has " + (startInFile + size));
        }
        ByteCursor cursor = cursorAt(file, startInFile, tail, size - SIZE_BYTES);
        long footerStart = cursor.positionInFile();
        FileFooter footer = new FileFooter(
                cursor.size64("offset of column metadata"),
                cursor.size64("offset of the column table"),
                cursor.size64("offset of the global buffer table"),
                count(cursor, "number of global buffers", footerStart),
                count(cursor, "number of columns", footerStart),
                version);
        footer.check(cursor, footerStart);
        return footer;
    }

    /// The footer at the place where it goes: the end of the file.
    public void writeTo(ByteSink sink) {
        sink.u64(columnMetadataStart)
                .u64(columnTableStart)
                .u64(globalBufferTableStart)
                .u32(globalBufferCount)
                .u32(columnCount)
                .u16(version.footerMajor())
                .u16(version.footerMinor())
                .u32(MAGIC);
    }

    private static ByteCursor cursorAt(ObjectPath file, long startInFile, MemorySegment tail, long offset) {
        return new ByteCursor(file, startInFile + offset, tail.asSlice(offset));
    }

    private static int count(ByteCursor cursor, String structure, long footerStart) {
        long value = cursor.u32(structure);
        if (value > footerStart / TABLE_ENTRY_BYTES) {
            throw cursor.corrupt(structure, value + " table entries in a file of " + footerStart + " bytes");
        }
        return (int) value;
    }

    private void check(ByteCursor at, long footerStart) {
        if (globalBufferCount == 0) {
            throw at.corrupt("file footer", "no global buffer: the file has no descriptor");
        }
        checkTable(at, "column table", columnTableStart, columnCount, footerStart);
        checkTable(at, "global buffer table", globalBufferTableStart, globalBufferCount, footerStart);
        if (columnMetadataStart > footerStart) {
            throw at.corrupt("file footer", "column metadata at " + columnMetadataStart + " is past the end");
        }
    }

    private static void checkTable(ByteCursor at, String structure, long start, int entryCount, long footerStart) {
        long sizeBytes = (long) entryCount * TABLE_ENTRY_BYTES;
        if (start > footerStart || sizeBytes > footerStart - start) {
            throw at.corrupt(structure, entryCount + " entries at " + start + " reach into the footer at " + footerStart);
        }
    }
}
