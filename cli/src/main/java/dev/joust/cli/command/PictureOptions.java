// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.joust.embed.ClipModel;
import dev.joust.embed.TextModel;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStores;
import dev.joust.pictures.LibraryOptions;
import dev.joust.pictures.PictureLibrary;

/// Which library of pictures, with which models.
final class PictureOptions {
    @Option(names = "--data", required = true, paramLabel = "DIR", description = "Folder or bucket of the pictures and their table.")
    @SuppressWarnings("NullAway.Init")
    String data;

    @Mixin
    private final Models models = new Models();

    @Option(
            names = "--column-model",
            paramLabel = "COLUMN=DIR",
            description = "Model of a further column of vectors (images vectors add); may be repeated.")
    List<String> columnModels = new ArrayList<>();

    /// What is done with the library.
    interface Work {
        int run(PictureLibrary library) throws IOException;
    }

    /// Opens the library and closes it again.
    ///
    /// @param mustExist whether a folder that is not there is an error
    int with(Resources resources, boolean mustExist, Work work) throws IOException {
        if (mustExist && !data.contains("://") && !Files.isDirectory(Path.of(data))) {
            throw new IllegalArgumentException("no folder " + data);
        }
        Map<String, TextModel> others = new LinkedHashMap<>();
        try (ClipModel clip = models.open()) {
            LibraryOptions options = LibraryOptions.DEFAULT;
            for (String pair : columnModels) {
                int equals = pair.indexOf('=');
                if (equals < 1) {
                    throw new UsageException("--column-model " + pair + ": COLUMN=DIR is needed");
                }
                TextModel opened = Models.openForText(pair.substring(equals + 1));
                others.put(pair.substring(0, equals), opened);
                options = options.withModel(pair.substring(0, equals), opened);
            }
            try (PictureLibrary library = PictureLibrary.open(
                    PictureLibrary.addressOf(data),
                    ObjectStores.below(resources.store(data), ObjectPath.ROOT),
                    clip,
                    options)) {
                return work.run(library);
            }
        } finally {
            others.values().forEach(TextModel::close);
        }
    }
}
