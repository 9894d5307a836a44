// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.memory;

import java.io.BufferedInputStream;
import java.io.IOException;

import dev.joust.format.batch.ArrowIpc;
import dev.joust.format.batch.ArrowMemory;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.WriteOptions;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;

/// Writes the Arrow stream of standard input to a new table. Arguments: its folder, the session's batch memory in
/// bytes, and rows per file.
public final class StreamImport {
    private StreamImport() {}

    public static void main(String[] args) throws IOException {
        long start = System.nanoTime();
        WriteOptions options = WriteOptions.DEFAULT.withMaxRowsPerFile(Integer.parseInt(args[2]));
        try (Session session = Session.builder().batchMemoryBytes(Long.parseLong(args[1])).build();
                BatchReader rows = ArrowIpc.readStream(new BufferedInputStream(System.in), ArrowMemory.of(session))) {
            Dataset written = Dataset.create(session, ObjectStores.open(args[0]), rows.schema(), rows, options);
            System.out.println("{\"rows\": " + written.countRows() + ", \"seconds\": "
                    + (System.nanoTime() - start) / 1e9 + "}");
        }
    }
}
