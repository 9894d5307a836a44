// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.joust.format.table.Dataset;
import dev.joust.search.IndexRecall;
import dev.joust.search.Indices;

/// `index recall`: what an index finds of the nearest rows, and how fast.
@Command(
        name = "recall",
        description = "Search for the neighbours of some rows by an index and exactly, and compare.",
        footer = {"", "Example: joust index recall photos/images.lance vector_idx -k 10 -o recall.svg"})
final class IndexRecallCommand extends BaseCommand {
    @Mixin
    private final NamedIndex index = new NamedIndex();

    @Mixin
    private final PinnedTable pin = new PinnedTable();

    @Option(names = "--samples", paramLabel = "N", defaultValue = "200", description = "Rows that are looked for. Default: 200.")
    private int samples;

    @Option(names = "-k", paramLabel = "N", defaultValue = "10", description = "Neighbours of each. Default: 10.")
    private int k;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE.svg", description = "Draw recall by time.")
    private @Nullable Path chart;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean asJson;

    IndexRecallCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        if (samples < 1 || k < 1) {
            throw new UsageException("--samples and -k are at least 1");
        }
        if (chart != null && !chart.toString().toLowerCase(Locale.ROOT).endsWith(".svg")) {
            throw new UsageException("-o " + chart + ": the ending must be .svg");
        }
        Dataset dataset = resources.open(pin.address(index.uri, null));
        IndexRecall recall = Indices.recall(dataset, index.name, samples, k);
        if (chart != null) {
            Files.writeString(chart, RecallChart.svg(recall));
        }
        if (asJson) {
            Json.printObject(context.out(), json -> write(json, recall));
        } else {
            context.out().print(RecallChart.text(recall));
        }
        return 0;
    }

    private static void write(JsonGenerator json, IndexRecall recall) throws IOException {
        json.writeStringField("name", recall.index().name());
        json.writeStringField("type", recall.index().type());
        json.writeStringField("metric", recall.metric());
        json.writeNumberField("samples", recall.sampleCount());
        json.writeNumberField("k", recall.k());
        json.writeNumberField("exact_ms", recall.exactMillis());
        json.writeArrayFieldStart("points");
        for (IndexRecall.Point point : recall.points()) {
            json.writeStartObject();
            json.writeNumberField("nprobes", point.probes());
            writeUnlessZero(json, "ef", point.ef());
            writeUnlessZero(json, "refine", point.refine());
            json.writeNumberField("recall", point.recall());
            json.writeNumberField("mean_ms", point.meanMillis());
            json.writeNumberField("p95_ms", point.p95Millis());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeUnlessZero(JsonGenerator json, String key, int value) throws IOException {
        json.writeFieldName(key);
        if (value == 0) {
            json.writeNull();
        } else {
            json.writeNumber(value);
        }
    }
}
