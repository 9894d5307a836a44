// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.util.List;

/// An index of a table, as its manifest has it.
///
/// @param type           `IVF_PQ`, `BTree`
/// @param columns        indexed, by name; nested ones by their path
/// @param segmentCount   parts that were built at different times
/// @param coveredRows    live rows of fragments that it covers
/// @param uncoveredRows  live rows of the others, which searches look at one by one
/// @param sizeBytes      of its files, as far as the manifest says
public record IndexInfo(
        String name, String type, List<String> columns, int segmentCount, long coveredRows, long uncoveredRows, long sizeBytes) {
    public IndexInfo {
        columns = List.copyOf(columns);
    }
}
