// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.cache;

import java.net.URI;

import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;

/// Which bytes these are, for good.
///
/// @param root    of the store
/// @param path    of the file
/// @param version what tells it from other files that had or will have its name: its identity, or its size where names are
///                used once
public record FileKey(URI root, ObjectPath path, String version) {
    /// A file whose name is used once.
    public static FileKey ofSize(ObjectStore store, ObjectPath path, long sizeBytes) {
        return new FileKey(store.root(), path, Long.toString(sizeBytes));
    }

    String text() {
        return root + "\n" + path + "\n" + version;
    }
}
