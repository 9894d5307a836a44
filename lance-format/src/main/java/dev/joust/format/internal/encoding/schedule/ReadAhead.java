// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.schedule;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.internal.encoding.Startable;
import dev.joust.format.schema.Schema;
import dev.joust.io.ObjectPath;
import dev.joust.io.Session;

/// The batches of a range of rows, in order, some of them under way before they are asked for. What is under way is
/// bounded in bytes (a share of the session's batch memory) and in number; one batch always is, however large. Knows nothing of how a batch is read: that is
/// the {@link Work} or the {@link Starter} it is given. For one thread at a time, as every {@link BatchReader}.
public final class ReadAhead implements BatchReader, Startable {
    /// Encoded bytes of batches under way beyond the next.
    private static final long MAX_AHEAD_BYTES = 128 << 20;

    private final ObjectPath path;
    private final Schema schema;
    private final Starter starter;
    private final long endRow;
    private final int batchRowCount;
    private final int maxBatchesAhead;
    private final double bytesPerRow;
    private final long aheadBytes;

    private final ArrayDeque<Started> underWay = new ArrayDeque<>();
    private long nextRow;
    private volatile boolean closed;

    /// Starts a batch of rows `[startRow, endRow)`.
    @FunctionalInterface
    public interface Starter {
        Started start(long startRow, long endRow);
    }

    /// A batch under way.
    ///
    /// @param batch fails with what went wrong; closed by whoever takes it
    /// @param help  does what is left to do and can be done now, on the thread that would else wait for it
    public record Started(CompletableFuture<Batch> batch, Runnable help) {
        /// A batch that who waits for it can do nothing about.
        public static Started elsewhere(CompletableFuture<Batch> batch) {
            return new Started(batch, () -> {});
        }
    }

    /// Reads rows `[startRow, endRow)`. Several run at once, each on a virtual thread.
    @FunctionalInterface
    public interface Work {
        Batch read(long startRow, long endRow) throws IOException, InterruptedException;
    }

    /// What a scan covers.
    ///
    /// @param path          of the file, for errors
    /// @param startRow      first row; `endRow` the one after the last
    /// @param batchRowCount rows of each batch but the last
    /// @param bytesPerRow   encoded, about
    public record Extent(ObjectPath path, long startRow, long endRow, int batchRowCount, double bytesPerRow) {
        /// Fails unless the rows are among the file's `rowCount`.
        public void check(long rowCount) {
            if (startRow < 0 || endRow < startRow || endRow > rowCount) {
                throw new IllegalArgumentException(
                        "rows " + startRow + " to " + endRow + " of " + path + ", which has " + rowCount);
            }
            if (batchRowCount < 1) {
                throw new IllegalArgumentException("batches of " + batchRowCount + " rows");
            }
        }
    }

    public ReadAhead(Session session, Schema schema, Extent extent, Starter starter) {
        this.path = extent.path();
        this.schema = schema;
        this.starter = starter;
        this.nextRow = extent.startRow();
        this.endRow = extent.endRow();
        this.batchRowCount = extent.batchRowCount();
        this.maxBatchesAhead = session.workerCount() + 2;
        this.bytesPerRow = extent.bytesPerRow();
        this.aheadBytes = session.readAheadBytes(MAX_AHEAD_BYTES);
    }

    /// Batches that are each read by one call of `work`.
    public static ReadAhead of(Session session, Schema schema, Extent extent, Work work) {
        return new ReadAhead(
                session,
                schema,
                extent,
                (startRow, endRow) -> Started.elsewhere(CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return work.read(startRow, endRow);
                            } catch (IOException | InterruptedException e) {
                                throw new CompletionException(e);
                            }
                        },
                        session.ioExecutor())));
    }

    @Override
    public Schema schema() {
        return schema;
    }

    /// Whether batches under way are no longer wanted; may be asked from any thread.
    boolean isClosed() {
        return closed;
    }

    @Override
    public @Nullable Batch next() throws IOException {
        if (closed) {
            throw new IllegalStateException("the scan is closed");
        }
        start();
        Started head = underWay.poll();
        if (head == null) {
            return null;
        }
        try {
            if (!Thread.currentThread().isVirtual()) {
                head.help().run(); // virtual threads share their carriers, who have others to wait for
            }
            return Waiting.forResult(head.batch());
        } catch (InterruptedException e) {
            discard(head);
            close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading " + path);
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    @Override
    public void start() {
        try {
            startBatches();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void startBatches() {
        while (nextRow < endRow && (underWay.isEmpty() || mayReadAhead())) {
            long start = nextRow;
            long end = Math.min(endRow, start + batchRowCount);
            nextRow = end;
            underWay.add(starter.start(start, end));
        }
    }

    private boolean mayReadAhead() {
        return underWay.size() < maxBatchesAhead
                && (underWay.size() + 1) * (double) batchRowCount * bytesPerRow <= aheadBytes;
    }

    private static void discard(Started started) {
        var _ = started.batch().thenAccept(Batch::close);
    }

    /// Batches under way are given up and freed when they are done; those handed out stay.
    @Override
    public void close() {
        closed = true;
        underWay.forEach(ReadAhead::discard);
        underWay.clear();
        nextRow = endRow;
    }
}
