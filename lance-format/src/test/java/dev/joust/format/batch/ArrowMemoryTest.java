// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.joust.io.Session;

class ArrowMemoryTest {
    @Test
    void aStartWithoutAFlagEndsInOneMessageThatNamesIt() throws Exception {
        for (String missing : List.of(ArrowMemory.OPENS_FLAG, ArrowMemory.UNSAFE_FLAG)) {
            List<String> flags = new ArrayList<>(List.of(ArrowMemory.OPENS_FLAG, ArrowMemory.UNSAFE_FLAG));
            flags.remove(missing);
            String output = start(flags);
            assertEquals(1, output.lines().filter(line -> line.contains("--")).count(), output);
            assertTrue(output.contains(missing), output);
            assertTrue(output.startsWith("Exception in thread \"main\" java.lang.IllegalStateException: Joust"), output);
        }
    }

    @Test
    void aStartWithBothFlagsIsSilent() throws Exception {
        assertEquals("42\n", start(List.of(ArrowMemory.OPENS_FLAG, ArrowMemory.UNSAFE_FLAG)));
    }

    private static String start(List<String> flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Starter.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JDK_JAVA_OPTIONS");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.lines()
                .filter(line -> !line.contains("SLF4J") && !line.startsWith("\tat "))
                .reduce("", (all, line) -> all + line + "\n");
    }

    /// What a child JVM runs.
    static final class Starter {
        public static void main(String[] arguments) {
            try (ArrowMemory memory = new ArrowMemory(1 << 20);
                    BufferSource source = memory.open()) {
                MemorySegment segment = source.allocate(4);
                segment.set(ValueLayout.JAVA_INT, 0, 42);
                System.out.println(segment.get(ValueLayout.JAVA_INT, 0));
            }
        }
    }

    @Test
    void segmentsAreAlignedNativeAndReleasedWithTheirSource() {
        try (ArrowMemory memory = new ArrowMemory(1 << 20)) {
            BufferSource source = memory.open();
            for (int size : new int[] {1, 7, 64, 65, 1000}) {
                MemorySegment segment = source.allocate(size);
                assertEquals(size, segment.byteSize());
                assertEquals(0, segment.address() & 63);
                assertTrue(segment.isNative() && !segment.isMapped());
                segment.fill((byte) 1);
            }
            assertEquals(0, source.allocate(0).byteSize());
            assertTrue(memory.allocatedBytes() >= 1137);
            source.close();
            assertEquals(0, memory.allocatedBytes());
            source.close();
            assertThrows(IllegalStateException.class, () -> source.allocate(1));
        }
    }

    @Test
    void pastTheLimitTheSourceIsOutOfBudget() {
        try (ArrowMemory memory = new ArrowMemory(10_000);
                BufferSource source = memory.open()) {
            source.allocate(6_000);
            BufferSource.OutOfBudgetException e =
                    assertThrows(BufferSource.OutOfBudgetException.class, () -> source.allocate(6_000));
            assertEquals("6000 bytes wanted, 6063 of 10000 bytes are in use", e.getMessage());
        }
    }

    @Test
    void aSessionHasOneMemoryOfItsLimit() {
        ArrowMemory memory;
        try (Session session = Session.builder().batchMemoryBytes(12_345).build()) {
            memory = ArrowMemory.of(session);
            assertSame(memory, ArrowMemory.of(session));
            assertEquals(12_345, memory.limitBytes());
        }
        assertThrows(IllegalStateException.class, memory::open);
    }

    @Test
    void closingWithBatchesStillOutLeavesThemUsable() {
        ArrowMemory memory = new ArrowMemory(10_000);
        BufferSource source = memory.open();
        MemorySegment segment = source.allocate(8);
        memory.close();
        segment.set(ValueLayout.JAVA_LONG, 0, 7);
        assertEquals(7, segment.get(ValueLayout.JAVA_LONG, 0));
        source.close();
        assertEquals(0, memory.allocatedBytes());
    }
}
