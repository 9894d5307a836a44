// SPDX-License-Identifier: Apache-2.0
package dev.joust.testdata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The golden tables of the source tree: `testdata/golden/<version of the writer>/<case>`. They are read in place, never
/// written: a test that changes a table copies it first ([GoldenTable#copyTo]).
public final class GoldenTables {
    private GoldenTables() {}

    /// The folder above the writers' versions: below the system property `joust.repository.root` where it is set, else found
    /// by walking up from the working folder.
    public static Path directory() {
        String root = System.getProperty("joust.repository.root");
        Path start = Path.of(root == null ? "" : root).toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            Path golden = folder.resolve("testdata/golden");
            if (Files.isDirectory(golden)) {
                return golden;
            }
        }
        throw new IllegalStateException("no testdata/golden at or above " + start);
    }

    /// Every case, by writer and name, but those of {@link #withBases}.
    public static List<GoldenTable> all() {
        return cases().stream().filter(table -> table.writtenBelow() == null).toList();
    }

    /// Every case whose table names other folders by their absolute path, which have to be put right in a copy of it.
    public static List<GoldenTable> withBases() {
        return cases().stream().filter(table -> table.writtenBelow() != null).toList();
    }

    private static List<GoldenTable> cases() {
        List<GoldenTable> tables = new ArrayList<>();
        for (Path writer : folders(directory())) {
            for (Path folder : folders(writer)) {
                tables.add(GoldenTable.load(folder));
            }
        }
        return List.copyOf(tables);
    }

    /// Every case that a reader must answer in this way.
    public static List<GoldenTable> all(GoldenTable.Reading reading) {
        return all().stream().filter(table -> table.reading() == reading).toList();
    }

    /// The case of that name from the newest writer that has it, as `integers-2.2`.
    public static GoldenTable named(String name) {
        return cases().stream()
                .filter(table -> table.name().equals(name))
                .reduce((older, newer) -> newer)
                .orElseThrow(() -> new IllegalArgumentException("no golden table '" + name + "' in " + directory()));
    }

    private static List<Path> folders(Path parent) {
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
