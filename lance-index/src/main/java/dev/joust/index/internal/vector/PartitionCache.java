// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.joust.io.Session;

/// Partitions of opened indices, decoded. One per session, bounded by bytes: a quarter of what batches may take.
/// Thread-safe.
public final class PartitionCache implements AutoCloseable {
    private final Cache<Key, Partition> cache;

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

    /// A partition, read if it is not here. Who asks for the same one at the same time waits for it.
    ///
    /// @param index that it is of, by identity
    Partition get(Object index, int partition, Loader loader) throws IOException {
        try {
            return cache.get(new Key(index, partition), key -> {
                try {
                    return loader.load(key.partition);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() {
        cache.invalidateAll();
    }
}
