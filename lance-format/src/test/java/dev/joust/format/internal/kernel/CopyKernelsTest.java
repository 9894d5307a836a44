// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyKernelsTest {
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
    @ValueSource(ints = {0, 3, 16, 17, 60, 300})
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
