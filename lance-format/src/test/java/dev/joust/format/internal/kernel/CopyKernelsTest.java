// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyKernelsTest {
    private static final byte UNTOUCHED = 77;

    private final Random random = new Random(20261121);

    private static byte[] bytes(MemorySegment segment, long from, long to) {
        return segment.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
    }

    private MemorySegment randomBytes(Arena arena, int sizeBytes) {
        MemorySegment segment = arena.allocate(Math.max(1, sizeBytes)).asSlice(0, sizeBytes);
        for (int i = 0; i < sizeBytes; i++) {
            segment.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        return segment;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void runsBecomeTheirValuesFromAnyOfThemOn(int widthBytes) {
        try (Arena arena = Arena.ofConfined()) {
            for (int round = 0; round < 200; round++) {
                int runCount = 1 + random.nextInt(40);
                MemorySegment values = randomBytes(arena, runCount * widthBytes);
                MemorySegment lengths = arena.allocate(runCount);
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                for (int run = 0; run < runCount; run++) {
                    int length = 1 + random.nextInt(round % 2 == 0 ? 5 : 255);
                    lengths.set(ValueLayout.JAVA_BYTE, run, (byte) length);
                    for (int i = 0; i < length; i++) {
                        all.writeBytes(bytes(values, (long) run * widthBytes, (run + 1L) * widthBytes));
                    }
                }
                int firstRun = random.nextInt(runCount);
                int before = 0;
                for (int run = 0; run < firstRun; run++) {
                    before += lengths.get(ValueLayout.JAVA_BYTE, run) & 0xFF;
                }
                int skip = random.nextInt(lengths.get(ValueLayout.JAVA_BYTE, firstRun) & 0xFF);
                int count = random.nextInt(all.size() / widthBytes - before - skip + 1);
                int offset = random.nextInt(9);
                MemorySegment target =
                        arena.allocate(offset + (long) count * widthBytes + CopyKernels.SLACK_BYTES).fill(UNTOUCHED);
                CopyKernels.expandRuns(widthBytes, values, lengths, firstRun, skip, target, offset, count);
                int from = (before + skip) * widthBytes;
                assertArrayEquals(
                        Arrays.copyOfRange(all.toByteArray(), from, from + count * widthBytes),
                        bytes(target, offset, offset + (long) count * widthBytes));
                byte[] untouched = new byte[offset];
                Arrays.fill(untouched, UNTOUCHED);
                assertArrayEquals(untouched, bytes(target, 0, offset));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 16, 17, 60})
    void stringsAreCopiedSideBySide(int maxLength) {
        try (Arena arena = Arena.ofConfined()) {
            for (int round = 0; round < 200; round++) {
                int stringCount = 1 + random.nextInt(10);
                MemorySegment ends = arena.allocate(8L * (stringCount + 1), 8);
                long end = 0;
                for (int i = 0; i < stringCount; i++) {
                    end += random.nextInt(maxLength + 1);
                    ends.setAtIndex(ValueLayout.JAVA_LONG, i + 1L, end);
                }
                MemorySegment strings = randomBytes(arena, (int) end);
                int[] picked = random.ints(random.nextInt(50), 0, stringCount).toArray();
                ByteArrayOutputStream expected = new ByteArrayOutputStream();
                for (int pick : picked) {
                    expected.writeBytes(bytes(
                            strings,
                            ends.getAtIndex(ValueLayout.JAVA_LONG, pick),
                            ends.getAtIndex(ValueLayout.JAVA_LONG, pick + 1L)));
                }
                MemorySegment target = arena.allocate(5L + expected.size() + CopyKernels.SLACK_BYTES);
                CopyKernels.gatherStrings(strings, ends, picked, picked.length, target, 5);
                assertArrayEquals(expected.toByteArray(), bytes(target, 5, 5L + expected.size()));
            }
        }
    }
}
