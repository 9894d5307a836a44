// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.ArrowIpc;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.search.internal.rows.RowBatches;

/// The rows of a merge's source, which are read several times: kept in memory while they are few, in a temporary file
/// of this machine where they are many. Close it. Not thread-safe.
public final class MergeSource implements AutoCloseable {
    private final Schema schema;
    private final ArrowMemory memory;
    private final List<Batch> batches = new ArrayList<>();
    private @Nullable Path file;

    private MergeSource(Schema schema, ArrowMemory memory) {
        this.schema = schema;
        this.memory = memory;
    }

    /// Reads all rows.
    ///
    /// @param rows          of some columns of the table; closed here
    /// @param memoryBytes   bytes of rows that stay in memory
    public static MergeSource of(BatchReader rows, ArrowMemory memory, long memoryBytes) throws IOException {
        MergeSource source = new MergeSource(rows.schema(), memory);
        try (rows) {
            source.fill(rows, memoryBytes);
            return source;
        } catch (IOException | RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    private void fill(BatchReader rows, long memoryBytes) throws IOException {
        long bytes = 0;
        for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
            batches.add(batch);
            bytes += batch.columns().stream().mapToLong(MergeSource::sizeBytes).sum();
            if (bytes > memoryBytes) {
                spill(rows);
                return;
            }
        }
    }

    private void spill(BatchReader rows) throws IOException {
        file = Files.createTempFile("joust-merge-", ".arrows");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
                ArrowIpc.Writer writer = ArrowIpc.writeStream(out, memory)) {
            for (Batch batch : batches) {
                try (batch) {
                    writer.write(batch);
                }
            }
            batches.clear();
            while (true) {
                try (Batch batch = rows.next()) {
                    if (batch == null) {
                        return;
                    }
                    writer.write(batch);
                }
            }
        }
    }

    private static long sizeBytes(ColumnBuffers column) {
        return size(column.values())
                + size(column.offsets())
                + size(column.validity())
                + column.children().stream().mapToLong(MergeSource::sizeBytes).sum();
    }

    private static long size(@Nullable MemorySegment buffer) {
        return buffer == null ? 0 : buffer.byteSize();
    }

    Schema schema() {
        return schema;
    }

    boolean has(String column) {
        return schema.field(column).isPresent();
    }

    /// Looks at the rows of a batch.
    @FunctionalInterface
    interface Visitor {
        /// @param firstRow number of the batch's first row among all
        /// @param batch    stays the source's
        void visit(int firstRow, Batch batch) throws IOException;
    }

    /// Shows all batches, in order.
    void each(Visitor visitor) throws IOException {
        try (Pass pass = open()) {
            for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                visitor.visit(pass.firstRow, batch);
            }
        }
    }

    Pass open() throws IOException {
        Path spilled = file;
        return new Pass(spilled == null ? null : RowBatches.fitted(ArrowIpc.read(spilled, memory), schema));
    }

    /// Once through all rows. Close it.
    final class Pass implements AutoCloseable {
        private final @Nullable BatchReader reader;
        private @Nullable Batch current;
        private int index;
        private int nextRow;
        /// Number of the first row of the batch that {@link #next} answered.
        int firstRow;

        private Pass(@Nullable BatchReader reader) {
            this.reader = reader;
        }

        /// The next batch, good until the one after it; null at the end.
        @Nullable Batch next() throws IOException {
            if (reader != null) {
                if (current != null) {
                    current.close();
                }
                current = reader.next();
            } else {
                current = index < batches.size() ? batches.get(index++) : null;
            }
            firstRow = nextRow;
            nextRow += current == null ? 0 : current.rowCount();
            return current;
        }

        @Override
        public void close() throws IOException {
            if (reader != null) {
                if (current != null) {
                    current.close();
                    current = null;
                }
                reader.close();
            }
        }
    }

    List<String> names() {
        return schema.fields().stream().map(Field::name).toList();
    }

    @Override
    public void close() throws IOException {
        batches.forEach(Batch::close);
        batches.clear();
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
