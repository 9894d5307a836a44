// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v01;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// Rows `[from, to)` of one field in one batch of the file, and what was fetched for them. Not thread-safe.
final class PageRows {
    final int batch;
    final long from;
    final long to;

    /// Values of these rows; or of strings their positions and of lists their offsets, one more than there are rows.
    MemorySegment page = MemorySegment.NULL;
    /// Bits of `page` before the first value.
    int leadingBits;
    /// Bytes of strings, all of these rows'.
    MemorySegment bytes = MemorySegment.NULL;
    /// The same rows of each field of a struct; the items of a list, if there are any.
    List<PageRows> children = List.of();

    PageRows(int batch, long from, long to) {
        this.batch = batch;
        this.from = from;
        this.to = to;
    }

    int count() {
        return Math.toIntExact(to - from);
    }
}
