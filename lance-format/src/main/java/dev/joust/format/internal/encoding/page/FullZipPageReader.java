// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.compress.ZippedDecoder;
import dev.joust.format.internal.encoding.repdef.PageLevels;
import dev.joust.format.internal.encoding.sink.LeafSink;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.file.PageInfo;
import dev.joust.io.ByteRange;

/// A page of large values, each behind a control word with its levels (spec: file format 3.3). A row is read by
/// itself: at a multiple of the entry size, or where the row index says.
///
///     entry:  control word (0, 1, 2 or 4 bytes): repetition << definitionBits | definition
///             fixed width: the value, null or not       variable width: length (4 or 8 bytes) and bytes, if not null
final class FullZipPageReader implements PageReader {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final PageLayout.FullZipLayout layout;
    private final LeafColumn column;
    private final PageLevels levels;
    private final ByteRange data;
    private final int controlBytes;
    /// Of fixed-width pages: control word and value; otherwise 0.
    private final long entryBytes;
    private final boolean verbatim;
    /// Whether rows are of one width, and values as a batch wants them.
    private final boolean plainValues;
    private final @Nullable RowIndex index;

    private FullZipPageReader(
            PageLayout.FullZipLayout layout,
            LeafColumn column,
            PageLevels levels,
            ByteRange data,
            int controlBytes,
            long entryBytes,
            boolean plainValues,
            @Nullable RowIndex index) {
        this.layout = layout;
        this.column = column;
        this.levels = levels;
        this.data = data;
        this.controlBytes = controlBytes;
        this.entryBytes = entryBytes;
        this.plainValues = plainValues;
        this.verbatim = plainValues && controlBytes == 0;
        this.index = index;
    }

    /// @param bytes the row index, if there is one
    static FullZipPageReader open(
            DecodeContext context,
            PageInfo page,
            LeafColumn column,
            PageLayout.FullZipLayout layout,
            PageLevels levels,
            List<MemorySegment> bytes) {
        ByteRange data = page.buffers().getFirst();
        int bits = layout.repetitionBits() + layout.definitionBits();
        if (layout.repetitionBits() < 0 || layout.repetitionBits() > 16
                || layout.definitionBits() < 0 || layout.definitionBits() > 16
                || (levels.maxRepetition() == 0 && layout.repetitionBits() != 0)) {
            throw context.corrupt("control words of " + layout.repetitionBits() + " + " + layout.definitionBits()
                    + " bits for layers " + levels.layers());
        }
        boolean lists = levels.maxRepetition() > 0;
        if (!lists && layout.itemCount() != page.length()) {
            throw context.corrupt(layout.itemCount() + " entries for " + page.length() + " rows");
        }
        int controlBytes = bits == 0 ? 0 : bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
        RowIndex index = lists || layout.variable()
                ? RowIndex.open(context, bytes.getFirst(), page.length(), data.length())
                : null;
        if (layout.variable()) {
            if (layout.bits() != 32 && layout.bits() != 64) {
                throw context.corrupt("lengths of " + layout.bits() + " bits");
            }
            ZippedDecoder.variable(context, layout.values(), column.shape());
            return new FullZipPageReader(layout, column, levels, data, controlBytes, 0, false, index);
        }
        ZippedDecoder.FixedDecoder decoder = ZippedDecoder.fixed(context, layout.values(), column.shape());
        if (layout.bits() != 8L * decoder.sizeBytes()) {
            throw context.corrupt(layout.bits() + " bits per value, the encoding has " + 8L * decoder.sizeBytes());
        }
        long entryBytes = controlBytes + (long) decoder.sizeBytes();
        if (entryBytes == 0 || (!lists && page.length() > data.length() / entryBytes)) {
            throw context.corrupt(page.length() + " entries of " + entryBytes + " bytes in " + data.length());
        }
        return new FullZipPageReader(
                layout, column, levels, data, controlBytes, entryBytes, !lists && decoder.isVerbatim(),
                index);
    }

    @Override
    public long stateBytes() {
        return 256 + (index == null ? 0 : index.entries.byteSize());
    }

    @Override
    public @Nullable ByteRange verbatim(long from, long to) {
        return verbatim ? range(from, to) : null;
    }

    @Override
    public @Nullable FixedEntries fixedEntries() {
        return plainValues
                ? new FixedEntries(
                        data.offset(),
                        controlBytes,
                        (int) (entryBytes - controlBytes),
                        (1 << layout.definitionBits()) - 1)
                : null;
    }

    @Override
    public PageRead plan(RowRanges rows) {
        return new Read(rows);
    }

    private ByteRange range(long from, long to) {
        if (index != null) {
            return ByteRange.between(data.offset() + index.start(from), data.offset() + index.start(to));
        }
        return ByteRange.between(data.offset() + from * entryBytes, data.offset() + to * entryBytes);
    }

    private final class Read implements PageRead {
        private final RowRanges rows;

        Read(RowRanges rows) {
            this.rows = rows;
        }

        @Override
        public List<ByteRange> ranges() {
            List<ByteRange> ranges = new ArrayList<>(rows.count());
            for (int i = 0; i < rows.count(); i++) {
                ranges.add(range(rows.start(i), rows.end(i)));
            }
            return ranges;
        }

        @Override
        public void decode(List<MemorySegment> bytes, DecodeContext context, LeafSink sink) {
            ZippedDecoder decoder = layout.variable()
                    ? ZippedDecoder.variable(context, layout.values(), column.shape())
                    : ZippedDecoder.fixed(context, layout.values(), column.shape());
            LevelBuffer entries = new LevelBuffer(context, levels, rows.rowCount());
            for (int i = 0; i < rows.count(); i++) {
                context.enter(range(rows.start(i), rows.end(i)).offset(), "full-zip row", rows.start(i));
                if (layout.variable()) {
                    decodeVariable(bytes.get(i), context, decoder, entries, sink.values());
                } else {
                    decodeFixed(bytes.get(i), context, decoder, entries, sink.values());
                }
            }
            entries.appendTo(sink, rows.rowCount());
        }
    }

    private void decodeFixed(
            MemorySegment bytes, DecodeContext context, ZippedDecoder decoder, LevelBuffer entries, ValueSink values) {
        int valueBytes = (int) (entryBytes - controlBytes);
        long end = bytes.byteSize();
        for (long at = 0; at < end; ) {
            context.require(bytes, at + controlBytes, "control word");
            int word = controlWord(bytes, at);
            at += controlBytes;
            if (entries.add(repetition(word), definition(word))) {
                context.require(bytes, at + valueBytes, "value");
                decoder.append(bytes, at, at + valueBytes, values);
                at += valueBytes;
            }
        }
    }

    private void decodeVariable(
            MemorySegment bytes, DecodeContext context, ZippedDecoder decoder, LevelBuffer entries, ValueSink values) {
        int lengthBytes = layout.bits() / 8;
        long end = bytes.byteSize();
        for (long at = 0; at < end; ) {
            context.require(bytes, at + controlBytes, "control word");
            int word = controlWord(bytes, at);
            at += controlBytes;
            boolean visible = entries.add(repetition(word), definition(word));
            if (definition(word) != 0) {
                if (visible) {
                    values.appendEmpty(1);
                }
                continue;
            }
            context.require(bytes, at + lengthBytes, "length of a value");
            long length = lengthBytes == 4 ? Integer.toUnsignedLong(bytes.get(INT, at)) : bytes.get(LONG, at);
            at += lengthBytes;
            if (length < 0 || length > bytes.byteSize() - at) {
                throw context.corrupt("a value of " + Long.toUnsignedString(length) + " bytes, "
                        + (bytes.byteSize() - at) + " remain");
            }
            decoder.append(bytes, at, at + length, values);
            at += length;
        }
    }

    private int repetition(int controlWord) {
        return (controlWord >>> layout.definitionBits()) & ((1 << layout.repetitionBits()) - 1);
    }

    private int definition(int controlWord) {
        return controlWord & ((1 << layout.definitionBits()) - 1);
    }

    private int controlWord(MemorySegment bytes, long at) {
        return switch (controlBytes) {
            case 0 -> 0;
            case 1 -> bytes.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
            case 2 -> bytes.get(SHORT, at) & 0xFFFF;
            default -> bytes.get(INT, at);
        };
    }

    /// Where rows start in the data: `rows + 1` offsets of 1, 2, 4 or 8 bytes, which their number tells.
    private static final class RowIndex {
        final MemorySegment entries;
        final int entryBytes;

        private RowIndex(MemorySegment entries, int entryBytes) {
            this.entries = entries;
            this.entryBytes = entryBytes;
        }

        static RowIndex open(DecodeContext context, MemorySegment bytes, long rowCount, long dataSizeBytes) {
            long entryBytes = bytes.byteSize() / (rowCount + 1);
            if (entryBytes * (rowCount + 1) != bytes.byteSize()
                    || (entryBytes != 1 && entryBytes != 2 && entryBytes != 4 && entryBytes != 8)) {
                throw context.corrupt("a row index of " + bytes.byteSize() + " bytes for " + rowCount + " rows");
            }
            MemorySegment copy = Arena.ofAuto().allocate(bytes.byteSize(), 8).copyFrom(bytes);
            RowIndex index = new RowIndex(copy, (int) entryBytes);
            long previous = 0;
            for (long row = 0; row <= rowCount; row++) {
                long start = index.start(row);
                if (start < previous || start > dataSizeBytes) {
                    throw context.corrupt("row " + row + " at " + Long.toUnsignedString(start) + ", between " + previous
                            + " and " + dataSizeBytes + " expected");
                }
                previous = start;
            }
            return index;
        }

        /// First byte of a row; for the number of rows, the end of the last one.
        long start(long row) {
            return switch (entryBytes) {
                case 1 -> entries.get(ValueLayout.JAVA_BYTE, row) & 0xFF;
                case 2 -> entries.get(SHORT, 2 * row) & 0xFFFF;
                case 4 -> Integer.toUnsignedLong(entries.get(INT, 4 * row));
                default -> entries.get(LONG, 8 * row);
            };
        }
    }
}
