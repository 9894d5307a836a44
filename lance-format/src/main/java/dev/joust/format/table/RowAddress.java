// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

/// Where a row lies: `fragment id << 32 | offset`, unsigned (spec: table format 5). The offset counts physical rows,
/// deleted ones included.
public final class RowAddress {
    private RowAddress() {}

    public static long of(long fragmentId, int rowOffset) {
        return fragmentId << 32 | Integer.toUnsignedLong(rowOffset);
    }

    public static int fragmentId(long address) {
        return (int) (address >>> 32);
    }

    /// Unsigned.
    public static int rowOffset(long address) {
        return (int) address;
    }

    /// `fragment:offset`, for messages.
    public static String toString(long address) {
        return Integer.toUnsignedString(fragmentId(address)) + ":" + Integer.toUnsignedString(rowOffset(address));
    }
}
