// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Little-endian words in byte arrays, for encoders whose sizes are known beforehand. Indices are in bytes; any
/// alignment; bounds are the array's.
public final class LittleEndian {
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN).withInvokeExactBehavior();
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN).withInvokeExactBehavior();
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN).withInvokeExactBehavior();

    private LittleEndian() {}

    public static short getShort(byte[] bytes, int index) {
        return (short) SHORT.get(bytes, index);
    }

    public static int getInt(byte[] bytes, int index) {
        return (int) INT.get(bytes, index);
    }

    public static long getLong(byte[] bytes, int index) {
        return (long) LONG.get(bytes, index);
    }

    public static void putShort(byte[] bytes, int index, short value) {
        SHORT.set(bytes, index, value);
    }

    public static void putInt(byte[] bytes, int index, int value) {
        INT.set(bytes, index, value);
    }

    public static void putLong(byte[] bytes, int index, long value) {
        LONG.set(bytes, index, value);
    }
}
