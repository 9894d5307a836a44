// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.joust.format.batch.BufferSources;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.RowAddress;
import dev.joust.format.table.RowIdSequence;
import dev.joust.format.table.StoredSequence;

/// Stable ids of rows that are written again: they go along into the new fragments, as the first ids of each; rows after
/// them get theirs at commit (spec: table format 3.3).
public final class MovedRows {
    private MovedRows() {}

    /// @param written fragments of the new rows, moved ones first
    /// @param moved   addresses that these had in `manifest`
    public static List<Fragment> withIds(
            TableContext table, Manifest manifest, List<Fragment> written, long[] moved, BufferSources memory)
            throws IOException {
        long[] ids = idsOf(table, manifest, moved, memory);
        List<Fragment> identified = new ArrayList<>(written.size());
        int next = 0;
        for (Fragment fragment : written) {
            int count = (int) Math.min(ids.length - next, fragment.physicalRowCount());
            if (count == 0) {
                identified.add(fragment);
                continue;
            }
            long[] ofFragment = new long[count];
            System.arraycopy(ids, next, ofFragment, 0, count);
            next += count;
            identified.add(fragment.withLineage(
                    new StoredSequence.Inline(RowIdSequenceCodec.toBytes(RowIdSequence.ofIds(ofFragment))),
                    null,
                    null));
        }
        return identified;
    }

    private static long[] idsOf(TableContext table, Manifest manifest, long[] addresses, BufferSources memory)
            throws IOException {
        Map<Long, RowIdSequence> sequences = new HashMap<>();
        long[] ids = new long[addresses.length];
        for (int i = 0; i < ids.length; i++) {
            long fragmentId = Integer.toUnsignedLong(RowAddress.fragmentId(addresses[i]));
            RowIdSequence sequence = sequences.get(fragmentId);
            if (sequence == null) {
                Fragment fragment = manifest.fragment(fragmentId).orElseThrow();
                try (FragmentReader reader = new FragmentReader(table, manifest, fragment, memory)) {
                    sequence = Objects.requireNonNull(reader.rowIds());
                }
                sequences.put(fragmentId, sequence);
            }
            ids[i] = sequence.idAt(Integer.toUnsignedLong(RowAddress.rowOffset(addresses[i])));
        }
        return ids;
    }
}
