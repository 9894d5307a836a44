// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.write;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;

/// The rows of one call, ready to be committed with those of others: few rows as batches that were checked against the
/// table, many as fragments of their own. Close it. Not thread-safe.
final class Addition implements AutoCloseable {
    /// Rows that take more than this are written by the call that has them.
    static final long MAX_SHARED_BYTES = 1 << 20;

    /// The version whose columns the rows have.
    private final Dataset base;
    private final Schema schema;
    private final List<Batch> batches = new ArrayList<>();
    private final List<Fragment> fragments = new ArrayList<>();

    private Addition(Dataset base, Schema schema) {
        this.base = base;
        this.schema = schema;
    }

    /// Reads all rows. What is wrong with them is found here, on their caller's thread.
    ///
    /// @param rows closed here
    /// @throws IllegalArgumentException if a column does not fit the table's
    static Addition of(Dataset base, BatchReader rows) throws IOException {
        try (rows) {
            Addition addition = new Addition(base, base.writtenSchema(rows.schema()));
            try {
                addition.read(rows);
                return addition;
            } catch (IOException | RuntimeException | Error e) {
                addition.close();
                throw e;
            }
        }
    }

    private void read(BatchReader rows) throws IOException {
        long sizeBytes = 0;
        for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
            batches.add(batch);
            base.checkRows(batch);
            sizeBytes += batch.columns().stream().mapToLong(Addition::sizeBytes).sum();
            if (sizeBytes > MAX_SHARED_BYTES) {
                Deque<Batch> first = new ArrayDeque<>(batches);
                batches.clear();
                fragments.addAll(base.writeFragments(new Chained(rows, first)));
                return;
            }
        }
    }

    private static long sizeBytes(ColumnBuffers column) {
        return size(column.values())
                + size(column.offsets())
                + size(column.validity())
                + column.children().stream().mapToLong(Addition::sizeBytes).sum();
    }

    private static long size(@Nullable MemorySegment buffer) {
        return buffer == null ? 0 : buffer.byteSize();
    }

    Dataset base() {
        return base;
    }

    /// Columns of the rows, as the table has them.
    Schema schema() {
        return schema;
    }

    /// Fragments that the call has written by itself.
    List<Fragment> fragments() {
        return fragments;
    }

    boolean hasBatches() {
        return !batches.isEmpty();
    }

    /// The batches of several additions with the same columns, one after the other. They stay theirs.
    static BatchReader batchesOf(List<Addition> additions) {
        Deque<Batch> left = new ArrayDeque<>();
        for (Addition addition : additions) {
            for (Batch batch : addition.batches) {
                left.add(new Batch(batch.schema(), batch.rowCount(), batch.columns(), new Borrowed(batch.memory())));
            }
        }
        return new Given(additions.getFirst().batches.getFirst().schema(), left);
    }

    @Override
    public void close() {
        batches.forEach(Batch::close);
        batches.clear();
    }

    /// Memory that somebody else closes.
    private record Borrowed(BufferSource owned) implements BufferSource {
        @Override
        public MemorySegment allocate(long sizeBytes) {
            return owned.allocate(sizeBytes);
        }

        @Override
        public void close() {}
    }

    private record Given(Schema schema, Deque<Batch> left) implements BatchReader {
        @Override
        public @Nullable Batch next() {
            return left.poll();
        }

        @Override
        public void close() {
            left.forEach(Batch::close);
            left.clear();
        }
    }

    /// Batches that were read already, then the others. The reader stays its owner's.
    private record Chained(BatchReader rows, Deque<Batch> first) implements BatchReader {
        @Override
        public Schema schema() {
            return rows.schema();
        }

        @Override
        public @Nullable Batch next() throws IOException {
            Batch batch = first.poll();
            return batch == null ? rows.next() : batch;
        }

        @Override
        public void close() {
            first.forEach(Batch::close);
            first.clear();
        }
    }
}
