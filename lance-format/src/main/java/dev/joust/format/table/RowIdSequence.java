// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.ArrayList;
import java.util.List;

/// The stable row ids of a fragment's rows, in physical order, deleted rows included (spec: table format 2.4).
/// Immutable.
public final class RowIdSequence {
    /// Bytes that a segment of any form takes beside its ids, about.
    private static final long SEGMENT_BYTES = 24;

    /// Consecutive rows and their ids.
    public sealed interface Segment {
        long rowCount();

        long idAt(long index);

        /// The ids in the form that takes the fewest bytes (spec: table format 2.4): a range where they ascend without
        /// holes; with few holes, that range and its holes; with many, a bitmap or a list.
        ///
        /// @param ids becomes the segment's, at least one
        static Segment of(long[] ids) {
            long first = ids[0];
            for (int i = 1; i < ids.length; i++) {
                if (Long.compareUnsigned(ids[i - 1], ids[i]) >= 0) {
                    return new Listed(ids);
                }
            }
            long last = ids[ids.length - 1];
            long span = last - first + 1;
            if (span == ids.length) {
                return new Range(first, last + 1);
            }
            if (span <= 0 || last == -1) {
                return new Listed(ids);
            }
            long holesBytes = SEGMENT_BYTES + 4 * (span - ids.length);
            long bitmapBytes = SEGMENT_BYTES + (span + 7) / 8;
            long listBytes = SEGMENT_BYTES + 2L * ids.length;
            if (listBytes <= Math.min(holesBytes, bitmapBytes)) {
                return new Listed(ids);
            }
            return holesBytes <= bitmapBytes ? RangeWithHoles.without(ids) : RangeWithBitmap.with(ids);
        }

        /// Ids `start`, `start + 1`, ... below `end`.
        record Range(long start, long end) implements Segment {
            @Override
            public long rowCount() {
                return end - start;
            }

            @Override
            public long idAt(long index) {
                return start + index;
            }
        }

        /// Ids from `start` up to, not including, `end`, without some.
        final class RangeWithHoles implements Segment {
            private final long start;
            private final long end;
            private final long[] holes;

            /// @param holes inside the range, ascending; becomes the segment's
            public RangeWithHoles(long start, long end, long[] holes) {
                this.start = start;
                this.end = end;
                this.holes = holes;
            }

            /// @param ids ascending, with so few holes between them that these fit an array
            private static RangeWithHoles without(long[] ids) {
                long end = ids[ids.length - 1] + 1;
                long[] holes = new long[Math.toIntExact(end - ids[0] - ids.length)];
                int count = 0;
                for (int i = 1; i < ids.length; i++) {
                    for (long hole = ids[i - 1] + 1; hole != ids[i]; hole++) {
                        holes[count++] = hole;
                    }
                }
                return new RangeWithHoles(ids[0], end, holes);
            }

            public long start() {
                return start;
            }

            public long end() {
                return end;
            }

            /// Ascending.
            public long[] holes() {
                return holes.clone();
            }

            @Override
            public long rowCount() {
                return end - start - holes.length;
            }

            @Override
            public long idAt(long index) {
                // Holes that lie below the id: hole k does if at most `index` ids come before it.
                int low = 0;
                int high = holes.length;
                while (low < high) {
                    int middle = (low + high) >>> 1;
                    if (holes[middle] - start - middle <= index) {
                        low = middle + 1;
                    } else {
                        high = middle;
                    }
                }
                return start + index + low;
            }
        }

        /// Ids `start + i` for each bit `i` that is set, least significant bit first.
        final class RangeWithBitmap implements Segment {
            private final long start;
            private final long[] words;
            /// Bits set before each word.
            private final int[] ranks;

            private final int rowCount;

            /// @param words becomes the segment's
            public RangeWithBitmap(long start, long[] words) {
                this.start = start;
                this.words = words;
                ranks = new int[words.length];
                int count = 0;
                for (int i = 0; i < words.length; i++) {
                    ranks[i] = count;
                    count = Math.addExact(count, Long.bitCount(words[i]));
                }
                rowCount = count;
            }

            /// @param ids ascending, so near to each other that the bitmap fits an array
            private static RangeWithBitmap with(long[] ids) {
                long[] words = new long[Math.toIntExact((ids[ids.length - 1] - ids[0]) / 64 + 1)];
                for (long id : ids) {
                    words[(int) ((id - ids[0]) / 64)] |= 1L << (id - ids[0]);
                }
                return new RangeWithBitmap(ids[0], words);
            }

            public long start() {
                return start;
            }

            /// Bit `i % 64` of word `i / 64` stands for id `start + i`.
            public long[] words() {
                return words.clone();
            }

            @Override
            public long rowCount() {
                return rowCount;
            }

            @Override
            public long idAt(long index) {
                int low = 0;
                int high = words.length - 1;
                while (low < high) {
                    int middle = (low + high + 1) >>> 1;
                    if (ranks[middle] <= index) {
                        low = middle;
                    } else {
                        high = middle - 1;
                    }
                }
                long word = words[low];
                for (long skipped = index - ranks[low]; skipped > 0; skipped--) {
                    word &= word - 1;
                }
                return start + 64L * low + Long.numberOfTrailingZeros(word);
            }
        }

        /// Ids one by one.
        final class Listed implements Segment {
            private final long[] ids;

            /// @param ids becomes the segment's
            public Listed(long[] ids) {
                this.ids = ids;
            }

            @Override
            public long rowCount() {
                return ids.length;
            }

            @Override
            public long idAt(long index) {
                return ids[Math.toIntExact(index)];
            }
        }
    }

    private final List<Segment> segments;
    private final long[] firstRows;
    private final long rowCount;

    public RowIdSequence(List<Segment> segments) {
        this.segments = List.copyOf(segments);
        firstRows = new long[segments.size()];
        long rows = 0;
        for (int i = 0; i < firstRows.length; i++) {
            firstRows[i] = rows;
            rows += segments.get(i).rowCount();
        }
        rowCount = rows;
    }

    /// Ids `start`, `start + 1`, ... below `end`.
    public static RowIdSequence ofRange(long start, long end) {
        return new RowIdSequence(List.of(new Segment.Range(start, end)));
    }

    /// These ids, in the order given.
    ///
    /// @param ids becomes the sequence's
    public static RowIdSequence ofIds(long[] ids) {
        return new RowIdSequence(ids.length == 0 ? List.of() : List.of(Segment.of(ids)));
    }

    /// These ids, then those.
    public RowIdSequence followedBy(RowIdSequence next) {
        List<Segment> all = new ArrayList<>(segments);
        all.addAll(next.segments);
        return new RowIdSequence(all);
    }

    public long rowCount() {
        return rowCount;
    }

    public List<Segment> segments() {
        return segments;
    }

    /// Id of the row at a physical offset.
    public long idAt(long rowOffset) {
        if (rowOffset < 0 || rowOffset >= rowCount) {
            throw new IndexOutOfBoundsException("row " + rowOffset + " of " + rowCount);
        }
        int found = java.util.Arrays.binarySearch(firstRows, rowOffset);
        int segment = found >= 0 ? found : -found - 2;
        // Empty segments share their first row with the next one.
        while (segment + 1 < firstRows.length && firstRows[segment + 1] <= rowOffset) {
            segment++;
        }
        return segments.get(segment).idAt(rowOffset - firstRows[segment]);
    }
}
