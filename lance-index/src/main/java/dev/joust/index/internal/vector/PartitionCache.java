// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

import dev.joust.io.Session;

/// Partitions of opened indices, decoded. One per session, bounded by bytes: a quarter of what batches may take.
/// Thread-safe.
public final class PartitionCache implements AutoCloseable {
    private final Cache<Key, Partition> cache;
    private final ConcurrentMap<Key, CompletableFuture<Partition>> loading = new ConcurrentHashMap<>();

    private record Key(Object index, int partition) {}

    PartitionCache(long capacityBytes) {
        cache = Caffeine.newBuilder()
                .maximumWeight(capacityBytes)
                .weigher((Key key, Partition value) -> (int) Math.min(Integer.MAX_VALUE, value.sizeBytes()))
                .executor(Runnable::run)
                .build();
    }

    static PartitionCache of(Session session) {
        return session.resource(PartitionCache.class, owner -> new PartitionCache(owner.batchMemoryBytes() / 4));
    }

    interface Loader {
        Partition load(int partition) throws IOException;
    }

    /// A partition, read if it is not here. Who asks for the same one at the same time waits for it; reads of others go on
    /// beside.
    ///
    /// @param index that it is of, by identity
    Partition get(Object index, int partition, Loader loader) throws IOException {
        Key key = new Key(index, partition);
        while (true) {
            Partition known = cache.getIfPresent(key);
            if (known != null) {
                return known;
            }
            CompletableFuture<Partition> mine = new CompletableFuture<>();
            CompletableFuture<Partition> others = loading.putIfAbsent(key, mine);
            if (others == null) {
                return load(key, mine, loader);
            }
            try {
                return others.get();
            } catch (ExecutionException e) {
                // what failed for another, an interrupt perhaps, is tried again here
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while partition " + partition + " was read");
            }
        }
    }

    private Partition load(Key key, CompletableFuture<Partition> mine, Loader loader) throws IOException {
        try {
            Partition loaded = cache.getIfPresent(key); // read since it was looked for
            if (loaded == null) {
                loaded = loader.load(key.partition);
                cache.put(key, loaded);
            }
            mine.complete(loaded);
            return loaded;
        } finally {
            loading.remove(key, mine);
            mine.completeExceptionally(new IOException("not read")); // unless it was
        }
    }

    /// A partition if it is here.
    @Nullable Partition getIfPresent(Object index, int partition) {
        return cache.getIfPresent(new Key(index, partition));
    }

    @Override
    public void close() {
        cache.invalidateAll();
    }
}
