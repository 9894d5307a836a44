// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.Arrays;

/// In which version of the table each row of a fragment was made, or last changed, in physical order, deleted rows
/// included (spec: table format 2.4): runs of rows of one version. Immutable.
public final class RowVersions {
    /// What rows are said to be of where nothing is recorded.
    public static final long UNRECORDED = 1;

    /// Rows before the end of each run, ascending.
    private final long[] runEnds;
    private final long[] versions;

    private RowVersions(long[] runEnds, long[] versions) {
        this.runEnds = runEnds;
        this.versions = versions;
    }

    /// All rows of one version.
    public static RowVersions uniform(long rowCount, long version) {
        Builder builder = new Builder();
        builder.add(rowCount, version);
        return builder.build();
    }

    public long rowCount() {
        return runEnds.length == 0 ? 0 : runEnds[runEnds.length - 1];
    }

    public int runCount() {
        return versions.length;
    }

    public long runRowCount(int run) {
        return run == 0 ? runEnds[0] : runEnds[run] - runEnds[run - 1];
    }

    public long runVersion(int run) {
        return versions[run];
    }

    /// Version of the row at a physical offset.
    public long versionAt(long rowOffset) {
        if (rowOffset < 0 || rowOffset >= rowCount()) {
            throw new IndexOutOfBoundsException("row " + rowOffset + " of " + rowCount());
        }
        int found = Arrays.binarySearch(runEnds, rowOffset);
        return versions[found >= 0 ? found + 1 : -found - 1];
    }

    /// Takes runs in the order of rows; neighbours of one version become one.
    public static final class Builder {
        private long[] runEnds = new long[4];
        private long[] versions = new long[4];
        private int runCount;

        public void add(long rowCount, long version) {
            if (rowCount <= 0) {
                return;
            }
            long end = Math.addExact(runCount == 0 ? 0 : runEnds[runCount - 1], rowCount);
            if (runCount > 0 && versions[runCount - 1] == version) {
                runEnds[runCount - 1] = end;
                return;
            }
            if (runCount == runEnds.length) {
                runEnds = Arrays.copyOf(runEnds, 2 * runCount);
                versions = Arrays.copyOf(versions, 2 * runCount);
            }
            runEnds[runCount] = end;
            versions[runCount++] = version;
        }

        public RowVersions build() {
            return new RowVersions(Arrays.copyOf(runEnds, runCount), Arrays.copyOf(versions, runCount));
        }
    }
}
