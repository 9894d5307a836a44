// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import dev.joust.embed.ClipModel;
import dev.joust.embed.ModelOptions;
import dev.joust.embed.TextModel;

/// Opens what `--model` names.
final class Models {
    private static final String DEFAULT = "default";

    private Models() {}

    /// @param name folder of a model; null or `default` is the one that comes with Joust
    static ClipModel open(@Nullable String name) {
        return name == null || name.equals(DEFAULT) ? ClipModel.openDefault() : ClipModel.open(folder(name));
    }

    /// As {@link #open}, also models for words alone.
    static TextModel openForText(@Nullable String name) {
        return name == null || name.equals(DEFAULT)
                ? ClipModel.openDefault() : TextModel.open(folder(name), ModelOptions.DEFAULT);
    }

    private static Path folder(String name) {
        Path folder = Path.of(name);
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("no model: " + name + " is no folder");
        }
        return folder;
    }
}
