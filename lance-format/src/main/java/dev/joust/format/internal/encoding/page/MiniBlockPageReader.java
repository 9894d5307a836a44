// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.compress.DictionaryValues;
import dev.joust.format.internal.encoding.compress.MiniBlockDecoders;
import dev.joust.format.internal.encoding.repdef.PageLevels;
import dev.joust.format.internal.encoding.repdef.RepDefUnraveler;
import dev.joust.format.internal.encoding.sink.LeafSink;
import dev.joust.format.internal.file.PageInfo;
import dev.joust.io.ByteRange;

/// A page of small values in chunks (spec: file format 3.2). Rows are found by their chunk; a chunk is read whole.
final class MiniBlockPageReader implements PageReader {
    /// Values are expected to take no less than this part of their encoded bytes' bits.
    private static final int PLAUSIBLE_VALUES_PER_BYTE = 8;

    private final PageLayout.MiniBlockLayout layout;
    private final LeafColumn column;
    private final PageLevels levels;
    private final ChunkIndex chunks;
    /// Where rows are, in pages with lists; otherwise row i is value i.
    private final @Nullable RepetitionIndex rowIndex;
    private final @Nullable DictionaryValues dictionary;
    private final long dataStartInFile;

    private MiniBlockPageReader(
            PageLayout.MiniBlockLayout layout,
            LeafColumn column,
            PageLevels levels,
            ChunkIndex chunks,
            @Nullable RepetitionIndex rowIndex,
            @Nullable DictionaryValues dictionary,
            long dataStartInFile) {
        this.layout = layout;
        this.column = column;
        this.levels = levels;
        this.chunks = chunks;
        this.rowIndex = rowIndex;
        this.dictionary = dictionary;
        this.dataStartInFile = dataStartInFile;
    }

    /// @param bytes chunk words; the dictionary, if there is one; the repetition index, if there is one
    static MiniBlockPageReader open(
            DecodeContext context,
            PageInfo page,
            LeafColumn column,
            PageLayout.MiniBlockLayout layout,
            PageLevels levels,
            List<MemorySegment> bytes) {
        if (layout.largeChunks() == (column.version() == FileVersion.V2_1)) {
            throw context.corrupt("large chunks: " + layout.largeChunks() + " in a file of version " + column.version());
        }
        boolean lists = levels.maxRepetition() > 0;
        if (lists != (layout.repetition() != null) || (lists && layout.repetitionIndexDepth() == 0)) {
            throw context.corrupt((layout.repetition() == null ? "no" : "") + " repetition levels, an index of depth "
                    + layout.repetitionIndexDepth() + ", for layers " + levels.layers());
        }
        if (!lists && layout.itemCount() != page.length()) {
            throw context.corrupt(layout.itemCount() + " values for " + page.length() + " rows");
        }
        ByteRange data = page.buffers().get(1);
        ChunkIndex chunks = ChunkIndex.parse(
                context, bytes.getFirst(), layout.largeChunks() ? 4 : 2, data.length(), layout.itemCount());
        RepetitionIndex rowIndex = lists
                ? RepetitionIndex.parse(
                        context, bytes.getLast(), layout.repetitionIndexDepth(), chunks.chunkCount(), page.length())
                : null;
        DictionaryValues dictionary = layout.dictionary() == null
                ? null
                : DictionaryValues.decode(
                        context, layout.dictionary(), column.shape(), bytes.get(1), layout.dictionaryItemCount());
        return new MiniBlockPageReader(layout, column, levels, chunks, rowIndex, dictionary, data.offset());
    }

    @Override
    public long stateBytes() {
        return 256
                + chunks.stateBytes()
                + (rowIndex == null ? 0 : rowIndex.stateBytes())
                + (dictionary == null ? 0 : dictionary.sizeBytes());
    }

    @Override
    public PageRead plan(RowRanges rows) {
        List<Run> runs = new ArrayList<>();
        int first = -1;
        int end = -1;
        for (int i = 0; i < rows.count(); i++) {
            int chunk = firstChunk(rows.start(i));
            int chunkEnd = lastChunk(rows.end(i) - 1) + 1;
            if (first >= 0 && chunk <= end) {
                end = chunkEnd;
            } else {
                if (first >= 0) {
                    runs.add(new Run(first, end));
                }
                first = chunk;
                end = chunkEnd;
            }
        }
        if (first >= 0) {
            runs.add(new Run(first, end));
        }
        return new Read(rows, runs);
    }

    private int firstChunk(long row) {
        return rowIndex == null ? chunks.chunkOf(row) : rowIndex.chunkOfBegin(row);
    }

    private int lastChunk(long row) {
        return rowIndex == null ? chunks.chunkOf(row) : rowIndex.chunkOfEnd(row);
    }

    /// Neighbouring chunks `[first, end)`, read at once.
    private record Run(int first, int end) {}

    private final class Read implements PageRead {
        private final RowRanges rows;
        private final List<Run> runs;

        Read(RowRanges rows, List<Run> runs) {
            this.rows = rows;
            this.runs = runs;
        }

        @Override
        public List<ByteRange> ranges() {
            return runs.stream()
                    .map(run -> ByteRange.between(
                            dataStartInFile + chunks.byteStart(run.first()),
                            dataStartInFile + chunks.byteStart(run.end())))
                    .toList();
        }

        @Override
        public void decode(List<MemorySegment> bytes, DecodeContext context, LeafSink sink) {
            context.enter(dataStartInFile, "mini-block page", -1);
            Decode decode = new Decode(runs, bytes, context, sink);
            for (int i = 0; i < rows.count(); i++) {
                if (rowIndex == null) {
                    decode.values(rows.start(i), rows.end(i));
                } else {
                    decode.rows(rowIndex, rows.start(i), rows.end(i));
                }
            }
        }
    }

    /// Goes through the chunks of a read, front to back, each opened once.
    private final class Decode {
        private final List<Run> runs;
        private final List<MemorySegment> bytes;
        private final DecodeContext context;
        private final LeafSink sink;
        private final ChunkReader reader;
        /// Null for columns with nothing around them.
        private final @Nullable RepDefUnraveler unraveler;
        private int runIndex;
        private int chunk = -1;

        Decode(List<Run> runs, List<MemorySegment> bytes, DecodeContext context, LeafSink sink) {
            this.runs = runs;
            this.bytes = bytes;
            this.context = context;
            this.sink = sink;
            this.reader = new ChunkReader(
                    context, layout, MiniBlockDecoders.create(context, layout.values(), column.shape(), dictionary));
            this.unraveler = levels.layers().size() == 1 ? null : new RepDefUnraveler(context, levels);
        }

        /// Values `[start, end)`, which are rows where there are no lists.
        void values(long start, long end) {
            long row = start;
            while (row < end) {
                if (chunk < 0 || row >= chunks.valueStart(chunk + 1)) {
                    boolean next = chunk >= 0 && chunk + 1 < chunks.chunkCount() && row < chunks.valueStart(chunk + 2);
                    open(next ? chunk + 1 : chunks.chunkOf(row));
                }
                long chunkStart = chunks.valueStart(chunk);
                int from = (int) (row - chunkStart);
                int to = (int) (Math.min(end, chunks.valueStart(chunk + 1)) - chunkStart);
                MemorySegment definition = reader.definition();
                if (unraveler != null) {
                    unraveler.append(from, to, sink);
                } else if (definition == null) {
                    sink.appendValid(to - from);
                } else {
                    sink.appendDefinition(definition, from, to);
                }
                reader.appendValues(from, to, sink.values());
                row = chunkStart + to;
            }
        }

        /// Rows `[start, end)`, from the entry where the first begins to the one where the last ends.
        void rows(RepetitionIndex index, long start, long end) {
            int first = index.chunkOfBegin(start);
            int last = index.chunkOfEnd(end - 1);
            RepDefUnraveler entries = Objects.requireNonNull(unraveler);
            expectValues(first, last);
            for (int i = first; i <= last; i++) {
                if (i != chunk) {
                    open(i);
                    check(index, entries);
                }
                int from = i == first ? entries.rowStart((int) (start - index.firstBegin(i))) : 0;
                int to = i == last && end < index.firstBegin(i + 1)
                        ? entries.rowStart((int) (end - index.firstBegin(i)))
                        : entries.entryCount();
                int firstValue = entries.visibleCount(0, from);
                int valueCount = entries.visibleCount(from, to);
                entries.append(from, to, sink);
                reader.appendValues(firstValue, firstValue + valueCount, sink.values());
            }
        }

        /// Room at once for the values of the chunks between the first and the last, which are wanted whole.
        private void expectValues(int first, int last) {
            if (last > first + 1) {
                long values = chunks.valueStart(last) - chunks.valueStart(first + 1);
                long encodedBytes = chunks.byteStart(last) - chunks.byteStart(first + 1);
                sink.values().expect(Math.min(values, encodedBytes * PLAUSIBLE_VALUES_PER_BYTE));
            }
        }

        private void open(int newChunk) {
            chunk = newChunk;
            while (chunk >= runs.get(runIndex).end()) {
                runIndex++;
            }
            Run run = runs.get(runIndex);
            long start = chunks.byteStart(chunk);
            context.enter(dataStartInFile + start, "mini-block chunk", chunk);
            int valueCount = chunks.valueCount(chunk);
            reader.open(
                    bytes.get(runIndex)
                            .asSlice(start - chunks.byteStart(run.first()), chunks.byteStart(chunk + 1) - start),
                    valueCount);
            if (reader.definition() != null && rowIndex == null && reader.levelCount() != valueCount) {
                throw context.corrupt(reader.levelCount() + " levels for " + valueCount + " values");
            }
            if (unraveler != null) {
                unraveler.open(
                        reader.repetition(),
                        reader.definition(),
                        rowIndex == null ? valueCount : reader.levelCount());
            }
        }

        private void check(RepetitionIndex index, RepDefUnraveler entries) {
            int visible = entries.visibleCount(0, entries.entryCount());
            if (visible != chunks.valueCount(chunk)) {
                throw context.corrupt("levels of " + visible + " values, the chunk holds " + chunks.valueCount(chunk));
            }
            int begins = entries.rowStartCount();
            boolean continues = begins == 0 || entries.rowStart(0) > 0;
            if (begins != index.beginCount(chunk) || continues != index.continues(chunk)) {
                throw context.corrupt(begins + " rows begin in a chunk that " + (continues ? "continues one" : "starts with one")
                        + ", the repetition index says " + index.beginCount(chunk)
                        + (index.continues(chunk) ? " after one that continues" : ""));
            }
        }
    }
}
