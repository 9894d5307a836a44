// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.write;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.BatchReader;
import dev.joust.format.commit.Operation;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;

/// The way of added rows into one table, or one branch of it, shared by all threads of a database. Thread-safe.
///
/// Rows that come while nothing is under way go at once. Those that come while others are being committed wait for that,
/// and then go together: their rows into one fragment, and all of them into one version. Each call is told when its own
/// rows are committed, and of what was wrong with its own.
public final class WriteLane {
    /// Calls that go into one version, at most.
    private static final int MAX_GROUP = 1024;

    private final ExecutorService executor;
    /// Guarded by itself.
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private boolean busy;
    /// The newest version that was made in this process: who comes with an older one need not find out what was done since.
    private @Nullable Dataset newest;

    /// @param executor for what no caller's interrupt may stop: others' rows are in it, too
    public WriteLane(ExecutorService executor) {
        this.executor = executor;
    }

    /// A change that is made alone, while no rows are added.
    @FunctionalInterface
    public interface Turn {
        Dataset take() throws IOException;
    }

    /// What waits for its turn: rows, or a change.
    private record Entry(
            @Nullable Addition addition, @Nullable Turn turn, CompletableFuture<Dataset> result) {
        static Entry of(Addition addition) {
            return new Entry(addition, null, new CompletableFuture<>());
        }

        static Entry of(Turn turn) {
            return new Entry(null, turn, new CompletableFuture<>());
        }
    }

    /// Adds rows.
    ///
    /// @param base the newest version that the caller knows
    /// @param rows closed here
    /// @return the version that has them
    /// @throws IllegalArgumentException if they do not fit; nobody else's rows are held up by that
    public Dataset add(Dataset base, BatchReader rows) throws IOException {
        try (Addition addition = Addition.of(base, rows)) {
            return done(Entry.of(addition));
        }
    }

    /// Makes a change between additions of rows. They wait for it: it should be short.
    public Dataset takeTurn(Turn turn) throws IOException {
        return done(Entry.of(turn));
    }

    /// To be told of versions that were made by other ways.
    public void committed(Dataset version) {
        synchronized (waiting) {
            newest = newer(newest, version);
        }
    }

    /// To be told which version was found to be the newest. An older one than is known here: the table is another.
    public void found(Dataset version) {
        synchronized (waiting) {
            if (newest != null && newest.version() > version.version()) {
                newest = null;
            }
        }
    }

    private Dataset done(Entry entry) throws IOException {
        enter(entry);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return entry.result().get();
                } catch (InterruptedException e) {
                    if (withdraw(entry)) {
                        interrupted = true;
                        throw new InterruptedIOException("interrupted before the rows were written");
                    }
                    // Under way, with those of others: what comes of it is what the caller is told.
                    interrupted = true;
                } catch (ExecutionException e) {
                    switch (e.getCause()) {
                        case IOException cause -> throw cause;
                        case RuntimeException cause -> throw cause;
                        case Error cause -> throw cause;
                        case null, default -> throw new IOException(e);
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void enter(Entry entry) {
        synchronized (waiting) {
            waiting.add(entry);
            if (busy) {
                return;
            }
            busy = true;
        }
        try {
            executor.execute(this::work);
        } catch (RejectedExecutionException e) {
            synchronized (waiting) {
                busy = false;
                waiting.remove(entry);
            }
            throw new IllegalStateException("the session is closed", e);
        }
    }

    private boolean withdraw(Entry entry) {
        synchronized (waiting) {
            return waiting.remove(entry);
        }
    }

    private void work() {
        while (true) {
            List<Entry> group;
            Dataset known;
            synchronized (waiting) {
                group = nextGroup();
                if (group.isEmpty()) {
                    busy = false;
                    return;
                }
                known = newest;
            }
            try {
                work(group, known);
            } catch (IOException | RuntimeException | Error e) {
                group.forEach(entry -> entry.result().completeExceptionally(e));
            }
        }
    }

    /// The next change alone, or all additions before it.
    private List<Entry> nextGroup() {
        List<Entry> group = new ArrayList<>();
        while (!waiting.isEmpty() && group.size() < MAX_GROUP) {
            boolean isTurn = waiting.getFirst().turn() != null;
            if (isTurn && !group.isEmpty()) {
                break;
            }
            group.add(waiting.removeFirst());
            if (isTurn) {
                break;
            }
        }
        return group;
    }

    private static @Nullable Dataset newer(@Nullable Dataset one, @Nullable Dataset other) {
        return one == null || (other != null && other.version() > one.version()) ? other : one;
    }

    private void work(List<Entry> group, @Nullable Dataset known) throws IOException {
        Turn turn = group.getFirst().turn();
        if (turn != null) {
            Dataset done = turn.take();
            committed(done);
            group.getFirst().result().complete(done);
            return;
        }
        Dataset base = known;
        for (Entry entry : group) {
            base = newer(base, addition(entry).base());
        }
        List<Entry> together = new ArrayList<>();
        for (Entry entry : group) {
            // Rows made for other columns go on top of the version that they were made for, or are refused there.
            if (base != null && addition(entry).base().schema().equals(base.schema())) {
                together.add(entry);
            } else {
                addTogether(addition(entry).base(), List.of(entry));
            }
        }
        if (base != null && !together.isEmpty()) {
            addTogether(base, together);
        }
    }

    private static Addition addition(Entry entry) {
        Addition addition = entry.addition();
        if (addition == null) {
            throw new IllegalStateException("a change among additions");
        }
        return addition;
    }

    private void addTogether(Dataset base, List<Entry> entries) {
        List<Fragment> fragments = new ArrayList<>();
        List<Entry> written = new ArrayList<>();
        Map<Schema, List<Entry>> byColumns = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (addition(entry).hasBatches()) {
                byColumns.computeIfAbsent(addition(entry).schema(), _ -> new ArrayList<>()).add(entry);
            } else {
                fragments.addAll(addition(entry).fragments());
                written.add(entry);
            }
        }
        byColumns.values().forEach(same -> write(base, same, fragments, written));
        if (written.isEmpty()) {
            return;
        }
        try {
            Dataset done = base.commit(new Operation.Append(fragments));
            committed(done);
            written.forEach(entry -> entry.result().complete(done));
        } catch (IOException | RuntimeException | Error e) {
            written.forEach(entry -> entry.result().completeExceptionally(e));
        }
    }

    /// Writes rows of the same columns into one fragment. If that fails, each call's alone, so that the one whose rows are
    /// to blame is told, and no other.
    private static void write(Dataset base, List<Entry> entries, List<Fragment> fragments, List<Entry> written) {
        try {
            fragments.addAll(base.writeFragments(
                    Addition.batchesOf(entries.stream().map(WriteLane::addition).toList())));
            written.addAll(entries);
        } catch (IOException | RuntimeException | Error e) {
            if (entries.size() == 1) {
                entries.getFirst().result().completeExceptionally(e);
            } else {
                entries.forEach(entry -> write(base, List.of(entry), fragments, written));
            }
        }
    }
}
