// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.RowPredicate;
import dev.joust.format.table.ScanOptions;
import dev.joust.search.expr.RowOrder;

/// Rows of a table in an order of their own: what decides it is read of all rows, everything else of the rows that are
/// answered alone. With a limit no more rows than that are kept in mind.
final class SortedRows implements BatchReader {
    private static final int ROWS_AT_ONCE = 8192;
    private static final Comparator<Row> ORDER = Comparator.comparing(Row::place, Arrays::compareUnsigned)
            .thenComparingLong(Row::number);

    /// @param place  bytes that sort as the rows do
    /// @param number of the row in the scan: rows of one place stay in its order
    private record Row(byte[] place, long number, long address) {}

    private final Dataset dataset;
    private final List<String> columns;
    private final Schema schema;
    private final long[] addresses;
    private int at;

    private SortedRows(Dataset dataset, List<String> columns, Schema schema, long[] addresses) {
        this.dataset = dataset;
        this.columns = columns;
        this.schema = schema;
        this.addresses = addresses;
    }

    /// @param columns top-level ones, `_rowid` and `_rowaddr` last
    /// @param limit   negative for all rows
    static BatchReader open(
            Dataset dataset,
            @Nullable RowPredicate predicate,
            RowOrder order,
            long offset,
            long limit,
            List<String> columns)
            throws IOException {
        long wanted = limit < 0 ? Long.MAX_VALUE : limit > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + limit;
        List<Row> rows = wanted == 0 ? List.of() : first(dataset, predicate, order, wanted);
        long[] addresses = rows.stream().skip(offset).mapToLong(Row::address).toArray();
        Schema schema;
        try (Batch none = dataset.take(new long[0], columns)) {
            schema = none.schema();
        }
        return new SortedRows(dataset, columns, schema, addresses);
    }

    private static List<Row> first(Dataset dataset, @Nullable RowPredicate predicate, RowOrder order, long wanted)
            throws IOException {
        Set<String> read = new LinkedHashSet<>(order.columns());
        ScanOptions scan = ScanOptions.ALL
                .withColumns(List.copyOf(read))
                .withPredicate(predicate)
                .withRowAddresses();
        boolean bounded = wanted < Integer.MAX_VALUE;
        PriorityQueue<Row> last = new PriorityQueue<>(ORDER.reversed());
        List<Row> all = new ArrayList<>();
        long[] number = new long[1];
        try (BatchReader reader = dataset.scan(scan)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                try (Batch rows = batch) {
                    long[] found = Scans.longs(rows.column(ScanOptions.ROW_ADDRESS));
                    order.places(rows, (row, place, length) -> {
                        long next = number[0]++;
                        if (!bounded) {
                            all.add(new Row(Arrays.copyOf(place, length), next, found[row]));
                        } else if (last.size() < wanted) {
                            last.add(new Row(Arrays.copyOf(place, length), next, found[row]));
                        } else if (isBefore(place, length, last.peek())) {
                            last.poll();
                            last.add(new Row(Arrays.copyOf(place, length), next, found[row]));
                        }
                    });
                }
            }
        }
        all.addAll(last);
        all.sort(ORDER);
        return all;
    }

    /// A row that comes later in the scan stays behind those of its place.
    private static boolean isBefore(byte[] place, int length, @Nullable Row other) {
        return other != null
                && Arrays.compareUnsigned(place, 0, length, other.place(), 0, other.place().length) < 0;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public @Nullable Batch next() throws IOException {
        if (at == addresses.length) {
            return null;
        }
        int end = Math.min(addresses.length, at + ROWS_AT_ONCE);
        Batch batch = dataset.take(Arrays.copyOfRange(addresses, at, end), columns);
        at = end;
        return batch;
    }

    @Override
    public void close() {
        at = addresses.length;
    }
}
