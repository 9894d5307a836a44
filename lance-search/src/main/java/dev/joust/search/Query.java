// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.util.VectorSchemaRootAppender;
import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.batch.JsonText;
import dev.joust.index.DistanceType;
import dev.joust.search.internal.exec.QueryPlan;
import dev.joust.search.internal.exec.Unchecked;
import dev.joust.search.internal.rows.Records;

/// What to read of a table, and how to have it. Immutable: each step answers a new query, which may be run any number
/// of times, each time on the version that the table's handle sees then. Thread-safe.
///
/// Columns come in this order: those selected (all, if none are named), `_distance` (float32) of a vector search,
/// `_relevance_score` (float32) of one with a reranker, `_rowid` if wanted.
public final class Query {
    /// Rows that a vector search finds where no limit is set.
    public static final int DEFAULT_LIMIT = 10;

    private static final Set<String> OF_SEARCH = Set.of(QueryPlan.DISTANCE, QueryPlan.RELEVANCE, QueryPlan.ROW_ID);

    private final Table table;
    private final QueryPlan.Request request;

    private Query(Table table, QueryPlan.Request request) {
        this.table = table;
        this.request = request;
    }

    static Query of(Table table) {
        return new Query(table, QueryPlan.Request.ALL);
    }

    Query nearestTo(float[][] vectors) {
        return with(request.withVector(VectorQuery.of(vectors, DEFAULT_LIMIT)));
    }

    Query nearestToEach(List<float[]> vectors) {
        if (vectors.isEmpty()) {
            throw new IllegalArgumentException("a search has at least one vector");
        }
        List<float[]> others = vectors.stream().skip(1).map(float[]::clone).toList();
        Query first = nearestTo(vectors.getFirst());
        return first.with(first.request.withOthers(others));
    }

    Query nearestTo(String words, float[] vector) {
        return with(nearestTo(vector).request.withWords(words));
    }

    Query nearestTo(float[] vector) {
        return with(request.withVector(VectorQuery.of(vector, DEFAULT_LIMIT)));
    }

    private Query with(UnaryOperator<VectorQuery> change) {
        VectorQuery vector = request.vector();
        if (vector == null) {
            throw new IllegalArgumentException("a query without a vector has rows, none of which is nearer than others");
        }
        return with(request.withVector(change.apply(vector)));
    }

    private Query with(QueryPlan.Request changed) {
        return new Query(table, changed);
    }

    /// Only rows for which the condition is true; called again, for which all conditions are.
    ///
    /// @param parameters for the `?` of the condition, in order
    public Query where(String condition, Object... parameters) {
        List<QueryPlan.Condition> conditions = new ArrayList<>(request.conditions());
        conditions.add(new QueryPlan.Condition(condition, Arrays.asList(parameters)));
        return with(request.withConditions(conditions));
    }

    /// Rows at most.
    public Query limit(int rowCount) {
        return with(request.withLimit(atLeastZero(rowCount, "limit")));
    }

    /// Rows left out first.
    public Query offset(int rowCount) {
        return with(request.withOffset(atLeastZero(rowCount, "offset")));
    }

    private static int atLeastZero(int value, String name) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative: " + value);
        }
        return value;
    }

    /// How distance is measured; as the column's index does, or by L2 (of bytes without a sign, by the bits that differ), if not said. An index that measures otherwise is not
    /// used.
    public Query metric(DistanceType metric) {
        return with((VectorQuery vector) -> vector.withMetric(metric));
    }

    /// So many partitions of an index are looked at. If not said, as many as it takes.
    public Query nprobes(int count) {
        return with((VectorQuery vector) -> vector.withProbes(count, count));
    }

    /// At least `least` partitions of an index are looked at, and at most `most`; 0 for as many as it takes.
    public Query nprobes(int least, int most) {
        return with((VectorQuery vector) -> vector.withProbes(least, most));
    }

    /// Looks for `factor` times the rows by an index, and compares those by their vectors themselves: distances are exact.
    public Query refine(int factor) {
        if (factor < 1) {
            throw new IllegalArgumentException("a refine factor is at least 1, not " + factor);
        }
        return with((VectorQuery vector) -> vector.withRefineFactor(factor));
    }

    /// How many rows a search in a graph keeps in view; half as many again as are looked for, if not said.
    public Query ef(int rowCount) {
        return with((VectorQuery vector) -> vector.withEf(rowCount));
    }

    /// How many of the session's workers one search may use: 1 stays on the caller's thread, 0 (the default) takes as many
    /// as pay. A search of well under a millisecond stays on the caller's thread in any case.
    public Query threads(int count) {
        return with((VectorQuery vector) -> vector.withThreads(count));
    }

    /// Looks at every vector, whatever indices there are.
    public Query noIndex() {
        return with((VectorQuery vector) -> vector.withUseIndex(false));
    }

    /// Leaves out rows that no index covers.
    public Query fastSearch() {
        return with((VectorQuery vector) -> vector.withFastSearch(true));
    }

    /// Only rows at a distance from `lower` up to, not including, `upper`.
    public Query distanceRange(float lower, float upper) {
        return with((VectorQuery vector) -> vector.withRange(lower, upper));
    }

    /// As {@link #rerank(Reranker, String)}, with the words that are searched for ({@link Table#search(String)}), if it is
    /// words.
    public Query rerank(Reranker reranker) {
        return reranked(reranker, request.words());
    }

    /// Has the search find more rows than are answered ({@link #candidates}), and answers the most relevant of them: the
    /// order is that of `_relevance_score` (float32, behind `_distance`), greatest first, and so are the hits. Limit and
    /// offset count in that order.
    ///
    /// @param words what the reranker takes the rows to be searched for
    public Query rerank(Reranker reranker, String words) {
        return reranked(reranker, words);
    }

    private Query reranked(Reranker reranker, @Nullable String words) {
        QueryPlan.Reranking before = request.reranking();
        int candidateCount = before == null ? 0 : before.candidateCount();
        return with(request.withReranking(new QueryPlan.Reranking(reranker, words, candidateCount)));
    }

    /// How many rows a reranker chooses from; four times those that are answered and left out, if not said, and never
    /// fewer than those.
    public Query candidates(int rowCount) {
        QueryPlan.Reranking reranking = request.reranking();
        if (reranking == null) {
            throw new IllegalArgumentException("candidates are chosen from by a reranker, and the query has none: rerank(...) first");
        }
        if (rowCount < 1) {
            throw new IllegalArgumentException(rowCount + " candidates: at least 1");
        }
        return with(request.withReranking(new QueryPlan.Reranking(reranking.reranker(), reranking.words(), rowCount)));
    }

    /// How the query is done, a line for each step, and why an index is not used.
    public String explain() {
        return String.join("\n", Unchecked.io(() -> QueryPlan.explain(
                table.database().session(),
                table.dataset(),
                table.store().root(),
                table.database().options().dialect(),
                request)));
    }

    /// Rows in this order: `orderBy("score desc", "length(name)", "at nulls first")`. Ascending, and nulls last, where
    /// nothing else is said; rows of one place stay in the table's order. What decides the order is read of all rows,
    /// other columns of those that are answered.
    public Query orderBy(String... keys) {
        return with(request.withOrderBy(List.of(keys)));
    }

    /// Columns to answer: by name, or worked out, `select("id", "price * 2 as twice")`. With one that is worked out, or an
    /// {@link #orderBy}, they come in the order named.
    public Query select(String... columns) {
        return with(request.withColumns(List.of(columns)));
    }

    /// The vector column to search; needed where the table has several that fit.
    public Query column(String vectorColumn) {
        return with(request.withVectorColumn(vectorColumn));
    }

    /// Whether conditions decide which rows are looked at (true, the default: the nearest of those that qualify) or
    /// which of the nearest are answered.
    public Query prefilter(boolean before) {
        return with(request.withPrefilter(before));
    }

    /// Answers `_rowid`, too.
    public Query withRowId() {
        return with(request.withRowId(true));
    }

    /// The rows, batch by batch, JSON columns as they are stored: each batch is the caller's to close, and the reader
    /// too.
    public BatchReader batches() {
        return Unchecked.io(() -> QueryPlan.open(
                table.database().session(),
                table.dataset(),
                table.store().root(),
                table.database().options().dialect(),
                request));
    }

    /// As {@link #batches}, JSON columns as text.
    private BatchReader withJsonText() {
        return JsonText.decode(batches());
    }

    /// The rows as vectors of `allocator`, the caller's to close. JSON columns are strings with the extension `arrow.json`.
    public VectorSchemaRoot toArrow(BufferAllocator allocator) {
        return Unchecked.io(() -> {
            try (BatchReader reader = withJsonText()) {
                VectorSchemaRoot all = null;
                try {
                    for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                        try (Batch rows = batch) {
                            all = append(all, rows, allocator);
                        }
                    }
                    return all == null ? empty(reader, allocator) : all;
                } catch (IOException | RuntimeException | Error e) {
                    if (all != null) {
                        all.close();
                    }
                    throw e;
                }
            }
        });
    }

    private static VectorSchemaRoot append(
            @Nullable VectorSchemaRoot all, Batch rows, BufferAllocator allocator) {
        VectorSchemaRoot next = ArrowBatches.toArrow(rows, allocator);
        if (all == null) {
            return next;
        }
        try (next) {
            VectorSchemaRootAppender.append(all, next);
            return all;
        }
    }

    private VectorSchemaRoot empty(BatchReader reader, BufferAllocator allocator) {
        try (Batch none = QueryPlan.empty(reader.schema(), table.database().memory())) {
            return ArrowBatches.toArrow(none, allocator);
        }
    }

    /// The rows as maps from column to value (see {@link ColumnValues}), JSON as text.
    public List<Map<String, @Nullable Object>> toMaps() {
        return rows(this);
    }

    private static List<Map<String, @Nullable Object>> rows(Query query) {
        return Unchecked.io(() -> {
            List<Map<String, @Nullable Object>> rows = new ArrayList<>();
            try (BatchReader reader = query.withJsonText()) {
                for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                    try (Batch some = batch) {
                        rows.addAll(ColumnValues.rows(some));
                    }
                }
            }
            return rows;
        });
    }

    /// The rows as records of a class, whose components are columns; only those are read.
    public <T> List<T> toList(Class<T> type) {
        Records.Reader<T> reader = new Records.Reader<>(type);
        return rows(projected(reader)).stream().map(reader::read).toList();
    }

    private Query projected(Records.Reader<?> reader) {
        List<String> wanted = reader.columns();
        if (wanted == null || !request.columns().isEmpty()) {
            return this;
        }
        List<String> stored = wanted.stream()
                .filter(name -> !OF_SEARCH.contains(name))
                .toList();
        Query narrowed = stored.isEmpty() ? this : with(request.withColumns(stored));
        return wanted.contains(QueryPlan.ROW_ID) ? narrowed.withRowId() : narrowed;
    }

    /// What a vector search found, nearest (or most relevant) first: rows as records of a class.
    public <T> List<Hit<T>> hits(Class<T> type) {
        requireVector();
        Records.Reader<T> reader = new Records.Reader<>(type);
        return hits(projected(reader), reader);
    }

    /// What a vector search found, nearest (or most relevant) first: rows as maps, without `_distance` and
    /// `_relevance_score`.
    public List<Hit<Map<String, @Nullable Object>>> hits() {
        requireVector();
        List<Hit<Map<String, @Nullable Object>>> hits = new ArrayList<>();
        for (Map<String, @Nullable Object> row : rows(this)) {
            Object distance = row.remove(QueryPlan.DISTANCE);
            Object relevance = row.remove(QueryPlan.RELEVANCE);
            hits.add(new Hit<>(row, (Float) distance, relevance == null ? Float.NaN : (Float) relevance));
        }
        return hits;
    }

    private static <T> List<Hit<T>> hits(Query query, Records.Reader<T> reader) {
        List<Hit<T>> hits = new ArrayList<>();
        for (Map<String, @Nullable Object> row : rows(query)) {
            Object relevance = row.get(QueryPlan.RELEVANCE);
            hits.add(new Hit<>(
                    reader.read(row), (Float) row.get(QueryPlan.DISTANCE), relevance == null ? Float.NaN : (Float) relevance));
        }
        return hits;
    }

    private void requireVector() {
        if (request.vector() == null) {
            throw new IllegalArgumentException("hits come from a search; a query without a vector has rows: toList, toMaps");
        }
    }

    /// How many rows the query answers.
    public long count() {
        return Unchecked.io(() -> {
            long count = 0;
            try (BatchReader reader = batches()) {
                for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                    count += batch.rowCount();
                    batch.close();
                }
            }
            return count;
        });
    }
}
