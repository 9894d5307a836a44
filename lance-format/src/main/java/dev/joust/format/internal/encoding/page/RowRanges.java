// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.util.Arrays;

/// Rows of one page: half-open ranges, ascending, not touching each other. Immutable.
public final class RowRanges {
    private final long[] starts;
    private final long[] ends;

    private RowRanges(long[] starts, long[] ends) {
        this.starts = starts;
        this.ends = ends;
    }

    /// One range.
    public static RowRanges of(long start, long end) {
        return new RowRanges(new long[] {start}, new long[] {end});
    }

    /// Single rows, neighbours joined.
    ///
    /// @param rows ascending without duplicates; those from index `from` up to `to`, less `origin` each
    public static RowRanges ofRows(long[] rows, int from, int to, long origin) {
        long[] starts = new long[to - from];
        long[] ends = new long[to - from];
        int count = 0;
        for (int i = from; i < to; i++) {
            long row = rows[i] - origin;
            if (count > 0 && ends[count - 1] == row) {
                ends[count - 1]++;
            } else {
                starts[count] = row;
                ends[count++] = row + 1;
            }
        }
        return new RowRanges(Arrays.copyOf(starts, count), Arrays.copyOf(ends, count));
    }

    /// Where each row is `factor` entries: their ranges.
    public RowRanges times(int factor) {
        if (factor == 1) {
            return this;
        }
        long[] newStarts = Arrays.stream(starts).map(start -> Math.multiplyExact(start, (long) factor)).toArray();
        long[] newEnds = Arrays.stream(ends).map(end -> Math.multiplyExact(end, (long) factor)).toArray();
        return new RowRanges(newStarts, newEnds);
    }

    /// The reverse of {@link #times}.
    public RowRanges dividedBy(int factor) {
        if (factor == 1) {
            return this;
        }
        long[] newStarts = Arrays.stream(starts).map(start -> start / factor).toArray();
        long[] newEnds = Arrays.stream(ends).map(end -> end / factor).toArray();
        return new RowRanges(newStarts, newEnds);
    }

    /// Ranges as given: the caller sees to their order.
    ///
    /// @param ends half-open, as many as `starts`
    public static RowRanges of(long[] starts, long[] ends) {
        return new RowRanges(starts.clone(), ends.clone());
    }

    public int count() {
        return starts.length;
    }

    public long start(int range) {
        return starts[range];
    }

    public long end(int range) {
        return ends[range];
    }

    /// Rows in all ranges.
    public long rowCount() {
        long rows = 0;
        for (int i = 0; i < starts.length; i++) {
            rows += ends[i] - starts[i];
        }
        return rows;
    }
}
