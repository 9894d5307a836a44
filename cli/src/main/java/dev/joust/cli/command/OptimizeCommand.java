// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.format.table.Compacted;
import dev.joust.format.table.CompactionMetrics;
import dev.joust.format.table.CompactionOptions;
import dev.joust.format.table.Dataset;
import dev.joust.index.IndexOptimization;
import dev.joust.search.Indices;

/// `optimize`: what `compact` and `index optimize` do.
@Command(
        name = "optimize",
        description = "Merge small fragments, then bring indices up to date.",
        footer = {"", "Example: joust optimize photos/images.lance"})
final class OptimizeCommand extends BaseCommand {
    @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
    @SuppressWarnings("NullAway.Init")
    private String uri;

    @Mixin
    private final WrittenTable written = new WrittenTable();

    @Option(names = "--json", description = "Print {fragments_removed, fragments_added, optimized, version}.")
    private boolean asJson;

    OptimizeCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        Dataset dataset = Dataset.open(resources.session(), resources.store(written.uri(uri)));
        Compacted compacted = dataset.upkeep().compact(Indices.remapped(CompactionOptions.ofConfig(dataset.config())));
        Indices.Optimized done;
        try (IndexProgress progress = new IndexProgress(context)) {
            IndexOptimization options = IndexOptimization.DEFAULT.withBuild(progress.options());
            done = Indices.optimize(compacted.dataset(), List.of(), options);
        }
        CompactionMetrics metrics = compacted.metrics();
        long version = done.dataset().version();
        if (asJson) {
            Json.printObject(context.out(), json -> {
                json.writeNumberField("fragments_removed", metrics.fragmentsRemoved());
                json.writeNumberField("fragments_added", metrics.fragmentsAdded());
                Json.writeTexts(json, "optimized", done.optimized());
                json.writeNumberField("version", version);
            });
        } else {
            context.out().println(metrics.fragmentsRemoved() + " fragments became " + metrics.fragmentsAdded() + ", "
                    + done.optimized().size() + " indices brought up to date, version " + version);
        }
        return 0;
    }
}
