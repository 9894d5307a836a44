// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.joust.embed.ClipModel;
import dev.joust.embed.SentenceModel;
import dev.joust.embed.TextModel;

/// `embed`: the vector of words or of a picture, as JSON.
@Command(
        name = "embed",
        description = "The vector of words or of a picture, as JSON.",
        footer = {"", "Example: joust embed --text 'a red star'"})
final class EmbedCommand extends BaseCommand {
    @Mixin
    private final Models models = new Models();

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init")
    private Subject subject;

    private static final class Subject {
        @Option(names = "--text", paramLabel = "WORDS", required = true, description = "Words.")
        @Nullable String text;

        @Option(names = "--image", paramLabel = "FILE", required = true, description = "A picture: JPEG, PNG, GIF, BMP, WebP or TIFF.")
        @Nullable Path image;
    }

    EmbedCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        byte[] picture = subject.image == null ? null : Files.readAllBytes(subject.image);
        float[] vector;
        try (TextModel opened = models.openForText()) {
            vector = picture == null ? opened.embedText(String.valueOf(subject.text)) : switch (opened) {
                case ClipModel clip -> clip.embedPicture(picture);
                case SentenceModel _ -> throw new IllegalArgumentException("the model " + opened.location() + " takes words alone");
            };
        }
        Json.print(context.out(), json -> {
            json.writeStartArray();
            for (float value : vector) {
                json.writeNumber(value);
            }
            json.writeEndArray();
        });
        return 0;
    }
}
