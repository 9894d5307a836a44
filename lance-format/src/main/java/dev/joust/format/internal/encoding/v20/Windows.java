// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import java.util.ArrayList;
import java.util.List;

import dev.joust.format.internal.encoding.schedule.ReadAhead;
import dev.joust.io.ByteRange;
import dev.joust.io.Session;

/// The pieces of a buffer that hold what a batch wants of it, and that are worth fetching whole since other batches want
/// the rest. A buffer is cut at multiples of one size, so that batches that know nothing of each other mean the same
/// pieces.
///
/// @param ranges    one or two neighbours in the file; none if what is wanted is to be fetched alone
/// @param sizeBytes of each but a buffer's last
record Windows(List<ByteRange> ranges, long sizeBytes) {
    static final Windows NONE = new Windows(List.of(), 0);

    private static final long MAX_BYTES = 1 << 20;
    /// Of one column within the share of a scan: those of its ends, its values and its validity, and one to come.
    private static final int PER_COLUMN = 4;

    /// How large a column's windows are: no more than what the scan wants of the column, or it would read far more
    /// than that.
    ///
    /// @param columnBytes of the whole file
    /// @param columnCount columns that the scan reads
    /// @return 0 if batches share nothing
    static long sizeBytes(
            Session session, ReadAhead.Extent extent, long fileRowCount, long columnBytes, int columnCount) {
        long rows = extent.endRow() - extent.startRow();
        if (rows <= extent.batchRowCount()) {
            return 0;
        }
        long wanted = (long) Math.ceil((double) columnBytes * rows / Math.max(1, fileRowCount));
        long share = ScanWindows.limitBytes(session) / ((long) PER_COLUMN * Math.max(1, columnCount));
        return Math.min(wanted, Math.min(MAX_BYTES, share));
    }

    /// Those of `buffer` that hold `range`, which lies in it; none if it is as good as a window itself.
    ///
    /// @param sizeBytes 0 for none
    static Windows of(ByteRange buffer, ByteRange range, long sizeBytes) {
        if (range.length() > sizeBytes / 2) {
            return NONE;
        }
        List<ByteRange> ranges = new ArrayList<>(2);
        long start = range.offset() - (range.offset() - buffer.offset()) % sizeBytes;
        for (; start < range.end(); start += sizeBytes) {
            ranges.add(ByteRange.between(start, Math.min(start + sizeBytes, buffer.end())));
        }
        return new Windows(ranges, sizeBytes);
    }
}
