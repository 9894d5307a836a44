// SPDX-License-Identifier: Apache-2.0
package dev.joust.search.internal.maintain;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.commit.Operation;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.IndexMetadata;
import dev.joust.index.IndexOptimization;
import dev.joust.index.VectorIndexBuilder;
import dev.joust.index.VectorIndexOptimizer;
import dev.joust.search.IndexInfo;
import dev.joust.search.Indices;
import dev.joust.search.MaintenanceTask;

/// Brings vector indices up to date once many rows are not covered: a tenth as many as are, and at least
/// {@link #LEAST_ROWS}. Up to there a look at each of them takes a search little time. Segments that come of it are merged
/// with others that are not much larger, so that each row is written again only now and then. Thread-safe.
public final class GrownIndices implements MaintenanceTask {
    static final long LEAST_ROWS = 8192;
    private static final int LEAST_SHARE = 10;

    /// Rows that an index did not cover when nothing could be done about it: it is tried again when there are twice as many.
    private final Map<String, Long> inVain = new HashMap<>();

    @Override
    public String name() {
        return "bring vector indices up to date";
    }

    @Override
    public boolean isDue(Dataset version) {
        return due(version).isPresent();
    }

    /// An index with many rows that it does not cover.
    private Optional<IndexInfo> due(Dataset version) {
        boolean rowsMoved = version.manifest().indices().stream()
                .anyMatch(segment -> segment.name().equals(IndexMetadata.FRAGMENT_REUSE));
        if (rowsMoved) {
            return Optional.empty();
        }
        return Indices.listVectorIndices(version).stream()
                .filter(index -> index.uncoveredRows() >= Math.max(LEAST_ROWS, index.coveredRows() / LEAST_SHARE)
                        && index.uncoveredRows() >= 2 * triedWith(index.name()))
                .findFirst();
    }

    private synchronized long triedWith(String name) {
        return inVain.getOrDefault(name, 0L);
    }

    private synchronized void tried(IndexInfo due, boolean inVainAgain) {
        if (inVainAgain) {
            inVain.put(due.name(), due.uncoveredRows());
        } else {
            inVain.remove(due.name());
        }
    }

    @Override
    public Optional<Outcome> prepare(Dataset version) throws IOException {
        for (Optional<IndexInfo> due = due(version); due.isPresent(); due = due(version)) {
            Optional<VectorIndexOptimizer.Change> change;
            try {
                change = Indices.optimizer(version, due.get().name(), IndexOptimization.DEFAULT).run();
            } catch (UnsupportedFormatException | IllegalArgumentException e) {
                change = Optional.empty(); // of a kind or column that nothing is known to do about
            }
            tried(due.get(), change.isEmpty());
            if (change.isPresent()) {
                return Optional.of(new Grown(change.get()));
            }
        }
        return Optional.empty();
    }

    /// A segment that is built.
    private record Grown(VectorIndexOptimizer.Change change) implements Outcome {
        @Override
        public Dataset commit(Dataset version) throws IOException {
            return version.commit(new Operation.CreateIndex(List.of(change.added()), change.removed(), Bytes.EMPTY));
        }

        @Override
        public void giveUp(Dataset version) {
            VectorIndexBuilder.discard(version, List.of(change.added()));
        }
    }
}
