// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import java.nio.file.Path;

import dev.joust.embed.ClipModel;
import dev.joust.embed.SentenceModel;
import dev.joust.pictures.FillListener;
import dev.joust.pictures.LibraryOptions;

/// Models of two further columns of vectors: `other` of pictures, `words` of captions. They know nothing of the world: what
/// they tell apart is whose vectors are searched.
public final class SecondModels implements AutoCloseable {
    public static final String PICTURES = "other";
    public static final String CAPTIONS = "words";

    private static final Path MODELS = Path.of(System.getProperty("joust.repository.root", ".."),
            "embed/src/test/resources/dev/joust/embed/models");

    private final ClipModel pictures = ClipModel.open(MODELS.resolve("siglip"));
    private final SentenceModel captions = SentenceModel.open(MODELS.resolve("sentence-mean"));

    /// Of a library that gives both kinds of vectors to what is added.
    public LibraryOptions options() {
        return LibraryOptions.DEFAULT.withModel(PICTURES, pictures).withModel(CAPTIONS, captions);
    }

    /// Gives the rows that are there their vectors.
    public void addColumns(RunningServer server) {
        server.library().addVectorColumn(PICTURES, pictures, FillListener.NONE);
        server.library().addVectorColumn(CAPTIONS, captions, FillListener.NONE);
    }

    @Override
    public void close() {
        pictures.close();
        captions.close();
    }
}
