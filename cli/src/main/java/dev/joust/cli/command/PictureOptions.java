// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.joust.embed.ClipModel;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStores;
import dev.joust.pictures.PictureLibrary;

/// Which library of pictures, with which models.
final class PictureOptions {
    @Option(names = "--data", required = true, paramLabel = "DIR", description = "Folder or bucket of the pictures and their table.")
    @SuppressWarnings("NullAway.Init")
    String data;

    @Mixin
    private final Models models = new Models();

    @Mixin
    private final FurtherModels furtherModels = new FurtherModels();

    /// What is done with the library.
    interface Work {
        int run(PictureLibrary library) throws IOException;
    }

    /// Opens the library and closes it again.
    ///
    /// @param mustExist whether a folder that is not there is an error
    int with(Resources resources, boolean mustExist, Work work) throws IOException {
        if (data.startsWith("memory:")) {
            throw new UsageException(data + ": memory:// is for serve and bench");
        }
        if (mustExist && !data.contains("://") && !Files.isDirectory(Path.of(data))) {
            throw new IllegalArgumentException("no folder " + data);
        }
        try (ClipModel clip = models.open();
                FurtherModels.Opened further = furtherModels.open();
                PictureLibrary library = open(resources, data, clip, further)) {
            return work.run(library);
        }
    }

    /// A library whose requests are counted with the command's.
    static PictureLibrary open(Resources resources, String data, ClipModel clip, FurtherModels.Opened further)
            throws IOException {
        return PictureLibrary.open(
                PictureLibrary.addressOf(data),
                ObjectStores.below(resources.anyStore(data), ObjectPath.ROOT),
                clip,
                further.options());
    }
}
