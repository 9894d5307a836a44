// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.memory;

import java.io.IOException;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.ScanOptions;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;

/// Reads every value of a table once. Arguments: its folder, and the session's batch memory in bytes.
public final class FullScan {
    private FullScan() {}

    public static void main(String[] args) throws IOException {
        long start = System.nanoTime();
        long rows = 0;
        try (Session session = Session.builder().batchMemoryBytes(Long.parseLong(args[1])).build();
                BatchReader reader = Dataset.open(session, ObjectStores.open(args[0])).scan(ScanOptions.ALL)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                rows += batch.rowCount();
                batch.close();
            }
        }
        System.out.println("{\"rows\": " + rows + ", \"seconds\": " + (System.nanoTime() - start) / 1e9 + "}");
    }
}
