// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Manifest;
import dev.joust.io.Failures;

/// Scans several fragments at once and hands out their batches in the fragments' order, or as they come. Bounded: fragments beyond the
/// first are started while what they may hold fits a share of the session's batch memory, and each fragment has at
/// most two batches waiting. Closing it stops all of them. A single fragment is read by the caller's own thread: its file
/// is read ahead already.
public final class ScanPipeline implements BatchReader {
    private static final int WAITING_BATCHES = 2;
    /// Batches of one fragment that hold memory at once: those waiting, those being read and decoded, the one handed out.
    private static final int HELD_BATCHES = WAITING_BATCHES + 5;
    /// Fragments ahead: many small ones, few large ones.
    private static final long MAX_AHEAD_BYTES = 64L << 20;
    private static final int MAX_FRAGMENTS_AHEAD = 128;

    private final TableContext table;
    private final Manifest manifest;
    private final FragmentScan.Plan plan;
    private final BufferSources memory;
    private final Iterator<FragmentScan.Task> pending;
    private final boolean isSingle;
    private @Nullable FragmentScan single;
    private final long maxAheadBytes;

    /// Rows that pass and are left out first, and rows still wanted after them.
    private long remainingOffset;
    private long remainingRows;

    /// Where order does not matter: a permit for each batch that waits, and one for each fragment that has ended.
    private final @Nullable Semaphore ready;

    private final Deque<Producer> running = new ArrayDeque<>();
    /// Waits for room.
    private @Nullable Producer next;

    private long runningBytes;
    private boolean closed;

    /// @param offset rows of all fragments together to leave out; 0 where the tasks leave them out already
    /// @param limit  rows of all fragments together
    /// @param ordered whether fragments' batches come in the fragments' order
    ScanPipeline(
            TableContext table,
            Manifest manifest,
            FragmentScan.Plan plan,
            List<FragmentScan.Task> tasks,
            long offset,
            long limit,
            boolean ordered,
            BufferSources memory) {
        this.table = table;
        this.manifest = manifest;
        this.plan = plan;
        this.memory = memory;
        this.pending = tasks.iterator();
        this.isSingle = tasks.size() == 1;
        this.maxAheadBytes = table.session().readAheadBytes(MAX_AHEAD_BYTES);
        this.remainingOffset = offset;
        this.remainingRows = limit;
        this.ready = ordered ? null : new Semaphore(0);
    }

    @Override
    public Schema schema() {
        return plan.schema();
    }

    @Override
    public @Nullable Batch next() throws IOException {
        while (remainingRows > 0 && !closed) {
            Batch batch = isSingle ? nextOfSingle() : nextOfRunning();
            if (batch == null) {
                return null;
            }
            Batch wanted = trim(batch);
            if (wanted != null) {
                remainingRows -= wanted.rowCount();
                return wanted;
            }
        }
        return null;
    }

    private @Nullable Batch nextOfSingle() throws IOException {
        if (single == null) {
            single = fragmentScan(pending.next());
        }
        return single.next();
    }

    private @Nullable Batch nextOfRunning() throws IOException {
        while (true) {
            startAhead();
            if (running.isEmpty()) {
                return null;
            }
            Producer producer = ready == null ? running.getFirst() : firstReady(ready);
            Batch batch = producer.take();
            if (batch != null) {
                return batch;
            }
            running.remove(producer);
            runningBytes -= producer.heldBytes;
        }
    }

    private Producer firstReady(Semaphore permits) throws IOException {
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a scan waited for rows");
        }
        for (Producer producer : running) {
            if (producer.isReady()) {
                return producer;
            }
        }
        throw new IllegalStateException("a fragment said that it has rows, and has none");
    }

    private FragmentScan fragmentScan(FragmentScan.Task task) {
        return new FragmentScan(new FragmentReader(table, manifest, task.fragment(), memory), task, plan, memory);
    }

    /// Without the rows before the offset and after the limit; null if none is left.
    private @Nullable Batch trim(Batch batch) {
        int skipped = (int) Math.min(remainingOffset, batch.rowCount());
        remainingOffset -= skipped;
        int wanted = (int) Math.min(remainingRows, batch.rowCount() - skipped);
        if (wanted == batch.rowCount()) {
            return batch;
        }
        try (batch) {
            return wanted == 0 ? null : dev.joust.format.batch.Columns.slice(batch, skipped, wanted, memory);
        }
    }

    private void startAhead() {
        while (running.size() < MAX_FRAGMENTS_AHEAD) {
            if (next == null) {
                if (!pending.hasNext()) {
                    return;
                }
                next = new Producer(pending.next());
            }
            if (!running.isEmpty() && runningBytes + next.heldBytes > maxAheadBytes) {
                return;
            }
            running.addLast(next);
            runningBytes += next.heldBytes;
            next.start();
            next = null;
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        running.forEach(Producer::stop);
        boolean interrupted = false;
        for (Producer producer : running) {
            interrupted |= producer.awaitEnd();
        }
        running.clear();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (single != null) {
            single.close();
        }
    }

    /// One fragment being scanned by a thread of its own.
    private final class Producer implements Runnable {
        /// Memory that it takes at a time, about.
        final long heldBytes;
        private final FragmentScan.Task task;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final Deque<Batch> waiting = new ArrayDeque<>();
        private boolean stopped;
        private boolean ended;
        private @Nullable Throwable failure;
        private @Nullable Future<?> future;

        Producer(FragmentScan.Task task) {
            this.task = task;
            double bytes = 0;
            for (DataFile file : task.fragment().files()) {
                // Old manifests don't know.
                bytes += file.sizeBytes() > 0 ? file.sizeBytes() : maxAheadBytes / 4.0;
            }
            double perRow = bytes / Math.max(1, task.fragment().physicalRowCount());
            double batchBytes = Math.max(perRow, Math.min((double) plan.batchBytes(), perRow * plan.batchRowCount()));
            this.heldBytes = (long) Math.min(bytes, batchBytes * HELD_BATCHES);
        }

        void start() {
            future = table.session().ioExecutor().submit(this);
        }

        @Override
        public void run() {
            Throwable thrown = null;
            try (FragmentScan scan = fragmentScan(task)) {
                Batch batch;
                do {
                    batch = isStopped() ? null : scan.next();
                } while (batch != null && put(batch));
            } catch (Throwable e) {
                // Everything: a thread that ends without a word would leave its reader waiting.
                thrown = e;
            }
            lock.lock();
            try {
                failure = thrown;
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            announce();
        }

        private void announce() {
            if (ready != null) {
                ready.release();
            }
        }

        /// Whether {@link #take} answers at once.
        boolean isReady() {
            lock.lock();
            try {
                return ended || !waiting.isEmpty();
            } finally {
                lock.unlock();
            }
        }

        private boolean isStopped() {
            lock.lock();
            try {
                return stopped;
            } finally {
                lock.unlock();
            }
        }

        /// Whether to go on.
        private boolean put(Batch batch) {
            lock.lock();
            try {
                while (waiting.size() >= WAITING_BATCHES && !stopped) {
                    changed.awaitUninterruptibly();
                }
                if (stopped) {
                    batch.close();
                    return false;
                }
                waiting.addLast(batch);
                changed.signalAll();
                announce();
                return true;
            } finally {
                lock.unlock();
            }
        }

        /// The next batch; null at the end.
        @Nullable Batch take() throws IOException {
            lock.lock();
            try {
                while (waiting.isEmpty() && !ended) {
                    changed.await();
                }
                if (!waiting.isEmpty()) {
                    Batch batch = waiting.removeFirst();
                    changed.signalAll();
                    return batch;
                }
                Failures.rethrow(failure);
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while a scan waited for rows");
            } finally {
                lock.unlock();
            }
        }

        void stop() {
            lock.lock();
            try {
                stopped = true;
                waiting.forEach(Batch::close);
                waiting.clear();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        /// Waits until the thread uses none of the scan's memory any more. Whether the caller was interrupted.
        boolean awaitEnd() {
            boolean interrupted = false;
            lock.lock();
            try {
                // One that a closing session kept from starting never ends.
                while (!ended && future != null && !future.isDone()) {
                    try {
                        changed.await(10, java.util.concurrent.TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            } finally {
                lock.unlock();
            }
            return interrupted;
        }
    }
}
