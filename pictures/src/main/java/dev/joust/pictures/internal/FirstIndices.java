// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.joust.format.CommitConflictException;
import dev.joust.format.commit.Operation;
import dev.joust.format.schema.Field;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.index.DistanceType;
import dev.joust.index.IvfHnswSq;
import dev.joust.index.VectorColumn;
import dev.joust.index.VectorIndexBuilder;
import dev.joust.search.MaintenanceTask;

/// Gives columns of vectors an index once a table is large enough for one to pay; the database keeps it up to date from
/// then on. Graphs over a byte per element: few partitions, so that they find what is near whoever searches with whatever
/// parameters. Thread-safe.
public final class FirstIndices implements MaintenanceTask {
    private final long leastRows;
    /// Rows that a column had when nothing came of it: it is tried again when there are twice as many.
    private final Map<String, Long> inVain = new HashMap<>();

    /// @param leastRows of the table
    public FirstIndices(long leastRows) {
        this.leastRows = leastRows;
    }

    @Override
    public String name() {
        return "index vectors of pictures";
    }

    @Override
    public boolean isDue(Dataset version) {
        return due(version).isPresent();
    }

    /// What the manifest says has to be enough: of a column with few vectors it learns when it builds.
    private Optional<Field> due(Dataset version) {
        long rowCount = version.manifest().fragments().stream().mapToLong(Fragment::liveRowCount).sum();
        if (rowCount < leastRows) {
            return Optional.empty();
        }
        return PictureTable.vectorColumns(version.schema()).stream()
                .filter(field -> version.manifest().indices().stream()
                        .noneMatch(index -> index.fieldIds().contains(field.id())))
                .filter(field -> rowCount >= 2 * triedWith(field.name()))
                .findFirst();
    }

    private synchronized long triedWith(String column) {
        return inVain.getOrDefault(column, 0L);
    }

    private synchronized void wasInVain(String column, long rowCount) {
        inVain.put(column, rowCount);
    }

    @Override
    public Optional<Outcome> prepare(Dataset version) throws IOException {
        Optional<Field> due = due(version);
        if (due.isEmpty()) {
            return Optional.empty();
        }
        String column = due.get().name();
        // Whatever comes of it: where it fails, it is not tried again at once
        wasInVain(column, version.countRows());
        VectorIndexBuilder builder = new VectorIndexBuilder(
                version,
                VectorColumn.of(version.schema(), column),
                IvfHnswSq.withMetric(DistanceType.L2).parameters());
        List<IndexMetadata> built = List.of(builder.build(column + "_idx"));
        return Optional.of(on -> commit(on, built));
    }

    private static Dataset commit(Dataset version, List<IndexMetadata> built) throws IOException {
        try {
            return version.commit(new Operation.CreateIndex(built, List.of(), Bytes.EMPTY));
        } catch (CommitConflictException e) {
            if (!e.retryable()) {
                VectorIndexBuilder.discard(version, built);
            }
            throw e;
        }
    }
}
