// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import java.lang.foreign.MemorySegment;

/// The last bytes of an object, got in one request together with the object's size.
///
/// @param objectSizeBytes length of the whole object
/// @param bytes           its last `bytes.byteSize()` bytes; the whole object where it is shorter than asked for
public record ObjectTail(long objectSizeBytes, MemorySegment bytes) {
    /// Offset in the object of the first byte of `bytes`.
    public long startInFile() {
        return objectSizeBytes - bytes.byteSize();
    }
}
