// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import dev.joust.format.batch.ColumnBuffers;

/// Rows of a field under way, of one task. Not thread-safe.
interface ColumnRead {
    /// Asks for the bytes that those of the last round point to. Called after each round until it says false, and
    /// perhaps more often.
    ///
    /// @return whether it got on
    boolean askMore();

    /// Decodes, when all rounds are over.
    ColumnBuffers finish();
}
