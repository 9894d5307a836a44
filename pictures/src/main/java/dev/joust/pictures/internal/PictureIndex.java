// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.joust.format.table.Dataset;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.RowAddress;

/// Which ids one version of the table holds, and in which rows. Brought to a newer version by reading the ids of
/// those fragments alone that are new or have other deletions, so the cost of a step does not grow with the table.
///
/// One thread at a time may advance it; {@link #contains} may be asked by any thread meanwhile. It takes some 250
/// bytes of memory per row.
public final class PictureIndex {
    private static final long[] NO_ROWS = {};

    /// What was read of a fragment. The ids of rows that are deleted or null are not among them.
    private record IndexedFragment(Fragment fragment, List<String> ids, List<Long> rowAddresses) {
        boolean holdsTheRowsOf(Fragment other) {
            return fragment.files().equals(other.files())
                    && Objects.equals(fragment.deletionFile(), other.deletionFile());
        }
    }

    private final Map<Long, IndexedFragment> fragments = new HashMap<>();
    /// Several rows of one id can only come from another writer.
    private final Map<String, long[]> rowsById = new ConcurrentHashMap<>();

    /// Whether the version that the index stands at has a row of that id.
    public boolean contains(String id) {
        return rowsById.containsKey(id);
    }

    /// Addresses of the rows of that id, mostly one or none.
    public long[] rowAddresses(String id) {
        return rowsById.getOrDefault(id, NO_ROWS).clone();
    }

    /// Takes over what changed between the version the index stands at and this one, which may also be older.
    public void advanceTo(Dataset dataset) throws IOException {
        Set<Long> present = new HashSet<>();
        List<Fragment> unread = new ArrayList<>();
        for (Fragment fragment : dataset.manifest().fragments()) {
            present.add(fragment.id());
            IndexedFragment known = fragments.get(fragment.id());
            if (known == null || !known.holdsTheRowsOf(fragment)) {
                unread.add(fragment);
            }
        }
        Map<Long, IndexedFragment> read = read(dataset, unread);
        for (Long id : List.copyOf(fragments.keySet())) {
            if (!present.contains(id) && !read.containsKey(id)) {
                remove(fragments.remove(id));
            }
        }
        read.forEach((id, fragment) -> {
            IndexedFragment older = fragments.put(id, fragment);
            if (older != null) {
                remove(older);
            }
            add(fragment);
        });
    }

    /// Takes over one fragment that this process has written itself.
    public void add(Fragment fragment, List<String> ids) {
        List<Long> addresses = new ArrayList<>(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            addresses.add(RowAddress.of(fragment.id(), i));
        }
        IndexedFragment indexed = new IndexedFragment(fragment, List.copyOf(ids), List.copyOf(addresses));
        fragments.put(fragment.id(), indexed);
        add(indexed);
    }

    private static Map<Long, IndexedFragment> read(Dataset dataset, List<Fragment> unread) throws IOException {
        if (unread.isEmpty()) {
            return Map.of();
        }
        Map<Long, IndexedFragment> read = new HashMap<>();
        unread.forEach(fragment -> read.put(
                fragment.id(), new IndexedFragment(fragment, new ArrayList<>(), new ArrayList<>())));
        PictureTable.forEachId(dataset, unread.stream().map(Fragment::id).toList(), (id, address) -> {
            IndexedFragment fragment = read.get(Integer.toUnsignedLong(RowAddress.fragmentId(address)));
            fragment.ids().add(id);
            fragment.rowAddresses().add(address);
        });
        return read;
    }

    private void add(IndexedFragment fragment) {
        for (int i = 0; i < fragment.ids().size(); i++) {
            long address = fragment.rowAddresses().get(i);
            rowsById.merge(fragment.ids().get(i), new long[] {address},
                    (present, _) -> Arrays.stream(present).anyMatch(row -> row == address)
                            ? present : join(present, address));
        }
    }

    private void remove(IndexedFragment fragment) {
        for (int i = 0; i < fragment.ids().size(); i++) {
            long address = fragment.rowAddresses().get(i);
            rowsById.computeIfPresent(fragment.ids().get(i), (_, present) -> {
                long[] others = Arrays.stream(present).filter(row -> row != address).toArray();
                return others.length == 0 ? null : others;
            });
        }
    }

    private static long[] join(long[] rows, long row) {
        long[] all = Arrays.copyOf(rows, rows.length + 1);
        all[rows.length] = row;
        return all;
    }
}
