// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures;

import java.util.List;
import java.util.Map;

/// What the table holds.
///
/// @param columns       name to type, in order, as Arrow prints types
/// @param lastVectorDim floats per vector
/// @param tablePath     where the table is
/// @param indices       names of its indices
/// @param version       of the table; 0 where there is none yet
public record PictureStats(
        long rowCount,
        int columnCount,
        Map<String, String> columns,
        int lastVectorDim,
        String tablePath,
        List<String> indices,
        long version) {}
