// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.internal.wrap;

import org.junit.jupiter.api.Nested;

import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStoreContract;
import dev.joust.io.ObjectStores;
import dev.joust.io.store.MemoryObjectStore;

/// A wrapper is a store: it keeps the contract where it does nothing else.
final class WrapperContractTest {
    @Nested
    final class Counting extends ObjectStoreContract {
        @Override
        protected ObjectStore openEmptyStore() {
            return new CountingObjectStore(new MemoryObjectStore());
        }
    }

    @Nested
    final class FaultyWithoutFaults extends ObjectStoreContract {
        @Override
        protected ObjectStore openEmptyStore() {
            return new FaultyObjectStore(new MemoryObjectStore(), request -> new Fault.None());
        }
    }

    @Nested
    final class Below extends ObjectStoreContract {
        @Override
        protected ObjectStore openEmptyStore() {
            return ObjectStores.below(new MemoryObjectStore(), ObjectPath.of("a prefix/50%"));
        }
    }
}
