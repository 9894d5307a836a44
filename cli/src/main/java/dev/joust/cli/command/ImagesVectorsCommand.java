// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.embed.TextModel;
import dev.joust.pictures.FilledColumn;
import dev.joust.pictures.VectorColumnInfo;

/// `images vectors`: columns of vectors by further models.
@Command(name = "vectors", description = "Columns of vectors by further models.", synopsisSubcommandLabel = "COMMAND")
final class ImagesVectorsCommand extends CommandGroup {
    /// `images vectors add`: adds a column, or goes on filling it.
    @Command(
            name = "add",
            description = {
                "Add a column of vectors by a further model: CLIP or SigLIP, of the pictures; a sentence model, of their captions.",
                "Pictures that are there get theirs; what was interrupted is completed by the same command."
            },
            footer = {"", "Example: joust images vectors add --data photos caption_vector all-MiniLM-L6-v2"})
    static final class Add extends BaseCommand {
        @Mixin
        private final PictureOptions library = new PictureOptions();

        @Option(names = "--json", description = "Print one JSON object {filled, empty, version, seconds}.")
        private boolean asJson;

        @Parameters(index = "0", paramLabel = "COLUMN", description = "Its name.")
        @SuppressWarnings("NullAway.Init")
        private String column;

        @Parameters(index = "1", paramLabel = "MODEL", description = "Folder of the model.")
        @SuppressWarnings("NullAway.Init")
        private String folder;

        Add(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            long startNanos = System.nanoTime();
            try (TextModel added = Models.openForText(folder)) {
                return library.with(resources, true, opened -> {
                    FillProgress progress = new FillProgress(context, "vectors");
                    FilledColumn filled;
                    try {
                        filled = opened.addVectorColumn(column, added, progress);
                    } finally {
                        progress.clear();
                    }
                    report(filled, (System.nanoTime() - startNanos) / 1e9);
                    return 0;
                });
            }
        }

        private void report(FilledColumn filled, double seconds) throws IOException {
            if (asJson) {
                Json.printObject(context.out(), json -> {
                    json.writeNumberField("filled", filled.filledCount());
                    json.writeNumberField("empty", filled.emptyCount());
                    json.writeNumberField("version", filled.version());
                    json.writeNumberField("seconds", seconds);
                });
            } else {
                context.out().println(filled.filledCount() + " filled"
                        + (filled.emptyCount() == 0 ? "" : ", " + filled.emptyCount() + " without a readable picture"));
            }
        }
    }

    /// `images vectors list`: the columns of vectors.
    @Command(
            name = "list",
            description = "The columns of vectors, and which model each is by.",
            footer = {"", "Example: joust images vectors list --data photos"})
    static final class ListColumns extends BaseCommand {
        @Mixin
        private final PictureOptions library = new PictureOptions();

        @Option(names = "--json", description = "Print a JSON array of {name, of, dimension, model}.")
        private boolean asJson;

        ListColumns(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            return library.with(resources, true, opened -> {
                print(opened.vectorColumns());
                return 0;
            });
        }

        private void print(List<VectorColumnInfo> columns) throws IOException {
            if (asJson) {
                Json.print(context.out(), json -> {
                    json.writeStartArray();
                    for (VectorColumnInfo column : columns) {
                        json.writeStartObject();
                        json.writeStringField("name", column.name());
                        json.writeStringField("of", of(column));
                        json.writeNumberField("dimension", column.dimension());
                        json.writeStringField("model", column.model());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                });
                return;
            }
            for (VectorColumnInfo column : columns) {
                context.out().println(column.name() + "  " + of(column) + "s, " + column.dimension() + " floats"
                        + (column.model() == null ? "" : ", by " + column.model()));
            }
        }

        private static String of(VectorColumnInfo column) {
            return column.source().name().toLowerCase(Locale.ROOT);
        }
    }
}
