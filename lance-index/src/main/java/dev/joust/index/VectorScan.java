// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.schema.Field;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.index.internal.flat.ChunkWork;
import dev.joust.index.internal.flat.FragmentVectors;

/// The exact search through a table's vector column: reads that column alone, keeps what is searched again in memory,
/// leaves out deleted rows, and divides the work among the session's workers where it is worth it.
public final class VectorScan {
    /// Work of less than about a millisecond stays on the caller's thread.
    private static final long SMALL_WORK_BYTES = 8 << 20;

    private VectorScan() {}

    /// The nearest live rows, by row address.
    ///
    /// @param column a fixed-size list of float32 of the query's dimension
    public static List<Neighbor> nearest(Dataset dataset, String column, FlatSearch search) throws IOException {
        return nearest(dataset, dataset.manifest().fragments(), column, search);
    }

    /// The nearest live rows of some of the fragments, by row address.
    public static List<Neighbor> nearest(
            Dataset dataset, List<Fragment> fragments, String column, FlatSearch search) throws IOException {
        Field field = dataset.schema().select(List.of(column)).fields().getFirst();
        search.requireSearchable(field);
        var parts = new ArrayList<FragmentVectors.Part>();
        long rowCount = 0;
        for (Fragment fragment : fragments) {
            parts.addAll(FragmentVectors.parts(dataset, fragment, field, search));
            rowCount += fragment.physicalRowCount();
        }
        long expectedRowCount = rowCount;
        boolean small = rowCount * search.dimension() * 4 <= SMALL_WORK_BYTES;
        int workerCount = small ? 1 : Math.min(parts.size(), dataset.session().workerCount());
        List<FlatSearch.Collector> collectors = ChunkWork.run(
                parts,
                workerCount,
                dataset.session().computeExecutor(),
                () -> search.newCollector(expectedRowCount),
                FragmentVectors.Part::search);
        return FlatSearch.merge(collectors);
    }
}
