// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.write;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.encoding.LeafValues;

/// The rows of one column that will make one page, in memory that it owns.
///
/// @param firstRow number of the first row in the file
/// @param validity bit per row, LSB first, 1 = valid; null where no row is null
@SuppressWarnings("ArrayRecordComponent") // working memory, compared by nobody
public record PageData(
        long firstRow, int rowCount, int nullCount, byte @Nullable [] validity, LeafValues values) {}
