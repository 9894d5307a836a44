// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.flat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.schema.Field;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.DeletionVector;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.RowAddress;
import dev.joust.index.FlatSearch;
import dev.joust.io.ObjectPath;

/// The vectors of one fragment, in parts that workers search apart from each other.
public final class FragmentVectors {
    /// Rows of a part in memory: a multiple of 8, for its validity starts at a byte, and a few milliseconds of work.
    private static final int PART_ROW_COUNT = 1 << 15;

    /// Bytes of a batch: enough for the kernels' far streams, little enough to stay near.
    private static final int BATCH_BYTES = 4 << 20;

    private FragmentVectors() {}

    /// What one worker searches at a time.
    @FunctionalInterface
    public interface Part {
        void search(FlatSearch.Collector collector) throws IOException;
    }

    public static List<Part> parts(Dataset dataset, Fragment fragment, Field field, FlatSearch search)
            throws IOException {
        int rowCount = Math.toIntExact(fragment.physicalRowCount());
        int dimension = search.dimension();
        DeletionVector deletions = dataset.deletions(fragment);
        DataFile file = fileOf(fragment, field);
        if (rowCount == 0 || file == null) {
            return List.of(); // no rows, or all of them null
        }
        var key = new VectorCache.Key(dataset.store().root(), file.baseId(), ObjectPath.of(file.path()), field.id());
        ResidentVectors resident = VectorCache.of(dataset.session())
                .get(key, ResidentVectors.sizeBytes(rowCount, dimension), () -> {
                    try (BatchReader batches = open(dataset, fragment, field, dimension)) {
                        return ResidentVectors.load(batches, rowCount, dimension);
                    }
                });
        return resident == null
                ? List.of(collector -> stream(dataset, fragment, field, dimension, deletions, collector))
                : residentParts(resident, fragment, dimension, deletions);
    }

    private static List<Part> residentParts(
            ResidentVectors resident, Fragment fragment, int dimension, DeletionVector deletions) {
        var parts = new ArrayList<Part>();
        for (int start = 0; start < resident.rowCount(); start += PART_ROW_COUNT) {
            int first = start;
            int count = Math.min(PART_ROW_COUNT, resident.rowCount() - start);
            parts.add(collector -> {
                MemorySegment vectors = resident.vectors()
                        .asSlice(ResidentVectors.sizeBytes(first, dimension), ResidentVectors.sizeBytes(count, dimension));
                MemorySegment validity = resident.validity();
                collector.add(
                        vectors,
                        count,
                        validity == null ? null : validity.asSlice(first / 8),
                        deletedFrom(first, deletions),
                        RowAddress.of(fragment.id(), first));
            });
        }
        return parts;
    }

    private static void stream(
            Dataset dataset,
            Fragment fragment,
            Field field,
            int dimension,
            DeletionVector deletions,
            FlatSearch.Collector collector)
            throws IOException {
        int first = 0;
        try (BatchReader batches = open(dataset, fragment, field, dimension)) {
            Batch next;
            while ((next = batches.next()) != null) {
                try (Batch batch = next) {
                    collector.add(
                            batch.columns().getFirst(),
                            deletedFrom(first, deletions),
                            RowAddress.of(fragment.id(), first));
                    first += batch.rowCount();
                }
            }
        }
    }

    private static BatchReader open(Dataset dataset, Fragment fragment, Field field, int dimension)
            throws IOException {
        int batchRowCount = Math.clamp(BATCH_BYTES / (4L * dimension), 1024, 1 << 16);
        return dataset.scanPhysical(fragment, List.of(field.name()), batchRowCount);
    }

    private static @Nullable DataFile fileOf(Fragment fragment, Field field) {
        for (DataFile file : fragment.files()) {
            if (file.fieldIds().contains(field.id())) {
                return file;
            }
        }
        return null;
    }

    private static @Nullable IntPredicate deletedFrom(int firstRow, DeletionVector deletions) {
        return deletions.isEmpty() ? null : row -> deletions.isDeleted(firstRow + row);
    }
}
