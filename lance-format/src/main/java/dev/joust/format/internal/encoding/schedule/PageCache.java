// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.page.PageReader;
import dev.joust.format.internal.encoding.sink.Nesting;
import dev.joust.format.internal.encoding.sink.ValueShape;

/// The page readers of one file that were opened so far: chunk words, dictionaries, row indices. Thread-safe.
public final class PageCache {
    private final Map<Key, PageReader> readers = new ConcurrentHashMap<>();
    private final AtomicLong stateBytes = new AtomicLong();

    @Nullable PageReader get(ColumnPages column, int page) {
        return readers.get(key(column, page));
    }

    void put(ColumnPages column, int page, PageReader reader) {
        if (readers.put(key(column, page), reader) == null) {
            stateBytes.addAndGet(reader.stateBytes() + 128);
        }
    }

    /// Memory held.
    public long stateBytes() {
        return stateBytes.get();
    }

    private static Key key(ColumnPages column, int page) {
        return new Key(column.columnIndex(), page, column.column().shape(), column.column().nesting());
    }

    private record Key(int column, int page, ValueShape shape, Nesting nesting) {}
}
