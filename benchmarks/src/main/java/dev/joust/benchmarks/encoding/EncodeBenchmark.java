// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.encoding;

import java.util.List;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.encoding.write.PageData;
import dev.joust.format.internal.encoding.write.PageEncoder;
import dev.joust.format.schema.Field;

/// How many megabytes of values per second one thread turns into a page of 2.2: the choice of the encoding, the
/// encoding, and the layout.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms2g", "-Xmx2g", "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@State(Scope.Benchmark)
public class EncodeBenchmark {
    @Param
    PageKind kind;

    private PageEncoder encoder;
    private PageData page;
    private double megabytes;

    /// Megabytes of values, counted beside the pages.
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Throughput {
        public double megabytes;

        @Setup(Level.Iteration)
        public void reset() {
            megabytes = 0;
        }
    }

    @Setup
    public void makePage() {
        page = kind.page();
        megabytes = page.values().sizeBytes() / 1e6;
        Field field = Field.nullable("c", kind.type());
        encoder = PageEncoder.of(FileVersion.V2_2, field, field);
    }

    @Benchmark
    public List<PageEncoder.EncodedRows> encode(Throughput throughput) {
        throughput.megabytes += megabytes;
        return encoder.encode(page);
    }
}
