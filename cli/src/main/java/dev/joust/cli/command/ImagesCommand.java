// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.pictures.Picture;
import dev.joust.pictures.StoredPicture;

/// `images`: the picture pipeline without a server.
@Command(name = "images", description = "Pictures, found by words, without a server.", synopsisSubcommandLabel = "COMMAND")
final class ImagesCommand extends CommandGroup {
    private static final String FOLDER = "images/";

    /// What stands behind `images/` in an id; people give either.
    static String nameOf(String id) {
        return id.startsWith(FOLDER) ? id.substring(FOLDER.length()) : id;
    }

    /// A command for pictures of the library, by their ids.
    abstract static class OfPictures extends BaseCommand {
        @Mixin
        final PictureOptions library = new PictureOptions();

        @Parameters(arity = "1..*", paramLabel = "ID", description = "Pictures by their ids, images/….")
        @SuppressWarnings("NullAway.Init")
        List<String> ids;

        OfPictures(Context context) {
            super(context);
        }

        /// Says which were not there.
        ///
        /// @return the exit code
        int missing(List<String> missing, String what) {
            missing.forEach(id -> context.err().println(id + ": " + what));
            return missing.isEmpty() ? 0 : 1;
        }
    }

    /// `images show`: what is known of some pictures.
    @Command(
            name = "show",
            description = "What is known of pictures.",
            footer = {"", "Example: joust images show --data photos images/3f….jpg"})
    static final class Show extends OfPictures {
        @Mixin
        private final OutputOptions output = new OutputOptions();

        Show(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            output.check();
            return library.with(resources, true, opened -> {
                List<Picture> found = new ArrayList<>();
                List<String> missing = new ArrayList<>();
                for (String id : ids) {
                    Optional<Picture> picture = opened.find(nameOf(id));
                    picture.ifPresentOrElse(found::add, () -> missing.add(id));
                }
                PictureRows.write(found, output, context, resources.memory());
                return missing(missing, "no such picture");
            });
        }
    }

    /// `images delete`: takes pictures away.
    @Command(
            name = "delete",
            description = "Delete pictures. They can be restored until they are purged.",
            footer = {"", "Example: joust images delete --data photos images/3f….jpg"})
    static final class Delete extends OfPictures {
        @Option(names = "--json", description = "Print one JSON object {deleted, missing}.")
        private boolean asJson;

        Delete(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            return library.with(resources, true, opened -> {
                List<String> missing =
                        ids.stream().filter(id -> !opened.delete(nameOf(id))).toList();
                int deleted = ids.size() - missing.size();
                if (asJson) {
                    Json.printObject(context.out(), json -> {
                        json.writeNumberField("deleted", deleted);
                        json.writeNumberField("missing", missing.size());
                    });
                } else {
                    context.out().println(deleted + " deleted");
                }
                return missing(missing, "no such picture");
            });
        }
    }

    /// `images restore`: brings deleted pictures back.
    @Command(
            name = "restore",
            description = "Bring deleted pictures back, with all that was known of them.",
            footer = {"", "Example: joust images restore --data photos images/3f….jpg"})
    static final class Restore extends OfPictures {
        @Option(names = "--json", description = "Print one JSON object {restored, exists, missing, version}.")
        private boolean asJson;

        Restore(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            return library.with(resources, true, opened -> {
                List<StoredPicture> present = new ArrayList<>();
                List<String> missing = new ArrayList<>();
                for (String id : ids) {
                    opened.restore(nameOf(id)).ifPresentOrElse(present::add, () -> missing.add(id));
                }
                long restored = present.stream()
                        .filter(picture -> picture.status() == StoredPicture.Status.STORED)
                        .count();
                long version = present.stream().mapToLong(StoredPicture::version).max().orElse(0);
                if (asJson) {
                    Json.printObject(context.out(), json -> {
                        json.writeNumberField("restored", restored);
                        json.writeNumberField("exists", present.size() - restored);
                        json.writeNumberField("missing", missing.size());
                        json.writeNumberField("version", version);
                    });
                } else {
                    context.out().println(restored + " restored, " + (present.size() - restored) + " there already");
                }
                return missing(missing, "no such picture is kept");
            });
        }
    }

    /// `images purge`: lets deleted pictures go for good.
    @Command(
            name = "purge",
            description = "Let deleted pictures go for good.",
            footer = {"", "Example: joust images purge --data photos --older-than 30d"})
    static final class Purge extends BaseCommand {
        @Mixin
        private final PictureOptions library = new PictureOptions();

        @Option(names = "--older-than", defaultValue = "30d", paramLabel = "AGE", description = "Those deleted longer ago: 30d, 12h. Default: 30d.")
        @SuppressWarnings("NullAway.Init")
        private String age;

        @Option(names = "--json", description = "Print one JSON object {purged}.")
        private boolean asJson;

        Purge(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            Duration olderThan = Ages.parse("--older-than", age);
            return library.with(resources, true, opened -> {
                int purged = opened.purge(Instant.now().minus(olderThan));
                if (asJson) {
                    Json.printObject(context.out(), json -> json.writeNumberField("purged", purged));
                } else {
                    context.out().println(purged + " purged");
                }
                return 0;
            });
        }
    }
}
