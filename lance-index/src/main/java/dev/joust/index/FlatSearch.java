// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;
import java.util.List;
import java.util.function.LongPredicate;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;
import dev.joust.index.internal.kernel.DistanceKernels;
import dev.joust.index.internal.kernel.KernelChoice;
import dev.joust.index.internal.vector.ColumnDistances;

/// Exact nearest neighbours of one query: looks at every vector it is fed. Null vectors and distances that are NaN
/// are no results; of equally near rows the smaller address comes first.
///
///     var search = FlatSearch.of(query, DistanceType.L2, 10);
///     var collector = search.newCollector(rowCount);          // one per worker
///     collector.add(batch.column("vector"), firstRowAddress);  // any number of times
///     List<Neighbor> nearest = FlatSearch.merge(collectors);
///
/// Immutable and thread-safe; its collectors are not.
public final class FlatSearch {
    /// Four streams at least 128 KiB apart fill a block of this size.
    private static final int BLOCK_BYTES = 512 << 10;

    private static final int MIN_BLOCK_ROWS = 1 << 10;
    private static final int MAX_BLOCK_ROWS = 1 << 14;

    private final float[] query;
    private final DistanceType type;
    private final int k;
    private final @Nullable LongPredicate accepted;
    private final float lower;
    private final float upper;

    private FlatSearch(
            float[] query, DistanceType type, int k, @Nullable LongPredicate accepted, float lower, float upper) {
        if (query.length == 0) {
            throw new IllegalArgumentException("the query vector is empty");
        }
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1, not " + k);
        }
        this.query = query.clone();
        this.type = type;
        this.k = k;
        this.accepted = accepted;
        this.lower = lower;
        this.upper = upper;
    }

    /// A search among all rows.
    ///
    /// @param query of a column with several vectors a row, any number of vectors one after the other
    public static FlatSearch of(float[] query, DistanceType type, int k) {
        return new FlatSearch(query, type, k, null, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
    }

    /// The same search for rows at a distance from `newLower` up to, not including, `newUpper`; an infinite end is none.
    public FlatSearch within(float newLower, float newUpper) {
        return new FlatSearch(query, type, k, accepted, newLower, newUpper);
    }

    /// The same search among the rows whose address passes, as deletions and filters say. Asked only for rows that are
    /// near enough; from all threads that collect.
    public FlatSearch where(LongPredicate acceptedAddresses) {
        LongPredicate before = accepted;
        return new FlatSearch(
                query,
                type,
                k,
                before == null ? acceptedAddresses : address -> before.test(address) && acceptedAddresses.test(address),
                lower,
                upper);
    }

    public DistanceType type() {
        return type;
    }

    public int k() {
        return k;
    }

    /// Starts a collector, with the kernels that suit the work.
    ///
    /// @param expectedRowCount about how many rows the whole search looks at, over all its collectors
    public Collector newCollector(long expectedRowCount) {
        DistanceType floats = type == DistanceType.HAMMING ? DistanceType.L2 : type;
        return new Collector(
                this, KernelChoice.kernelsFor(floats, query.length, expectedRowCount), expectedRowCount);
    }

    /// The k nearest of all that the collectors have seen, nearest first.
    public static List<Neighbor> merge(Collection<Collector> collectors) {
        TopK nearest = null;
        for (Collector collector : collectors) {
            if (nearest == null) {
                nearest = new TopK(collector.search.k);
            }
            nearest.offerAll(collector.nearest);
        }
        return nearest == null ? List.of() : nearest.toSortedList();
    }

    /// Checks that the column can be searched: vectors, one a row or several, of the query's dimension and of elements that
    /// the metric compares.
    public void requireSearchable(Field field) {
        requireSearchable(VectorColumn.of(field));
    }

    /// As the other.
    public void requireSearchable(VectorColumn column) {
        column.require(type);
        column.queryCount(query.length);
    }

    /// The nearest rows of those one worker has seen. Not thread-safe.
    public static final class Collector {
        private final FlatSearch search;
        private final DistanceKernels kernels;
        private final TopK nearest;
        private final int blockRows;
        private final float[] distances;
        private final int[] candidates;
        private @Nullable Field plain;
        private @Nullable Field other;
        private @Nullable ColumnDistances otherDistances;

        private Collector(FlatSearch search, DistanceKernels kernels, long expectedRowCount) {
            this.search = search;
            this.kernels = kernels;
            this.nearest = new TopK(search.k);
            int mostRows = Math.clamp(BLOCK_BYTES / (4L * search.query.length), MIN_BLOCK_ROWS, MAX_BLOCK_ROWS);
            this.blockRows = Math.clamp(expectedRowCount, 1, mostRows);
            this.distances = new float[blockRows];
            this.candidates = new int[blockRows];
        }

        /// Looks at all rows of a vector column; row i has the address `firstRowAddress + i`.
        public void add(ColumnBuffers column, long firstRowAddress) {
            add(column, firstRowAddress, null);
        }

        /// Looks at all rows of a vector column.
        ///
        /// @param rowAddresses one per row
        public void add(ColumnBuffers column, long[] rowAddresses) {
            if (rowAddresses.length < column.rowCount()) {
                throw new IllegalArgumentException(
                        rowAddresses.length + " addresses for " + column.rowCount() + " rows");
            }
            add(column, 0, rowAddresses);
        }

        private void add(ColumnBuffers column, long firstRowAddress, long @Nullable [] rowAddresses) {
            ColumnDistances of = otherDistances(column);
            if (of == null) {
                add(vectorsOf(column), column.rowCount(), column.validity(), firstRowAddress, rowAddresses);
                return;
            }
            for (int start = 0; start < column.rowCount(); start += blockRows) {
                int count = Math.min(blockRows, column.rowCount() - start);
                of.of(column, start, count, distances);
                offer(start, count, null, firstRowAddress, rowAddresses);
            }
        }

        /// How to compare with vectors that are not plain 32-bit floats; null for those that are.
        @SuppressWarnings("ReferenceEquality")
        private @Nullable ColumnDistances otherDistances(ColumnBuffers column) {
            Field field = column.field();
            if (field != plain && field != other) { // most batches share one
                VectorColumn vectors = VectorColumn.of(field);
                search.requireSearchable(vectors);
                if (vectors.element() == VectorElement.FLOAT32 && !vectors.isMulti()) {
                    plain = field;
                } else {
                    other = field;
                    otherDistances = new ColumnDistances(vectors, search.type, search.query);
                }
            }
            boolean hasNullItems = field == plain && column.children().getFirst().nullCount() > 0;
            return hasNullItems
                    ? new ColumnDistances(VectorColumn.of(field), search.type, search.query)
                    : field == plain ? null : otherDistances;
        }

        /// Looks at `rowCount` vectors that follow each other in native or mapped memory (never of the heap: that
        /// would slow down every kernel of the process).
        ///
        /// @param vectors         `float32[rowCount * dimension]`, row-major, little-endian, of any alignment
        /// @param validity        bit per row, 1 = valid; null where all are
        /// @param firstRowAddress of row 0; the others follow, where `rowAddresses` is null
        /// @param rowAddresses    one per row, or null
        public void add(
                MemorySegment vectors,
                int rowCount,
                @Nullable MemorySegment validity,
                long firstRowAddress,
                long @Nullable [] rowAddresses) {
            if (!vectors.isNative()) {
                throw new IllegalArgumentException("vectors must lie in native memory");
            }
            long rowBytes = 4L * search.query.length;
            for (int start = 0; start < rowCount; start += blockRows) {
                int count = Math.min(blockRows, rowCount - start);
                kernels.distances(search.type, search.query, vectors, start * rowBytes, count, distances);
                offer(start, count, validity, firstRowAddress, rowAddresses);
            }
        }

        /// Offers the rows from `start` on, whose distances are known.
        private void offer(
                int start,
                int count,
                @Nullable MemorySegment validity,
                long firstRowAddress,
                long @Nullable [] rowAddresses) {
            int candidateCount = kernels.selectAtMost(distances, count, nearest.threshold(), candidates);
            for (int i = 0; i < candidateCount; i++) {
                int row = start + candidates[i];
                float distance = distances[candidates[i]];
                if (distance <= nearest.threshold() && isValid(validity, row)) {
                    offer(distance, rowAddresses == null ? firstRowAddress + row : rowAddresses[row]);
                }
            }
        }

        /// How many rows are kept now.
        public int size() {
            return nearest.size();
        }

        private void offer(float distance, long address) {
            LongPredicate accepted = search.accepted;
            boolean inside = distance >= search.lower && (distance < search.upper || search.upper == Float.POSITIVE_INFINITY);
            if (inside && (accepted == null || accepted.test(address))) {
                nearest.offer(distance, address);
            }
        }

        private MemorySegment vectorsOf(ColumnBuffers column) {
            MemorySegment values = column.children().getFirst().values();
            long neededBytes = 4L * search.query.length * column.rowCount();
            if (values == null || values.byteSize() < neededBytes) {
                throw new IllegalArgumentException("column '" + column.field().name() + "' holds fewer than "
                        + neededBytes + " bytes of vectors");
            }
            return values;
        }

        private static boolean isValid(@Nullable MemorySegment validity, int row) {
            return validity == null || (validity.get(ValueLayout.JAVA_BYTE, row >>> 3) >> (row & 7) & 1) != 0;
        }
    }
}
