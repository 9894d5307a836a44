// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.blob;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;

/// Stores of the folders that external blobs lie in, opened when first asked for and closed with the session.
/// Thread-safe.
final class ExternalFiles implements AutoCloseable {
    private final Map<String, ObjectStore> storesByFolder = new HashMap<>();

    private ExternalFiles() {}

    static ExternalFiles of(Session session) {
        return session.resource(ExternalFiles.class, _ -> new ExternalFiles());
    }

    /// @param uri absolute
    synchronized BlobFiles.Place locate(String uri) throws IOException {
        int nameAt = uri.lastIndexOf('/') + 1;
        if (!uri.contains("://") || nameAt == uri.length()) {
            throw new UnsupportedFormatException("an external blob at '" + uri + "' is not read: that is no URI of a file");
        }
        String folder = uri.substring(0, nameAt);
        ObjectStore store = storesByFolder.get(folder);
        if (store == null) {
            store = ObjectStores.open(folder);
            storesByFolder.put(folder, store);
        }
        String name = java.net.URLDecoder.decode(
                uri.substring(nameAt).replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8);
        return new BlobFiles.Place(store, ObjectPath.of(name));
    }

    @Override
    public synchronized void close() throws IOException {
        for (ObjectStore store : storesByFolder.values()) {
            store.close();
        }
        storesByFolder.clear();
    }
}
