// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.page.PageOpener;
import dev.joust.format.internal.encoding.page.PageReader;
import dev.joust.format.internal.file.FileMetadata;
import dev.joust.format.internal.file.PageInfo;
import dev.joust.io.ByteRange;
import dev.joust.io.FileScheduler;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.Session;

/// One data file, opened: its metadata, its bytes, and the page readers that the session remembers. Thread-safe.
public final class OpenFile {
    private final Session session;
    private final ObjectStore store;
    private final FileMetadata metadata;
    private final FileScheduler scheduler;
    private final PageCache pages;

    private OpenFile(
            Session session, ObjectStore store, FileMetadata metadata, FileScheduler scheduler, PageCache pages) {
        this.session = session;
        this.store = store;
        this.metadata = metadata;
        this.scheduler = scheduler;
        this.pages = pages;
    }

    /// @param sizeBytes of the file, or -1: remembered metadata of a file of another size is not used
    public static OpenFile open(Session session, ObjectStore store, ObjectPath path, long sizeBytes)
            throws IOException {
        FileMetadata metadata = session.metadataCache()
                .get(
                        store,
                        path,
                        FileMetadata.class,
                        FileMetadata::stateBytes,
                        () -> FileMetadata.read(session, store, path, sizeBytes));
        PageCache pages = session.metadataCache().getIfPresent(store, path, PageCache.class);
        if (sizeBytes >= 0 && metadata.fileSizeBytes() != sizeBytes) {
            metadata = FileMetadata.read(session, store, path, sizeBytes);
            session.metadataCache().put(store, path, FileMetadata.class, metadata, metadata.stateBytes());
            pages = null;
        }
        if (pages == null) {
            pages = new PageCache();
        }
        return new OpenFile(session, store, metadata, session.openFile(store, path, metadata.tail()), pages);
    }

    public FileMetadata metadata() {
        return metadata;
    }

    /// A buffer that the file has beside its pages; buffer 0 is the descriptor.
    public byte[] globalBuffer(int index) throws IOException {
        return metadata.read(store, metadata.globalBuffer(store, index));
    }

    /// The file as the operating system maps it; empty where it is not local.
    public Optional<MemorySegment> mapped() throws IOException {
        return store.mapped(metadata.path());
    }

    Session session() {
        return session;
    }

    public FileScheduler scheduler() {
        return scheduler;
    }

    /// The reader of a page: remembered, or made now if that needs no bytes; otherwise null.
    @Nullable PageReader readerIfKnown(ColumnPages column, int page) {
        PageReader reader = pages.get(column, page);
        if (reader != null) {
            return reader;
        }
        PageOpener opener = opener(column, page);
        return opener.ranges().isEmpty() ? remember(column, page, opener, List.of()) : null;
    }

    /// Whether a page is so small that reading it whole costs less than asking first what is in it.
    boolean isReadWhole(ColumnPages column, int page) {
        long sizeBytes = 0;
        for (ByteRange buffer : column.page(page).buffers()) {
            sizeBytes += buffer.length();
        }
        return sizeBytes <= scheduler.mergeGapBytes();
    }

    PageOpener opener(ColumnPages column, int page) {
        PageInfo info = column.page(page);
        // what the descriptor holds besides the layout is decoded once, into memory that the collector frees
        DecodeContext context = new DecodeContext(metadata.path(), Arena.ofAuto());
        long offset = info.buffers().isEmpty() ? 0 : info.buffers().getFirst().offset();
        context.enter(offset, "column " + column.columnIndex() + " page", page);
        return Decoding.guarded(context, () -> new PageOpener(context, info, column.column()));
    }

    PageReader remember(ColumnPages column, int page, PageOpener opener, List<MemorySegment> bytes) {
        PageReader reader = Decoding.guarded(opener.context(), () -> opener.open(bytes));
        pages.put(column, page, reader);
        session.metadataCache().put(store, metadata.path(), PageCache.class, pages, pages.stateBytes());
        return reader;
    }
}
