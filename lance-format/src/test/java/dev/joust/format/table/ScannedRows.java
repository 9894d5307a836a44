// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.io.IOException;
import java.util.Arrays;

import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;

import dev.joust.format.batch.ArrowBatches;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.io.Session;

/// What a scan of every column answered: addresses, ids and a hash of each row, in the order they came.
final class ScannedRows {
    /// A manifest may promise billions of rows without a file; that many are looked at.
    static final int MAX_ROWS = 1 << 16;

    long[] addresses = new long[0];
    long[] ids = new long[0];
    int[] hashes = new int[0];
    int count;
    /// Whether the scan came to its end.
    boolean complete;

    static ScannedRows of(Session session, Dataset dataset) throws IOException {
        ScannedRows rows = new ScannedRows();
        ScanOptions options = ScanOptions.ALL.withRowIds().withRowAddresses().withBatchRowCount(1024);
        try (BatchReader scan = dataset.scan(options)) {
            while (rows.count < MAX_ROWS) {
                try (Batch batch = scan.next()) {
                    if (batch == null) {
                        rows.complete = true;
                        return rows;
                    }
                    try (VectorSchemaRoot root = ArrowBatches.toArrow(batch, ArrowMemory.of(session).allocator())) {
                        rows.add(root);
                    }
                }
            }
        }
        return rows;
    }

    private void add(VectorSchemaRoot root) {
        int columns = root.getFieldVectors().size() - 2;
        UInt8Vector rowIds = (UInt8Vector) root.getVector(columns);
        UInt8Vector rowAddresses = (UInt8Vector) root.getVector(columns + 1);
        int end = count + root.getRowCount();
        addresses = Arrays.copyOf(addresses, end);
        ids = Arrays.copyOf(ids, end);
        hashes = Arrays.copyOf(hashes, end);
        for (int row = 0; row < root.getRowCount(); row++) {
            int hash = 0;
            for (int column = 0; column < columns; column++) {
                hash = 31 * hash + root.getVector(column).hashCode(row);
            }
            addresses[count] = rowAddresses.get(row);
            ids[count] = rowIds.get(row);
            hashes[count] = hash;
            count++;
        }
    }

    boolean same(ScannedRows other) {
        return Arrays.equals(addresses, other.addresses)
                && Arrays.equals(ids, other.ids)
                && Arrays.equals(hashes, other.hashes);
    }
}
