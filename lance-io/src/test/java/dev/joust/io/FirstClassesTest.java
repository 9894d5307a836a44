// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;

class FirstClassesTest {
    private static final String LIST = "no.such.Class\n" + Initialized.class.getName() + "\n" + ByteRange.class.getName() + "\n";

    private static final class Initialized {
        static {
            System.setProperty("joust.test.initialized", "yes");
        }

        private Initialized() {}
    }

    /// Knows a list, and what it was asked for.
    private static final class Loader extends ClassLoader {
        final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

        Loader() {
            super(FirstClassesTest.class.getClassLoader());
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            return new ByteArrayInputStream(LIST.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            asked.add(name);
            return super.loadClass(name, resolve);
        }
    }

    @Test
    void allOfTheListIsLoadedAndNothingInitialized() {
        Loader loader = new Loader();
        FirstClasses.loadAll(loader, "list");
        assertEquals(
                List.of("no.such.Class", Initialized.class.getName(), ByteRange.class.getName()), List.copyOf(loader.asked));
        assertEquals("no", System.getProperty("joust.test.initialized", "no"));
    }

    @Test
    void aListThatIsNotThereIsNoFailure() {
        ClassLoader loader = FirstClassesTest.class.getClassLoader();
        FirstClasses.loadAll(loader, "no/such/list.txt");
        assertTrue(loader.getResource("no/such/list.txt") == null);
    }
}
