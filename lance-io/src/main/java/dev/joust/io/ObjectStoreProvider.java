// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.joust.io.internal.StoreExamination;

/// Opens the stores of some URI schemes. Found by {@link java.util.ServiceLoader}; thread-safe.
public interface ObjectStoreProvider {
    /// The schemes it opens, in lower case, without `://`.
    Set<String> schemes();

    /// A store whose root is `uri`.
    ///
    /// @param options as the user gave them; unknown ones are an {@link IllegalArgumentException} that names them
    ObjectStore open(URI uri, Map<String, String> options) throws IOException;

    /// Looks for what keeps a store from working, step by step.
    ///
    /// @param mayWrite whether it may put small objects of its own below the root, which it removes
    default List<StoreCheck> examine(URI uri, Map<String, String> options, boolean mayWrite) throws IOException {
        try (ObjectStore store = open(uri, options)) {
            return mayWrite ? StoreExamination.of(store) : List.of();
        }
    }
}
