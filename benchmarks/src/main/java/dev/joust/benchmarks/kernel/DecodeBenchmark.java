// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import dev.joust.format.internal.bytes.Bytes;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.compress.FsstSymbolTable;
import dev.joust.format.internal.encoding.sink.GrowingSegment;
import dev.joust.format.internal.kernel.CopyKernels;
import dev.joust.format.internal.kernel.DecodeKernels;
import dev.joust.format.internal.kernel.ScalarDecodeKernels;
import dev.joust.io.ObjectPath;
import dev.joust.io.kernel.Simd;

/// How fast chunks are decoded, by either kind of kernel (strings and FSST have one), and how fast the decoded bytes are copied: chunks of 1024
/// values from 4 MiB of encoded input, into a target that a batch would be.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OperationsPerInvocation(DecodeBenchmark.CHUNKS)
@Fork(
        value = 2,
        jvmArgsAppend = {
            "-Xms512m",
            "-Xmx512m",
            "-Djoust.kernels=simd",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED"
        })
@State(Scope.Benchmark)
public class DecodeBenchmark {
    static final int CHUNKS = 512;
    private static final int VALUES = 1024;
    private static final int ITEMS = 200;

    /// What is decoded.
    public enum Work {
        UNPACK_32_TO_7,
        UNPACK_64_TO_17,
        LEVELS_TO_BITMAP,
        STREAMS_32,
        STREAMS_64,
        RUNS_OF_3_INTS,
        RUNS_OF_40_INTS,
        STRINGS_8_TO_16,
        STRINGS_8_TO_64,
        FSST
    }

    @Param
    Work work;

    private final DecodeKernels scalarKernels = new ScalarDecodeKernels();
    private final DecodeKernels simdKernels = Simd.choose(
            DecodeKernels.class,
            ScalarDecodeKernels::new,
            "dev.joust.format.internal.kernel.simd.VectorDecodeKernels");
    private static final int FSST_BYTES = 4096;
    private static final long FSST_ROOM = FsstSymbolTable.roomFor(FSST_BYTES);

    private final DecodeContext context =
            new DecodeContext(ObjectPath.of("benchmark"), (size, align) -> MemorySegment.NULL);
    private final FsstSymbolTable symbols = symbols();
    private final int[] picked = new Random(8).ints(VALUES, 0, ITEMS).toArray();
    private Arena arena = Arena.ofShared();
    private MemorySegment encoded = MemorySegment.NULL;
    private MemorySegment lengths = MemorySegment.NULL;
    private MemorySegment bytes = MemorySegment.NULL;
    private MemorySegment starts = MemorySegment.NULL;
    private MemorySegment target = MemorySegment.NULL;
    private MemorySegment decoded = MemorySegment.NULL;
    /// Of one chunk.
    private int encodedBytes;
    private int decodedBytes;
    private int runs;

    @Setup
    public void fill() {
        var random = new Random(7);
        arena = Arena.ofShared();
        runs = work == Work.RUNS_OF_3_INTS ? VALUES / 3 : VALUES / 40;
        encodedBytes = switch (work) {
            case UNPACK_32_TO_7 -> 128 * 7;
            case UNPACK_64_TO_17 -> 128 * 17;
            case LEVELS_TO_BITMAP -> 2 * VALUES;
            case STREAMS_32 -> 4 * VALUES;
            case STREAMS_64 -> 8 * VALUES;
            case RUNS_OF_3_INTS, RUNS_OF_40_INTS -> 4 * runs;
            case STRINGS_8_TO_16, STRINGS_8_TO_64 -> 4 * VALUES;
            case FSST -> FSST_BYTES;
        };
        encoded = arena.allocate((long) encodedBytes * CHUNKS, 64);
        for (long i = 0; i < encoded.byteSize(); i++) {
            encoded.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        lengths = arena.allocate(VALUES, 64);
        int ofRuns = 0;
        for (int i = 0; i < runs; i++) {
            int length = 1 + random.nextInt(work == Work.RUNS_OF_3_INTS ? 5 : 79);
            lengths.set(ValueLayout.JAVA_BYTE, i, (byte) length);
            ofRuns += 4 * length;
        }
        fillStrings(random);
        fillCodes(random);
        decodedBytes = switch (work) {
            case UNPACK_32_TO_7, STREAMS_32 -> 4 * VALUES;
            case UNPACK_64_TO_17, STREAMS_64 -> 8 * VALUES;
            case LEVELS_TO_BITMAP -> VALUES / 8;
            case RUNS_OF_3_INTS, RUNS_OF_40_INTS -> ofRuns;
            case STRINGS_8_TO_16 -> 12 * VALUES;
            case STRINGS_8_TO_64 -> 36 * VALUES;
            case FSST -> 4 * encodedBytes; // about
        };
        target = arena.allocate((long) CHUNKS * decodedBytes + 9L * (encodedBytes + VALUES * 64), 64);
        decoded = arena.allocate(target.byteSize(), 64);
        decode(scalarKernels);
        decoded.copyFrom(target);
        decode(simdKernels);
        if (decoded.asSlice(0, decodedBytes / 2).mismatch(target.asSlice(0, decodedBytes / 2)) >= 0) {
            throw new IllegalStateException("scalar and SIMD differ");
        }
    }

    private void fillStrings(Random random) {
        if (work != Work.STRINGS_8_TO_16 && work != Work.STRINGS_8_TO_64) {
            return;
        }
        starts = arena.allocate(8L * (ITEMS + 1), 64);
        for (int i = 0; i < ITEMS; i++) {
            long length = 8L + random.nextInt(work == Work.STRINGS_8_TO_16 ? 9 : 57);
            starts.setAtIndex(ValueLayout.JAVA_LONG, i + 1, starts.getAtIndex(ValueLayout.JAVA_LONG, i) + length);
        }
        bytes = arena.allocate(
                starts.getAtIndex(ValueLayout.JAVA_LONG, ITEMS) + CopyKernels.SLACK_BYTES, 64);
    }

    /// 255 symbols of 2 to 6 bytes (spec: file format 4.5).
    private static FsstSymbolTable symbols() {
        Random random = new Random(9);
        byte[] table = new byte[2312];
        random.nextBytes(table);
        table[0] = (byte) 255;
        table[3] = 1;
        System.arraycopy(new byte[] {'T', 'S', 'S', 'F'}, 0, table, 4, 4);
        for (int code = 0; code < 255; code++) {
            table[8 + 8 * 255 + code] = (byte) (2 + random.nextInt(5));
        }
        return FsstSymbolTable.parse(Bytes.wrap(table));
    }

    /// One byte in 50 is escaped.
    private void fillCodes(Random random) {
        for (long i = 0; work == Work.FSST && i < encoded.byteSize(); i++) {
            boolean escape = i % encodedBytes < encodedBytes - 1 && random.nextInt(50) == 0;
            encoded.set(ValueLayout.JAVA_BYTE, i, (byte) (escape ? 255 : random.nextInt(255)));
        }
    }

    @TearDown
    public void release() {
        arena.close();
    }

    @Benchmark
    public long scalar() {
        return decode(scalarKernels);
    }

    @Benchmark
    public long simd() {
        return decode(simdKernels);
    }

    /// What a copy of as many bytes takes, chunk by chunk.
    @Benchmark
    public long copy() {
        long at = 0;
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            MemorySegment.copy(decoded, at, target, at, decodedBytes);
            at += decodedBytes;
        }
        return at;
    }

    private long decode(DecodeKernels kernels) {
        long at = 0;
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            long from = (long) chunk * encodedBytes;
            switch (work) {
                case UNPACK_32_TO_7 -> kernels.unpack(32, 7, encoded, from, target, at);
                case UNPACK_64_TO_17 -> kernels.unpack(64, 17, encoded, from, target, at);
                case LEVELS_TO_BITMAP -> kernels.lessThan(1, encoded, from, VALUES, target, at);
                case STREAMS_32 -> kernels.joinStreams(32, encoded, from, VALUES, VALUES, target, at);
                case STREAMS_64 -> kernels.joinStreams(64, encoded, from, VALUES, VALUES, target, at);
                case RUNS_OF_3_INTS, RUNS_OF_40_INTS ->
                    kernels.expandRuns(
                            4, encoded.asSlice(from, encodedBytes), lengths, 0, 0, target, at, decodedBytes / 4);
                case STRINGS_8_TO_16, STRINGS_8_TO_64 ->
                    CopyKernels.gatherStrings(bytes, starts, picked, VALUES, target, at);
                case FSST -> {
                    GrowingSegment one = new GrowingSegment((size, align) -> target.asSlice(0, size), FSST_ROOM);
                    symbols.decode(context, encoded, from, from + encodedBytes, one);
                }
            }
            at += decodedBytes;
        }
        return at;
    }
}
