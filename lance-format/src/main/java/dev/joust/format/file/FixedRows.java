// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

import dev.joust.format.CorruptFileException;
import dev.joust.format.internal.encoding.page.PageReader.FixedEntries;
import dev.joust.io.ObjectPath;

/// Single rows of one column of a local file, all values of one width, out of the mapped file: for who looks at a few
/// rows here and there again and again. What is handed out is a copy. Immutable, thread-safe.
public final class FixedRows {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ObjectPath path;
    private final MemorySegment file;
    private final int valueBytes;
    private final long[] rowStarts;
    private final List<FixedEntries> pages;

    /// @param rowStarts first row of each page, and the number of rows
    /// @throws CorruptFileException if a page does not lie within the file
    FixedRows(ObjectPath path, MemorySegment file, int valueBytes, long[] rowStarts, List<FixedEntries> pages) {
        this.path = path;
        this.file = file;
        this.valueBytes = valueBytes;
        this.rowStarts = rowStarts;
        this.pages = List.copyOf(pages);
        for (int i = 0; i < pages.size(); i++) {
            FixedEntries page = pages.get(i);
            long rows = rowStarts[i + 1] - rowStarts[i];
            long remaining = file.byteSize() - page.offsetInFile();
            if (page.offsetInFile() < 0 || rows > Math.max(0, remaining) / (page.controlBytes() + valueBytes)) {
                throw new CorruptFileException(path, page.offsetInFile(), "page " + i, rows + " rows of "
                        + (page.controlBytes() + valueBytes) + " bytes, " + remaining + " bytes remain");
            }
        }
    }

    /// Bytes of a value.
    public int valueBytes() {
        return valueBytes;
    }

    public long rowCount() {
        return rowStarts[rowStarts.length - 1];
    }

    /// Copies the value of a row to the target.
    ///
    /// @param targetOffset in bytes, from where on there is room for {@link #valueBytes()}
    /// @return false for a row that is null: then nothing is copied
    /// @throws IndexOutOfBoundsException for a row that the file does not have
    /// @throws CorruptFileException      if the file was cut short meanwhile
    public boolean copy(long row, MemorySegment target, long targetOffset) {
        if (row < 0 || row >= rowCount()) {
            throw new IndexOutOfBoundsException("row " + row + " of " + path + ", which has " + rowCount());
        }
        int found = Arrays.binarySearch(rowStarts, row);
        int index = found >= 0 ? found : -found - 2;
        while (rowStarts[index + 1] == row) { // empty pages
            index++;
        }
        FixedEntries page = pages.get(index);
        int entryBytes = page.controlBytes() + valueBytes;
        long offset = page.offsetInFile() + (row - rowStarts[index]) * entryBytes;
        try {
            if ((controlWord(offset, page.controlBytes()) & page.definitionMask()) != 0) {
                return false;
            }
            MemorySegment.copy(file, offset + page.controlBytes(), target, targetOffset, valueBytes);
            return true;
        } catch (InternalError e) {
            throw new CorruptFileException(path, offset, "row " + row, "the file was cut short while it was read");
        }
    }

    private int controlWord(long offset, int controlBytes) {
        return switch (controlBytes) {
            case 0 -> 0;
            case 1 -> file.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
            case 2 -> file.get(SHORT, offset) & 0xFFFF;
            default -> file.get(INT, offset);
        };
    }
}
