// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.airlift.compress.v3.lz4.Lz4JavaCompressor;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;

import dev.joust.format.internal.bytes.ByteSink;
import dev.joust.format.internal.bytes.Bytes;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.io.ObjectPath;

/// Each mini-block codec by the contract, encoded by hand as file format 4 says.
class DecodersTest {
    private static List<byte[]> randomValues(Random random, int count, int width) {
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] value = new byte[width];
            random.nextBytes(value);
            values.add(value);
        }
        return values;
    }

    private static List<byte[]> words(Random random, int count) {
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add("abcab".repeat(random.nextInt(4)).concat("é" + random.nextInt(9)).getBytes(StandardCharsets.UTF_8));
        }
        values.set(0, new byte[0]);
        return values;
    }

    private static byte[] joined(List<byte[]> values) {
        ByteSink sink = new ByteSink();
        values.forEach(sink::bytes);
        return sink.toByteArray();
    }

    /// Offsets from the buffer's start, then bytes.
    private static byte[] variable(List<byte[]> values) {
        ByteSink sink = new ByteSink();
        int at = 4 * (values.size() + 1);
        for (byte[] value : values) {
            sink.u32(at);
            at += value.length;
        }
        sink.u32(at);
        values.forEach(sink::bytes);
        return sink.align(4, 0x48).toByteArray();
    }

    @Nested
    class Flat extends CodecContract {
        @Override
        CompressiveEncoding encoding() {
            return new CompressiveEncoding.Flat(24);
        }

        @Override
        ValueShape shape() {
            return new ValueShape.Fixed(24);
        }

        @Override
        List<byte[]> values(Random random, int count) {
            return randomValues(random, count, 3);
        }

        @Override
        List<byte[]> encode(List<byte[]> values) {
            return List.of(joined(values));
        }
    }

    @Nested
    class FlatBits extends CodecContract {
        @Override
        CompressiveEncoding encoding() {
            return new CompressiveEncoding.Flat(1);
        }

        @Override
        ValueShape shape() {
            return new ValueShape.Fixed(1);
        }

        @Override
        List<byte[]> values(Random random, int count) {
            List<byte[]> values = randomValues(random, count, 1);
            values.forEach(value -> value[0] &= 1);
            return values;
        }

        @Override
        List<byte[]> encode(List<byte[]> values) {
            byte[] bits = new byte[(values.size() + 7) / 8];
            for (int i = 0; i < values.size(); i++) {
                bits[i / 8] |= (byte) (values.get(i)[0] << i % 8);
            }
            return List.of(bits);
        }
    }

    @Nested
    class InlineBitpacking extends CodecContract {
        @Override
        CompressiveEncoding encoding() {
            return new CompressiveEncoding.InlineBitpacking(16);
        }

        @Override
        ValueShape shape() {
            return new ValueShape.Fixed(16);
        }

        @Override
        List<byte[]> values(Random random, int count) {
            List<byte[]> values = randomValues(random, count, 2);
            values.forEach(value -> value[1] &= 7); // 11 bits
            return values;
        }

        @Override
        List<byte[]> encode(List<byte[]> values) {
            int width = 11;
            int[] order = {0, 4, 2, 6, 1, 5, 3, 7};
            short[] packed = new short[64 * width];
            for (int row = 0; row < 16; row++) {
                for (int lane = 0; lane < 64; lane++) {
                    int index = order[row / 8] * 16 + row % 8 * 128 + lane;
                    int value = index < values.size()
                            ? ByteBuffer.wrap(values.get(index)).order(ByteOrder.LITTLE_ENDIAN).getShort() & 0xFFFF
                            : 0;
                    for (int bit = 0; bit < width; bit++) {
                        int at = row * width + bit;
                        packed[64 * (at / 16) + lane] |= (short) ((value >> bit & 1) << at % 16);
                    }
                }
            }
            ByteSink sink = new ByteSink().u16(width);
            for (short word : packed) {
                sink.u16(word);
            }
            return List.of(sink.toByteArray());
        }
    }

    @Nested
    class Variable extends CodecContract {
        @Override
        CompressiveEncoding encoding() {
            return new CompressiveEncoding.Variable(new CompressiveEncoding.Flat(32));
        }

        @Override
        ValueShape shape() {
            return new ValueShape.Variable(4);
        }

        @Override
        List<byte[]> values(Random random, int count) {
            return words(random, count);
        }

        @Override
        List<byte[]> encode(List<byte[]> values) {
            List<byte[]> whole = List.of(variable(values));
            int end = 4 * (values.size() + 1) + values.stream().mapToInt(value -> value.length).sum();
            return List.of(Arrays.copyOf(whole.getFirst(), end));
        }
    }

    @Nested
    class Fsst extends CodecContract {
        @Override
        CompressiveEncoding encoding() {
            byte[] table = new byte[2312];
            table[0] = 2; // "ab" and "cab"
            table[3] = 1;
            System.arraycopy("TSSF".getBytes(StandardCharsets.US_ASCII), 0, table, 4, 4);
            System.arraycopy("ab".getBytes(StandardCharsets.US_ASCII), 0, table, 8, 2);
            System.arraycopy("cab".getBytes(StandardCharsets.US_ASCII), 0, table, 16, 3);
            table[24] = 2;
            table[25] = 3;
            return new CompressiveEncoding.Fsst(
                    Bytes.wrap(table), new CompressiveEncoding.Variable(new CompressiveEncoding.Flat(32)));
        }

        @Override
        ValueShape shape() {
            return new ValueShape.Variable(4);
        }

        @Override
        List<byte[]> values(Random random, int count) {
            return words(random, count);
        }

        @Override
        List<byte[]> encode(List<byte[]> values) {
            List<byte[]> coded = new ArrayList<>();
            for (byte[] value : values) {
                String text = new String(value, StandardCharsets.ISO_8859_1);
                ByteSink codes = new ByteSink();
                for (int i = 0; i < text.length(); ) {
                    if (text.startsWith("cab", i)) {
                        codes.u8(1);
                        i += 3;
                    } else if (text.startsWith("ab", i)) {
                        codes.u8(0);
                        i += 2;
                    } else {
                        codes.u8(255).u8(value[i++]);
                    }
                }
                coded.add(codes.toByteArray());
            }
            int end = 4 * (coded.size() + 1) + coded.stream().mapToInt(value -> value.length).sum();
            return List.of(Arrays.copyOf(variable(coded), end));
        }
    }

    @Nested
    class Rle extends CodecContract {
        @Override
        CompressiveEncoding encoding() {
            return new CompressiveEncoding.Rle(new CompressiveEncoding.Flat(32), new CompressiveEncoding.Flat(8));
        }

        @Override
        ValueShape shape() {
            return new ValueShape.Fixed(32);
        }

        @Override
        List<byte[]> values(Random random, int count) {
            List<byte[]> values = new ArrayList<>();
            while (values.size() < count) {
                byte[] value = randomValues(random, 1, 4).getFirst();
                for (int run = 1 + random.nextInt(count < 1000 ? 9 : 400); run > 0 && values.size() < count; run--) {
                    values.add(value);
                }
            }
            return values;
        }

        @Override
        List<byte[]> encode(List<byte[]> values) {
            ByteSink runs = new ByteSink();
            ByteSink lengths = new ByteSink();
            for (int i = 0; i < values.size(); ) {
                int end = i;
                while (end < values.size() && end - i < 255 && Arrays.equals(values.get(i), values.get(end))) {
                    end++;
                }
                runs.bytes(values.get(i));
                lengths.u8(end - i);
                i = end;
            }
            return List.of(runs.toByteArray(), lengths.toByteArray());
        }

        @Override
        boolean paddable() {
            return false; // the number of lengths is the number of runs
        }
    }

    @Nested
    class ByteStreamSplit extends CodecContract {
        @Override
        CompressiveEncoding encoding() {
            return new CompressiveEncoding.ByteStreamSplit(new CompressiveEncoding.Flat(32));
        }

        @Override
        ValueShape shape() {
            return new ValueShape.Fixed(32);
        }

        @Override
        List<byte[]> values(Random random, int count) {
            return randomValues(random, count, 4);
        }

        @Override
        List<byte[]> encode(List<byte[]> values) {
            byte[] split = new byte[4 * values.size()];
            for (int i = 0; i < values.size(); i++) {
                for (int j = 0; j < 4; j++) {
                    split[j * values.size() + i] = values.get(i)[j];
                }
            }
            return List.of(split);
        }
    }

    @Nested
    class Lz4 extends Variable {
        @Override
        CompressiveEncoding encoding() {
            return new CompressiveEncoding.General(CompressionScheme.LZ4, null, super.encoding());
        }

        @Override
        List<byte[]> encode(List<byte[]> values) {
            byte[] plain = super.encode(values).getFirst();
            byte[] compressed = new byte[plain.length * 2 + 64];
            int size = new Lz4JavaCompressor().compress(plain, 0, plain.length, compressed, 0, compressed.length);
            return List.of(new ByteSink().u32(plain.length).bytes(compressed, 0, size).toByteArray());
        }

        @Override
        boolean paddable() {
            return false;
        }
    }

    @Nested
    class Zstd extends Flat {
        @Override
        CompressiveEncoding encoding() {
            return new CompressiveEncoding.General(CompressionScheme.ZSTD, 3, super.encoding());
        }

        @Override
        List<byte[]> encode(List<byte[]> values) {
            byte[] plain = super.encode(values).getFirst();
            byte[] compressed = new byte[plain.length * 2 + 64];
            int size = new ZstdJavaCompressor().compress(plain, 0, plain.length, compressed, 0, compressed.length);
            return List.of(new ByteSink().u64(plain.length).bytes(compressed, 0, size).toByteArray());
        }

        @Override
        boolean paddable() {
            return false;
        }
    }

    @Nested
    class FixedSizeList extends CodecContract {
        @Override
        CompressiveEncoding encoding() {
            return new CompressiveEncoding.FixedSizeList(3, new CompressiveEncoding.Flat(16), true);
        }

        @Override
        ValueShape shape() {
            return new ValueShape.FixedSizeList(3, new ValueShape.Fixed(16));
        }

        @Override
        List<byte[]> values(Random random, int count) {
            return randomValues(random, count, 6);
        }

        @Override
        List<byte[]> encode(List<byte[]> values) {
            byte[] validity = new byte[(3 * values.size() + 7) / 8];
            Arrays.fill(validity, (byte) 0x6d);
            return List.of(validity, joined(values));
        }
    }

    @Nested
    class Dictionary extends CodecContract {
        private final List<byte[]> items = List.of("red".getBytes(StandardCharsets.UTF_8), new byte[0], new byte[] {1, 2});

        @Override
        CompressiveEncoding encoding() {
            return new CompressiveEncoding.Flat(8);
        }

        @Override
        ValueShape shape() {
            return new ValueShape.Variable(4);
        }

        @Override
        @Nullable DictionaryValues dictionary() {
            ByteSink block = new ByteSink().u32(32).u32(8 + 4 * 4);
            int at = 0;
            for (byte[] item : items) {
                block.u32(at);
                at += item.length;
            }
            block.u32(at).bytes(joined(items));
            MemorySegment segment = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, block.toByteArray());
            return DictionaryValues.decode(
                    new DecodeContext(ObjectPath.of("test"), Arena.ofAuto()),
                    new CompressiveEncoding.Variable(new CompressiveEncoding.Flat(32)),
                    shape(),
                    segment,
                    items.size());
        }

        @Override
        List<byte[]> values(Random random, int count) {
            List<byte[]> values = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                values.add(items.get(random.nextInt(items.size())));
            }
            return values;
        }

        @Override
        List<byte[]> encode(List<byte[]> values) {
            byte[] indices = new byte[values.size()];
            for (int i = 0; i < values.size(); i++) {
                indices[i] = (byte) items.indexOf(values.get(i));
            }
            return List.of(indices);
        }
    }
}
