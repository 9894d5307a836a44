// SPDX-License-Identifier: Apache-2.0
package dev.joust.interop.parquet.internal.read;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageType;
import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.interop.parquet.internal.read.ColumnPages.RawPage;
import dev.joust.interop.parquet.internal.read.DataPage.DictionaryPage;
import dev.joust.interop.parquet.internal.schema.ColumnPlan;

/// One column of Parquet's in one row group: levels of so many rows, then the values that belong to them. Levels are read
/// first, over as many pages as it takes, so that values go straight to memory of the right size. Not thread-safe.
final class LeafReader {
    private static final int BLOCK = 1 << 13;
    private static final int MOST_ENTRIES = 1 << 30;

    private final ColumnPlan.Leaf leaf;
    private final ColumnPages pages;
    private @Nullable DictionaryPage dictionary;
    private @Nullable DataPage page;

    /// Levels of the rows of the batch; empty where the column has none.
    private byte[] repetitions = new byte[0];
    private byte[] definitions = new byte[0];
    private int entryCount;
    private int definedCount;
    private final List<Part> parts = new ArrayList<>();

    /// Levels read from the page that belong to rows not asked for yet.
    private final byte[] nextRepetitions;
    private final byte[] nextDefinitions;
    private int blockAt;
    private int blockEnd;

    /// Values of the batch that are in one page.
    private record Part(DataPage page, int definedCount) {}

    LeafReader(ColumnPlan.Leaf leaf, ColumnPages pages) {
        this.leaf = leaf;
        this.pages = pages;
        boolean lists = leaf.repetition() > 0;
        nextRepetitions = new byte[lists ? BLOCK : 0];
        nextDefinitions = new byte[lists ? BLOCK : 0];
    }

    ColumnPlan.Leaf leaf() {
        return leaf;
    }

    byte[] repetitions() {
        return repetitions;
    }

    byte[] definitions() {
        return definitions;
    }

    /// Levels of the rows read, a pair each: one per item of the innermost list, and one where a list is null or empty.
    int entryCount() {
        return entryCount;
    }

    /// Entries that have a value.
    int definedCount() {
        return definedCount;
    }

    CorruptFileException corrupt(String problem) {
        return pages.corrupt(page == null ? 0 : page.offsetInFile, problem);
    }

    /// Reads the levels of the next rows, which the column chunk must have. Values of those before must have been read.
    void readRows(int rowCount) throws IOException {
        entryCount = 0;
        definedCount = 0;
        parts.clear();
        try {
            if (leaf.repetition() == 0) {
                readFlat(rowCount);
            } else {
                readLists(rowCount);
            }
        } catch (BadPageException | IndexOutOfBoundsException e) {
            throw corrupt(String.valueOf(e.getMessage()));
        }
    }

    private void readFlat(int rowCount) throws IOException {
        boolean nullable = leaf.definition() > 0;
        if (nullable && definitions.length < rowCount) {
            definitions = new byte[rowCount];
        }
        while (entryCount < rowCount) {
            DataPage from = pageWithEntries();
            if (from == null) {
                throw corrupt("its pages end " + (rowCount - entryCount) + " rows too early");
            }
            int n = Math.min(rowCount - entryCount, from.entriesLeft);
            int defined = n;
            if (from.definitions != null) {
                from.definitions.readLevels(definitions, entryCount, n, leaf.definition());
                defined = count(definitions, entryCount, entryCount + n, leaf.definition());
            }
            from.entriesLeft -= n;
            took(from, n, defined);
        }
    }

    private void took(DataPage from, int entries, int defined) {
        entryCount += entries;
        definedCount += defined;
        Part last = parts.isEmpty() ? null : parts.getLast();
        if (last != null && last.page() == from) {
            parts.set(parts.size() - 1, new Part(from, last.definedCount() + defined));
        } else {
            parts.add(new Part(from, defined));
        }
    }

    private void readLists(int rowCount) throws IOException {
        int rows = 0;
        while (true) {
            if (blockAt == blockEnd && !nextBlock()) {
                if (rows < rowCount) {
                    throw corrupt("its pages end " + (rowCount - rows) + " rows too early");
                }
                return;
            }
            int take = blockEnd;
            int starts = count(nextRepetitions, blockAt, blockEnd, 0);
            if (rows + starts > rowCount) {
                take = blockAt;
                for (int row = rows; take < blockEnd; take++) {
                    if (nextRepetitions[take] == 0 && ++row > rowCount) {
                        break;
                    }
                }
                starts = rowCount - rows;
            }
            if (entryCount == 0 && nextRepetitions[blockAt] != 0) {
                throw corrupt("its first row starts within a list");
            }
            boolean rowFollows = take < blockEnd;
            takeBlock(take - blockAt);
            rows += starts;
            if (rowFollows) {
                return;
            }
        }
    }

    private void takeBlock(int count) {
        if (count == 0) {
            return;
        }
        if (entryCount + count > repetitions.length) {
            if (entryCount + count > MOST_ENTRIES) {
                throw new BadPageException("rows of more than " + MOST_ENTRIES + " items");
            }
            int size = Math.max(entryCount + count, Math.min(MOST_ENTRIES, repetitions.length * 2));
            repetitions = Arrays.copyOf(repetitions, size);
            definitions = Arrays.copyOf(definitions, size);
        }
        System.arraycopy(nextRepetitions, blockAt, repetitions, entryCount, count);
        System.arraycopy(nextDefinitions, blockAt, definitions, entryCount, count);
        int defined = count(nextDefinitions, blockAt, blockAt + count, leaf.definition());
        blockAt += count;
        DataPage from = page;
        if (from == null) {
            throw new AssertionError("levels without a page");
        }
        took(from, count, defined);
    }

    private boolean nextBlock() throws IOException {
        DataPage from = pageWithEntries();
        if (from == null || from.repetitions == null || from.definitions == null) {
            return false;
        }
        int n = Math.min(BLOCK, from.entriesLeft);
        from.repetitions.readLevels(nextRepetitions, 0, n, leaf.repetition());
        from.definitions.readLevels(nextDefinitions, 0, n, leaf.definition());
        from.entriesLeft -= n;
        blockAt = 0;
        blockEnd = n;
        return true;
    }

    private static int count(byte[] levels, int start, int end, int level) {
        int count = 0;
        for (int i = start; i < end; i++) {
            count += levels[i] == level ? 1 : 0;
        }
        return count;
    }

    private @Nullable DataPage pageWithEntries() throws IOException {
        while (page == null || page.entriesLeft == 0) {
            RawPage raw = pages.next();
            if (raw == null) {
                return null;
            }
            try {
                if (raw.header().getType() == PageType.DICTIONARY_PAGE) {
                    dictionary = DictionaryPage.of(raw, leaf);
                    continue;
                }
                checkLevelsAreRead(raw);
                page = new DataPage(raw, leaf, dictionary);
            } catch (BadPageException | IndexOutOfBoundsException e) {
                throw pages.corrupt(raw.offsetInFile(), String.valueOf(e.getMessage()));
            }
        }
        return page;
    }

    private void checkLevelsAreRead(RawPage raw) {
        if (raw.header().getType() == PageType.DATA_PAGE) {
            var header = raw.header().getData_page_header();
            boolean old = (leaf.repetition() > 0 && header.getRepetition_level_encoding() == Encoding.BIT_PACKED)
                    || (leaf.definition() > 0 && header.getDefinition_level_encoding() == Encoding.BIT_PACKED);
            if (old) {
                throw pages.file().unsupported(pages.structure() + ": levels in the deprecated encoding BIT_PACKED");
            }
        }
    }

    /// After the last row of the row group.
    void checkAtEnd() {
        if (pages.valuesLeft() > 0 || (page != null && page.entriesLeft > 0) || blockAt < blockEnd) {
            throw corrupt("more values than its row group has rows");
        }
    }

    /// Values of one width of the rows read, without nulls, at the start of `target`.
    void readFixed(MemorySegment target) {
        long offset = 0;
        int width = leaf.type().byteWidth();
        for (Part part : parts) {
            if (part.definedCount() > 0) {
                try {
                    values(part, part.page().fixed).read(part.definedCount(), target, offset);
                } catch (BadPageException | IndexOutOfBoundsException e) {
                    throw pages.corrupt(part.page().offsetInFile, String.valueOf(e.getMessage()));
                }
                offset += (long) part.definedCount() * width;
            }
        }
        parts.clear();
    }

    /// Values of any length of the rows read, without nulls.
    void readBytes(GrowingValues target) {
        target.clear();
        for (Part part : parts) {
            if (part.definedCount() > 0) {
                try {
                    values(part, part.page().bytes).read(part.definedCount(), target);
                } catch (BadPageException | IndexOutOfBoundsException e) {
                    throw pages.corrupt(part.page().offsetInFile, String.valueOf(e.getMessage()));
                }
            }
        }
        parts.clear();
    }

    /// Booleans of the rows read, without nulls: 0 or 1.
    int[] readBooleans() {
        int[] target = new int[definedCount];
        int at = 0;
        for (Part part : parts) {
            if (part.definedCount() > 0) {
                try {
                    values(part, part.page().booleans).readInts(target, at, part.definedCount());
                } catch (BadPageException | IndexOutOfBoundsException e) {
                    throw pages.corrupt(part.page().offsetInFile, String.valueOf(e.getMessage()));
                }
                at += part.definedCount();
            }
        }
        parts.clear();
        return target;
    }

    private static <T> T values(Part part, @Nullable T values) {
        if (values == null) {
            throw new BadPageException(part.definedCount() + " values are missing");
        }
        return values;
    }
}
