// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.table.DeletionFile;
import dev.joust.io.Session;

/// Decoded vectors of fragments, so that a search on rows that did not change reads nothing. One per session, bounded
/// by bytes, the least recently used go first. Thread-safe; what is in use outlives its eviction.
final class VectorCache implements AutoCloseable {
    /// What the vectors of a fragment's live rows depend on. Data files are written once.
    ///
    /// @param dataFile that holds the column; `fieldId` says which
    record Key(URI table, long fragmentId, String dataFile, int fieldId, @Nullable DeletionFile deletions) {}

    private final long capacityBytes;
    private final Map<Key, Vectors> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<URI, Object> loadLocks = new ConcurrentHashMap<>();
    private long sizeBytes;

    VectorCache(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    /// Half of the memory that batches may take.
    static VectorCache of(Session session) {
        return session.resource(VectorCache.class, owner -> {
            ArrowMemory.of(owner); // what is kept lies there: made before, it is closed after
            return new VectorCache(owner.batchMemoryBytes() / 2);
        });
    }

    long capacityBytes() {
        return capacityBytes;
    }

    /// The cached vectors, to be released by the caller; null if there are none.
    synchronized @Nullable Vectors get(Key key) {
        Vectors vectors = entries.get(key);
        if (vectors != null) {
            vectors.retain();
        }
        return vectors;
    }

    /// What loads of one table take turns on, so that two searches do not load the same vectors.
    Object loadLock(URI table) {
        return loadLocks.computeIfAbsent(table, _ -> new Object());
    }

    /// Lets go of the least recently used, so that `bytes` more have room.
    synchronized void makeRoom(long bytes) {
        Iterator<Map.Entry<Key, Vectors>> eldest = entries.entrySet().iterator();
        while (sizeBytes > Math.max(0, capacityBytes - bytes) && eldest.hasNext()) {
            Map.Entry<Key, Vectors> entry = eldest.next();
            eldest.remove();
            sizeBytes -= entry.getValue().sizeBytes();
            entry.getValue().release();
        }
    }

    /// Keeps vectors; the caller still releases its own hold.
    synchronized void put(Key key, Vectors vectors) {
        if (vectors.sizeBytes() > capacityBytes) {
            return;
        }
        vectors.retain();
        Vectors before = entries.put(key, vectors);
        sizeBytes += vectors.sizeBytes();
        if (before != null) {
            sizeBytes -= before.sizeBytes();
            before.release();
        }
        makeRoom(0);
    }

    @Override
    public synchronized void close() {
        entries.values().forEach(Vectors::release);
        entries.clear();
        sizeBytes = 0;
    }

    /// A run of rows of one fragment.
    ///
    /// @param rowAddresses one per row
    record Piece(Batch batch, ColumnBuffers column, long[] rowAddresses) {}

    /// Vectors of one fragment's live rows. Counted by who holds it; freed with the last release.
    static final class Vectors {
        private final List<Piece> pieces;
        private final long sizeBytes;
        private int holds = 1;

        Vectors(List<Piece> pieces, long sizeBytes) {
            this.pieces = List.copyOf(pieces);
            this.sizeBytes = sizeBytes;
        }

        List<Piece> pieces() {
            return pieces;
        }

        long sizeBytes() {
            return sizeBytes;
        }

        synchronized void retain() {
            holds++;
        }

        synchronized void release() {
            if (--holds == 0) {
                pieces.forEach(piece -> piece.batch().close());
            }
        }
    }

    /// Collects the pieces of a fragment.
    static final class Builder {
        private final List<Piece> pieces = new ArrayList<>();
        private long sizeBytes;

        /// @param vectorBytes of its vectors
        void add(Piece piece, long vectorBytes) {
            pieces.add(piece);
            sizeBytes += vectorBytes + piece.batch().rowCount() * (long) Long.BYTES;
        }

        Vectors build() {
            return new Vectors(pieces, sizeBytes);
        }
    }
}
