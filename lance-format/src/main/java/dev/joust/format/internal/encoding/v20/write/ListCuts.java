// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20.write;

import java.util.TreeSet;

/// After which rows of the file the pages of a list column end. The pages of its items must end there too: readers
/// take a page of lists to begin with a page of items. Not thread-safe.
final class ListCuts {
    private final TreeSet<Long> rows = new TreeSet<>();

    void add(long row) {
        rows.add(row);
    }

    boolean isAt(long row) {
        return rows.contains(row);
    }

    /// The first cut after `row`, or more rows than there can be.
    long after(long row) {
        Long next = rows.higher(row);
        return next == null ? Long.MAX_VALUE : next;
    }
}
