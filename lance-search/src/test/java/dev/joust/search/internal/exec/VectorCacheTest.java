// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import org.junit.jupiter.api.Test;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.io.Session;

class VectorCacheTest {
    /// A session closes what was made last first; the memory would warn of vectors that are kept.
    @Test
    void memoryOfTheVectorsIsThereBeforeTheCacheSoThatItIsClosedAfterIt() {
        try (Session session = Session.create()) {
            VectorCache.of(session);
            assertDoesNotThrow(() -> session.resource(ArrowMemory.class, _ -> {
                throw new AssertionError("made after the cache");
            }));
        }
    }
}
