// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CommitConflictException;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.ColumnValues;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.BlobHandling;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.ScanOptions;
import dev.joust.format.table.WriteOptions;
import dev.joust.search.internal.rows.RowBatches;

/// One merge: finds which source rows are in the table already, writes what changes, commits; and again, if somebody
/// else committed meanwhile.
public final class MergeExecution {
    private static final int MAX_ATTEMPTS = 50;

    /// What a merge came to.
    public record Outcome(Dataset dataset, long insertedCount, long updatedCount) {}

    private final Batch source;
    private final List<String> keys;
    private final boolean updateMatched;
    private final boolean insertNotMatched;
    private final WriteOptions options;
    private final BufferSources memory;
    private final Map<List<Object>, Integer> rowByKey = new HashMap<>();

    /// @param source whose columns are some of the table's, the keys among them
    public MergeExecution(
            Batch source,
            List<String> keys,
            boolean updateMatched,
            boolean insertNotMatched,
            WriteOptions options,
            BufferSources memory) {
        this.source = source;
        this.keys = keys;
        this.updateMatched = updateMatched;
        this.insertNotMatched = insertNotMatched;
        this.options = options;
        this.memory = memory;
        source.schema().select(keys);
        for (int row = 0; row < source.rowCount(); row++) {
            List<Object> key = key(source, row);
            Integer earlier = key == null ? null : rowByKey.put(key, row);
            if (earlier != null) {
                throw new IllegalArgumentException("rows " + earlier + " and " + row
                        + " of the source have the same key " + keys + " = " + printed(source, row));
            }
        }
    }

    private List<@Nullable Object> printed(Batch batch, int row) {
        List<@Nullable Object> values = new ArrayList<>();
        keys.forEach(key -> values.add(ColumnValues.get(batch.column(key), row)));
        return values;
    }

    /// Null if one of the keys is.
    private @Nullable List<Object> key(Batch batch, int row) {
        List<Object> values = new ArrayList<>(keys.size());
        for (String name : keys) {
            Object value = ColumnValues.get(batch.column(name), row);
            if (value == null) {
                return null;
            }
            values.add(value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value);
        }
        return values;
    }

    /// @param base the version to start from; the newest is asked for after a conflict
    public Outcome run(Dataset base) throws IOException {
        Dataset current = base.refresh();
        for (int attempt = 1; ; attempt++) {
            try {
                return once(current);
            } catch (CommitConflictException e) {
                if (attempt == MAX_ATTEMPTS || !e.retryable()) {
                    throw e;
                }
                pause(attempt);
                current = base.refresh();
            }
        }
    }

    private static void pause(int attempt) throws IOException {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(1, 2 + Math.min(200, 4L * attempt)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while merging");
        }
    }

    private Outcome once(Dataset current) throws IOException {
        current.schema().select(keys);
        List<Long> matchedAddresses = new ArrayList<>();
        List<Integer> matchedRows = new ArrayList<>();
        boolean[] isMatched = new boolean[source.rowCount()];
        ScanOptions scan = ScanOptions.ALL.withColumns(keys).withRowAddresses();
        try (BatchReader reader = current.scan(scan)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                try (Batch rows = batch) {
                    long[] addresses = Scans.longs(rows.column(ScanOptions.ROW_ADDRESS));
                    for (int row = 0; row < rows.rowCount(); row++) {
                        List<Object> key = key(rows, row);
                        Integer sourceRow = key == null ? null : rowByKey.get(key);
                        if (sourceRow != null) {
                            matchedAddresses.add(addresses[row]);
                            matchedRows.add(sourceRow);
                            isMatched[sourceRow] = true;
                        }
                    }
                }
            }
        }
        List<Integer> newRows = new ArrayList<>();
        for (int row = 0; insertNotMatched && row < isMatched.length; row++) {
            if (!isMatched[row]) {
                newRows.add(row);
            }
        }
        long[] replaced = updateMatched
                ? matchedAddresses.stream().mapToLong(Long::longValue).toArray()
                : new long[0];
        int[] updating = updateMatched
                ? matchedRows.stream().mapToInt(Integer::intValue).toArray()
                : new int[0];
        if (newRows.isEmpty() && replaced.length == 0) {
            return new Outcome(current, 0, 0);
        }
        int[] inserting = newRows.stream().mapToInt(Integer::intValue).toArray();
        return new Outcome(commit(current, replaced, updating, inserting), inserting.length, replaced.length);
    }

    private Dataset commit(Dataset current, long[] replaced, int[] updating, int[] inserting) throws IOException {
        Dataset exact = current.withOptions(options.withOnlyOnReadVersion(true));
        List<Batch> batches = new ArrayList<>();
        Schema schema = current.schema();
        try {
            if (updating.length > 0) {
                batches.add(updated(current, replaced, updating));
            }
            if (inserting.length > 0) {
                batches.add(complete(Columns.take(source, inserting, memory), schema, null));
            }
        } catch (RuntimeException | Error | IOException e) {
            batches.forEach(Batch::close);
            throw e;
        }
        BatchReader rows = RowBatches.of(schema, batches);
        Dataset next = replaced.length == 0
                ? exact.append(rows)
                : exact.replaceRows(RowAddressSet.of(replaced), rows);
        return next.withOptions(options);
    }

    /// The source's values over those that the rows had.
    private Batch updated(Dataset current, long[] addresses, int[] updating) throws IOException {
        List<String> kept = current.schema().fields().stream()
                .map(Field::name)
                .filter(name -> source.schema().field(name).isEmpty())
                .toList();
        Batch fresh = Columns.take(source, updating, memory);
        if (kept.isEmpty()) {
            return complete(fresh, current.schema(), null);
        }
        // Blobs as bytes: descriptors cannot be written
        try (Batch old = current.take(addresses, kept, BlobHandling.BYTES)) {
            return complete(fresh, current.schema(), old);
        } catch (RuntimeException | Error | IOException e) {
            fresh.close();
            throw e;
        }
    }

    /// All columns of the schema: of `fresh`, else copied from `old`, else null.
    private static Batch complete(Batch fresh, Schema schema, @Nullable Batch old) {
        BufferSource owned = fresh.memory();
        try {
            List<ColumnBuffers> columns = new ArrayList<>();
            for (Field field : schema.fields()) {
                if (fresh.schema().field(field.name()).isPresent()) {
                    columns.add(fresh.column(field.name()));
                } else if (old != null) {
                    ColumnBuffers column = old.column(field.name());
                    columns.add(Columns.slice(column, 0, column.rowCount(), owned));
                } else {
                    columns.add(Columns.allNull(field, fresh.rowCount(), owned));
                }
            }
            return new Batch(schema, fresh.rowCount(), columns, owned);
        } catch (RuntimeException | Error e) {
            owned.close();
            throw e;
        }
    }
}
