// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.pictures.BulkOptions;
import dev.joust.pictures.BulkProgress;
import dev.joust.pictures.PictureLibrary;

/// `images add`: stores pictures, each once.
@Command(
        name = "add",
        description = {
            "Store pictures, each once; of a folder, all below it but what is hidden; of a .zip, all in it.",
            "What is there already is passed over, so what was interrupted is completed by the same command."
        },
        footer = {"", "Example: joust images add --data photos holiday/ cat.jpg album.zip"})
final class ImagesAddCommand extends BaseCommand {
    private static final Duration LONGEST_MAINTENANCE = Duration.ofHours(2);

    @Mixin
    private final PictureOptions library = new PictureOptions();

    @Option(names = "--caption", paramLabel = "TEXT", description = "What is said about each of them.")
    private @Nullable String caption;

    @Option(names = "--tag", paramLabel = "TAG", description = "A word that they are kept under; may be repeated.")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--batch", defaultValue = "1000", paramLabel = "N", description = "Pictures whose rows go into one version, at most. Default: 1000.")
    private int batch;

    @Option(names = "--threads", defaultValue = "0", paramLabel = "N", description = "Threads that read and decode. Default: one per processor.")
    private int threads;

    @Option(names = "--json", description = "Print one JSON object {stored, exists, failed, version, seconds, pictures_per_second, shares}.")
    private boolean asJson;

    @Parameters(arity = "1..*", paramLabel = "FILE|FOLDER", description = "Pictures, folders of them, or .zip archives.")
    @SuppressWarnings("NullAway.Init")
    private List<Path> sources;

    ImagesAddCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        BulkOptions options;
        try {
            options = BulkOptions.DEFAULT.withCommitCount(batch).withThreadCount(threads);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--batch " + batch + " --threads " + threads + ": " + e.getMessage());
        }
        try (PictureFileList files = new PictureFileList(sources, caption, tags)) {
            return library.with(resources, false, opened -> {
                BulkProgress ended;
                try (PictureProgress progress = new PictureProgress(context)) {
                    ended = opened.addAll(files, options.withTotalCount(files.totalCount()), progress);
                    progress.indexing();
                    awaitMaintenance(opened);
                }
                report(ended);
                return ended.refusedCount() == 0 ? 0 : 1;
            });
        }
    }

    /// An index that is under way would be lost.
    private static void awaitMaintenance(PictureLibrary opened) throws IOException {
        try {
            opened.awaitMaintenance(LONGEST_MAINTENANCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while an index was made");
        }
    }

    private void report(BulkProgress ended) throws IOException {
        BulkProgress.Shares shares = ended.shares();
        if (asJson) {
            Json.printObject(context.out(), json -> {
                json.writeNumberField("stored", ended.storedCount());
                json.writeNumberField("exists", ended.existsCount());
                json.writeNumberField("failed", ended.refusedCount());
                json.writeNumberField("version", ended.version());
                json.writeNumberField("seconds", ended.seconds());
                json.writeNumberField("pictures_per_second", ended.picturesPerSecond());
                json.writeObjectFieldStart("shares");
                json.writeNumberField("reading", shares.reading());
                json.writeNumberField("decoding", shares.decoding());
                json.writeNumberField("model", shares.model());
                json.writeNumberField("storage", shares.storage());
                json.writeEndObject();
            });
            return;
        }
        context.out().println(ended.storedCount() + " stored, " + ended.existsCount() + " there already"
                + (ended.refusedCount() == 0 ? "" : ", " + ended.refusedCount() + " refused"));
        if (ended.storedCount() > 0) {
            context.err().printf(
                    Locale.ROOT,
                    "%.1f s, %,.0f pictures/s; of the work: reading %.0f %%, decoding %.0f %%, model %.0f %%, storage %.0f %%%n",
                    ended.seconds(),
                    ended.picturesPerSecond(),
                    100 * shares.reading(),
                    100 * shares.decoding(),
                    100 * shares.model(),
                    100 * shares.storage());
        }
    }
}
