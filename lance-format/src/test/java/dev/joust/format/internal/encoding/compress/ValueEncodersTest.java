// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;

import dev.joust.format.internal.bytes.LittleEndian;
import dev.joust.format.internal.encoding.LeafValues;
import dev.joust.io.ObjectPath;

/// Encoders against bytes of the specification (file format 4.2 to 4.6).
class ValueEncodersTest {
    private static LeafValues.FixedWidth ints(int... values) {
        byte[] bytes = new byte[4 * values.length];
        for (int i = 0; i < values.length; i++) {
            LittleEndian.putInt(bytes, 4 * i, values[i]);
        }
        return new LeafValues.FixedWidth(32, values.length, bytes);
    }

    private static LeafValues.VariableWidth strings(int bitsPerOffset, String... values) {
        int[] offsets = new int[values.length + 1];
        for (int i = 0; i < values.length; i++) {
            offsets[i + 1] = offsets[i] + values[i].length();
        }
        byte[] bytes = String.join("", values).getBytes(StandardCharsets.US_ASCII);
        return new LeafValues.VariableWidth(bitsPerOffset, values.length, offsets, bytes);
    }

    private static String hex(MiniBlockValues.Buffer buffer) {
        return HexFormat.of().formatHex(
                buffer.bytes().bytes(), buffer.bytes().offset(), buffer.bytes().offset() + buffer.bytes().length());
    }

    @Test
    void stringsOfChunkHaveOffsetsFromItsStart() {
        LeafValues.VariableWidth values = strings(32, "abc", "", "d");
        MiniBlockValues encoded = VariableEncoder.miniBlock(values, VariableEncoder.encoding(values), VariableEncoder.CHUNK_BYTES);
        assertEquals("10000000130000001300000014000000" + "61626364", hex(encoded.buffers().getFirst()));
    }

    @Test
    void stringsOfBlockHaveOffsetsFromZero() {
        assertEquals(
                "20000000" + "18000000" + "00000000030000000300000004000000" + "61626364",
                HexFormat.of().formatHex(VariableEncoder.block(strings(32, "abc", "", "d"))));
    }

    @Test
    void largeStringsArePaddedToTheirOffsetsWidth() {
        LeafValues.VariableWidth values = strings(64, "abc");
        MiniBlockValues encoded = VariableEncoder.miniBlock(values, VariableEncoder.encoding(values), VariableEncoder.CHUNK_BYTES);
        assertEquals("10000000000000001300000000000000" + "6162634848484848", hex(encoded.buffers().getFirst()));
    }

    @Test
    void inlineGroupsHaveTheirWidthInFront() {
        int[] values = new int[1025];
        Arrays.setAll(values, i -> i == 1024 ? 0 : i % 8);
        LeafValues.FixedWidth fixed = ints(values);
        int[] widths = BitpackingEncoder.groupWidths(fixed);
        assertArrayEquals(new int[] {3, 0}, widths);
        MiniBlockValues encoded = BitpackingEncoder.miniBlock(fixed, widths);
        assertArrayEquals(new int[] {4 + 384, 4}, encoded.buffers().getFirst().chunkSizes());
        assertEquals("03000000" + "00000000" + "49922449", hex(encoded.buffers().getFirst()).substring(0, 24));
    }

    @Test
    void negativeValueNeedsAllBits() {
        assertArrayEquals(new int[] {32}, BitpackingEncoder.groupWidths(ints(1, -1, 2)));
    }

    @Test
    void longRunsAreSplitAndDoNotCrossChunks() {
        int[] values = new int[5000];
        Arrays.fill(values, 0, 300, 7);
        Arrays.fill(values, 300, 5000, 9);
        MiniBlockValues encoded = RleEncoder.miniBlock(ints(values));
        assertArrayEquals(new int[] {4096, 904}, encoded.chunkValueCounts());
        byte[] lengths = encoded.buffers().get(1).bytes().bytes();
        int[] chunkRuns = encoded.buffers().get(1).chunkSizes();
        int at = 0;
        for (int chunk = 0; chunk < 2; chunk++) {
            int sum = 0;
            for (int run = 0; run < chunkRuns[chunk]; run++) {
                sum += lengths[at++] & 0xFF;
            }
            assertEquals(encoded.chunkValueCounts()[chunk], sum);
        }
        assertEquals(255, lengths[0] & 0xFF);
        assertEquals(45, lengths[1] & 0xFF);
    }

    @Test
    void flatChunksStayBelowTheirBudget() {
        assertEquals(1024, FlatEncoder.miniBlock(ints(new int[3000])).chunkValueCounts()[0]);
        var longs = new LeafValues.FixedWidth(64, 3000, new byte[24_000]);
        assertEquals(512, FlatEncoder.miniBlock(longs).chunkValueCounts()[0]);
        var bits = new LeafValues.FixedWidth(1, 9000, new byte[1125]);
        assertArrayEquals(new int[] {4096, 4096, 808}, FlatEncoder.miniBlock(bits).chunkValueCounts());
    }

    @Test
    void levelsAreTailsOfGroupsOrWholeGroups() {
        short[] levels = new short[952];
        levels[17] = 2;
        levels[3] = 1;
        for (int i = 0; i < levels.length; i += 2) {
            levels[i] = 1;
        }
        LevelEncoder encoder = LevelEncoder.choose(levels, new int[] {952}, true, 65535);
        assertEquals(new CompressiveEncoding.OutOfLineBitpacking(16, 2), encoder.encoding());
        assertEquals(256, encoder.sizeBytes(0, 952));
        // 10 levels of 16 bits are shorter than a group of 1024 of 2 bits
        assertEquals(20, encoder.sizeBytes(0, 10));
    }

    @Test
    void tailThatPackingDoesNotShortenIsRaw() {
        // 192 levels of 16 bits have as many bytes as a group of 1024 of 3 bits: the reference leaves them as they are
        short[] levels = new short[192];
        byte[] raw = new byte[384];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (short) (i * 5 % 8);
            raw[2 * i] = (byte) levels[i];
        }
        LevelEncoder encoder = LevelEncoder.choose(Arrays.copyOf(levels, 2048), new int[] {192, 1856}, false, 65535);
        assertEquals(new CompressiveEncoding.OutOfLineBitpacking(16, 3), encoder.encoding());
        byte[] written = new byte[encoder.sizeBytes(0, 192)];
        encoder.write(0, 192, written, 0);
        assertArrayEquals(raw, written);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocateFrom(ValueLayout.JAVA_BYTE, raw);
            DecodeContext context = new DecodeContext(ObjectPath.of("test"), arena);
            MemorySegment read = new BlockDecoder(context, encoder.encoding(), 16).decode(block, levels.length);
            assertArrayEquals(raw, read.asSlice(0, raw.length).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void levelsInLongRunsAreRunLengthsWhereTheVersionHasThem() {
        short[] levels = new short[1000];
        Arrays.fill(levels, 500, 1000, (short) 1);
        LevelEncoder encoder = LevelEncoder.choose(levels, new int[] {1000}, true, 65535);
        assertEquals(
                new CompressiveEncoding.Rle(new CompressiveEncoding.Flat(16), new CompressiveEncoding.Flat(8)),
                encoder.encoding());
        byte[] target = new byte[encoder.sizeBytes(0, 1000)];
        assertEquals(20, encoder.write(0, 1000, target, 0));
        assertEquals("0800000000000000" + "0000000001000100" + "fff5fff5", HexFormat.of().formatHex(target));
        assertEquals(
                new CompressiveEncoding.OutOfLineBitpacking(16, 1),
                LevelEncoder.choose(levels, new int[] {1000}, false, 65535).encoding());
    }

    @Test
    void lz4BlockHasItsLengthInFront() {
        BlockEncoder block = BlockEncoder.encode(new LeafValues.FixedWidth(128, 100, new byte[1600]), CompressionScheme.LZ4);
        assertEquals(
                new CompressiveEncoding.General(CompressionScheme.LZ4, null, new CompressiveEncoding.Flat(128)),
                block.encoding());
        assertEquals(1600, LittleEndian.getInt(block.bytes().bytes(), block.bytes().offset()));
    }

    @Test
    void blockThatLz4DoesNotShrinkIsLeftAsItIs() {
        byte[] noise = new byte[1600];
        new java.util.SplittableRandom(3).nextBytes(noise);
        assertEquals(
                new CompressiveEncoding.Flat(128),
                BlockEncoder.encode(new LeafValues.FixedWidth(128, 100, noise), CompressionScheme.LZ4).encoding());
    }
}
