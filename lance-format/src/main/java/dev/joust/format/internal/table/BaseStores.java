// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;

/// Stores of base paths, one per path, opened when first asked for and closed with the session. Thread-safe.
final class BaseStores implements AutoCloseable {
    private final Map<String, ObjectStore> storesByPath = new HashMap<>();

    private BaseStores() {}

    static BaseStores of(Session session) {
        return session.resource(BaseStores.class, _ -> new BaseStores());
    }

    synchronized ObjectStore open(String path) throws IOException {
        ObjectStore store = storesByPath.get(path);
        if (store == null) {
            store = ObjectStores.open(path);
            storesByPath.put(path, store);
        }
        return store;
    }

    @Override
    public synchronized void close() throws IOException {
        for (ObjectStore store : storesByPath.values()) {
            store.close();
        }
        storesByPath.clear();
    }
}
