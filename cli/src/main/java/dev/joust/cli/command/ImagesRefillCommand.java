// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.joust.pictures.RefilledLibrary;

/// `images refill`: what rows of other programs lack.
@Command(
        name = "refill",
        description = {
            "Give rows that other programs wrote what they lack: size, format, time and camera of their pictures, and vectors.",
            "What was interrupted is completed by the same command."
        },
        footer = {"", "Example: joust images refill --data photos"})
final class ImagesRefillCommand extends BaseCommand {
    @Mixin
    private final PictureOptions library = new PictureOptions();

    @Option(names = "--json", description = "Print one JSON object {metadata, vectors, empty, version}.")
    private boolean asJson;

    ImagesRefillCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        return library.with(resources, true, opened -> {
            FillProgress progress = new FillProgress(context, "rows");
            RefilledLibrary refilled;
            try {
                refilled = opened.refill(progress);
            } finally {
                progress.clear();
            }
            report(refilled);
            return 0;
        });
    }

    private void report(RefilledLibrary refilled) throws IOException {
        if (asJson) {
            Json.printObject(context.out(), json -> {
                json.writeNumberField("metadata", refilled.metadataCount());
                json.writeNumberField("vectors", refilled.vectorCount());
                json.writeNumberField("empty", refilled.emptyCount());
                json.writeNumberField("version", refilled.version());
            });
        } else {
            context.out().println(refilled.metadataCount() + " rows got metadata, " + refilled.vectorCount() + " vectors"
                    + (refilled.emptyCount() == 0 ? "" : ", " + refilled.emptyCount() + " without a readable picture"));
        }
    }
}
