// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

import dev.joust.format.internal.encoding.page.RowRanges;
import dev.joust.format.internal.encoding.sink.ValiditySink;
import dev.joust.format.internal.encoding.sink.ValueSink;

/// Reads the values of a page out of the buffers of one encoding and of those below it. Immutable but for what it
/// remembers, thread-safe.
interface ValueReader {
    /// Starts to read: asks for the bytes that can be named now.
    ///
    /// @param values ascending, among the page's
    ValueRead read(RowRanges values, ReadTask task);

    /// Values under way. Not thread-safe.
    interface ValueRead {
        /// Asks for the bytes that those of the last round point to. Called after each round until it says false,
        /// and perhaps more often.
        ///
        /// @return whether it got on
        default boolean askMore() {
            return false;
        }

        /// Appends the values and whether they are valid, when all rounds are over.
        void appendTo(ValueSink values, ValiditySink validity);
    }
}
