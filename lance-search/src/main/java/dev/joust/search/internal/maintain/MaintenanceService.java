// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.maintain;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CommitConflictException;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.WriteOptions;
import dev.joust.search.Maintenance;
import dev.joust.search.MaintenanceStats;
import dev.joust.search.MaintenanceTask;
import dev.joust.search.internal.write.WriteLane;

/// Does the maintenance of a database's tables, one task at a time, on a thread of its own that is started when there is
/// something to do. Thread-safe.
public final class MaintenanceService implements AutoCloseable {
    private static final Logger LOG = System.getLogger(MaintenanceService.class.getName());

    /// Tries to commit beside the writes; who loses them waits for a turn between two.
    private static final int TRIES_BESIDE = 2;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 9;
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);

    private final Maintenance options;
    private final WriteOptions writeOptions;
    private final AtomicLong runCount = new AtomicLong();
    private final AtomicLong commitCount = new AtomicLong();
    private final AtomicLong conflictCount = new AtomicLong();
    private final AtomicLong failureCount = new AtomicLong();

    // Guarded by this.
    private @Nullable ExecutorService worker;
    private int pending;
    private volatile boolean closed;

    public MaintenanceService(Maintenance options, WriteOptions writeOptions) {
        this.options = options;
        this.writeOptions = writeOptions;
    }

    /// What keeps one table, or one branch of it.
    public Keeper keeper(WriteLane lane) {
        List<MaintenanceTask> tasks = new ArrayList<>();
        if (options.mergedFragments() > 0) {
            tasks.add(new SmallFragments(options.mergedFragments()));
        }
        if (options.keepsIndices()) {
            tasks.add(new GrownIndices());
        }
        tasks.addAll(options.tasks());
        if (options.cleanupOlderThan() != null) {
            tasks.add(new OldVersions(options.cleanupOlderThan()));
        }
        return new Keeper(lane, tasks);
    }

    public MaintenanceStats stats() {
        return new MaintenanceStats(runCount.get(), commitCount.get(), conflictCount.get(), failureCount.get());
    }

    /// Waits until nothing is under way.
    ///
    /// @return whether that was within the time
    public synchronized boolean await(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (pending > 0) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    private synchronized boolean submit(Runnable work) {
        if (closed) {
            return false;
        }
        ExecutorService present = worker;
        if (present == null) {
            present = Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("joust-maintenance").daemon().factory());
            worker = present;
        }
        try {
            present.execute(() -> {
                try {
                    work.run();
                } finally {
                    ended();
                }
            });
        } catch (RejectedExecutionException e) {
            return false;
        }
        pending++;
        return true;
    }

    private synchronized void ended() {
        pending--;
        notifyAll();
    }

    /// Ends what is under way: it is not committed, or it is.
    @Override
    public void close() {
        ExecutorService running;
        synchronized (this) {
            closed = true;
            running = worker;
        }
        if (running == null) {
            return;
        }
        running.shutdownNow();
        try {
            if (!running.awaitTermination(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, "maintenance does not end, and is left behind");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Keeps one table. Thread-safe.
    public final class Keeper {
        private final WriteLane lane;
        private final List<MaintenanceTask> tasks;

        // Guarded by this.
        private @Nullable Dataset newest;
        private boolean scheduled;
        private int failuresInARow;
        private long pausedUntilNanos = System.nanoTime();

        private Keeper(WriteLane lane, List<MaintenanceTask> tasks) {
            this.lane = lane;
            this.tasks = tasks;
        }

        /// To be told of each version that the database makes.
        public void wrote(Dataset version) {
            if (tasks.isEmpty() || closed) {
                return;
            }
            synchronized (this) {
                if (newest == null || version.version() > newest.version()) {
                    newest = version;
                }
                if (scheduled || System.nanoTime() - pausedUntilNanos < 0) {
                    return;
                }
                scheduled = true;
            }
            boolean due = isAnyDue(version);
            if (!due || !submit(this::run)) {
                synchronized (this) {
                    scheduled = false;
                }
            }
        }

        private boolean isAnyDue(Dataset version) {
            try {
                return tasks.stream().anyMatch(task -> task.isDue(version));
            } catch (RuntimeException e) {
                failed("asking what is to be done", version, e);
                return false;
            }
        }

        private void run() {
            try {
                for (MaintenanceTask task : tasks) {
                    run(task);
                }
            } finally {
                synchronized (this) {
                    scheduled = false;
                }
            }
        }

        /// Until there is nothing more to do.
        private void run(MaintenanceTask task) {
            while (!closed) {
                Dataset version = newest();
                if (version == null) {
                    return;
                }
                try {
                    if (!task.isDue(version)) {
                        return;
                    }
                    runCount.incrementAndGet();
                    Optional<MaintenanceTask.Outcome> outcome = task.prepare(version);
                    if (outcome.isEmpty()) {
                        return;
                    }
                    Dataset done = commit(outcome.get(), version).withOptions(writeOptions);
                    commitCount.incrementAndGet();
                    lane.committed(done);
                    succeeded(done);
                } catch (CommitConflictException e) {
                    conflictCount.incrementAndGet();
                    LOG.log(Level.DEBUG, () -> task.name() + " of " + version + " is done again later: " + e.getMessage());
                    pause(version);
                    return;
                } catch (IOException | RuntimeException e) {
                    if (!closed) {
                        failed(task.name(), version, e);
                    }
                    return;
                }
            }
        }

        private Dataset commit(MaintenanceTask.Outcome outcome, Dataset version) throws IOException {
            try {
                return triedTwice(outcome, version);
            } catch (CommitConflictException e) {
                outcome.giveUp(version);
                throw e;
            }
        }

        /// Beside the writes, and if they are too many, in turn with those of this process.
        private Dataset triedTwice(MaintenanceTask.Outcome outcome, Dataset version) throws IOException {
            try {
                return outcome.commit(version.withOptions(writeOptions.withMaxCommitAttempts(TRIES_BESIDE)));
            } catch (CommitConflictException e) {
                if (!e.retryable()) {
                    throw e;
                }
            }
            return lane.takeTurn(() -> outcome.commit(version.withOptions(writeOptions)));
        }

        private synchronized @Nullable Dataset newest() {
            return newest;
        }

        private synchronized void succeeded(Dataset done) {
            failuresInARow = 0;
            if (newest == null || done.version() > newest.version()) {
                newest = done;
            }
        }

        private void failed(String what, Dataset version, Exception e) {
            failureCount.incrementAndGet();
            LOG.log(Level.WARNING, what + " of " + version + " failed, and is tried again after a later write", e);
            pause(version);
        }

        /// Longer after each failure. What is known of the table may be what was wrong.
        private void pause(Dataset version) {
            Dataset now = version;
            try {
                now = version.refresh();
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.DEBUG, "newest version not found", e);
            }
            synchronized (this) {
                newest = now;
                pausedUntilNanos = System.nanoTime() + (FIRST_PAUSE.toNanos() << Math.min(failuresInARow, MOST_DOUBLINGS));
                failuresInARow++;
            }
        }
    }
}
