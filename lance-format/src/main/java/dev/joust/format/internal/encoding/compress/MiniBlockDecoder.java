// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.MemorySegment;

import dev.joust.format.internal.encoding.sink.ValueSink;

/// Decodes the values of mini-block chunks, one after the other. One per task: holds the chunk that is open.
public interface MiniBlockDecoder {
    /// Buffers that a chunk of this encoding has.
    int bufferCount();

    /// Takes the next chunk. Checks that its buffers hold `valueCount` values, as far as that shows before decoding.
    ///
    /// @param buffers     of the chunk, valid until the next call
    /// @param firstBuffer number of the first that belongs to this decoder
    void open(MemorySegment[] buffers, int firstBuffer, int valueCount);

    /// Appends values `[from, to)` of the open chunk. A sink of the shape that the decoder was made for.
    void append(int from, int to, ValueSink sink);
}
