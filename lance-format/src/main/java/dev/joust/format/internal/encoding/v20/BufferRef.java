// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.v20;

/// Which buffer an encoding means.
///
/// @param index unsigned, as the file says; not yet checked
public record BufferRef(long index, Place place) {
    /// Whose buffers are counted.
    public enum Place {
        PAGE,
        COLUMN,
        FILE
    }
}
