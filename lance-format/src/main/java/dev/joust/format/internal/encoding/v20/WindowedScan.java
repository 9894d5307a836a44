// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.internal.encoding.Startable;
import dev.joust.format.internal.encoding.schedule.ReadAhead;
import dev.joust.format.schema.Schema;

/// Batches, and the windows that they read through, which end with them.
record WindowedScan(ReadAhead batches, ScanWindows windows) implements BatchReader, Startable {
    @Override
    public Schema schema() {
        return batches.schema();
    }

    @Override
    public void start() {
        try {
            batches.start();
        } catch (Throwable e) {
            windows.close(); // the batches are closed
            throw e;
        }
    }

    @Override
    public @Nullable Batch next() throws IOException {
        try {
            return batches.next();
        } catch (Throwable e) {
            windows.close(); // the batches are closed
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        batches.close();
        windows.close();
    }
}
