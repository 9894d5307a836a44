// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import dev.joust.embed.ClipModel;

/// Opens what `--model` names.
final class Models {
    private static final String DEFAULT = "default";

    private Models() {}

    /// @param name folder of a model; null or `default` is the one that comes with Joust
    static ClipModel open(@Nullable String name) {
        if (name == null || name.equals(DEFAULT)) {
            return ClipModel.openDefault();
        }
        Path folder = Path.of(name);
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("no model: " + name + " is no folder");
        }
        return ClipModel.open(folder);
    }
}
