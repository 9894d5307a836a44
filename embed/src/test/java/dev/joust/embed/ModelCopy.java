// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Model folders that a test may change.
public final class ModelCopy {
    private ModelCopy() {}

    /// A folder of `make_models.py`, copied below another.
    public static Path of(String name, Path below) throws IOException {
        Path from;
        try {
            from = Path.of(Golden.class.getResource("/dev/joust/embed/models/" + name + "/golden.json").toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        Path to = below.resolve(name);
        try (Stream<Path> files = Files.walk(from)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    Path target = to.resolve(from.relativize(file).toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return to;
    }
}
