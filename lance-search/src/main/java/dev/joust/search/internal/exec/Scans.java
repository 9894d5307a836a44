// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.batch.Columns;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.LogicalType;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.RowPredicate;
import dev.joust.format.table.ScanOptions;

/// Scans with a predicate that may also look at row ids and addresses.
public final class Scans {
    private static final LogicalType UINT64 = new LogicalType.Int(64, false);

    private Scans() {}

    /// The columns that filters may name: those of the table, and row id and address.
    public static Schema filterSchema(Schema schema) {
        List<Field> fields = new ArrayList<>(schema.fields());
        for (String name : List.of(ScanOptions.ROW_ID, ScanOptions.ROW_ADDRESS)) {
            if (schema.field(name).isEmpty()) {
                fields.add(Field.required(name, UINT64));
            }
        }
        return new Schema(fields, schema.metadata());
    }

    /// @param scan whose predicate may name `_rowid` and `_rowaddr`
    public static BatchReader open(Dataset dataset, ScanOptions scan, BufferSources memory) {
        return open(scan, dataset.schema(), dataset::scan, memory);
    }

    /// As {@link #open}, for rows that are to be written again.
    static BatchReader openToWrite(Dataset dataset, ScanOptions scan, BufferSources memory) throws IOException {
        return open(scan, dataset.schema(), options -> Unchecked.io(() -> dataset.scanToWrite(options)), memory);
    }

    private static BatchReader open(
            ScanOptions scan, Schema schema, Function<ScanOptions, BatchReader> opener, BufferSources memory) {
        RowPredicate predicate = scan.predicate();
        boolean onIds = predicate != null
                && (predicate.columns().contains(ScanOptions.ROW_ID)
                        || predicate.columns().contains(ScanOptions.ROW_ADDRESS));
        if (predicate == null || !onIds) {
            return opener.apply(scan);
        }
        List<String> wanted = scan.columns() == null
                ? schema.fields().stream().map(Field::name).toList()
                : scan.columns();
        Set<String> read = new LinkedHashSet<>(wanted);
        read.addAll(predicate.columns());
        read.removeAll(List.of(ScanOptions.ROW_ID, ScanOptions.ROW_ADDRESS));
        BatchReader all = opener.apply(ScanOptions.ALL
                .withColumns(List.copyOf(read))
                .withBatchRowCount(scan.batchRowCount())
                .withRowIds()
                .withRowAddresses());
        List<String> answered = new ArrayList<>(wanted);
        if (scan.withRowId()) {
            answered.add(ScanOptions.ROW_ID);
        }
        if (scan.withRowAddress()) {
            answered.add(ScanOptions.ROW_ADDRESS);
        }
        return new FilteredReader(all, predicate, answered, scan.offset(), scan.limit(), memory);
    }

    /// Addresses of the rows that pass, without reading more than the predicate's columns.
    ///
    /// @param predicate null for all rows
    public static RowAddressSet addresses(Dataset dataset, @Nullable RowPredicate predicate, BufferSources memory)
            throws IOException {
        return RowAddressSet.of(addressList(dataset, predicate, memory));
    }

    /// As {@link #addresses}, in the order of the scan.
    static long[] addressList(Dataset dataset, @Nullable RowPredicate predicate, BufferSources memory)
            throws IOException {
        long[] addresses = new long[64];
        int count = 0;
        ScanOptions scan = ScanOptions.ALL.withColumns(List.of()).withPredicate(predicate).withRowAddresses();
        try (BatchReader reader = open(dataset, scan, memory)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                try (Batch rows = batch) {
                    long[] found = longs(rows.column(ScanOptions.ROW_ADDRESS));
                    if (addresses.length - count < found.length) {
                        long wanted = Math.max(2L * addresses.length, count + (long) found.length);
                        addresses = Arrays.copyOf(addresses, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
                    }
                    System.arraycopy(found, 0, addresses, count, found.length);
                    count += found.length;
                }
            }
        }
        return Arrays.copyOf(addresses, count);
    }

    /// Rows that pass.
    public static long count(Dataset dataset, RowPredicate predicate, BufferSources memory) throws IOException {
        long count = 0;
        ScanOptions scan = ScanOptions.ALL.withColumns(List.of()).withPredicate(predicate).withRowAddresses();
        try (BatchReader reader = open(dataset, scan, memory)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                count += batch.rowCount();
                batch.close();
            }
        }
        return count;
    }

    /// The values of a 64-bit column without nulls.
    public static long[] longs(ColumnBuffers column) {
        MemorySegment values = column.values();
        long[] longs = new long[column.rowCount()];
        if (values != null) {
            MemorySegment.copy(values, ValueLayout.JAVA_LONG_UNALIGNED, 0, longs, 0, longs.length);
        }
        return longs;
    }

    /// Rows of another reader that pass, from an offset on, up to a limit.
    private static final class FilteredReader implements BatchReader {
        private final BatchReader all;
        private final RowPredicate predicate;
        private final Schema schema;
        private final List<String> columns;
        private final BufferSources memory;
        private long skip;
        private long wanted;

        FilteredReader(
                BatchReader all,
                RowPredicate predicate,
                List<String> columns,
                long offset,
                long limit,
                BufferSources memory) {
            this.all = all;
            this.predicate = predicate;
            this.columns = columns;
            this.schema = all.schema().select(columns);
            this.memory = memory;
            this.skip = offset;
            this.wanted = limit < 0 ? Long.MAX_VALUE : limit;
        }

        @Override
        public Schema schema() {
            return schema;
        }

        @Override
        public @Nullable Batch next() throws IOException {
            while (wanted > 0) {
                try (Batch batch = all.next()) {
                    if (batch == null) {
                        return null;
                    }
                    int[] rows = predicate.select(batch).stream().toArray();
                    int from = (int) Math.min(skip, rows.length);
                    int to = (int) Math.min(rows.length, from + wanted);
                    skip -= from;
                    wanted -= to - from;
                    if (to > from) {
                        int[] kept = Arrays.copyOfRange(rows, from, to);
                        return Columns.take(projected(batch), kept, memory);
                    }
                }
            }
            return null;
        }

        private Batch projected(Batch batch) {
            return new Batch(
                    schema, batch.rowCount(), columns.stream().map(batch::column).toList(), batch.memory());
        }

        @Override
        public void close() throws IOException {
            all.close();
        }
    }
}
