// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.function.ToLongFunction;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/// What was read and decoded once from immutable objects: footers, column metadata, deletion vectors, indices.
/// Bounded by the bytes its values say they hold; the least recently used go first. Thread-safe.
///
/// A key is a store's root, a path in it and the kind of value. Only what a path says for good may be kept: a name
/// that is used again (a manifest of a dropped and created table) must be checked, or left out.
public final class MetadataCache {
    /// What a cached value needs beside itself: key, entry, and reference.
    private static final int ENTRY_OVERHEAD_BYTES = 256;

    private final long capacityBytes;
    private final Cache<Key, Weighed> cache;
    private final ConcurrentMap<Key, CompletableFuture<Object>> underWay = new ConcurrentHashMap<>();

    MetadataCache(long capacityBytes) {
        this.capacityBytes = capacityBytes;
        this.cache = Caffeine.newBuilder()
                .maximumWeight(Math.max(0, capacityBytes))
                .weigher((Key key, Weighed value) -> (int) Math.min(Integer.MAX_VALUE, value.sizeBytes))
                .executor(Runnable::run)
                .build();
    }

    /// Makes a value that is not in the cache.
    @FunctionalInterface
    public interface Loader<T> {
        T load() throws IOException;
    }

    /// The cached value, or the one that `loader` makes. Of callers at once one loads, and the others wait for it; if it
    /// fails they load for themselves.
    ///
    /// @param sizeBytes estimate of what a value holds in memory; a value larger than the cache is not kept
    public <T> T get(ObjectStore store, ObjectPath path, Class<T> kind, ToLongFunction<T> sizeBytes, Loader<T> loader)
            throws IOException {
        T cached = getIfPresent(store, path, kind);
        if (cached != null) {
            return cached;
        }
        Key key = new Key(store.root(), path, kind);
        CompletableFuture<Object> loading = new CompletableFuture<>();
        CompletableFuture<Object> others = underWay.putIfAbsent(key, loading);
        if (others != null) {
            Object loaded = resultOf(others, path);
            return loaded != null ? kind.cast(loaded) : loaded(store, path, kind, sizeBytes, loader);
        }
        try {
            T before = getIfPresent(store, path, kind); // another may have been done just now
            T loaded = before != null ? before : loaded(store, path, kind, sizeBytes, loader);
            loading.complete(loaded);
            return loaded;
        } finally {
            underWay.remove(key, loading);
            loading.cancel(false); // if it failed
        }
    }

    private <T> T loaded(
            ObjectStore store, ObjectPath path, Class<T> kind, ToLongFunction<T> sizeBytes, Loader<T> loader)
            throws IOException {
        T loaded = loader.load();
        put(store, path, kind, loaded, sizeBytes.applyAsLong(loaded));
        return loaded;
    }

    /// What another caller loads; null if that fails.
    private static @Nullable Object resultOf(CompletableFuture<Object> loading, ObjectPath path) throws IOException {
        try {
            return loading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(path + ": interrupted while another thread read it");
        } catch (ExecutionException | CancellationException e) {
            return null;
        }
    }

    public <T> @Nullable T getIfPresent(ObjectStore store, ObjectPath path, Class<T> kind) {
        Weighed weighed = cache.getIfPresent(new Key(store.root(), path, kind));
        return weighed == null ? null : kind.cast(weighed.value);
    }

    public <T> void put(ObjectStore store, ObjectPath path, Class<T> kind, T value, long sizeBytes) {
        long weight = Math.max(0, sizeBytes) + ENTRY_OVERHEAD_BYTES;
        if (weight <= capacityBytes) {
            cache.put(new Key(store.root(), path, kind), new Weighed(value, weight));
        }
    }

    /// Forgets everything about the objects below the folder `prefix` of `store`, after they were deleted.
    public void invalidateBelow(ObjectStore store, ObjectPath prefix) {
        URI root = store.root();
        String folder = prefix.value().isEmpty() ? "" : prefix.value() + "/";
        cache.asMap().keySet().removeIf(key -> key.root.equals(root)
                && (key.path.equals(prefix) || key.path.value().startsWith(folder)));
    }

    /// Whether anything is kept at all.
    public boolean isEnabled() {
        return capacityBytes > 0;
    }

    /// Bytes held now, as the values estimated themselves.
    public long sizeBytes() {
        cache.cleanUp();
        return cache.policy().eviction().orElseThrow().weightedSize().orElse(0);
    }

    void clear() {
        cache.invalidateAll();
    }

    private record Key(URI root, ObjectPath path, Class<?> kind) {}

    private record Weighed(Object value, long sizeBytes) {}
}
