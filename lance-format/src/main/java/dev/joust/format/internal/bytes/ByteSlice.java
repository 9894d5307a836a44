// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.bytes;

/// A view of `length` bytes of an array, not to be written to.
@SuppressWarnings("ArrayRecordComponent") // a view, compared by nobody
public record ByteSlice(byte[] bytes, int offset, int length) {
    public static final ByteSlice EMPTY = new ByteSlice(new byte[0], 0, 0);

    public static ByteSlice of(byte[] bytes) {
        return new ByteSlice(bytes, 0, bytes.length);
    }
}
