// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.joust.format.CorruptFileException;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.internal.encoding.sink.BitCopy;
import dev.joust.format.internal.encoding.sink.BitSink;
import dev.joust.format.internal.encoding.sink.DictionarySink;
import dev.joust.format.internal.encoding.sink.FixedSizeListSink;
import dev.joust.format.internal.encoding.sink.FixedWidthSink;
import dev.joust.format.internal.encoding.sink.NoneSink;
import dev.joust.format.internal.encoding.sink.PackedStructSink;
import dev.joust.format.internal.encoding.sink.UnstoredSink;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.encoding.sink.ValueSink;
import dev.joust.format.internal.encoding.sink.VariableSink;
import dev.joust.io.ObjectPath;

/// What every mini-block decoder keeps to. A codec says how values look when encoded, by the words of the
/// specification and not by our encoder.
abstract class CodecContract {
    private static final long SEED = Long.getLong("joust.seed", 11);

    abstract CompressiveEncoding encoding();

    abstract ValueShape shape();

    /// Counts worth a try; the largest is the most a chunk can hold.
    int[] counts() {
        return new int[] {1, 2, 7, 8, 9, 255, 256, 1000, 1024};
    }

    /// Values, each as its bytes.
    abstract List<byte[]> values(Random random, int count);

    /// A chunk's buffers.
    abstract List<byte[]> encode(List<byte[]> values);

    @Nullable DictionaryValues dictionary() {
        return null;
    }

    @Test
    void everyCountDecodes() {
        Random random = new Random(SEED);
        for (int count : counts()) {
            List<byte[]> values = values(random, count);
            assertSame(values, decode(encode(values), count, 0, count), "count " + count);
        }
    }

    @Test
    void piecesDecodeInAnyOrder() {
        Random random = new Random(SEED);
        int count = counts()[counts().length - 1];
        List<byte[]> values = values(random, count);
        List<byte[]> buffers = encode(values);
        for (int i = 0; i < 50; i++) {
            int from = random.nextInt(count);
            int to = from + random.nextInt(count - from + 1);
            assertSame(values.subList(from, to), decode(buffers, count, from, to), from + " to " + to);
        }
        MiniBlockDecoder decoder = open(buffers, count);
        ValueSink sink = shape().newSink(memory(), 0);
        int half = count / 2;
        decoder.append(half, count, sink);
        decoder.append(0, half, sink);
        List<byte[]> swapped = new ArrayList<>(values.subList(half, count));
        swapped.addAll(values.subList(0, half));
        assertSame(swapped, contents(sink, count), "second half first");
    }

    @Test
    void bytesBehindTheValuesDoNotMatter() {
        int count = counts()[counts().length - 1];
        List<byte[]> values = values(new Random(SEED), count);
        List<byte[]> padded = new ArrayList<>();
        for (byte[] buffer : encode(values)) {
            padded.add(paddable() ? Arrays.copyOf(buffer, buffer.length + 8) : buffer);
        }
        assertSame(values, decode(padded, count, 0, count), "padded");
    }

    /// Whether a buffer may be longer than its values.
    boolean paddable() {
        return true;
    }

    @Test
    void cutBuffersAreCorrupt() {
        int count = 100;
        List<byte[]> buffers = encode(values(new Random(SEED), count));
        for (int buffer = 0; buffer < buffers.size(); buffer++) {
            for (int cut : new int[] {0, 1, buffers.get(buffer).length / 2, buffers.get(buffer).length - 1}) {
                List<byte[]> shorter = new ArrayList<>(buffers);
                shorter.set(buffer, Arrays.copyOf(buffers.get(buffer), cut));
                assertThrows(
                        CorruptFileException.class,
                        () -> decode(shorter, count, 0, count),
                        "buffer " + buffer + " cut to " + cut);
            }
        }
    }

    @Test
    void changedBytesDecodeOrAreCorrupt() {
        Random random = new Random(SEED);
        int count = 300;
        List<byte[]> buffers = encode(values(random, count));
        for (int i = 0; i < 500; i++) {
            List<byte[]> damaged = buffers.stream().map(byte[]::clone).toList();
            byte[] buffer = damaged.get(random.nextInt(damaged.size()));
            if (buffer.length > 0) {
                buffer[random.nextInt(Math.min(buffer.length, 16))] = (byte) random.nextInt();
                buffer[random.nextInt(buffer.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                assertEquals(count, decode(damaged, count, 0, count).size());
            } catch (CorruptFileException expected) {
                // as good as rows
            }
        }
    }

    private MiniBlockDecoder open(List<byte[]> buffers, int count) {
        DecodeContext context = new DecodeContext(ObjectPath.of("test"), Arena.ofAuto());
        MiniBlockDecoder decoder = MiniBlockDecoders.create(context, encoding(), shape(), dictionary());
        assertEquals(buffers.size(), decoder.bufferCount());
        MemorySegment[] segments = buffers.stream()
                .map(bytes -> Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, bytes))
                .toArray(MemorySegment[]::new);
        decoder.open(segments, 0, count);
        return decoder;
    }

    private List<byte[]> decode(List<byte[]> buffers, int count, int from, int to) {
        ValueSink sink = shape().newSink(memory(), to - from);
        open(buffers, count).append(from, to, sink);
        assertEquals(to - from, sink.count());
        return contents(sink, to - from);
    }

    static BufferSource memory() {
        Arena arena = Arena.ofAuto();
        return new BufferSource() {
            @Override
            public MemorySegment allocate(long sizeBytes) {
                return arena.allocate(Math.max(1, sizeBytes), 64).asSlice(0, sizeBytes);
            }

            @Override
            public void close() {}
        };
    }

    private static List<byte[]> contents(ValueSink sink, int count) {
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(switch (sink) {
                case FixedWidthSink fixed -> fixed.filled().asSlice((long) i * fixed.widthBytes(), fixed.widthBytes()).toArray(ValueLayout.JAVA_BYTE);
                case BitSink bits -> new byte[] {(byte) (BitCopy.get(bits.filled(), i) ? 1 : 0)};
                case VariableSink variable -> {
                    int start = variable.filledOffsets().get(ValueLayout.JAVA_INT, 4L * i);
                    int end = variable.filledOffsets().get(ValueLayout.JAVA_INT, 4L * i + 4);
                    yield variable.filledBytes().asSlice(start, end - start).toArray(ValueLayout.JAVA_BYTE);
                }
                case FixedSizeListSink list -> {
                    FixedWidthSink items = (FixedWidthSink) list.items();
                    int size = items.widthBytes() * list.dimension();
                    yield items.filled().asSlice((long) i * size, size).toArray(ValueLayout.JAVA_BYTE);
                }
                case DictionarySink _, PackedStructSink _, NoneSink _, UnstoredSink _ -> throw new IllegalStateException();
            });
        }
        return values;
    }

    private static void assertSame(List<byte[]> expected, List<byte[]> actual, String what) {
        assertEquals(expected.size(), actual.size(), what);
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(Objects.requireNonNull(expected.get(i)), actual.get(i), what + ", value " + i);
        }
    }
}
