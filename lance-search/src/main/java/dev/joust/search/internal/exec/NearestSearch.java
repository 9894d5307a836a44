// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.RowPredicate;
import dev.joust.index.DistanceType;
import dev.joust.index.FlatSearch;
import dev.joust.index.Neighbor;
import dev.joust.index.TopK;
import dev.joust.index.VectorColumn;
import dev.joust.index.VectorIndexSearch;
import dev.joust.io.Session;
import dev.joust.io.SharedWork;
import dev.joust.search.VectorQuery;

/// Finds the rows nearest to a vector: in the fragments that an index covers by the index, in the others by a look at every
/// vector (spec: index format A.4, B.9). Immutable, thread-safe.
public final class NearestSearch {
    /// So few rows are compared by their vectors themselves rather than looked for in an index that does it no better.
    private static final int FEW_ROWS = 1000;

    private final Session session;
    private final Dataset dataset;
    private final URI table;
    private final VectorColumn column;

    /// @param table where the table lies, to tell it from others in the session
    public NearestSearch(Session session, Dataset dataset, URI table, VectorColumn column) {
        this.session = session;
        this.dataset = dataset;
        this.table = table;
        this.column = column;
    }

    /// How a query is done.
    ///
    /// @param index null where every vector is looked at
    private record Plan(FlatSearch flat, @Nullable ColumnIndex index, List<Fragment> scanned, List<String> notes) {}

    private Plan plan(VectorQuery query) throws IOException {
        ColumnIndex index = query.useIndex() ? VectorIndices.of(session).of(dataset, column.field()) : null;
        DistanceType wanted = query.metric();
        boolean usable = index != null && index.name() != null && (wanted == null || wanted == index.metric());
        DistanceType metric = wanted != null ? wanted : usable ? index.metric() : column.element().defaultMetric();
        FlatSearch flat = FlatSearch.of(query.vector(), metric, query.k()).within(query.lower(), query.upper());
        flat.requireSearchable(column);
        List<Fragment> scanned = usable ? index.uncovered() : dataset.manifest().fragments();
        List<String> notes = index == null ? List.of() : new ArrayList<>(index.notes());
        if (index != null && index.name() != null && !usable) {
            notes.add("index '" + index.name() + "' is by " + index.metric().code() + ", the search by " + metric.code());
        }
        return new Plan(flat, usable ? index : null, query.fastSearch() ? List.of() : scanned, notes);
    }

    public boolean usesIndex(VectorQuery query) throws IOException {
        return plan(query).index != null;
    }

    /// How the search is done, a line for each step, and why not otherwise.
    public List<String> explain(VectorQuery query) throws IOException {
        Plan plan = plan(query);
        List<String> lines = new ArrayList<>();
        if (plan.index != null) {
            for (ColumnIndex.Segment segment : plan.index.segments()) {
                lines.add("index '" + plan.index.name() + "': " + segment.index());
            }
        }
        if (!plan.scanned.isEmpty()) {
            lines.add("every vector of " + plan.scanned.size() + " fragments, "
                    + plan.scanned.stream().mapToLong(Fragment::liveRowCount).sum() + " rows, by "
                    + plan.flat.type().code());
        }
        plan.notes.forEach(note -> lines.add("note: " + note));
        return lines;
    }

    /// The nearest rows, by address, nearest first.
    ///
    /// @param filter rows that may be found; null means all
    public List<Neighbor> find(VectorQuery query, @Nullable RowPredicate filter) throws IOException {
        return find(query, filter == null ? null : Scans.addresses(dataset, filter));
    }

    /// The nearest rows of each of several queries. What passes the filter is worked out once, and the session's workers
    /// share the queries.
    public List<List<Neighbor>> find(List<VectorQuery> queries, @Nullable RowPredicate filter) throws IOException {
        RowAddressSet passing = filter == null ? null : Scans.addresses(dataset, filter);
        List<List<Neighbor>> found = new ArrayList<>(Collections.nCopies(queries.size(), List.of()));
        if (queries.isEmpty()) {
            return found;
        }
        found.set(0, find(queries.getFirst(), passing)); // reads what all of them need
        boolean shared = queries.getFirst().threads() != 1;
        if (!shared) {
            for (int i = 1; i < queries.size(); i++) {
                found.set(i, find(queries.get(i), passing));
            }
            return found;
        }
        SharedWork.forEach(
                session,
                queries.size() - 1,
                i -> found.set(i + 1, find(queries.get(i + 1).withThreads(1), passing)));
        return found;
    }

    private List<Neighbor> find(VectorQuery query, @Nullable RowAddressSet passing) throws IOException {
        Plan plan = plan(query);
        if (passing != null && passing.isEmpty()) {
            return List.of();
        }
        if (plan.index == null) {
            return scan(plan, query, passing);
        }
        int candidates = query.k() * Math.max(1, query.refineFactor());
        boolean isExact = plan.index.isExact() && !column.isMulti();
        boolean exact = isExact || query.refineFactor() > 0 || !plan.scanned.isEmpty();
        if (passing != null && !query.fastSearch() && passing.size() <= (exact ? Math.max(FEW_ROWS, candidates) : candidates)) {
            return byVectors(plan.index, plan.flat, addresses(passing));
        }
        List<Neighbor> found = byIndex(plan.index, query, candidates, passing);
        if (query.refineFactor() > 0 || (!plan.scanned.isEmpty() && !isExact)) {
            found = byVectors(plan.index, plan.flat, found.stream().mapToLong(Neighbor::rowAddress).toArray());
        }
        return plan.scanned.isEmpty() ? found : merged(query.k(), found, scan(plan, query, passing));
    }

    private List<Neighbor> scan(Plan plan, VectorQuery query, @Nullable RowAddressSet passing) throws IOException {
        return plan.scanned.isEmpty()
                ? List.of()
                : new VectorSearch(session, dataset, table, column, plan.scanned)
                        .nearest(plan.flat, query.threads(), passing);
    }

    private List<Neighbor> byIndex(
            ColumnIndex index, VectorQuery query, int candidates, @Nullable RowAddressSet passing) throws IOException {
        List<VectorIndexSearch.Segment> segments = new ArrayList<>();
        for (ColumnIndex.Segment segment : index.segments()) {
            segments.add(new VectorIndexSearch.Segment(segment.index(), segment.rows().among(passing)));
        }
        long accepted = passing == null ? -1 : passing.size();
        List<Neighbor> found = column.isMulti()
                ? MultiVectorSearch.run(query, column.dimension(), segments, candidates, accepted)
                : new VectorIndexSearch(
                                query.k(),
                                candidates,
                                query.minimumProbes(),
                                query.maximumProbes(),
                                query.ef(),
                                query.threads(),
                                query.lower(),
                                query.upper())
                        .run(query.vector(), segments, accepted);
        if (!dataset.manifest().hasStableRowIds()) {
            return found;
        }
        var addresses = index.segments().getFirst().rows().addresses();
        return found.stream()
                .map(row -> new Neighbor(addresses.applyAsLong(row.rowAddress()), row.distance()))
                .toList();
    }

    /// The nearest of these rows, by their vectors.
    private List<Neighbor> byVectors(ColumnIndex index, FlatSearch flat, long[] addresses) throws IOException {
        if (addresses.length == 0) {
            return List.of();
        }
        FlatSearch.Collector collector = flat.newCollector(addresses.length);
        index.vectors().collect(session, dataset, column, addresses, collector);
        return FlatSearch.merge(List.of(collector));
    }

    private static long[] addresses(RowAddressSet rows) {
        long[] addresses = new long[Math.toIntExact(rows.size())];
        int count = 0;
        for (long fragment : rows.fragmentIds()) {
            for (long offset : rows.rowsOf(fragment).offsetsAscending()) {
                addresses[count++] = RowAddress.of(fragment, (int) offset);
            }
        }
        return addresses;
    }

    private static List<Neighbor> merged(int k, List<Neighbor> some, List<Neighbor> others) {
        TopK nearest = new TopK(k);
        some.forEach(row -> nearest.offer(row.distance(), row.rowAddress()));
        others.forEach(row -> nearest.offer(row.distance(), row.rowAddress()));
        return nearest.toSortedList();
    }
}
