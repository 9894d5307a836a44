// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.schema.Field;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.RowPredicate;
import dev.joust.index.Neighbor;
import dev.joust.index.VectorColumn;
import dev.joust.search.internal.exec.NearestSearch;

/// The rows of a version that are nearest to a vector, by address, for who takes what else they need of them. What
/// {@link Query} finds is found so.
public final class NearestRows {
    private final NearestSearch search;

    private NearestRows(NearestSearch search) {
        this.search = search;
    }

    /// @param column of vectors
    public static NearestRows of(Dataset dataset, Field column) {
        return of(dataset, VectorColumn.of(column));
    }

    /// As the other, of a column perhaps within structs.
    public static NearestRows of(Dataset dataset, VectorColumn column) {
        return new NearestRows(new NearestSearch(dataset.session(), dataset, dataset.uri(), column));
    }

    /// Whether an index would be used.
    public boolean usesIndex(VectorQuery query) throws IOException {
        return search.usesIndex(query);
    }

    /// The nearest rows that pass, nearest first.
    ///
    /// @param filter null for all rows
    /// @throws IllegalArgumentException if the column does not fit the query
    public List<Neighbor> find(VectorQuery query, @Nullable RowPredicate filter) throws IOException {
        return search.find(query, filter);
    }

    /// The nearest rows that pass, of each of several queries of one column.
    ///
    /// @param filter null for all rows
    public List<List<Neighbor>> find(List<VectorQuery> queries, @Nullable RowPredicate filter) throws IOException {
        return search.find(queries, filter);
    }

    /// How the search is done, a line for each step.
    public List<String> explain(VectorQuery query) throws IOException {
        return new ArrayList<>(search.explain(query));
    }
}
