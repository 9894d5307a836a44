// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.RowPredicate;
import dev.joust.format.table.ScanOptions;
import dev.joust.index.DistanceType;
import dev.joust.index.FlatSearch;
import dev.joust.index.Neighbor;
import dev.joust.index.VectorColumn;
import dev.joust.search.NearestRows;
import dev.joust.search.VectorQuery;

/// Nearest rows of several queries: by the column's index, or in one pass over a table.
///
/// @param column    the vector column
/// @param predicate rows that count; null means all
/// @param prefilter whether the predicate comes before the search, or thins out its results
record VectorScan(Dataset dataset, VectorColumn column, @Nullable RowPredicate predicate, boolean prefilter) {
    /// The vector column named, by its path, or the only one there is.
    static VectorColumn columnOf(Dataset dataset, @Nullable String name) {
        if (name != null) {
            return VectorColumn.of(dataset.schema(), name);
        }
        List<VectorColumn> vectors = dataset.schema().fields().stream()
                .filter(VectorColumn::isVectors)
                .map(VectorColumn::of)
                .toList();
        if (vectors.size() != 1) {
            throw new IllegalArgumentException(vectors.isEmpty()
                    ? "the table has no vector column"
                    : "the table has several vector columns, choose by -c: "
                            + String.join(", ", vectors.stream().map(VectorColumn::name).toList()));
        }
        return vectors.getFirst();
    }

    /// The nearest rows of each query, nearest first.
    ///
    /// @param query what each of them asks for
    List<List<Neighbor>> nearest(List<float[]> vectors, VectorQuery query) throws IOException {
        NearestRows rows = NearestRows.of(dataset, column);
        List<List<Neighbor>> found = new ArrayList<>();
        if (vectors.size() == 1 || rows.usesIndex(query) || query.fastSearch()) {
            List<VectorQuery> queries = vectors.stream().map(query::withVector).toList();
            for (List<Neighbor> neighbors : rows.find(queries, prefilter ? predicate : null)) {
                found.add(postfilter(neighbors));
            }
            return found;
        }
        for (List<Neighbor> neighbors : inOnePass(vectors, query)) {
            found.add(postfilter(neighbors));
        }
        return found;
    }

    private List<List<Neighbor>> inOnePass(List<float[]> vectors, VectorQuery query) throws IOException {
        DistanceType metric = query.metric() == null ? column.element().defaultMetric() : query.metric();
        List<FlatSearch.Collector> collectors = new ArrayList<>();
        for (float[] vector : vectors) {
            FlatSearch search = FlatSearch.of(vector, metric, query.k()).within(query.lower(), query.upper());
            search.requireSearchable(column);
            collectors.add(search.newCollector(dataset.countRows()));
        }
        ScanOptions options = ScanOptions.ALL.withColumns(column.path()).withRowAddresses();
        if (prefilter) {
            options = options.withPredicate(predicate);
        }
        try (BatchReader reader = dataset.scan(options)) {
            while (true) {
                try (Batch batch = reader.next()) {
                    if (batch == null) {
                        break;
                    }
                    ColumnBuffers addresses = batch.column(ScanOptions.ROW_ADDRESS);
                    long[] rowAddresses = new long[batch.rowCount()];
                    for (int row = 0; row < rowAddresses.length; row++) {
                        rowAddresses[row] = Addresses.at(addresses, row);
                    }
                    ColumnBuffers rows = column.in(batch);
                    for (FlatSearch.Collector collector : collectors) {
                        collector.add(rows, rowAddresses);
                    }
                }
            }
        }
        return collectors.stream().map(collector -> FlatSearch.merge(List.of(collector))).toList();
    }

    private List<Neighbor> postfilter(List<Neighbor> neighbors) throws IOException {
        if (predicate == null || prefilter || neighbors.isEmpty()) {
            return neighbors;
        }
        List<String> columns = predicate.columns().isEmpty() ? List.of(column.path()) : List.copyOf(predicate.columns());
        BitSet passing;
        try (Batch rows = dataset.take(neighbors.stream().mapToLong(Neighbor::rowAddress).toArray(), columns)) {
            passing = predicate.select(rows);
        }
        return passing.stream().mapToObj(neighbors::get).toList();
    }
}
