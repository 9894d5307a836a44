// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.bytes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.joust.format.CorruptFileException;
import dev.joust.io.ObjectPath;

/// Reads little-endian values from a piece of a file, front to back, never past its end. Each read names the structure
/// that it is part of; a short piece is a {@link CorruptFileException} with file, absolute offset and structure.
/// Not thread-safe.
public final class ByteCursor {
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ObjectPath file;
    private final long startInFile;
    private final MemorySegment bytes;
    private long position;

    /// @param startInFile offset in the file of the first of `bytes`
    public ByteCursor(ObjectPath file, long startInFile, MemorySegment bytes) {
        this.file = file;
        this.startInFile = startInFile;
        this.bytes = bytes;
    }

    public ObjectPath file() {
        return file;
    }

    /// Offset in the file of the next byte.
    public long positionInFile() {
        return startInFile + position;
    }

    public long remaining() {
        return bytes.byteSize() - position;
    }

    public int u8(String structure) {
        return bytes.get(ValueLayout.JAVA_BYTE, advance(1, structure)) & 0xFF;
    }

    public int u16(String structure) {
        return bytes.get(U16, advance(2, structure)) & 0xFFFF;
    }

    public long u32(String structure) {
        return Integer.toUnsignedLong(bytes.get(U32, advance(4, structure)));
    }

    /// An unsigned 64-bit value as its bits: negative where it is 2^63 or more.
    public long u64(String structure) {
        return bytes.get(U64, advance(8, structure));
    }

    /// A 64-bit offset, size or count: one of 2^63 or more is damage.
    public long size64(String structure) {
        long value = u64(structure);
        if (value < 0) {
            position -= 8;
            throw corrupt(structure, "found " + Long.toUnsignedString(value) + ", more than any file holds");
        }
        return value;
    }

    /// The next `sizeBytes` bytes, a view.
    public MemorySegment bytes(long sizeBytes, String structure) {
        return bytes.asSlice(advance(sizeBytes, structure), sizeBytes);
    }

    /// All that remains, a view.
    public MemorySegment rest() {
        return bytes(remaining(), "rest");
    }

    /// All that remains, copied.
    public byte[] restAsArray() {
        return rest().toArray(ValueLayout.JAVA_BYTE);
    }

    public void skip(long sizeBytes, String structure) {
        advance(sizeBytes, structure);
    }

    /// Skips to the next multiple of `alignment`, counted from the cursor's first byte; the end counts as aligned.
    public void align(int alignment) {
        long aligned = (position + alignment - 1) / alignment * alignment;
        position = Math.min(aligned, bytes.byteSize());
    }

    /// An exception for damage found at this place.
    public CorruptFileException corrupt(String structure, String problem) {
        return new CorruptFileException(file, positionInFile(), structure, problem);
    }

    private long advance(long sizeBytes, String structure) {
        if (sizeBytes < 0 || sizeBytes > remaining()) {
            throw corrupt(structure, "needs " + sizeBytes + " bytes, " + remaining() + " remain");
        }
        long at = position;
        position += sizeBytes;
        return at;
    }
}
