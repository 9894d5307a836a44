// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.format.table.Compacted;
import dev.joust.format.table.CompactionMetrics;
import dev.joust.format.table.CompactionOptions;
import dev.joust.format.table.Dataset;
import dev.joust.search.Indices;

/// `compact`: merges small fragments, and writes those with many deleted rows anew.
@Command(
        name = "compact",
        description = "Merge small fragments and leave deleted rows behind, in a new version.",
        footer = {"", "Example: joust compact photos/images.lance --target-rows 100000"})
final class CompactCommand extends BaseCommand {
    @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
    @SuppressWarnings("NullAway.Init")
    private String uri;

    @Mixin
    private final WrittenTable written = new WrittenTable();

    @Option(
            names = "--target-rows",
            paramLabel = "N",
            description = "Merge fragments of fewer rows (default: the table's config, else 1048576).")
    private @Nullable Long targetRows;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean asJson;

    CompactCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        if (targetRows != null && targetRows < 1) {
            throw new UsageException("--target-rows " + targetRows + ": at least 1");
        }
        Dataset dataset = Dataset.open(resources.session(), resources.store(written.uri(uri)));
        CompactionOptions options = CompactionOptions.ofConfig(dataset.config());
        Compacted compacted =
                dataset.upkeep().compact(Indices.remapped(targetRows == null ? options : options.withTargetRowsPerFragment(targetRows)));
        report(compacted.metrics(), compacted.dataset().version());
        return 0;
    }

    private void report(CompactionMetrics metrics, long version) throws IOException {
        if (asJson) {
            Json.printObject(context.out(), json -> {
                json.writeNumberField("fragments_removed", metrics.fragmentsRemoved());
                json.writeNumberField("fragments_added", metrics.fragmentsAdded());
                json.writeNumberField("files_removed", metrics.filesRemoved());
                json.writeNumberField("files_added", metrics.filesAdded());
                json.writeNumberField("version", version);
            });
        } else if (metrics.equals(CompactionMetrics.NONE)) {
            context.out().println("nothing to do, version " + version);
        } else {
            context.out().println(metrics.fragmentsRemoved() + " fragments became " + metrics.fragmentsAdded()
                    + ", version " + version);
        }
    }
}
