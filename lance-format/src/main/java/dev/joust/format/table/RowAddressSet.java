// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;

import org.roaringbitmap.RoaringBitmap;

/// A set of row addresses ({@link RowAddress}), kept by fragment. Immutable; collect one with a {@link Builder}.
public final class RowAddressSet {
    public static final RowAddressSet EMPTY = new Builder().build();

    private final NavigableMap<Long, RoaringBitmap> offsetsByFragment;

    private RowAddressSet(NavigableMap<Long, RoaringBitmap> offsetsByFragment) {
        this.offsetsByFragment = offsetsByFragment;
    }

    public static RowAddressSet of(long... rowAddresses) {
        Builder builder = builder();
        for (long address : rowAddresses) {
            builder.add(address);
        }
        return builder.build();
    }

    public static Builder builder() {
        return new Builder();
    }

    public boolean contains(long rowAddress) {
        RoaringBitmap offsets = offsetsByFragment.get(Integer.toUnsignedLong(RowAddress.fragmentId(rowAddress)));
        return offsets != null && offsets.contains(RowAddress.rowOffset(rowAddress));
    }

    public long size() {
        return offsetsByFragment.values().stream()
                .mapToLong(RoaringBitmap::getLongCardinality)
                .sum();
    }

    public boolean isEmpty() {
        return offsetsByFragment.isEmpty();
    }

    /// Fragments that rows of the set are in, ascending.
    public NavigableSet<Long> fragmentIds() {
        return offsetsByFragment.navigableKeySet();
    }

    /// Rows of the set in one fragment.
    public DeletionVector rowsOf(long fragmentId) {
        RoaringBitmap offsets = offsetsByFragment.get(fragmentId);
        return offsets == null ? DeletionVector.EMPTY : DeletionVector.of(offsets);
    }

    @Override
    public String toString() {
        return size() + " rows of fragments " + offsetsByFragment.keySet();
    }

    /// Not thread-safe.
    public static final class Builder {
        private NavigableMap<Long, RoaringBitmap> offsetsByFragment = new TreeMap<>();
        private long lastFragment = -1;
        private RoaringBitmap lastOffsets = new RoaringBitmap();

        private Builder() {}

        public Builder add(long rowAddress) {
            long fragment = Integer.toUnsignedLong(RowAddress.fragmentId(rowAddress));
            if (fragment != lastFragment) {
                lastOffsets = offsetsByFragment.computeIfAbsent(fragment, _ -> new RoaringBitmap());
                lastFragment = fragment;
            }
            lastOffsets.add(RowAddress.rowOffset(rowAddress));
            return this;
        }

        public Builder addAll(RowAddressSet other) {
            for (Map.Entry<Long, RoaringBitmap> entry : other.offsetsByFragment.entrySet()) {
                offsetsByFragment
                        .computeIfAbsent(entry.getKey(), _ -> new RoaringBitmap())
                        .or(entry.getValue());
            }
            return this;
        }

        /// The set; the builder starts anew.
        public RowAddressSet build() {
            RowAddressSet built = new RowAddressSet(offsetsByFragment);
            offsetsByFragment = new TreeMap<>();
            lastFragment = -1;
            return built;
        }
    }
}
