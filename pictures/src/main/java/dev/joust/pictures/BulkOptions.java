// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

/// How many pictures are added. Immutable.
///
/// @param totalCount  how many there are, for progress; -1 where that is not known
/// @param commitCount pictures whose rows go into one version of the table
/// @param threadCount threads that read and decode; 0 for as many as there are processors
/// @param maxBytes    of encoded pictures that wait in memory at once
public record BulkOptions(long totalCount, int commitCount, int threadCount, long maxBytes) {
    public static final BulkOptions DEFAULT = new BulkOptions(-1, 1000, 0, 128L << 20);
    private static final int MAX_COMMIT_COUNT = 100_000;

    public BulkOptions {
        if (totalCount < -1 || commitCount < 1 || commitCount > MAX_COMMIT_COUNT || threadCount < 0 || maxBytes < 1) {
            throw new IllegalArgumentException(totalCount + " pictures, " + commitCount + " a version, " + threadCount
                    + " threads, " + maxBytes + " bytes");
        }
    }

    public BulkOptions withTotalCount(long newTotalCount) {
        return new BulkOptions(newTotalCount, commitCount, threadCount, maxBytes);
    }

    public BulkOptions withCommitCount(int newCommitCount) {
        return new BulkOptions(totalCount, newCommitCount, threadCount, maxBytes);
    }

    public BulkOptions withThreadCount(int newThreadCount) {
        return new BulkOptions(totalCount, commitCount, newThreadCount, maxBytes);
    }
}
