// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// The readers of pages of one file that were made so far, with the dictionaries they hold. Thread-safe.
final class OpenPages {
    private static final long ENTRY_BYTES = 128;

    private final Map<Key, Object> readers = new ConcurrentHashMap<>();
    private final AtomicLong stateBytes = new AtomicLong();

    /// @param stateBytes memory it may come to hold, about
    record Opened<P>(P reader, long stateBytes) {}

    /// @param purpose tells readers of one page that differ apart; readers with one purpose are of one class
    @SuppressWarnings("unchecked") // the class goes with the purpose
    <P> P get(int column, int page, Object purpose, Supplier<Opened<P>> open) {
        Key key = new Key(column, page, purpose);
        Object known = readers.get(key);
        if (known != null) {
            return (P) known;
        }
        Opened<P> opened = open.get();
        Object other = readers.putIfAbsent(key, opened.reader());
        if (other != null) {
            return (P) other;
        }
        stateBytes.addAndGet(opened.stateBytes() + ENTRY_BYTES);
        return opened.reader();
    }

    /// Memory held, or soon to be.
    long stateBytes() {
        return stateBytes.get();
    }

    private record Key(int column, int page, Object purpose) {}
}
