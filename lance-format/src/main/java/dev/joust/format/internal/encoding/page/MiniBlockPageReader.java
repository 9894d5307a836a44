// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.compress.DictionaryValues;
import dev.joust.format.internal.encoding.compress.MiniBlockDecoders;
import dev.joust.format.internal.encoding.repdef.PageLevels;
import dev.joust.format.internal.encoding.sink.LeafSink;
import dev.joust.format.internal.file.PageInfo;
import dev.joust.io.ByteRange;

/// A page of small values in chunks (spec: file format 3.2). Rows are found by their chunk; a chunk is read whole.
final class MiniBlockPageReader implements PageReader {
    private final PageLayout.MiniBlockLayout layout;
    private final LeafColumn column;
    private final ChunkIndex chunks;
    private final @Nullable DictionaryValues dictionary;
    private final long dataStartInFile;

    private MiniBlockPageReader(
            PageLayout.MiniBlockLayout layout,
            LeafColumn column,
            ChunkIndex chunks,
            @Nullable DictionaryValues dictionary,
            long dataStartInFile) {
        this.layout = layout;
        this.column = column;
        this.chunks = chunks;
        this.dictionary = dictionary;
        this.dataStartInFile = dataStartInFile;
    }

    /// @param bytes chunk words; the dictionary, if there is one
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
        if (levels.maxRepetition() == 0 && layout.repetition() != null) {
            throw context.corrupt("repetition levels in a column without lists");
        }
        if (layout.itemCount() != page.length()) {
            throw context.corrupt(layout.itemCount() + " values for " + page.length() + " rows");
        }
        ByteRange data = page.buffers().get(1);
        ChunkIndex chunks = ChunkIndex.parse(
                context, bytes.getFirst(), layout.largeChunks() ? 4 : 2, data.length(), layout.itemCount());
        DictionaryValues dictionary = layout.dictionary() == null
                ? null
                : DictionaryValues.decode(
                        context, layout.dictionary(), column.shape(), bytes.get(1), layout.dictionaryItemCount());
        return new MiniBlockPageReader(layout, column, chunks, dictionary, data.offset());
    }

    @Override
    public long stateBytes() {
        return 256 + chunks.stateBytes() + (dictionary == null ? 0 : dictionary.sizeBytes());
    }

    @Override
    public PageRead plan(RowRanges rows) {
        List<Run> runs = new ArrayList<>();
        int first = -1;
        int end = -1;
        for (int i = 0; i < rows.count(); i++) {
            int chunk = chunks.chunkOf(rows.start(i));
            int chunkEnd = chunks.chunkOf(rows.end(i) - 1) + 1;
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
            ChunkReader reader = new ChunkReader(
                    context,
                    layout,
                    MiniBlockDecoders.create(context, layout.values(), column.shape(), dictionary));
            int runIndex = 0;
            int chunk = -1;
            for (int i = 0; i < rows.count(); i++) {
                long row = rows.start(i);
                while (row < rows.end(i)) {
                    if (chunk < 0 || row >= chunks.valueStart(chunk + 1)) {
                        boolean next = chunk >= 0 && chunk + 1 < chunks.chunkCount() && row < chunks.valueStart(chunk + 2);
                        chunk = next ? chunk + 1 : chunks.chunkOf(row);
                        while (chunk >= runs.get(runIndex).end()) {
                            runIndex++;
                        }
                        open(context, reader, bytes.get(runIndex), runs.get(runIndex), chunk);
                    }
                    long chunkStart = chunks.valueStart(chunk);
                    int from = (int) (row - chunkStart);
                    int to = (int) (Math.min(rows.end(i), chunks.valueStart(chunk + 1)) - chunkStart);
                    append(reader, from, to, sink);
                    row = chunkStart + to;
                }
            }
        }

        private void open(DecodeContext context, ChunkReader reader, MemorySegment runBytes, Run run, int chunk) {
            long start = chunks.byteStart(chunk);
            context.enter(dataStartInFile + start, "mini-block chunk", chunk);
            int valueCount = chunks.valueCount(chunk);
            reader.open(
                    runBytes.asSlice(start - chunks.byteStart(run.first()), chunks.byteStart(chunk + 1) - start),
                    valueCount);
            if (reader.definition() != null && reader.levelCount() != valueCount) {
                throw context.corrupt(reader.levelCount() + " levels for " + valueCount + " values");
            }
        }

        private static void append(ChunkReader reader, int from, int to, LeafSink sink) {
            MemorySegment definition = reader.definition();
            if (definition == null) {
                sink.appendValid(to - from);
            } else {
                sink.appendDefinition(definition, from, to);
            }
            reader.appendValues(from, to, sink.values());
        }
    }
}
