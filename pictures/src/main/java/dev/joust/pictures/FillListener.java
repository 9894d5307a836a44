// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

/// Hears how far a column of vectors is filled.
@FunctionalInterface
public interface FillListener {
    FillListener NONE = (_, _, _) -> {};

    /// @param doneCount  rows that were looked at, of those that had no vector
    /// @param totalCount rows that had none
    /// @param seconds    since the start
    void progress(long doneCount, long totalCount, double seconds);
}
