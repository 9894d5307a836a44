// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.joust.cli.input.ReadBytes;
import dev.joust.cli.input.RowSources;
import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.schema.Schema;

/// Counts the rows that pass through and, on a terminal, shows how fast they do: rows and MB (of columns in memory) a
/// second and, where it is known how much there is, how much is done and how long the rest will take.
final class Progress implements BatchReader {
    private static final long INTERVAL_NANOS = 200_000_000L;

    private final BatchReader rows;
    private final long totalRows;
    private final long totalBytes;
    private final ReadBytes read;
    private final TerminalLine terminal;
    private final long startNanos = System.nanoTime();
    private long lastNanos = startNanos;
    private long rowCount;
    private long bytes;

    private Progress(BatchReader rows, long totalRows, long totalBytes, ReadBytes read, TerminalLine terminal) {
        this.rows = rows;
        this.totalRows = totalRows;
        this.totalBytes = totalBytes;
        this.read = read;
        this.terminal = terminal;
    }

    static Progress of(RowSources.Opened source, Context context) {
        return new Progress(
                source.rows(), source.rowCount(), source.sizeBytes(), source.read(), new TerminalLine(context));
    }

    /// Of rows whose number is known.
    static Progress of(BatchReader rows, long rowCount, Context context) {
        return of(new RowSources.Opened(rows, rowCount, -1, new ReadBytes()), context);
    }

    long rowCount() {
        return rowCount;
    }

    @Override
    public Schema schema() {
        return rows.schema();
    }

    @Override
    public @Nullable Batch next() throws IOException {
        Batch batch = rows.next();
        if (batch != null) {
            rowCount += batch.rowCount();
            batch.columns().forEach(column -> bytes += sizeBytes(column));
        }
        long now = System.nanoTime();
        if (terminal.isShown() && batch != null && now - lastNanos >= INTERVAL_NANOS) {
            lastNanos = now;
            terminal.show(line((now - startNanos) / 1e9));
        }
        return batch;
    }

    private static long sizeBytes(ColumnBuffers column) {
        long size = (column.values() == null ? 0 : column.values().byteSize())
                + (column.offsets() == null ? 0 : column.offsets().byteSize());
        for (ColumnBuffers child : column.children()) {
            size += sizeBytes(child);
        }
        return size;
    }

    /// What is shown after so many seconds.
    String line(double seconds) {
        double done = totalRows > 0 ? (double) rowCount / totalRows : totalBytes > 0 ? (double) read.count() / totalBytes : -1;
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT, "%,d rows  %,.0f rows/s  %,.1f MB/s", rowCount, rowCount / seconds, bytes / seconds / 1e6));
        if (done > 0) {
            double part = Math.min(1, done);
            long left = Math.round(seconds / part - seconds);
            line.append(String.format(Locale.ROOT, "  %3.0f %%  %d:%02d left", 100 * part, left / 60, left % 60));
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        terminal.clear();
        rows.close();
    }
}
