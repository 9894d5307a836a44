// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.io.Session;
import dev.joust.search.Hit;
import dev.joust.search.Reranker;
import dev.joust.search.expr.Dialect;
import dev.joust.search.internal.exec.QueryPlan.Request;
import dev.joust.search.internal.exec.QueryPlan.Reranking;
import dev.joust.search.internal.rows.RowBatches;

/// A search that finds more rows than are asked for, has a {@link Reranker} say how relevant each is, and answers the
/// most relevant: `_relevance_score` (float32) follows `_distance`, and the order is by it. Rows that are alike stay in
/// the search's order. Only candidates' columns are read.
final class RerankedRows {
    private static final Field RELEVANCE = Field.nullable(QueryPlan.RELEVANCE, new LogicalType.FloatingPoint(32));

    private RerankedRows() {}

    static BatchReader open(
            Session session, Dataset dataset, URI table, Dialect dialect, Request request, Reranking reranking)
            throws IOException {
        if (request.vector() == null || request.others() != null) {
            throw new IllegalArgumentException(request.others() == null
                    ? "a reranker puts what a search found in order; a query without a vector finds nothing"
                    : "a reranker takes the rows of one search, not of several");
        }
        List<String> ofReranker = reranking.reranker().columns();
        for (String name : ofReranker) {
            if (dataset.schema().field(name).isEmpty()) {
                throw new IllegalArgumentException("the table has no column '" + name + "', which the reranker reads; it has "
                        + dataset.schema().fields().stream().map(Field::name).toList());
            }
        }
        Request candidates = request.withReranking(null)
                .withOffset(0)
                .withLimit(candidates(request, reranking))
                .withColumns(columns(request, ofReranker));
        List<String> answered = answered(dataset.schema(), request);
        try (BatchReader found = QueryPlan.open(session, dataset, table, dialect, candidates);
                Batch rows = rows(found, session)) {
            float[] scores = scores(reranking, ofReranker, rows);
            BufferSource memory = ArrowMemory.of(session).open();
            try {
                Batch batch = answer(rows, scores, best(scores, request), answered, memory);
                return RowBatches.of(batch.schema(), List.of(batch));
            } catch (RuntimeException | Error e) {
                memory.close();
                throw e;
            }
        }
    }

    /// A search answers one batch, and none without rows.
    private static Batch rows(BatchReader found, Session session) throws IOException {
        Batch rows = found.next();
        return rows == null ? QueryPlan.empty(found.schema(), ArrowMemory.of(session)) : rows;
    }

    private static int limit(Request request) {
        return request.limit() < 0 ? QueryPlan.DEFAULT_LIMIT : request.limit();
    }

    /// How many rows are looked for.
    static int candidates(Request request, Reranking reranking) {
        long wanted = (long) limit(request) + request.offset();
        if (wanted > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("limit " + limit(request) + " and offset " + request.offset() + " are too large");
        }
        return limit(request) == 0 ? 0 : reranking.candidates((int) wanted);
    }

    /// What is read of each candidate; all columns, if none are named.
    private static List<String> columns(Request request, List<String> ofReranker) {
        if (request.columns().isEmpty()) {
            return List.of();
        }
        Set<String> names = new LinkedHashSet<>(request.columns());
        names.remove(QueryPlan.RELEVANCE);
        names.addAll(ofReranker);
        // None named would mean all
        return names.isEmpty() ? List.of(QueryPlan.DISTANCE) : List.copyOf(names);
    }

    /// Columns of the table that are answered, in its order.
    private static List<String> answered(Schema schema, Request request) {
        if (request.columns().isEmpty()) {
            return schema.fields().stream().map(Field::name).toList();
        }
        Set<String> ofSearch = Set.of(QueryPlan.DISTANCE, QueryPlan.RELEVANCE, QueryPlan.ROW_ID);
        return schema.select(request.columns().stream().filter(name -> !ofSearch.contains(name)).toList())
                .fields().stream().map(Field::name).toList();
    }

    private static float[] scores(Reranking reranking, List<String> columns, Batch rows) throws IOException {
        if (rows.rowCount() == 0) {
            return new float[0];
        }
        List<Hit<Map<String, @Nullable Object>>> candidates = hits(columns, rows);
        float[] scores = reranking.reranker().scores(reranking.words(), candidates);
        if (scores.length != candidates.size()) {
            throw new IllegalStateException("the reranker " + reranking.reranker() + " gave " + scores.length
                    + " scores for " + candidates.size() + " rows");
        }
        return scores;
    }

    private static List<Hit<Map<String, @Nullable Object>>> hits(List<String> columns, Batch rows) throws IOException {
        List<ColumnBuffers> read = new ArrayList<>();
        columns.forEach(name -> read.add(rows.column(name)));
        ColumnBuffers distances = rows.column(QueryPlan.DISTANCE);
        List<Hit<Map<String, @Nullable Object>>> hits = new ArrayList<>(rows.rowCount());
        List<Map<String, @Nullable Object>> values = ColumnValues.rows(view(read, rows));
        for (int i = 0; i < values.size(); i++) {
            Object distance = ColumnValues.get(distances, i);
            hits.add(new Hit<>(values.get(i), distance == null ? Float.NaN : (float) distance));
        }
        return hits;
    }

    /// Some columns of a batch, which stays the owner of their memory.
    private static Batch view(List<ColumnBuffers> columns, Batch rows) {
        return Batch.of(rows.rowCount(), columns, rows.memory());
    }

    /// The rows answered, most relevant first; those of no relevance (not a number) last.
    private static int[] best(float[] scores, Request request) {
        Comparator<Integer> byScore = Comparator.comparing(
                (Integer row) -> Float.isNaN(scores[row]) ? Float.NEGATIVE_INFINITY : scores[row], Comparator.reverseOrder());
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(byScore)
                .skip(request.offset())
                .limit(limit(request))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static Batch answer(Batch rows, float[] scores, int[] order, List<String> answered, BufferSource memory) {
        List<ColumnBuffers> columns = new ArrayList<>();
        for (String name : answered) {
            columns.add(Columns.take(rows.column(name), order, memory));
        }
        columns.add(Columns.take(rows.column(QueryPlan.DISTANCE), order, memory));
        MemorySegment relevance = memory.allocate(Math.max(4, 4L * order.length));
        for (int i = 0; i < order.length; i++) {
            relevance.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, scores[order[i]]);
        }
        columns.add(new ColumnBuffers(RELEVANCE, order.length, 0, null, null, relevance, List.of()));
        if (rows.schema().field(QueryPlan.ROW_ID).isPresent()) {
            columns.add(Columns.take(rows.column(QueryPlan.ROW_ID), order, memory));
        }
        Schema schema = new Schema(columns.stream().map(ColumnBuffers::field).toList(), rows.schema().metadata());
        return new Batch(schema, order.length, columns, memory);
    }
}
