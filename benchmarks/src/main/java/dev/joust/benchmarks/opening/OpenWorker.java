// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.opening;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import dev.joust.format.batch.Batch;
import dev.joust.format.table.Dataset;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.ReadStats;
import dev.joust.io.Session;

/// Opens a table in a process that has done nothing yet, takes one row, does both again until it is warm, and says how
/// long each took. Arguments: the table's folder, the row's number, its id, and how often.
public final class OpenWorker {
    private OpenWorker() {}

    private record Times(double openMillis, double takeMillis, double takeByIdMillis) {}

    public static void main(String[] args) throws IOException {
        long position = Long.parseLong(args[1]);
        long rowId = Long.parseLong(args[2]);
        int repeats = Integer.parseInt(args[3]);
        try (ObjectStore store = ObjectStores.open(args[0])) {
            Times cold = once(store, position, rowId);
            double[] open = new double[repeats];
            double[] take = new double[repeats];
            double[] takeById = new double[repeats];
            for (int i = 0; i < repeats; i++) {
                Times times = once(store, position, rowId);
                open[i] = times.openMillis();
                take[i] = times.takeMillis();
                takeById[i] = times.takeByIdMillis();
            }
            ReadStats before = store.stats();
            long heapBefore = usedBytes();
            Session session = Session.create();
            Dataset held = Dataset.open(session, store);
            ReadStats cost = store.stats().since(before);
            long heapBytes = usedBytes() - heapBefore;
            System.out.printf(
                    Locale.ROOT,
                    "{\"fragments\": %d, \"cold_open_ms\": %.1f, \"cold_take_ms\": %.1f, \"cold_take_by_id_ms\": %.1f,"
                            + " \"open_ms\": %.1f, \"take_ms\": %.2f, \"take_by_id_ms\": %.2f, \"gets\": %d, \"lists\": %d,"
                            + " \"bytes_read\": %d, \"heap_bytes\": %d}%n",
                    held.manifest().fragments().size(),
                    cold.openMillis(),
                    cold.takeMillis(),
                    cold.takeByIdMillis(),
                    median(open),
                    median(take),
                    median(takeById),
                    cost.getCount(),
                    cost.listCount(),
                    cost.bytesRead(),
                    heapBytes);
            session.close();
        }
    }

    /// In a session of its own, which remembers nothing.
    private static Times once(ObjectStore store, long position, long rowId) throws IOException {
        try (Session session = Session.create()) {
            long start = System.nanoTime();
            Dataset dataset = Dataset.open(session, store);
            long opened = System.nanoTime();
            long byPosition = read(dataset.takePositions(new long[] {position}, List.of("id")));
            long taken = System.nanoTime();
            long byId = read(dataset.takeRowIds(new long[] {rowId}, List.of("id")));
            long end = System.nanoTime();
            if (byPosition != 1 || byId != 1) {
                throw new IllegalStateException("not one row");
            }
            return new Times((opened - start) / 1e6, (taken - opened) / 1e6, (end - taken) / 1e6);
        }
    }

    private static long read(Batch batch) {
        try (batch) {
            return batch.rowCount();
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
