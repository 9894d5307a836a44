// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

/// A half-open range of bytes of one object: `[offset, offset + length)`.
///
/// @param offset first byte, from the start of the object
/// @param length number of bytes, may be 0
public record ByteRange(long offset, long length) {
    public ByteRange {
        if (offset < 0 || length < 0 || offset + length < 0) {
            throw new IllegalArgumentException("byte range at " + offset + " of " + length + " bytes");
        }
    }

    /// The range from `start` up to, not including, `end`.
    public static ByteRange between(long start, long end) {
        return new ByteRange(start, end - start);
    }

    /// First byte after the range.
    public long end() {
        return offset + length;
    }
}
