// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.joust.format.internal.table.Manifests;
import dev.joust.testdata.GoldenTable;

/// Copies of golden tables that name other folders by their absolute path, with the paths of the copy put in.
public final class MovedTables {
    private MovedTables() {}

    /// @param folder the copy's, made here
    /// @return `folder`, in which the case's table is `data.lance`
    public static Path copy(GoldenTable golden, Path folder) throws IOException {
        golden.copyAllTo(folder);
        List<Path> manifests;
        try (Stream<Path> files = Files.walk(folder)) {
            manifests = files.filter(file -> file.toString().endsWith(".manifest")).toList();
        }
        String before = Objects.requireNonNull(golden.writtenBelow());
        for (Path manifest : manifests) {
            byte[] moved = Manifests.withBasePaths(
                    Files.readAllBytes(manifest), path -> path.replace(before, folder.toString()));
            Files.write(manifest, moved);
        }
        return folder;
    }
}
