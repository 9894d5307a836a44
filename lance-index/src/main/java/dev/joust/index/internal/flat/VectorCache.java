// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.flat;

import java.io.IOException;
import java.net.URI;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.io.ObjectPath;
import dev.joust.io.Session;

/// Vectors of fragments that were searched more than once, so that the next search neither reads nor decodes them.
/// Bounded by bytes; the ones not searched for longest go first. Data files never change, so nothing in here gets old.
/// Thread-safe.
final class VectorCache implements AutoCloseable {
    private static final int REMEMBERED_KEY_COUNT = 1 << 16;

    private final long capacityBytes;
    private final Map<Key, ResidentVectors> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<Key> loading = new HashSet<>();
    private final Set<Key> seen = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Boolean> eldest) {
            return size() > REMEMBERED_KEY_COUNT;
        }
    });

    private long sizeBytes;

    /// The column of a data file. Names of data files are never used again.
    ///
    /// @param baseId as the manifest says, of files outside the table's folder
    record Key(URI table, @Nullable Integer baseId, ObjectPath file, int fieldId) {}

    @FunctionalInterface
    interface Loader {
        ResidentVectors load() throws IOException;
    }

    VectorCache(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    /// The session's cache.
    static VectorCache of(Session session) {
        return session.resource(VectorCache.class, s -> new VectorCache(s.vectorCacheBytes()));
    }

    /// The vectors, if they are here or worth loading: wanted for the second time, and small enough for the cache.
    /// Null otherwise, and while somebody else loads them: read them batch by batch then.
    @Nullable ResidentVectors get(Key key, long neededBytes, Loader loader) throws IOException {
        synchronized (this) {
            ResidentVectors present = entries.get(key);
            if (present != null) {
                return present;
            }
            if (neededBytes > capacityBytes || seen.add(key) || !loading.add(key)) {
                return null;
            }
            makeRoom(neededBytes);
        }
        ResidentVectors loaded = null;
        try {
            loaded = loader.load();
        } catch (OutOfMemoryError e) {
            return null; // no native memory left: nothing is wrong but the cache's budget
        } finally {
            synchronized (this) {
                loading.remove(key);
                if (loaded != null && loaded.sizeBytes() <= capacityBytes) {
                    makeRoom(loaded.sizeBytes());
                    entries.put(key, loaded);
                    sizeBytes += loaded.sizeBytes();
                }
            }
        }
        return loaded;
    }

    /// Bytes of vectors held.
    synchronized long sizeBytes() {
        return sizeBytes;
    }

    private void makeRoom(long neededBytes) {
        var eldest = entries.values().iterator();
        while (sizeBytes + neededBytes > capacityBytes && eldest.hasNext()) {
            sizeBytes -= eldest.next().sizeBytes();
            eldest.remove();
        }
    }

    @Override
    public synchronized void close() {
        entries.clear();
        sizeBytes = 0;
    }
}
