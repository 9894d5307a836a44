// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.vector;

import org.jspecify.annotations.Nullable;

import dev.joust.index.internal.vector.hnsw.HnswGraph;

/// The rows of one partition on their way into a file.
///
/// @param rowIds  of the rows
/// @param encoded `byte[rowIds.length * rowBytes]`, row after row
/// @param graph   through them, if there is one already
@SuppressWarnings("ArrayRecordComponent") // on their way into a file
public record EncodedRows(long[] rowIds, byte[] encoded, @Nullable HnswGraph graph) {
    public int count() {
        return rowIds.length;
    }
}
