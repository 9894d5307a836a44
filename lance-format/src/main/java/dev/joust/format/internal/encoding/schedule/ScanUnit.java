// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.page.PageOpener;
import dev.joust.format.internal.encoding.page.PageRead;
import dev.joust.format.internal.encoding.page.PageReader;
import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.LeafSink;
import dev.joust.io.ByteRange;

/// Rows of one page that a scan reads at once, for one batch or for several: read once, freed when the last batch that
/// needs them is decoded (or given up).
final class ScanUnit {
    private final OpenFile file;
    private final ColumnPages column;
    private final int page;
    /// In the page.
    private final long rowStart;
    private final long rowEnd;
    private final AtomicInteger users;
    private final @Nullable PageReader verbatimReader;
    private @Nullable CompletableFuture<Loaded> loading;

    /// @param userCount batches that will use it and then {@link #release}
    ScanUnit(OpenFile file, ColumnPages column, int page, long rowStart, long rowEnd, int userCount) {
        this.file = file;
        this.column = column;
        this.page = page;
        this.rowStart = rowStart;
        this.rowEnd = rowEnd;
        this.users = new AtomicInteger(userCount);
        PageReader reader = file.readerIfKnown(column, page);
        this.verbatimReader = reader != null && verbatim(reader, rowStart, rowEnd) != null ? reader : null;
    }

    private RowRanges entries(long from, long to) {
        return column.entries(RowRanges.of(from, to));
    }

    private @Nullable ByteRange verbatim(PageReader reader, long from, long to) {
        RowRanges entries = entries(from, to);
        return reader.verbatim(entries.start(0), entries.end(0));
    }

    /// First row after it, in the page.
    long rowEnd() {
        return rowEnd;
    }

    int page() {
        return page;
    }

    /// Whether its rows are read to where they belong, not decoded; then it is never started.
    boolean isVerbatim() {
        return verbatimReader != null;
    }

    /// Starts reading, on a virtual thread.
    void start(BufferSources sources) {
        if (!isVerbatim()) {
            loading = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return load(sources.open());
                        } catch (IOException e) {
                            throw new CompletionException(e);
                        }
                    },
                    file.session().ioExecutor());
        }
    }

    /// To be read by others.
    void startWith(CompletableFuture<Loaded> load) {
        loading = load;
    }

    /// Of its page.
    long sizeBytes() {
        return column.page(page).buffers().stream().mapToLong(ByteRange::length).sum();
    }

    /// Whether {@link #ranges} are known before anything is read.
    boolean isReadAtOnce() {
        return isWhole() || file.isReadWhole(column, page) || file.readerIfKnown(column, page) != null;
    }

    private boolean isWhole() {
        return rowStart == 0 && rowEnd == column.rowStart(page + 1) - column.rowStart(page);
    }

    /// What is to be read: the rows, or the whole page with what it says about itself.
    List<ByteRange> ranges() {
        PageReader reader = file.readerIfKnown(column, page);
        return reader == null ? column.page(page).buffers() : reader.plan(entries(rowStart, rowEnd)).ranges();
    }

    /// What comes of the bytes of {@link #ranges}.
    ///
    /// @param memory closed with the last release
    Loaded loaded(PageBytes bytes, BufferSource memory) {
        PageReader reader = file.readerIfKnown(column, page);
        if (reader == null) {
            PageOpener opener = file.opener(column, page);
            reader = file.remember(column, page, opener, bytes.all(opener.ranges()));
        }
        return new Loaded(reader, bytes, memory);
    }

    /// Reads rows `[from, to)` of the page to the end of the sink. For verbatim units; blocks.
    void readVerbatim(long from, long to, LeafSink sink) throws IOException {
        ByteRange range = Objects.requireNonNull(verbatim(Objects.requireNonNull(verbatimReader), from, to));
        DecodeContext context = new DecodeContext(file.metadata().path(), (size, align) -> MemorySegment.NULL);
        context.enter(range.offset(), "page", page);
        MemorySegment target = Objects.requireNonNull(
                Decoding.guarded(context, () -> Sinks.reserveVerbatim(sink, Math.toIntExact(entries(from, to).rowCount()))));
        if (target.byteSize() != range.length()) {
            throw context.corrupt(range.length() + " bytes for rows of " + target.byteSize());
        }
        MemorySegment read = file.scheduler().read(List.of(range), (size, align) -> target).getFirst();
        if (read.address() != target.address()) {
            target.copyFrom(read);
        }
    }

    /// Appends rows `[from, to)` of the page. Blocks until they are read.
    void decode(long from, long to, DecodeContext context, LeafSink sink) throws IOException, InterruptedException {
        Loaded loaded = Waiting.forResult(Objects.requireNonNull(loading));
        context.enter(0, "column " + column.columnIndex() + " page", page);
        Decoding.guarded(context, () -> {
            PageRead read = loaded.reader.plan(entries(from, to));
            read.decode(loaded.bytes.all(read.ranges()), context, sink);
        });
    }

    /// Done when the rows are read. For units that are not verbatim.
    CompletableFuture<?> loading() {
        return Objects.requireNonNull(loading);
    }

    /// One batch less needs it.
    void release() {
        if (users.decrementAndGet() == 0 && loading != null) {
            var _ = loading.thenAccept(loaded -> loaded.memory.close());
        }
    }

    /// A page that is wanted whole, or is small, is read at once with what it says about itself; otherwise that comes
    /// first.
    private Loaded load(BufferSource memory) throws IOException {
        try {
            if (!isReadAtOnce()) {
                PageOpener opener = file.opener(column, page);
                var _ = file.remember(column, page, opener, file.scheduler().read(opener.ranges(), memory));
            }
            List<ByteRange> ranges = ranges();
            return loaded(new PageBytes(ranges, file.scheduler().read(ranges, memory)), memory);
        } catch (Throwable e) {
            memory.close();
            throw e;
        }
    }

    record Loaded(PageReader reader, PageBytes bytes, BufferSource memory) {}
}
