// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.pictures.PictureLibrary;
import dev.joust.pictures.PictureQuery;

/// `images search`: pictures for words, for other pictures, or for both.
@Command(
        name = "search",
        description = "Pictures for words, for a picture, or for both, nearest first.",
        footer = {"", "Example: joust images search --data photos 'a red star' --unlike images/3f….jpg -w \"width > 800\""})
final class ImagesSearchCommand extends BaseCommand {
    private static final float UNLIKE_WEIGHT = 0.5f;

    @Mixin
    private final PictureOptions library = new PictureOptions();

    @Mixin
    private final PictureRange range = new PictureRange();

    @Option(names = "--words-weight", defaultValue = "1", paramLabel = "X", description = "How much the words count. Default: 1.")
    private float wordsWeight;

    @Option(names = "--picture", paramLabel = "FILE", description = "A picture to be near to; may be repeated.")
    private List<Path> pictures = new ArrayList<>();

    @Option(names = "--picture-weight", defaultValue = "1", paramLabel = "X", description = "How much each of them counts. Default: 1.")
    private float pictureWeight;

    @Option(names = "--like", paramLabel = "ID", description = "A picture of the library to be near to; may be repeated.")
    private List<String> like = new ArrayList<>();

    @Option(names = "--like-weight", defaultValue = "1", paramLabel = "X", description = "How much each of them counts. Default: 1.")
    private float likeWeight;

    @Option(names = "--unlike", paramLabel = "ID", description = "A picture of the library to keep away from; may be repeated.")
    private List<String> unlike = new ArrayList<>();

    @Option(names = "--unlike-weight", paramLabel = "X", description = "How much each of them counts. Default: 0.5.")
    private float unlikeWeight = UNLIKE_WEIGHT;

    @Option(names = "--column", defaultValue = PictureQuery.DEFAULT_COLUMN, paramLabel = "NAME", description = "Column of vectors to search. Default: vector.")
    @SuppressWarnings("NullAway.Init")
    private String column;

    @Option(names = "--nprobes", defaultValue = "0", paramLabel = "N", description = "Partitions of an index to look at. Default: as many as it takes.")
    private int probes;

    @Option(names = "--refine", defaultValue = "0", paramLabel = "N", description = "Compare N times as many by their vectors themselves.")
    private int refine;

    @Option(names = "--no-index", description = "Look at every vector.")
    private boolean exact;

    @Option(names = "--metadata", description = "Also width, height, bytes, format, taken_at, camera, caption and tags.")
    private boolean metadata;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Parameters(index = "0", arity = "0..1", paramLabel = "WORDS", description = "What to look for.")
    private @Nullable String words;

    ImagesSearchCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        output.check();
        if (words != null && words.isBlank()) {
            throw new UsageException("there are no words to search for");
        }
        PictureQuery query = query();
        if (query.targets().isEmpty()) {
            throw new UsageException("WORDS, --picture, --like or --unlike say what to search for");
        }
        return library.with(resources, true, opened -> {
            PictureRows.writeHits(opened.search(query).hits(), metadata, output, context, resources.memory());
            return 0;
        });
    }

    private PictureQuery query() throws IOException {
        List<byte[]> samples = new ArrayList<>();
        for (Path picture : pictures) {
            PictureLibrary.checkSize(Files.size(picture));
            samples.add(Files.readAllBytes(picture));
        }
        try {
            PictureQuery query = range.of(PictureQuery.ALL.column(column).effort(new PictureQuery.Effort(probes, refine, exact)));
            if (words != null) {
                query = query.words(words, wordsWeight);
            }
            for (byte[] sample : samples) {
                query = query.sample(sample, pictureWeight);
            }
            for (String id : like) {
                query = query.like(id, likeWeight);
            }
            for (String id : unlike) {
                query = query.unlike(id, unlikeWeight);
            }
            return query;
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }
}
