// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStoreContract;
import dev.joust.io.ObjectStores;

final class MemoryObjectStoreTest extends ObjectStoreContract {
    @Override
    protected ObjectStore openEmptyStore() {
        return new MemoryObjectStore();
    }

    @Test
    void storesOfOneNameShareTheirObjects() throws IOException {
        try (ObjectStore first = ObjectStores.open("memory://shared-by-name");
                ObjectStore second = ObjectStores.open("memory://shared-by-name/folder")) {
            second.put(path("x"), bytes(3, 1));
            assertArrayEquals(bytes(3, 1), first.readAll(path("folder/x"), 3));
            assertEquals("memory://shared-by-name/folder/", second.root().toString());
        }
        try (ObjectStore again = ObjectStores.open("memory://shared-by-name")) {
            assertEquals(List.of("folder"), again.listNames(ObjectPath.ROOT));
            again.delete(path("folder/x"));
        }
    }

    @Test
    void unnamedStoresShareNothing() throws IOException {
        try (var other = new MemoryObjectStore()) {
            other.put(path("mine"), bytes(1, 1));
            assertEquals(List.of(), store().list(ObjectPath.ROOT));
            assertNotEquals(other.root(), store().root());
        }
    }

    @Test
    void nameIsChecked() {
        assertThrows(IllegalArgumentException.class, () -> ObjectStores.open("memory://"));
        assertThrows(IllegalArgumentException.class, () -> ObjectStores.open("memory://a b"));
    }

    @Test
    void objectDoesNotChangeWithItsSource() throws IOException {
        byte[] source = bytes(4, 1);
        store().put(path("s"), source);
        source[0]++;
        store().readAll(path("s"), 4)[1]++;
        assertArrayEquals(bytes(4, 1), store().readAll(path("s"), 4));
    }
}
