// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.ColumnBuilder;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.ScanOptions;
import dev.joust.index.DistanceType;
import dev.joust.index.Neighbor;
import dev.joust.index.VectorColumn;
import dev.joust.search.VectorQuery;

/// `search`: the rows whose vectors are nearest.
@Command(
        name = "search",
        description = "The rows whose vectors are nearest.",
        footer = {"", "Example: joust search photos/images.lance --vector @query.json -k 5 --select id,path"})
final class SearchCommand extends BaseCommand {
    private static final Field DISTANCE = Field.nullable("_distance", new LogicalType.FloatingPoint(32));
    private static final Field QUERY_INDEX = Field.required("query_index", new LogicalType.Int(32, true));

    @Mixin
    private final TableParameters table = new TableParameters();

    @Option(names = {"-c", "--column"}, paramLabel = "COL", description = "The vector column; may be left out if there is one.")
    private @Nullable String column;

    @Option(names = "--vector", paramLabel = "JSON|@FILE", description = "The query, as [0.1,0.2,...], or a list of queries (of a column with several vectors a row: of the query's vectors); FILE: .json or .npy.")
    private @Nullable String vector;

    @Option(names = "-k", paramLabel = "N", defaultValue = "10", description = "How many rows. Default: 10.")
    private int k;

    @Option(names = "--offset", paramLabel = "N", defaultValue = "0", description = "Leave out the N nearest.")
    private int offset;

    @Mixin
    private final FilterOptions filter = new FilterOptions();

    @Option(names = "--postfilter", description = "Filter the k nearest, rather than look for the k nearest that pass.")
    private boolean postfilter;

    @Option(names = "--metric", paramLabel = "M", description = "l2, cosine, dot or, of uint8, hamming. Default: the index's, else l2 (uint8: hamming).")
    private @Nullable String metric;

    @Option(names = "--distance-range", paramLabel = "LO,HI", description = "Distances from LO up to, not including, HI; either may be empty.")
    private @Nullable String distanceRange;

    @Mixin
    private final IndexOptions index = new IndexOptions();

    @Option(names = "--select", paramLabel = "A,B", description = "These columns alone; _distance is added.")
    private @Nullable String select;

    @Option(names = "--row-id", description = "Add _rowid.")
    private boolean rowId;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that decode and compute. Default: one per core.")
    private @Nullable Integer threads;

    @Option(names = {"--text", "--hybrid", "--embedder", "--fusion"}, paramLabel = "X", description = "Words (not available yet).")
    private String @Nullable [] words;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    SearchCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        check();
        VectorArgument given = VectorArgument.parse(String.valueOf(vector));
        float[] range = range();
        if (threads != null) {
            resources.useThreads(threads);
        }
        Dataset dataset = resources.open(table.address());
        VectorColumn vectors = VectorScan.columnOf(dataset, column);
        VectorArgument queries = vectors.isMulti() ? given.asOne() : given;
        VectorQuery query = query(queries.vectors().getFirst(), range);
        List<String> columns = columns(dataset);
        List<Neighbor> rows = new ArrayList<>();
        List<Integer> queryOfRow = new ArrayList<>();
        List<List<Neighbor>> found = found(dataset, vectors, queries, query);
        for (int i = 0; i < found.size(); i++) {
            List<Neighbor> hits = found.get(i).stream().skip(offset).limit(k).toList();
            for (Neighbor hit : hits) {
                rows.add(hit);
                queryOfRow.add(i);
            }
        }
        Batch taken = dataset.take(rows.stream().mapToLong(Neighbor::rowAddress).toArray(), columns);
        Batch complete = withDistances(taken, rows, queries.isMatrix() ? queryOfRow : null);
        Rows.write(complete, complete.schema(), output, context, resources);
        return 0;
    }

    private VectorQuery query(float[] vector, float[] range) {
        return index.applyTo(VectorQuery.of(vector, (int) Math.min((long) k + offset, Integer.MAX_VALUE)))
                .withMetric(metric())
                .withRange(range[0], range[1]);
    }

    /// What each query finds, with the rows to be left out.
    private List<List<Neighbor>> found(
            Dataset dataset, VectorColumn vectors, VectorArgument queries, VectorQuery query) throws IOException {
        VectorScan scan = new VectorScan(
                dataset, vectors, Filters.predicate(filter, dataset.schema()), !postfilter);
        return scan.nearest(queries.vectors(), query);
    }

    private void check() {
        output.check();
        if (words != null) {
            throw UsageException.notAvailable("search by words");
        }
        if (vector == null) {
            throw new UsageException("--vector is needed");
        }
        if (k < 1 || offset < 0 || IndexOptions.isBelowOne(threads)) {
            throw new UsageException("-k and --threads are at least 1, --offset is not negative");
        }
        index.check();
    }

    private @Nullable DistanceType metric() {
        if (metric == null) {
            return null;
        }
        try {
            return DistanceType.fromCode(metric);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--metric: " + e.getMessage());
        }
    }

    private float[] range() {
        if (distanceRange == null) {
            return new float[] {Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY};
        }
        String[] ends = distanceRange.split(",", -1);
        try {
            if (ends.length == 2) {
                return new float[] {
                    ends[0].isBlank() ? Float.NEGATIVE_INFINITY : Float.parseFloat(ends[0].strip()),
                    ends[1].isBlank() ? Float.POSITIVE_INFINITY : Float.parseFloat(ends[1].strip())
                };
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new UsageException("--distance-range " + distanceRange + ": two numbers with a comma between them are needed");
    }

    private List<String> columns(Dataset dataset) {
        List<String> columns = new ArrayList<>();
        if (select == null) {
            dataset.schema().fields().forEach(field -> columns.add(field.name()));
        } else {
            ColumnList.names(select).stream().filter(name -> !name.equals(DISTANCE.name())).forEach(columns::add);
        }
        if (rowId) {
            columns.add(ScanOptions.ROW_ID);
        }
        return columns;
    }

    /// The rows with `query_index` first, if wanted, and `_distance` behind the table's columns.
    private static Batch withDistances(Batch taken, List<Neighbor> hits, @Nullable List<Integer> queryOfRow) {
        try {
            ColumnBuilder distances = ColumnBuilder.of(DISTANCE);
            hits.forEach(hit -> distances.append(hit.distance()));
            List<ColumnBuffers> columns = new ArrayList<>();
            if (queryOfRow != null) {
                ColumnBuilder queries = ColumnBuilder.of(QUERY_INDEX);
                queryOfRow.forEach(queries::append);
                columns.add(queries.build(taken.memory()));
            }
            for (ColumnBuffers column : taken.columns()) {
                if (!column.field().name().equals(ScanOptions.ROW_ID)) {
                    columns.add(column);
                }
            }
            columns.add(distances.build(taken.memory()));
            taken.columns().stream().filter(column -> column.field().name().equals(ScanOptions.ROW_ID)).forEach(columns::add);
            List<Field> fields = columns.stream().map(ColumnBuffers::field).toList();
            return new Batch(
                    new dev.joust.format.schema.Schema(fields, taken.schema().metadata()), hits.size(), columns, taken.memory());
        } catch (RuntimeException | Error e) {
            taken.close();
            throw e;
        }
    }
}
