// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

/// Requests by kind and bytes moved, as `--io-stats` prints them and tests assert them.
public record ReadStats(
        long getCount, long headCount, long listCount, long putCount, long deleteCount, long bytesRead, long bytesWritten) {
    public static final ReadStats NONE = new ReadStats(0, 0, 0, 0, 0, 0, 0);

    /// What was added since `earlier`.
    public ReadStats since(ReadStats earlier) {
        return new ReadStats(
                getCount - earlier.getCount,
                headCount - earlier.headCount,
                listCount - earlier.listCount,
                putCount - earlier.putCount,
                deleteCount - earlier.deleteCount,
                bytesRead - earlier.bytesRead,
                bytesWritten - earlier.bytesWritten);
    }

    /// All requests together.
    public long requestCount() {
        return getCount + headCount + listCount + putCount + deleteCount;
    }
}
