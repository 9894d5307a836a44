// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.core.JsonGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.joust.format.table.Dataset;
import dev.joust.index.DistanceType;
import dev.joust.index.VectorColumn;
import dev.joust.index.VectorIndexKind;
import dev.joust.index.VectorIndexSpec;
import dev.joust.search.IndexInfo;
import dev.joust.search.IndexStats;
import dev.joust.search.Indices;

/// `index create`, `index list`, `index stats`, `index drop`; the others have classes of their own.
@Command(name = "index", description = "Indices.", footer = {"", "Example: joust index create photos/images.lance -c vector --type IVF_PQ"})
final class IndexCommand extends CommandGroup {
    /// Kinds of one partition begin so.
    private static final String ONE_GRAPH = "HNSW";
    private static final List<String> NOT_YET =
            List.of("BTREE", "BITMAP", "LABEL_LIST", "INVERTED", "NGRAM", "ZONEMAP", "BLOOMFILTER");

    /// `index create`.
    @Command(
            name = "create",
            description = "Build an index of a column.",
            footer = {"", "Example: joust index create photos/images.lance -c vector --type IVF_PQ --metric cosine"})
    static final class Create extends BaseCommand {
        @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
        @SuppressWarnings("NullAway.Init")
        private String uri;

        @Mixin
        private final WrittenTable written = new WrittenTable();

        @Option(names = {"-c", "--column"}, required = true, paramLabel = "COL", description = "The column.")
        @SuppressWarnings("NullAway.Init")
        private String column;

        @Option(names = "--type", required = true, paramLabel = "TYPE", description = "IVF_FLAT, IVF_SQ, IVF_PQ, IVF_RQ, IVF_HNSW_FLAT, IVF_HNSW_SQ, IVF_HNSW_PQ; or HNSW, HNSW_SQ, HNSW_PQ: one graph, which is IVF_HNSW_FLAT, … with one partition.")
        @SuppressWarnings("NullAway.Init")
        private String type;

        @Option(names = "--metric", paramLabel = "M", description = "l2, cosine, dot or, of uint8, hamming. Default: l2; hamming of uint8, cosine where a row has several vectors.")
        private @Nullable String metric;

        @Option(names = "--partitions", paramLabel = "N", description = "How many. Default: by the number of rows.")
        private @Nullable Integer partitions;

        @Option(names = "--sub-vectors", paramLabel = "M", description = "PQ: how many codes a vector has. Default: by the dimension.")
        private @Nullable Integer subVectors;

        @Option(names = "--bits", paramLabel = "N", description = "PQ: 8 (the default) or 4. RQ: 1 to 9; default 5.")
        private @Nullable Integer bits;

        @Option(names = "--m", paramLabel = "N", description = "HNSW: neighbours of a row. Default: 20.")
        private @Nullable Integer maxConnections;

        @Option(names = "--ef-construction", paramLabel = "N", description = "HNSW: rows in view while building. Default: 150.")
        private @Nullable Integer constructionEf;

        @Option(names = "--name", paramLabel = "NAME", description = "Default: COL_idx.")
        private @Nullable String name;

        @Option(names = "--replace", description = "Replace an index of that name.")
        private boolean replace;

        @Option(names = "--sample-rate", paramLabel = "N", description = "Rows to train with, for each centroid. Default: 256.")
        private @Nullable Integer sampleRate;

        @Option(names = "--max-iterations", paramLabel = "N", description = "Rounds of training at most. Default: 50.")
        private @Nullable Integer maxIterations;

        @Option(names = "--seed", paramLabel = "N", description = "Of what is drawn at random. Default: 1.")
        private @Nullable Long seed;

        @Option(names = "--param", paramLabel = "K=V", description = "Of other kinds of indices.")
        private @Nullable Map<String, String> parameters;

        @Option(names = "--json", description = "Print {name, type, version}.")
        private boolean asJson;

        Create(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            String kind = type.toUpperCase(Locale.ROOT);
            if (NOT_YET.contains(kind)) {
                throw UsageException.notAvailable("--type " + kind);
            }
            if (parameters != null) {
                throw new UsageException("--param: " + kind + " has none but those of its own options");
            }
            boolean isOneGraph = kind.startsWith(ONE_GRAPH);
            if (isOneGraph && partitions != null && partitions != 1) {
                throw new UsageException("--partitions " + partitions + ": " + kind + " has one; IVF_HNSW kinds have more");
            }
            VectorIndexKind kindOf = kindOf(kind.equals(ONE_GRAPH) ? "IVF_HNSW_FLAT" : isOneGraph ? "IVF_" + kind : kind);
            for (Map.Entry<String, @Nullable Integer> given : numbers().entrySet()) {
                if (IndexOptions.isBelowOne(given.getValue())) {
                    throw new UsageException(given.getKey() + " is at least 1");
                }
            }
            Dataset dataset = Dataset.open(resources.session(), resources.store(written.uri(uri)));
            VectorColumn vectors = VectorColumn.of(dataset.schema(), column);
            VectorIndexSpec<?> spec = VectorIndexSpec.of(kindOf, metricOf(vectors)).changed(builder -> builder
                    .partitions(isOneGraph ? 1 : orZero(partitions))
                    .subVectorCount(orZero(subVectors))
                    .bitCount(orZero(bits))
                    .maxConnections(orZero(maxConnections))
                    .constructionEf(orZero(constructionEf))
                    .sampleRate(orZero(sampleRate))
                    .maxIterations(orZero(maxIterations))
                    .seed(seed == null ? 1 : seed));
            Dataset created;
            try (IndexProgress progress = new IndexProgress(context)) {
                created = Indices.create(dataset, column, spec, name, replace, progress.options());
            }
            String made = created.manifest().indices().getLast().name();
            if (asJson) {
                Json.printObject(context.out(), json -> {
                    json.writeStringField("name", made);
                    json.writeStringField("type", kindOf.name());
                    json.writeNumberField("version", created.version());
                });
            } else {
                context.out().println("index " + made + "  " + kindOf + "  version " + created.version());
            }
            return 0;
        }

        private Map<String, @Nullable Integer> numbers() {
            Map<String, @Nullable Integer> numbers = new LinkedHashMap<>();
            numbers.put("--partitions", partitions);
            numbers.put("--sub-vectors", subVectors);
            numbers.put("--bits", bits);
            numbers.put("--m", maxConnections);
            numbers.put("--ef-construction", constructionEf);
            numbers.put("--sample-rate", sampleRate);
            numbers.put("--max-iterations", maxIterations);
            return numbers;
        }

        private static int orZero(@Nullable Integer value) {
            return value == null ? 0 : value;
        }

        private static VectorIndexKind kindOf(String kind) {
            try {
                return VectorIndexKind.valueOf(kind);
            } catch (IllegalArgumentException e) {
                throw new UsageException("--type " + kind + ": there are " + List.of(VectorIndexKind.values()) + ", HNSW, HNSW_SQ, HNSW_PQ, " + NOT_YET);
            }
        }

        private DistanceType metricOf(VectorColumn vectors) {
            if (metric == null) {
                return vectors.isMulti() ? DistanceType.COSINE : vectors.element().defaultMetric();
            }
            try {
                return DistanceType.fromCode(metric);
            } catch (IllegalArgumentException e) {
                throw new UsageException("--metric: " + e.getMessage());
            }
        }
    }

    /// `index list`.
    @Command(name = "list", description = "All indices.", footer = {"", "Example: joust index list photos/images.lance"})
    static final class ListIndices extends BaseCommand {
        @Parameters(index = "0", paramLabel = "URI", description = "The table's folder.")
        @SuppressWarnings("NullAway.Init")
        private String uri;

        @Mixin
        private final PinnedTable pin = new PinnedTable();

        @Option(names = "--json", description = "Print a JSON array of {name, type, columns, segments, indexed_rows, unindexed_rows, bytes}.")
        private boolean asJson;

        ListIndices(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            List<IndexInfo> indices = Indices.list(resources.open(pin.address(uri, null)));
            if (asJson) {
                Json.print(context.out(), json -> {
                    json.writeStartArray();
                    for (IndexInfo index : indices) {
                        json.writeStartObject();
                        write(json, index);
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                });
            } else {
                for (IndexInfo index : indices) {
                    context.out().printf(Locale.ROOT, "%-30s  %-14s  %s  %d rows, %d not covered, %d segments, %d bytes%n",
                            index.name(), index.type(), String.join(", ", index.columns()), index.coveredRows(),
                            index.uncoveredRows(), index.segmentCount(), index.sizeBytes());
                }
            }
            return 0;
        }
    }

    /// `index stats`.
    @Command(name = "stats", description = "What the files of an index say.", footer = {"", "Example: joust index stats photos/images.lance vector_idx"})
    static final class Stats extends BaseCommand {
        @Mixin
        private final NamedIndex index = new NamedIndex();

        @Mixin
        private final PinnedTable pin = new PinnedTable();

        @Option(names = "--json", description = "Print one JSON object: as list has it, and the segments.")
        private boolean asJson;

        Stats(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            IndexStats stats = Indices.stats(resources.open(pin.address(index.uri, null)), index.name);
            if (asJson) {
                Json.printObject(context.out(), json -> {
                    write(json, stats.index());
                    json.writeArrayFieldStart("segments_stats");
                    for (IndexStats.Segment segment : stats.segments()) {
                        writeSegment(json, segment);
                    }
                    json.writeEndArray();
                });
                return 0;
            }
            IndexInfo about = stats.index();
            context.out().printf(Locale.ROOT, "%s  %s of %s: %d rows, %d not covered, %d bytes%n", about.name(), about.type(),
                    String.join(", ", about.columns()), about.coveredRows(), about.uncoveredRows(), about.sizeBytes());
            for (IndexStats.Segment segment : stats.segments()) {
                context.out().printf(Locale.ROOT,
                        "  %s  %s, %d dimensions, %d rows in %d partitions, the largest %.2f of the mean, loss %s%n", segment.uuid(),
                        segment.metric(), segment.dimension(), segment.rowCount(), segment.partitionSizes().size(),
                        segment.imbalance(), segment.loss() == null ? "not recorded" : segment.loss());
            }
            return 0;
        }

        private static void writeSegment(JsonGenerator json, IndexStats.Segment segment) throws IOException {
            json.writeStartObject();
            json.writeStringField("uuid", segment.uuid().toString());
            json.writeStringField("metric", segment.metric());
            json.writeNumberField("dimension", segment.dimension());
            json.writeNumberField("rows", segment.rowCount());
            json.writeNumberField("imbalance", segment.imbalance());
            json.writeFieldName("loss");
            if (segment.loss() == null) {
                json.writeNull();
            } else {
                json.writeNumber(segment.loss());
            }
            json.writeArrayFieldStart("partitions");
            for (int size : segment.partitionSizes()) {
                json.writeNumber(size);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /// `index drop`.
    @Command(name = "drop", description = "Drop an index.", footer = {"", "Example: joust index drop photos/images.lance vector_idx"})
    static final class Drop extends BaseCommand {
        @Mixin
        private final NamedIndex index = new NamedIndex();

        @Mixin
        private final WrittenTable written = new WrittenTable();

        @Option(names = "--json", description = "Print {name, version}.")
        private boolean asJson;

        Drop(Context context) {
            super(context);
        }

        @Override
        int run(Resources resources) throws IOException {
            Dataset dataset = Dataset.open(resources.session(), resources.store(written.uri(index.uri)));
            Dataset dropped = Indices.drop(dataset, index.name);
            if (asJson) {
                Json.printObject(context.out(), json -> {
                    json.writeStringField("name", index.name);
                    json.writeNumberField("version", dropped.version());
                });
            } else {
                context.out().println("index " + index.name + " dropped, version " + dropped.version());
            }
            return 0;
        }
    }

    private static void write(JsonGenerator json, IndexInfo index) throws IOException {
        json.writeStringField("name", index.name());
        json.writeStringField("type", index.type());
        Json.writeTexts(json, "columns", index.columns());
        json.writeNumberField("segments", index.segmentCount());
        json.writeNumberField("indexed_rows", index.coveredRows());
        json.writeNumberField("unindexed_rows", index.uncoveredRows());
        json.writeNumberField("bytes", index.sizeBytes());
    }
}
