// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.format.table.Dataset;
import dev.joust.index.IndexOptimization;
import dev.joust.search.Indices;

/// `index optimize`.
@Command(
        name = "optimize",
        description = "Bring indices up to date: rows that they do not cover are added, segments merged, definitions trained.",
        footer = {"", "Example: joust index optimize photos/images.lance vector_idx"})
final class IndexOptimizeCommand extends BaseCommand {
    @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
    @SuppressWarnings("NullAway.Init")
    private String uri;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "The index. Default: all.")
    private @Nullable String name;

    @Mixin
    private final WrittenTable written = new WrittenTable();

    @Option(
            names = "--merge",
            paramLabel = "N",
            description = "Merge the newest N segments with what is added; 0 makes a segment of its own. Default: as needed.")
    private @Nullable Integer merge;

    @Option(names = "--retrain", description = "Train and build anew.")
    private boolean retrain;

    @Option(names = "--json", description = "Print {optimized, version}.")
    private boolean asJson;

    IndexOptimizeCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        if (merge != null && merge < 0) {
            throw new UsageException("--merge " + merge + ": at least 0");
        }
        Dataset dataset = Dataset.open(resources.session(), resources.store(written.uri(uri)));
        Indices.Optimized done;
        try (IndexProgress progress = new IndexProgress(context)) {
            IndexOptimization options = IndexOptimization.DEFAULT.withBuild(progress.options());
            if (merge != null) {
                options = options.withSegmentsToMerge(merge);
            }
            if (retrain) {
                options = options.withRetrain(IndexOptimization.Retrain.ALWAYS);
            }
            done = Indices.optimize(dataset, name == null ? List.of() : List.of(name), options);
        }
        report(context, done, asJson);
        return 0;
    }

    private static void report(Context context, Indices.Optimized done, boolean asJson) throws IOException {
        long version = done.dataset().version();
        if (asJson) {
            Json.printObject(context.out(), json -> {
                Json.writeTexts(json, "optimized", done.optimized());
                json.writeNumberField("version", version);
            });
        } else if (done.optimized().isEmpty()) {
            context.out().println("nothing to do, version " + version);
        } else {
            context.out().println("optimized " + String.join(", ", done.optimized()) + ", version " + version);
        }
    }
}
