// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import dev.joust.io.Session;

/// Lets tests of other packages empty the cache.
public final class VectorCaches {
    private VectorCaches() {}

    public static void clear(Session session) {
        VectorCache.of(session).close();
    }
}
