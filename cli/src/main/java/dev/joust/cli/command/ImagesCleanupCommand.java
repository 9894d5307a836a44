// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.joust.pictures.CleanedLibrary;
import dev.joust.pictures.LibraryCleanup;

/// `images cleanup`: takes away what grows otherwise.
@Command(
        name = "cleanup",
        description = {
            "Take away what commands and servers left that were killed: files that were never finished, and those of no version;",
            "pictures without a row go to the deleted ones, which can be restored."
        },
        footer = {"", "Example: joust images cleanup --data photos --deleted 30d --versions 90d"})
final class ImagesCleanupCommand extends BaseCommand {
    @Mixin
    private final PictureOptions library = new PictureOptions();

    @Option(names = "--older-than", paramLabel = "AGE", description = "Of what was left, that which was written longer ago: 7d, 12h. No less than the longest command takes. Default: 7d.")
    private @Nullable String leftovers;

    @Option(names = "--deleted", paramLabel = "AGE", description = "Let pictures go for good that were deleted longer ago, as images purge does. Default: they stay.")
    private @Nullable String deleted;

    @Option(names = "--versions", paramLabel = "AGE", description = "Delete versions of the table that are older, but for tagged ones. Default: they stay.")
    private @Nullable String versions;

    @Option(names = "--json", description = "Print one JSON object {stray, purged, versions, files}.")
    private boolean asJson;

    ImagesCleanupCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        LibraryCleanup policy = LibraryCleanup.LEFTOVERS
                .withDeletedOlderThan(Ages.parseIfGiven("--deleted", deleted))
                .withVersionsOlderThan(Ages.parseIfGiven("--versions", versions));
        LibraryCleanup chosen =
                leftovers == null ? policy : policy.withLeftoversOlderThan(Ages.parse("--older-than", leftovers));
        return library.with(resources, true, opened -> {
            CleanedLibrary cleaned = opened.cleanup(chosen);
            if (asJson) {
                Json.printObject(context.out(), json -> {
                    json.writeNumberField("stray", cleaned.strayCount());
                    json.writeNumberField("purged", cleaned.purgedCount());
                    json.writeNumberField("versions", cleaned.versionCount());
                    json.writeNumberField("files", cleaned.fileCount());
                });
            } else {
                context.out().println(line(cleaned));
            }
            return 0;
        });
    }

    /// What was done, in words.
    static String line(CleanedLibrary cleaned) {
        return cleaned.strayCount() + " pictures without a row set aside, " + cleaned.purgedCount() + " purged, "
                + cleaned.versionCount() + " versions and " + cleaned.fileCount() + " files deleted";
    }
}
