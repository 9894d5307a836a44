// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.bytes;

import java.util.Arrays;
import java.util.HexFormat;

/// A short piece of opaque bytes inside a record: compared by content, never changed.
public final class Bytes {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /// Takes the array over: the caller changes it no more.
    public static Bytes wrap(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array);
    }

    public int size() {
        return array.length;
    }

    public byte byteAt(int index) {
        return array[index];
    }

    /// The bytes themselves, not a copy: not to be written to.
    public byte[] array() {
        return array;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(array, that.array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    @Override
    public String toString() {
        return array.length <= 32
                ? HexFormat.of().formatHex(array)
                : HexFormat.of().formatHex(array, 0, 24) + "..(" + array.length + " bytes)";
    }
}
