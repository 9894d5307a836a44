// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.lang.foreign.MemorySegment;
import java.util.List;

import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.sink.LeafSink;
import dev.joust.io.ByteRange;

/// Some rows of one page: first read {@link #ranges}, then {@link #decode} them. Immutable.
public interface PageRead {
    /// Ascending; of the file.
    List<ByteRange> ranges();

    /// Appends the rows, in order.
    ///
    /// @param bytes one segment per range
    void decode(List<MemorySegment> bytes, DecodeContext context, LeafSink sink);
}
