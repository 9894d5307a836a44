// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

import java.lang.foreign.MemorySegment;

/// Elements of vectors as floats. Sources are native or mapped memory, never of the heap, little-endian, of any
/// alignment. Stateless.
public interface ElementKernels {
    /// `target[i]` = the 16-bit float at `offsetBytes + 2 * i`; exact.
    void float16(MemorySegment source, long offsetBytes, int count, float[] target);

    /// `target[i]` = the byte at `offsetBytes + i`, from -128 to 127.
    void int8(MemorySegment source, long offsetBytes, int count, float[] target);

    /// `target[i]` = the byte at `offsetBytes + i`, from 0 to 255.
    void uint8(MemorySegment source, long offsetBytes, int count, float[] target);

    /// `distances[r]` = how many bits row r and the query differ in.
    ///
    /// @param query `byte[dimension]`
    void hamming(byte[] query, MemorySegment rows, long offsetBytes, int rowCount, float[] distances);
}
