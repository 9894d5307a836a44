// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.refs.Ref;
import dev.joust.format.table.Dataset;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;

/// What one command opens: the session, stores and their counters, all closed with it. Not thread-safe.
final class Resources implements AutoCloseable {
    private final Map<String, String> storageOptions;
    private final @Nullable Path cacheFolder;
    private final List<ObjectStore> stores = new ArrayList<>();
    private @Nullable Session session;

    /// @param storageOptions for every store that is opened
    /// @param cacheFolder    of what is read of remote ones; null for none
    Resources(Map<String, String> storageOptions, @Nullable Path cacheFolder) {
        this.storageOptions = storageOptions;
        this.cacheFolder = cacheFolder;
    }

    /// Those of the options that are for a store of that kind: one command may be about a folder and a bucket.
    Map<String, String> storageOptions(String uri) {
        boolean isLocal = ObjectStores.localFolder(uri).isPresent();
        if (!isLocal && !uri.startsWith("memory:")) {
            return storageOptions;
        }
        Map<String, String> local = new HashMap<>(storageOptions);
        local.keySet().removeIf(name -> !isLocal || !name.equals("durability"));
        return local;
    }

    /// How many threads decode and compute; before anything is opened.
    void useThreads(int count) {
        if (session != null) {
            throw new IllegalStateException("the session is open");
        }
        session = newSession().workerCount(count).build();
    }

    Session session() {
        if (session == null) {
            session = newSession().build();
        }
        return session;
    }

    private Session.Builder newSession() {
        return cacheFolder == null ? Session.builder() : Session.builder().cacheFolder(cacheFolder);
    }

    ArrowMemory memory() {
        return ArrowMemory.of(session());
    }

    /// The store whose root is that path or URI.
    ObjectStore store(String uri) throws IOException {
        if (uri.startsWith("memory:")) {
            throw new UsageException(uri + ": memory:// is for serve and bench");
        }
        return anyStore(uri);
    }

    /// The same, memory included.
    ObjectStore anyStore(String uri) throws IOException {
        ObjectStore store = ObjectStores.open(uri, storageOptions(uri));
        stores.add(store);
        return store;
    }

    /// The version of the table that was asked for.
    ///
    /// @throws IllegalArgumentException if there is no such tag or branch
    Dataset open(TableAddress address) throws IOException {
        ObjectStore store = store(address.uri());
        if (address.version().isEmpty() && address.branch().isEmpty()) {
            return Dataset.open(session(), store);
        }
        return Dataset.open(session(), store, ref(address));
    }

    /// The version that an address names.
    static Ref ref(TableAddress address) {
        String branch = address.branch().orElse(null);
        if (address.version().isEmpty()) {
            return new Ref.OnBranch(branch, null);
        }
        String version = address.version().get();
        if (version.matches("[0-9]{1,18}")) {
            return new Ref.OnBranch(branch, Long.parseLong(version));
        }
        if (branch != null) {
            throw new UsageException("tag '" + version + "' says by itself which branch it is on: leave --branch out");
        }
        return Ref.tag(version);
    }

    /// Requests and bytes so far, as one line of JSON.
    String statsLine() {
        long get = 0;
        long head = 0;
        long list = 0;
        long put = 0;
        long delete = 0;
        long bytesRead = 0;
        long bytesWritten = 0;
        for (ObjectStore store : stores) {
            ReadStats stats = store.stats();
            get += stats.getCount();
            head += stats.headCount();
            list += stats.listCount();
            put += stats.putCount();
            delete += stats.deleteCount();
            bytesRead += stats.bytesRead();
            bytesWritten += stats.bytesWritten();
        }
        return "{\"get\":" + get + ",\"head\":" + head + ",\"list\":" + list + ",\"put\":" + put + ",\"delete\":" + delete
                + ",\"bytes_read\":" + bytesRead + ",\"bytes_written\":" + bytesWritten + "}";
    }

    @Override
    public void close() throws IOException {
        if (session != null) {
            session.close();
        }
        for (ObjectStore store : stores) {
            store.close();
        }
    }
}
