// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.exec;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.RowAddressSet;
import dev.joust.format.table.RowPredicate;
import dev.joust.format.table.ScanOptions;

/// What scans are asked for here, over and over.
public final class Scans {
    private Scans() {}

    /// Addresses of the rows that pass, without reading more than the predicate's columns.
    ///
    /// @param predicate null for all rows
    public static RowAddressSet addresses(Dataset dataset, @Nullable RowPredicate predicate)
            throws IOException {
        return RowAddressSet.of(addressList(dataset, predicate));
    }

    /// As {@link #addresses}, in the order of the scan.
    static long[] addressList(Dataset dataset, @Nullable RowPredicate predicate)
            throws IOException {
        long[] addresses = new long[64];
        int count = 0;
        ScanOptions scan = ScanOptions.ALL.withColumns(List.of()).withPredicate(predicate).withRowAddresses();
        try (BatchReader reader = dataset.scan(scan)) {
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
    public static long count(Dataset dataset, RowPredicate predicate) throws IOException {
        long count = 0;
        ScanOptions scan = ScanOptions.ALL.withColumns(List.of()).withPredicate(predicate).withRowAddresses();
        try (BatchReader reader = dataset.scan(scan)) {
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
}
