// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;

/// Fragments of the version that is being made. An id is given to one fragment for ever, so that the highest one ever
/// given is kept beside them (spec: table format 3.2). Not thread-safe.
final class FragmentList {
    private static final long MAX_FRAGMENT_ID = 0xFFFF_FFFEL;

    private List<Fragment> fragments;
    private long maxFragmentId;

    /// @param base null for a table that is being created
    FragmentList(@Nullable Manifest base) {
        fragments = base == null ? List.of() : base.fragments();
        maxFragmentId = base == null ? -1 : maxFragmentId(base);
    }

    static long maxFragmentId(Manifest manifest) {
        if (manifest.maxFragmentId() != null) {
            return manifest.maxFragmentId();
        }
        return manifest.fragments().isEmpty()
                ? -1
                : manifest.fragments().getLast().id();
    }

    static Map<Long, Fragment> byId(List<Fragment> fragments) {
        Map<Long, Fragment> byId = new HashMap<>();
        fragments.forEach(fragment -> byId.put(fragment.id(), fragment));
        return byId;
    }

    List<Fragment> all() {
        return fragments;
    }

    /// Highest id ever given, null before the first.
    @Nullable Long maxFragmentId() {
        return maxFragmentId < 0 ? null : Long.valueOf(maxFragmentId);
    }

    /// Exchanges all fragments for those of an older version of the table.
    void restore(Manifest restored) {
        fragments = restored.fragments();
        maxFragmentId = Math.max(maxFragmentId, maxFragmentId(restored));
    }

    void clear() {
        fragments = List.of();
    }

    /// Sets ids aside, for fragments that a later version brings.
    void reserve(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("can't reserve " + Integer.toUnsignedString(count) + " fragment ids");
        }
        // Of a table without fragments id 0 is left out: reserved ids must not look like "give me one".
        long last = Math.max(maxFragmentId, 0) + count;
        checkId(last);
        maxFragmentId = last;
    }

    /// Puts something else in the place of each fragment, null for nothing.
    void replace(Function<Fragment, @Nullable Fragment> change) {
        List<Fragment> changed = new ArrayList<>(fragments.size());
        for (Fragment fragment : fragments) {
            Fragment after = change.apply(fragment);
            if (after != null) {
                changed.add(after);
            }
        }
        fragments = changed;
    }

    void add(List<Fragment> added) {
        List<Fragment> all = new ArrayList<>(fragments.size() + added.size());
        all.addAll(fragments);
        all.addAll(added);
        fragments = all;
    }

    /// The fragment with an id of its own: the next one, or the one it brings, which must have been set aside.
    Fragment identified(Fragment added) {
        if (added.id() == 0) {
            checkId(maxFragmentId + 1);
            maxFragmentId++;
            return added.withId(maxFragmentId);
        }
        if (added.id() > maxFragmentId) {
            throw new IllegalArgumentException(
                    "new fragment has id " + added.id() + ", which was not reserved: the highest is " + maxFragmentId);
        }
        return added;
    }

    private static void checkId(long id) {
        if (id > MAX_FRAGMENT_ID) {
            throw new IllegalStateException("the table has had 2^32 fragments, there are no more ids");
        }
    }

    /// By id, each once, without files that hold nothing any more.
    List<Fragment> finished() {
        List<Fragment> sorted = new ArrayList<>(fragments.size());
        for (Fragment fragment : fragments) {
            sorted.add(fragment.withoutDeadFiles());
        }
        sorted.sort(Comparator.comparingLong(Fragment::id));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).id() == sorted.get(i - 1).id()) {
                throw new IllegalArgumentException(
                        "two fragments of id " + sorted.get(i).id());
            }
        }
        return sorted;
    }
}
