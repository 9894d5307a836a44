// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

/// A table after a compaction.
///
/// @param dataset the version that came of it; the one before, if there was nothing to do
public record Compacted(Dataset dataset, CompactionMetrics metrics) {}
