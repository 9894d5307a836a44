// SPDX-License-Identifier: Apache-2.0
package dev.joust.http.request;

/// How fast a body comes, by the time that was spent waiting for it: who sends a byte now and then would hold memory and
/// a turn for as long as it likes. Used by one thread.
public final class Pace {
    private static final long WINDOW_NANOS = 10_000_000_000L;
    private static final long LEAST_BYTES_PER_SECOND = 1024;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private long waitedNanos;
    private long sizeBytes;

    /// Takes in what a read brought.
    ///
    /// @param nanos     that the read took
    /// @param byteCount that came, 0 at the end
    /// @return whether too little has come for ten seconds of waiting
    public boolean isTooSlow(long nanos, int byteCount) {
        waitedNanos += nanos;
        sizeBytes += byteCount;
        if (waitedNanos < WINDOW_NANOS) {
            return false;
        }
        boolean isTooSlow = sizeBytes < LEAST_BYTES_PER_SECOND * (waitedNanos / NANOS_PER_SECOND);
        waitedNanos = 0;
        sizeBytes = 0;
        return isTooSlow;
    }
}
