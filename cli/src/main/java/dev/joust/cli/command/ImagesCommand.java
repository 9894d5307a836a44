// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.embed.ClipModel;
import dev.joust.pictures.PictureHit;
import dev.joust.pictures.PictureLibrary;
import dev.joust.pictures.StoredPicture;

/// `images`: the picture pipeline without a server.
@Command(name = "images", description = "Pictures, found by words, without a server.", synopsisSubcommandLabel = "COMMAND")
final class ImagesCommand extends CommandGroup {
    /// `images add`: stores pictures, each once.
    @Command(
            name = "add",
            description = "Store pictures, each once; of a folder, all below it.",
            footer = {"", "Example: joust images add --data photos holiday/ cat.jpg"})
    static final class Add extends BaseCommand {
        private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png");

        @Option(names = "--data", required = true, paramLabel = "DIR", description = "Folder of the pictures and their table.")
        @SuppressWarnings("NullAway.Init")
        private String data;

        @Mixin
        private final Models models = new Models();

        @Option(names = "--json", description = "Print one JSON object {stored, exists, failed, version}.")
        private boolean asJson;

        @Parameters(arity = "1..*", paramLabel = "FILE|FOLDER", description = "Pictures, or folders of them.")
        @SuppressWarnings("NullAway.Init")
        private List<Path> sources;

        Add(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            List<Path> files = new ArrayList<>();
            for (Path source : sources) {
                collect(source, files);
            }
            int stored = 0;
            int existing = 0;
            int failed = 0;
            long version = 0;
            try (ClipModel clip = models.open();
                    PictureLibrary library = PictureLibrary.open(data, resources.storageOptions(data), clip)) {
                for (Path file : files) {
                    StoredPicture picture;
                    try {
                        picture = library.add(Files.readAllBytes(file));
                    } catch (IllegalArgumentException e) {
                        context.err().println(file + ": " + e.getMessage());
                        failed++;
                        continue;
                    }
                    version = Math.max(version, picture.version());
                    switch (picture.status()) {
                        case STORED -> stored++;
                        case EXISTS -> existing++;
                    }
                }
            }
            report(stored, existing, failed, version);
            return failed == 0 ? 0 : 1;
        }

        private static void collect(Path source, List<Path> files) throws IOException {
            if (!Files.isDirectory(source)) {
                if (!Files.exists(source)) {
                    throw new IllegalArgumentException("no such file or folder: " + source);
                }
                files.add(source);
                return;
            }
            try (Stream<Path> below = Files.walk(source)) {
                below.filter(file -> Files.isRegularFile(file) && ENDINGS.contains(ending(file))).sorted().forEach(files::add);
            }
        }

        private static String ending(Path file) {
            String name = file.getFileName().toString();
            return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        }

        private void report(int stored, int existing, int failed, long version) throws IOException {
            if (asJson) {
                Json.printObject(context.out(), json -> {
                    json.writeNumberField("stored", stored);
                    json.writeNumberField("exists", existing);
                    json.writeNumberField("failed", failed);
                    json.writeNumberField("version", version);
                });
            } else {
                context.out().println(stored + " stored, " + existing + " there already" + (failed == 0 ? "" : ", " + failed + " refused"));
            }
        }
    }

    /// `images search`: pictures for words.
    @Command(
            name = "search",
            description = "Pictures for words, nearest first.",
            footer = {"", "Example: joust images search --data photos 'a red star'"})
    static final class Search extends BaseCommand {
        @Option(names = "--data", required = true, paramLabel = "DIR", description = "Folder of the pictures and their table.")
        @SuppressWarnings("NullAway.Init")
        private String data;

        @Mixin
        private final Models models = new Models();

        @Option(names = "-k", defaultValue = "10", paramLabel = "N", description = "How many. Default: 10.")
        private int k;

        @Mixin
        private final OutputOptions output = new OutputOptions();

        @Parameters(index = "0", paramLabel = "WORDS", description = "What to look for.")
        @SuppressWarnings("NullAway.Init")
        private String words;

        Search(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            output.check();
            if (k < 1) {
                throw new UsageException("-k " + k + ": at least 1");
            }
            if (words.isBlank()) {
                throw new UsageException("there are no words to search for");
            }
            if (!data.contains("://") && !Files.isDirectory(Path.of(data))) {
                throw new IllegalArgumentException("no folder " + data);
            }
            List<PictureHit> hits;
            try (ClipModel clip = models.open();
                    PictureLibrary library = PictureLibrary.open(data, resources.storageOptions(data), clip)) {
                hits = library.search(words, k);
            }
            HitRows.write(hits, output, context, resources.memory());
            return 0;
        }
    }
}
