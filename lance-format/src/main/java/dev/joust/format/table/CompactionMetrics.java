// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

/// What a compaction did.
///
/// @param fragmentsRemoved old fragments
/// @param fragmentsAdded   new fragments
/// @param filesRemoved     files of the old fragments: data files, and deletion files
/// @param filesAdded       files of the new fragments
public record CompactionMetrics(int fragmentsRemoved, int fragmentsAdded, int filesRemoved, int filesAdded) {
    public static final CompactionMetrics NONE = new CompactionMetrics(0, 0, 0, 0);

    public CompactionMetrics plus(CompactionMetrics other) {
        return new CompactionMetrics(
                fragmentsRemoved + other.fragmentsRemoved,
                fragmentsAdded + other.fragmentsAdded,
                filesRemoved + other.filesRemoved,
                filesAdded + other.filesAdded);
    }
}
