// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;

/// Stores of base paths: those of another kind than the table's own, one per path, are opened when first asked for and
/// closed with the session. Thread-safe.
final class BaseStores implements AutoCloseable {
    private final Map<String, ObjectStore> storesByPath = new HashMap<>();

    private BaseStores() {}

    static BaseStores of(Session session) {
        return session.resource(BaseStores.class, _ -> new BaseStores());
    }

    /// @param like store of the table that names the path: reached in the same way, if it is of the same kind
    synchronized ObjectStore open(String path, ObjectStore like) throws IOException {
        Optional<ObjectStore> sibling = like.sibling(path);
        if (sibling.isPresent()) {
            return sibling.get();
        }
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
