// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.joust.format.commit.Operation;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.ScanOptions;

/// Puts one larger fragment in place of many small ones, so that a table made of single appends stays small: a
/// version lists every fragment, so without merging each append would write a longer list than the one before.
///
/// Fragments of about the same size are merged, {@link #FAN_IN} at a time. A row is rewritten twice at most, and there
/// are never many more than twice {@link #FAN_IN} fragments below {@link #LARGE_ROW_COUNT} rows.
final class FragmentMerger {
    static final int FAN_IN = 32;
    private static final int LARGE_ROW_COUNT = FAN_IN * FAN_IN;

    private FragmentMerger() {}

    /// The fragments to merge next, in the order of the table; none while there are few of a size. Tables with
    /// indices or stable row ids are left alone: their rows must not move unnoticed.
    static List<Fragment> candidates(Dataset dataset) {
        if (dataset.manifest().hasStableRowIds() || !dataset.manifest().indices().isEmpty()) {
            return List.of();
        }
        Map<Boolean, List<Fragment>> bySize = dataset.manifest().fragments().stream()
                .filter(fragment -> fragment.liveRowCount() < LARGE_ROW_COUNT)
                .collect(Collectors.groupingBy(
                        fragment -> fragment.liveRowCount() < FAN_IN, TreeMap::new, Collectors.toList()));
        for (List<Fragment> sameSize : bySize.values()) {
            if (sameSize.size() >= FAN_IN) {
                return List.copyOf(sameSize.subList(0, FAN_IN));
            }
        }
        return List.of();
    }

    /// Writes the rows of the fragments anew, and says how the table takes them over.
    static Optional<Operation> rewrite(Dataset dataset, List<Fragment> old) throws IOException {
        ScanOptions rows = ScanOptions.ALL.withFragments(old.stream().map(Fragment::id).toList());
        List<Fragment> merged = new ArrayList<>(dataset.writeFragments(dataset.scan(rows)));
        if (merged.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Operation.Rewrite(
                List.of(new Operation.Rewrite.Group(old, merged, Bytes.EMPTY)), List.of(), Bytes.EMPTY));
    }
}
