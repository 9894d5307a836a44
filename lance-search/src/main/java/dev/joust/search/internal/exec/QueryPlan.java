// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.ScanOptions;
import dev.joust.index.Neighbor;
import dev.joust.index.VectorColumn;
import dev.joust.io.Session;
import dev.joust.search.Reranker;
import dev.joust.search.VectorQuery;
import dev.joust.search.expr.Dialect;
import dev.joust.search.expr.Expression;
import dev.joust.search.expr.ExpressionEvaluator;
import dev.joust.search.expr.ExpressionParser;
import dev.joust.search.expr.Projection;
import dev.joust.search.expr.RowOrder;
import dev.joust.search.internal.rows.RowBatches;

/// Carries a query out on one version of a table. A search looks at vectors and at what the filter needs; other
/// columns are taken for the rows it found and for no others.
public final class QueryPlan {
    public static final String DISTANCE = "_distance";
    /// Which of several queries a row is near to, from 0 on.
    public static final String QUERY_INDEX = "query_index";
    public static final String ROW_ID = ScanOptions.ROW_ID;
    /// How well a row fits the words, by a reranker; greater is better.
    public static final String RELEVANCE = "_relevance_score";
    static final int DEFAULT_LIMIT = 10;
    private static final Field DISTANCE_FIELD = Field.nullable(DISTANCE, new LogicalType.FloatingPoint(32));
    private static final Field QUERY_INDEX_FIELD = Field.required(QUERY_INDEX, new LogicalType.Int(32, true));
    private static final Field ROW_ID_FIELD = Field.nullable(ROW_ID, new LogicalType.Int(64, false));

    /// A filter and what its `?` stand for.
    public record Condition(String text, List<?> parameters) {}

    /// A second order of what a search found.
    ///
    /// @param words          what is searched for, null where the query is no words
    /// @param candidateCount how many rows the search finds for it; 0 for the default
    public record Reranking(Reranker reranker, @Nullable String words, int candidateCount) {
        /// Rows found for each row that is answered, if no number is set.
        private static final int DEFAULT_FACTOR = 4;

        /// How many rows the search finds of which so many are answered or left out.
        int candidates(int wanted) {
            return candidateCount > 0
                    ? Math.max(candidateCount, wanted)
                    : (int) Math.min(Integer.MAX_VALUE, (long) wanted * DEFAULT_FACTOR);
        }
    }

    /// What a query asks for.
    ///
    /// @param vector  null for a plain scan; how many rows it looks for is worked out from limit and offset
    /// @param others  vectors of further searches, alike but for that, whose rows are answered too, with what search a row
    ///                is of; null for a plain search
    /// @param columns empty for all; names, or expressions with ` as name`
    /// @param limit   -1 where none is set
    /// @param words   what was searched for, where that was words
    /// @param reranking null where the search's own order stays
    public record Request(
            @Nullable VectorQuery vector,
            @Nullable List<float[]> others,
            @Nullable String vectorColumn,
            List<Condition> conditions,
            boolean prefilter,
            List<String> columns,
            int limit,
            int offset,
            boolean withRowId,
            List<String> orderBy,
            @Nullable String words,
            @Nullable Reranking reranking) {
        public static final Request ALL =
                new Request(null, null, null, List.of(), true, List.of(), -1, 0, false, List.of(), null, null);

        public Request {
            others = others == null ? null : List.copyOf(others);
            conditions = List.copyOf(conditions);
            columns = List.copyOf(columns);
            orderBy = List.copyOf(orderBy);
        }

        public Request withVector(VectorQuery newVector) {
            return new Request(
                    newVector, others, vectorColumn, conditions, prefilter, columns, limit, offset, withRowId, orderBy, words, reranking);
        }

        public Request withOthers(List<float[]> newOthers) {
            return new Request(
                    vector, newOthers, vectorColumn, conditions, prefilter, columns, limit, offset, withRowId, orderBy, words, reranking);
        }

        public Request withVectorColumn(String newColumn) {
            return new Request(vector, others, newColumn, conditions, prefilter, columns, limit, offset, withRowId, orderBy, words, reranking);
        }

        public Request withConditions(List<Condition> newConditions) {
            return new Request(
                    vector, others, vectorColumn, newConditions, prefilter, columns, limit, offset, withRowId, orderBy, words, reranking);
        }

        public Request withPrefilter(boolean newPrefilter) {
            return new Request(
                    vector, others, vectorColumn, conditions, newPrefilter, columns, limit, offset, withRowId, orderBy, words, reranking);
        }

        public Request withColumns(List<String> newColumns) {
            return new Request(
                    vector, others, vectorColumn, conditions, prefilter, newColumns, limit, offset, withRowId, orderBy, words, reranking);
        }

        public Request withLimit(int newLimit) {
            return new Request(
                    vector, others, vectorColumn, conditions, prefilter, columns, newLimit, offset, withRowId, orderBy, words, reranking);
        }

        public Request withOffset(int newOffset) {
            return new Request(
                    vector, others, vectorColumn, conditions, prefilter, columns, limit, newOffset, withRowId, orderBy, words, reranking);
        }

        public Request withRowId(boolean newWithRowId) {
            return new Request(
                    vector, others, vectorColumn, conditions, prefilter, columns, limit, offset, newWithRowId, orderBy, words, reranking);
        }

        public Request withWords(String newWords) {
            return new Request(vector, others, vectorColumn, conditions, prefilter, columns, limit, offset, withRowId,
                    orderBy, newWords, reranking);
        }

        public Request withReranking(@Nullable Reranking newReranking) {
            return new Request(vector, others, vectorColumn, conditions, prefilter, columns, limit, offset, withRowId,
                    orderBy, words, newReranking);
        }

        public Request withOrderBy(List<String> newOrderBy) {
            return new Request(
                    vector, others, vectorColumn, conditions, prefilter, columns, limit, offset, withRowId, newOrderBy, words, reranking);
        }
    }

    private final Session session;
    private final Dataset dataset;
    private final URI table;
    private final Request request;
    private final @Nullable ExpressionEvaluator filter;
    private final Dialect dialect;
    private final List<String> columns;
    /// Null where columns are answered as they are stored.
    private final @Nullable Projection projection;
    private final BufferSources memory;

    private QueryPlan(Session session, Dataset dataset, URI table, Dialect dialect, Request request) {
        this.session = session;
        this.dataset = dataset;
        this.table = table;
        this.request = request;
        this.filter = filter(dataset, dialect, request.conditions());
        this.dialect = dialect;
        if (request.vector() != null && !request.orderBy().isEmpty()) {
            throw new IllegalArgumentException("a vector search answers the nearest rows first, in no other order");
        }
        this.projection = projection(dataset, dialect, request);
        this.columns = projection == null ? columns() : stored(projection.columns());
        this.memory = ArrowMemory.of(session);
    }

    /// The answer, as it is worked out.
    public static BatchReader open(Session session, Dataset dataset, URI table, Dialect dialect, Request request)
            throws IOException {
        if (request.reranking() != null) {
            return RerankedRows.open(session, dataset, table, dialect, request, request.reranking());
        }
        QueryPlan plan = new QueryPlan(session, dataset, table, dialect, request);
        return request.vector() == null ? plan.scan() : plan.search(request.vector());
    }

    private static @Nullable ExpressionEvaluator filter(
            Dataset dataset, Dialect dialect, List<Condition> conditions) {
        if (conditions.isEmpty()) {
            return null;
        }
        List<Expression> parsed = new ArrayList<>();
        Schema schema = ExpressionParser.columnsOf(dataset.schema());
        for (Condition condition : conditions) {
            parsed.add(ExpressionParser.parseFilter(condition.text(), schema, dialect, condition.parameters()));
        }
        return new ExpressionEvaluator(parsed.size() == 1 ? parsed.getFirst() : new Expression.And(parsed));
    }

    /// Columns of the table that are answered.
    private List<String> columns() {
        if (request.columns().isEmpty()) {
            return dataset.schema().fields().stream().map(Field::name).toList();
        }
        List<String> stored = new ArrayList<>();
        for (String name : request.columns()) {
            boolean isOfSearch = name.equals(DISTANCE) && request.vector() != null;
            boolean isOfReranker = name.equals(RELEVANCE) && request.reranking() != null;
            if (!isOfSearch && !isOfReranker && !name.equals(ROW_ID)) {
                stored.add(name);
            }
        }
        return dataset.schema().select(stored).fields().stream().map(Field::name).toList();
    }

    private boolean withRowId() {
        return request.withRowId() || request.columns().contains(ROW_ID);
    }

    /// What a plain scan works out; null where it answers columns by name, in the order of the table.
    private static @Nullable Projection projection(Dataset dataset, Dialect dialect, Request request) {
        if (request.vector() != null) {
            return null;
        }
        Schema schema = ExpressionParser.columnsOf(dataset.schema());
        boolean sorted = !request.orderBy().isEmpty();
        boolean computed = request.columns().stream().anyMatch(item -> !isStored(schema, item));
        if (!computed && !sorted) {
            return null;
        }
        List<Projection.Output> outputs = new ArrayList<>();
        List<String> items = request.columns().isEmpty()
                ? dataset.schema().fields().stream().map(Field::name).toList()
                : request.columns();
        for (String item : items) {
            Field whole = schema.field(item).orElse(null);
            outputs.add(
                    whole == null
                            ? ExpressionParser.parseOutput(item, schema, dialect)
                            : new Projection.Output(item, new Expression.Column(List.of(item), whole)));
        }
        if (request.withRowId() && !items.contains(ROW_ID)) {
            outputs.add(new Projection.Output(
                    ROW_ID, new Expression.Column(List.of(ROW_ID), schema.field(ROW_ID).orElseThrow())));
        }
        return Projection.of(outputs, dataset.schema().metadata());
    }

    /// A column, or the path of a field.
    private static boolean isStored(Schema schema, String item) {
        if (schema.field(item).isPresent() || item.equals(DISTANCE)) {
            return true;
        }
        try {
            schema.select(List.of(item));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// Those of the table itself: the others are asked for by other means.
    private static List<String> stored(List<String> names) {
        return names.stream().filter(name -> !ScanOptions.ROW_COLUMNS.contains(name)).toList();
    }

    private BatchReader scan() throws IOException {
        if (projection == null) {
            ScanOptions scan = ScanOptions.ALL
                    .withColumns(columns)
                    .withPredicate(filter)
                    .withOffset(request.offset())
                    .withLimit(request.limit());
            return dataset.scan(withRowId() ? scan.withRowIds() : scan);
        }
        BatchReader rows = request.orderBy().isEmpty()
                ? dataset.scan(ScanOptions.ALL
                        .withColumns(projection.columns())
                        .withPredicate(filter)
                        .withOffset(request.offset())
                        .withLimit(request.limit()))
                : SortedRows.open(
                        dataset,
                        filter,
                        RowOrder.parse(request.orderBy(), ExpressionParser.columnsOf(dataset.schema()), dialect),
                        request.offset(),
                        request.limit(),
                        projection.columns());
        return new ProjectedRows(rows, projection);
    }

    /// How the search is done, a line for each step.
    public static List<String> explain(
            Session session, Dataset dataset, URI table, Dialect dialect, Request request) throws IOException {
        QueryPlan plan = new QueryPlan(session, dataset, table, dialect, request);
        VectorQuery vector = request.vector();
        if (vector == null) {
            return List.of("scan of " + dataset.manifest().fragments().size() + " fragments");
        }
        List<String> lines = new ArrayList<>();
        Reranking reranking = request.reranking();
        if (reranking != null) {
            lines.add("of " + RerankedRows.candidates(request, reranking) + " rows, those most relevant by " + reranking.reranker());
        }
        lines.addAll(new NearestSearch(session, dataset, table, plan.vectorColumn(vector.vector().length)).explain(vector));
        return lines;
    }

    private BatchReader search(VectorQuery vector) throws IOException {
        VectorColumn column = vectorColumn(vector.vector().length);
        int limit = request.limit() < 0 ? DEFAULT_LIMIT : request.limit();
        if (limit > Integer.MAX_VALUE - request.offset()) {
            throw new IllegalArgumentException("limit " + limit + " and offset " + request.offset() + " are too large");
        }
        VectorQuery query = vector.withK(Math.max(1, limit + request.offset()));
        NearestSearch search = new NearestSearch(session, dataset, table, column);
        ExpressionEvaluator first = request.prefilter() ? filter : null;
        List<float[]> others = request.others();
        List<List<Neighbor>> found = others == null
                ? List.of(search.find(query, first))
                : search.find(all(query, others), first);
        Batch answer = request.prefilter() || filter == null ? answer(found, limit) : filtered(filter, found, limit);
        return RowBatches.of(answer.schema(), List.of(answer));
    }

    private static List<VectorQuery> all(VectorQuery first, List<float[]> others) {
        List<VectorQuery> queries = new ArrayList<>(List.of(first));
        for (float[] other : others) {
            if (other.length != first.vector().length) {
                throw new IllegalArgumentException("a query vector has " + other.length + " elements, the first one "
                        + first.vector().length);
            }
            queries.add(first.withVector(other));
        }
        return queries;
    }

    /// Rows of each query from the offset on, up to the limit: those alone are read.
    private Batch answer(List<List<Neighbor>> found, int limit) throws IOException {
        List<Neighbor> answered = new ArrayList<>();
        int[] ends = new int[found.size()];
        for (int i = 0; i < ends.length; i++) {
            List<Neighbor> nearest = found.get(i);
            int from = Math.min(request.offset(), nearest.size());
            answered.addAll(nearest.subList(from, Math.min(nearest.size(), from + limit)));
            ends[i] = answered.size();
        }
        return projected(take(answered, ends));
    }

    /// The same of those rows that pass.
    private Batch filtered(ExpressionEvaluator after, List<List<Neighbor>> found, int limit) throws IOException {
        List<Neighbor> looked = new ArrayList<>();
        int[] ends = new int[found.size()];
        for (int i = 0; i < ends.length; i++) {
            looked.addAll(limit + request.offset() == 0 ? List.of() : found.get(i));
            ends[i] = looked.size();
        }
        try (Batch rows = take(looked, ends)) {
            BitSet passing = after.select(rows);
            IntStream answered = IntStream.empty();
            for (int i = 0; i < ends.length; i++) {
                int start = i == 0 ? 0 : ends[i - 1];
                IntStream ofQuery = passing.get(start, ends[i]).stream();
                answered = IntStream.concat(
                        answered, ofQuery.skip(request.offset()).limit(limit).map(row -> start + row));
            }
            return Columns.take(projected(rows), answered.toArray(), memory);
        }
    }

    /// The rows with their distances, and all columns that are answered or looked at.
    ///
    /// @param ends of each query's rows
    private Batch take(List<Neighbor> nearest, int[] ends) throws IOException {
        Set<String> names = new LinkedHashSet<>(columns);
        if (filter != null && !request.prefilter()) {
            names.addAll(filter.columns());
        }
        if (withRowId()) {
            names.remove(ROW_ID);
            names.add(ROW_ID);
        }
        long[] addresses = new long[nearest.size()];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = nearest.get(i).rowAddress();
        }
        boolean isKnown = names.isEmpty()
                || (names.size() == 1 && names.contains(ROW_ID) && !dataset.manifest().hasStableRowIds());
        Batch rows = isKnown ? known(!names.isEmpty(), addresses) : dataset.take(addresses, List.copyOf(names));
        try {
            MemorySegment values = rows.memory().allocate(Math.max(4, 4L * addresses.length));
            for (int i = 0; i < addresses.length; i++) {
                values.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, nearest.get(i).distance());
            }
            List<ColumnBuffers> all = new ArrayList<>(rows.columns());
            all.add(new ColumnBuffers(DISTANCE_FIELD, addresses.length, 0, null, null, values, List.of()));
            if (request.others() != null) {
                all.add(queryIndices(ends, addresses.length, rows.memory()));
            }
            return batch(all, rows);
        } catch (RuntimeException | Error e) {
            rows.close();
            throw e;
        }
    }

    private static ColumnBuffers queryIndices(int[] ends, int rowCount, BufferSource memory) {
        MemorySegment values = memory.allocate(Math.max(4, 4L * rowCount));
        int row = 0;
        for (int query = 0; query < ends.length; query++) {
            for (; row < ends[query]; row++) {
                values.set(ValueLayout.JAVA_INT_UNALIGNED, 4L * row, query);
            }
        }
        return new ColumnBuffers(QUERY_INDEX_FIELD, rowCount, 0, null, null, values, List.of());
    }

    private static Batch batch(List<ColumnBuffers> columns, Batch rows) {
        List<Field> fields = new ArrayList<>(columns.size());
        for (ColumnBuffers column : columns) {
            fields.add(column.field());
        }
        return new Batch(new Schema(fields, rows.schema().metadata()), rows.rowCount(), columns, rows.memory());
    }

    /// Rows of which nothing has to be read.
    private Batch known(boolean withRowId, long[] addresses) {
        BufferSource source = memory.open();
        List<ColumnBuffers> columns = List.of();
        List<Field> fields = List.of();
        if (withRowId) {
            MemorySegment values = source.allocate(Math.max(8, 8L * addresses.length));
            MemorySegment.copy(addresses, 0, values, ValueLayout.JAVA_LONG_UNALIGNED, 0, addresses.length);
            columns = List.of(new ColumnBuffers(ROW_ID_FIELD, addresses.length, 0, null, null, values, List.of()));
            fields = List.of(ROW_ID_FIELD);
        }
        return new Batch(new Schema(fields, dataset.schema().metadata()), addresses.length, columns, source);
    }

    /// The columns answered, in their order; shares the memory, and is closed instead.
    private Batch projected(Batch found) {
        List<ColumnBuffers> answered = new ArrayList<>();
        if (request.others() != null) {
            answered.add(found.column(QUERY_INDEX));
        }
        for (String name : columns) {
            answered.add(found.column(name));
        }
        answered.add(found.column(DISTANCE));
        if (withRowId()) {
            answered.add(found.column(ROW_ID));
        }
        return batch(answered, found);
    }

    private VectorColumn vectorColumn(int length) {
        String named = request.vectorColumn();
        if (named != null) {
            return VectorColumn.of(dataset.schema(), named);
        }
        List<VectorColumn> vectors = dataset.schema().fields().stream()
                .filter(VectorColumn::isVectors)
                .map(VectorColumn::of)
                .toList();
        List<VectorColumn> fitting = fitting(vectors, length);
        if (fitting.size() == 1) {
            return fitting.getFirst();
        }
        if (vectors.isEmpty()) {
            throw new IllegalArgumentException("the table has no vector column (a fixed-size list of numbers) at its top; it has "
                    + dataset.schema().fields().stream().map(Field::name).toList());
        }
        List<String> names = vectors.stream()
                .map(column -> column.name() + " (" + column.dimension() + ")")
                .toList();
        throw new IllegalArgumentException(
                fitting.isEmpty()
                        ? "the query vector has " + length + " elements; vector columns are " + names
                        : "several vector columns fit, name one: " + names);
    }

    /// Columns that a query may be meant for: those of floats and one vector a row come before others.
    private static List<VectorColumn> fitting(List<VectorColumn> vectors, int length) {
        List<VectorColumn> single = vectors.stream()
                .filter(column -> !column.isMulti() && column.dimension() == length)
                .toList();
        List<VectorColumn> floats = single.stream()
                .filter(column -> column.element().type() instanceof LogicalType.FloatingPoint)
                .toList();
        List<VectorColumn> fitting = floats.isEmpty() ? single : floats;
        return fitting.isEmpty()
                ? vectors.stream()
                        .filter(column -> column.isMulti() && length % column.dimension() == 0)
                        .toList()
                : fitting;
    }

    /// A batch without rows.
    public static Batch empty(Schema schema, BufferSources memory) {
        BufferSource source = memory.open();
        return new Batch(
                schema,
                0,
                schema.fields().stream().map(field -> Columns.allNull(field, 0, source)).toList(),
                source);
    }
}
