// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.file.FixedRows;
import dev.joust.format.schema.Field;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.RowAddress;
import dev.joust.index.FlatSearch;
import dev.joust.index.VectorColumn;
import dev.joust.io.Session;

/// Looks at the vectors of single rows of one version: those that an index proposed. In local files they are where the
/// row's number says; others are taken, all in one round. Keeps where they are from query to query. Thread-safe.
final class CandidateVectors {
    /// So much is copied at a time: what fits in the cache next to the processor.
    private static final long CHUNK_BYTES = 96 << 10;

    private final ConcurrentMap<Integer, Optional<FixedRows>> fragments = new ConcurrentHashMap<>();

    /// Feeds the vectors of these rows, which are live, to a collector.
    void collect(Session session, Dataset dataset, VectorColumn column, long[] addresses, FlatSearch.Collector collector)
            throws IOException {
        long[] others = column.steps().size() > 1 || column.isMulti()
                ? addresses
                : collectFixed(session, dataset, column, addresses, collector);
        if (others.length > 0) {
            try (Batch rows = dataset.take(others, List.of(column.path()))) {
                collector.add(column.in(rows), others);
            }
        }
    }

    /// Feeds the rows that lie where their number says, and answers the others.
    private long[] collectFixed(
            Session session, Dataset dataset, VectorColumn column, long[] addresses, FlatSearch.Collector collector)
            throws IOException {
        long rowBytes = (long) column.dimension() * column.element().widthBytes();
        int chunkRows = Math.clamp(CHUNK_BYTES / rowBytes, 1, Math.max(1, addresses.length));
        long[] others = new long[addresses.length];
        int otherCount = 0;
        try (BufferSource memory = ArrowMemory.of(session).open()) {
            MemorySegment chunk = memory.allocate(rowBytes * chunkRows);
            long[] inChunk = new long[chunkRows];
            int filled = 0;
            for (long address : addresses) {
                FixedRows rows = rows(dataset, column.field(), RowAddress.fragmentId(address));
                if (rows == null || rows.valueBytes() != rowBytes) {
                    others[otherCount++] = address;
                } else if (rows.copy(Integer.toUnsignedLong(RowAddress.rowOffset(address)), chunk, rowBytes * filled)) {
                    inChunk[filled++] = address;
                }
                if (filled == chunkRows) {
                    collector.add(vectors(column, chunk, filled), inChunk);
                    filled = 0;
                }
            }
            if (filled > 0) {
                collector.add(vectors(column, chunk, filled), inChunk);
            }
        }
        return otherCount == others.length ? others : java.util.Arrays.copyOf(others, otherCount);
    }

    private static ColumnBuffers vectors(VectorColumn column, MemorySegment values, int rowCount) {
        ColumnBuffers items = new ColumnBuffers(
                Columns.itemField(column.field()), rowCount * column.dimension(), 0, null, null, values, List.of());
        return new ColumnBuffers(column.field(), rowCount, 0, null, null, null, List.of(items));
    }

    private @Nullable FixedRows rows(Dataset dataset, Field column, int fragmentId) throws IOException {
        Optional<FixedRows> known = fragments.get(fragmentId);
        if (known == null) {
            Optional<Fragment> fragment = dataset.manifest().fragment(Integer.toUnsignedLong(fragmentId));
            known = fragment.isEmpty()
                    ? Optional.empty()
                    : Optional.ofNullable(dataset.fixedRows(fragment.get(), column));
            fragments.put(fragmentId, known);
        }
        return known.orElse(null);
    }
}
