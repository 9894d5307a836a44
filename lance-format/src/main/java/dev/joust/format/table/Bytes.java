// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import java.util.Arrays;
import java.util.HexFormat;

/// An immutable string of bytes, compared by content: what a record carries without looking into it, above all the
/// fields of a message that this version of Joust does not model, so that a rewrite loses nothing.
public final class Bytes {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private static final int PRINTED_BYTES = 32;

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /// A copy of the bytes.
    public static Bytes of(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone());
    }

    /// A copy of the bytes from `start` up to, not including, `end`.
    public static Bytes of(byte[] bytes, int start, int end) {
        return start == end ? EMPTY : new Bytes(Arrays.copyOfRange(bytes, start, end));
    }

    /// The byte at a place, as it is signed.
    public byte at(int index) {
        return bytes[index];
    }

    public int sizeBytes() {
        return bytes.length;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /// A copy of the bytes.
    public byte[] toByteArray() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        String shown = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, PRINTED_BYTES));
        return bytes.length > PRINTED_BYTES ? shown + "... (" + bytes.length + " bytes)" : shown;
    }
}
