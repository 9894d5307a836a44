// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// One object being written, front to back. Closed without {@link #finish}, it leaves nothing.
/// Not thread-safe.
public interface ObjectWriter extends AutoCloseable {
    /// Appends the bytes; they may be reused when the call returns.
    void write(MemorySegment bytes) throws IOException;

    /// Bytes written so far, that is the offset of the next one.
    long position();

    /// Makes the object visible under its name, as durable as the store was asked to be.
    void finish() throws IOException;

    @Override
    void close() throws IOException;
}
