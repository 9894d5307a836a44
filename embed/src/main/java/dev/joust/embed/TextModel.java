// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.joust.search.Embedder;

/// A model that turns words into vectors, loaded from a folder. Thread-safe; after {@link #close} every method that
/// runs it throws {@link IllegalStateException}.
public sealed interface TextModel extends Embedder, AutoCloseable permits ClipModel, SentenceModel {
    /// Opens what the folder holds: a {@link ClipModel} if it says what happens to pictures, else a
    /// {@link SentenceModel}.
    ///
    /// @throws ModelFolderException if the folder holds no model of either kind
    static TextModel open(Path folder, ModelOptions options) {
        return Files.exists(folder.resolve("preprocessor_config.json"))
                        || Files.exists(folder.resolve("processor_config.json"))
                ? ClipModel.open(ModelFolder.open(folder), options)
                : SentenceModel.open(folder, options);
    }

    /// The vector of one text.
    default float[] embedText(String text) {
        return embed(List.of(text)).getFirst();
    }

    /// Where it came from, for messages.
    String location();

    @Override
    void close();
}
