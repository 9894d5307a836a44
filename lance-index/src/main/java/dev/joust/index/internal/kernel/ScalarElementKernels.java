// SPDX-License-Identifier: Apache-2.0
package dev.joust.index.internal.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The definition of the elements, in plain Java.
public final class ScalarElementKernels implements ElementKernels {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_OF_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    @Override
    public void float16(MemorySegment source, long offsetBytes, int count, float[] target) {
        for (int i = 0; i < count; i++) {
            target[i] = Float.float16ToFloat(source.get(SHORT, offsetBytes + (long) Short.BYTES * i));
        }
    }

    @Override
    public void int8(MemorySegment source, long offsetBytes, int count, float[] target) {
        for (int i = 0; i < count; i++) {
            target[i] = source.get(ValueLayout.JAVA_BYTE, offsetBytes + i);
        }
    }

    @Override
    public void uint8(MemorySegment source, long offsetBytes, int count, float[] target) {
        for (int i = 0; i < count; i++) {
            target[i] = source.get(ValueLayout.JAVA_BYTE, offsetBytes + i) & 0xff;
        }
    }

    @Override
    public void hamming(byte[] query, MemorySegment rows, long offsetBytes, int rowCount, float[] distances) {
        int words = query.length & -Long.BYTES;
        for (int row = 0; row < rowCount; row++) {
            long start = offsetBytes + (long) row * query.length;
            int sum = 0;
            for (int i = 0; i < words; i += Long.BYTES) {
                sum += Long.bitCount((long) LONG_OF_BYTES.get(query, i) ^ rows.get(LONG, start + i));
            }
            for (int i = words; i < query.length; i++) {
                sum += Integer.bitCount((query[i] ^ rows.get(ValueLayout.JAVA_BYTE, start + i)) & 0xff);
            }
            distances[row] = sum;
        }
    }
}
