// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;

/// The list of classes that are loaded ahead, which `benchmarks/first-classes` writes.
class FirstClassListTest {
    @Test
    void theListIsOfClassesThatThereAre() throws IOException {
        ClassLoader loader = S3ObjectStoreProvider.class.getClassLoader();
        try (InputStream list = Objects.requireNonNull(loader.getResourceAsStream("dev/joust/io/s3/first-classes.txt"))) {
            List<String> names = new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            List<String> missing = new ArrayList<>();
            for (String name : names) {
                try {
                    Class.forName(name, false, loader);
                } catch (ClassNotFoundException e) {
                    missing.add(name);
                }
            }
            // some have been renamed since, or are another JDK's
            assertTrue(missing.size() * 10 < names.size(), () -> "out of date: " + missing);
        }
    }
}
