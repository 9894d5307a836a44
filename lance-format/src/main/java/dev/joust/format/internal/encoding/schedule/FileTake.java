// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.file.FileProjection;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.page.PageOpener;
import dev.joust.format.internal.encoding.page.PageRead;
import dev.joust.format.internal.encoding.page.PageReader;
import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.LeafSink;
import dev.joust.io.ByteRange;

/// Reads single rows: at most one round for what pages say about themselves (remembered then), and one for the rows of
/// all columns. Pages so small that a second round would cost more than their bytes are read whole in the first. Decodes only the chunks that hold wanted rows, on the caller's thread.
public final class FileTake {
    private final OpenFile file;
    /// Ascending, each once.
    private final long[] rows;

    private FileTake(OpenFile file, long[] rows) {
        this.file = file;
        this.rows = rows;
    }

    /// @param rows in any order, duplicates too; the answer has them in that order
    public static Batch take(OpenFile file, FileProjection projection, long[] rows, BufferSources sources)
            throws IOException {
        long rowCount = file.metadata().descriptor().rowCount();
        for (long row : rows) {
            if (row < 0 || row >= rowCount) {
                throw new IllegalArgumentException(
                        "row " + row + " of " + file.metadata().path() + ", which has " + rowCount);
            }
        }
        long[] sorted = Arrays.stream(rows).sorted().distinct().toArray();
        FileLeaves leaves = FileLeaves.of(file.metadata(), projection);
        FileTake take = new FileTake(file, sorted);
        BufferSource memory = sources.open();
        try (BufferSource temporary = sources.open()) {
            boolean inOrder = Arrays.equals(rows, sorted);
            List<ColumnBuffers> columns = take.read(leaves, inOrder ? memory : temporary, temporary);
            if (!inOrder) {
                int[] positions = new int[rows.length];
                for (int i = 0; i < rows.length; i++) {
                    positions[i] = Arrays.binarySearch(sorted, rows[i]);
                }
                columns = columns.stream()
                        .map(column -> ColumnGather.gather(column, positions, memory))
                        .toList();
            }
            return Batch.of(rows.length, columns, memory);
        } catch (Throwable e) {
            memory.close();
            throw e;
        }
    }

    private List<ColumnBuffers> read(FileLeaves leaves, BufferSource memory, BufferSource temporary)
            throws IOException {
        List<Piece> pieces = new ArrayList<>();
        for (FileLeaves.LeafReader leaf : leaves.leaves()) {
            addPieces(leaf.pages(), pieces);
        }
        openPages(pieces, temporary);
        fetch(pieces.stream().filter(piece -> !piece.isFetched()).toList(), temporary);
        List<LeafSink> sinks = new ArrayList<>();
        DecodeContext context = new DecodeContext(file.metadata().path(), temporary);
        int next = 0;
        for (FileLeaves.LeafReader leaf : leaves.leaves()) {
            LeafSink sink = Sinks.leaf(file, context, leaf, rows.length, memory);
            for (; next < pieces.size() && pieces.get(next).pages == leaf.pages(); next++) {
                Piece piece = pieces.get(next);
                Decoding.guarded(context, () -> piece.decode(context, sink));
            }
            sinks.add(sink);
        }
        ColumnAssembler assembler = new ColumnAssembler(file.metadata().path(), sinks, memory);
        return Decoding.guarded(context, () -> assembler.columns(leaves.fields(), rows.length));
    }

    private void addPieces(ColumnPages pages, List<Piece> pieces) {
        int from = 0;
        while (from < rows.length) {
            int page = pages.pageOf(rows[from]);
            int found = Arrays.binarySearch(rows, from, rows.length, pages.rowStart(page + 1));
            int to = found >= 0 ? found : -found - 1;
            RowRanges entries = pages.entries(RowRanges.ofRows(rows, from, to, pages.rowStart(page)));
            pieces.add(new Piece(pages, page, entries));
            from = to;
        }
    }

    /// Opens pages that are not remembered, all in one round, and gets the small ones and the rows of open ones with it.
    private void openPages(List<Piece> pieces, BufferSource temporary) throws IOException {
        List<Piece> closed = new ArrayList<>();
        List<PageOpener> openers = new ArrayList<>();
        List<ByteRange> ranges = new ArrayList<>();
        List<Piece> open = new ArrayList<>();
        for (Piece piece : pieces) {
            piece.reader = file.readerIfKnown(piece.pages, piece.page);
            if (piece.reader == null) {
                PageOpener opener = file.opener(piece.pages, piece.page);
                closed.add(piece);
                openers.add(opener);
                ranges.addAll(file.isReadWhole(piece.pages, piece.page) ? piece.buffers() : opener.ranges());
            } else {
                open.add(piece);
            }
        }
        if (closed.isEmpty()) {
            return;
        }
        for (Piece piece : open) {
            piece.plan();
            ranges.addAll(piece.ranges);
        }
        List<MemorySegment> bytes = file.scheduler().read(ranges, temporary);
        int next = 0;
        for (int i = 0; i < closed.size(); i++) {
            PageOpener opener = openers.get(i);
            Piece piece = closed.get(i);
            boolean isWhole = file.isReadWhole(piece.pages, piece.page);
            int count = (isWhole ? piece.buffers() : opener.ranges()).size();
            List<MemorySegment> found = bytes.subList(next, next + count);
            next += count;
            if (!isWhole) {
                piece.reader = file.remember(piece.pages, piece.page, opener, found);
                continue;
            }
            PageBytes page = new PageBytes(piece.buffers(), found);
            piece.reader = file.remember(piece.pages, piece.page, opener, page.all(opener.ranges()));
            piece.plan();
            piece.bytes = page.all(piece.ranges);
        }
        for (Piece piece : open) {
            piece.bytes = bytes.subList(next, next + piece.ranges.size());
            next += piece.ranges.size();
        }
    }

    private void fetch(List<Piece> pieces, BufferSource temporary) throws IOException {
        if (pieces.isEmpty()) {
            return;
        }
        List<ByteRange> ranges = new ArrayList<>();
        for (Piece piece : pieces) {
            piece.plan();
            ranges.addAll(piece.ranges);
        }
        List<MemorySegment> bytes = ranges.isEmpty() ? List.of() : file.scheduler().read(ranges, temporary);
        int next = 0;
        for (Piece piece : pieces) {
            piece.bytes = bytes.subList(next, next + piece.ranges.size());
            next += piece.ranges.size();
        }
    }

    /// The wanted rows of one page.
    private static final class Piece {
        final ColumnPages pages;
        final int page;
        final RowRanges rows;
        @Nullable PageReader reader;
        @Nullable PageRead read;
        List<ByteRange> ranges = List.of();
        List<MemorySegment> bytes = List.of();

        Piece(ColumnPages pages, int page, RowRanges rows) {
            this.pages = pages;
            this.page = page;
            this.rows = rows;
        }

        List<ByteRange> buffers() {
            return pages.page(page).buffers();
        }

        boolean isFetched() {
            return read != null && bytes.size() == ranges.size();
        }

        void plan() {
            read = Objects.requireNonNull(reader).plan(rows);
            ranges = read.ranges();
        }

        void decode(DecodeContext context, LeafSink sink) {
            Objects.requireNonNull(read).decode(bytes, context, sink);
        }
    }
}
