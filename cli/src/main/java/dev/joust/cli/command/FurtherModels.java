// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine.Option;

import dev.joust.embed.TextModel;
import dev.joust.pictures.LibraryOptions;

/// The models of columns of vectors beside the first.
final class FurtherModels {
    @Option(
            names = "--column-model",
            paramLabel = "COLUMN=DIR",
            description = "Model of a further column of vectors (images vectors add); may be repeated.")
    private List<String> columnModels = new ArrayList<>();

    /// How a library is opened with them.
    ///
    /// @param models to be closed after the library
    record Opened(LibraryOptions options, List<TextModel> models) implements AutoCloseable {
        @Override
        public void close() {
            models.forEach(TextModel::close);
        }
    }

    Opened open() {
        Opened opened = new Opened(LibraryOptions.DEFAULT, new ArrayList<>());
        try {
            LibraryOptions options = LibraryOptions.DEFAULT;
            for (String pair : columnModels) {
                int equals = pair.indexOf('=');
                if (equals < 1) {
                    throw new UsageException("--column-model " + pair + ": COLUMN=DIR is needed");
                }
                TextModel model = Models.openForText(pair.substring(equals + 1));
                opened.models().add(model);
                options = options.withModel(pair.substring(0, equals), model);
            }
            return new Opened(options, opened.models());
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }
}
