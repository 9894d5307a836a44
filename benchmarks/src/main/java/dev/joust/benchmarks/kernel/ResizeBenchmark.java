// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.kernel;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import dev.joust.embed.image.PicturePreprocessor;
import dev.joust.embed.image.PictureRecipe;
import dev.joust.embed.image.ResampleFilter;
import dev.joust.embed.image.RgbPicture;
import dev.joust.embed.image.Thumbnail;

/// How long it takes to bring a decoded picture to a model's 224 pixels, and to make its thumbnail.
/// For the plain form: `-jvmArgsAppend -Djoust.kernels=scalar`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Djoust.kernels=simd", "--add-modules=jdk.incubator.vector"})
@State(Scope.Benchmark)
public class ResizeBenchmark {
    private static final int THUMBNAIL_EDGE = 256;

    @Param({"400x300", "4000x3000", "3000x4000"})
    String size;

    private final PicturePreprocessor preprocessor = new PicturePreprocessor(new PictureRecipe(
            new PictureRecipe.Resize.ShortestEdge(224), ResampleFilter.BICUBIC, 224, 224, 1 / 255.0,
            List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5)));
    private RgbPicture picture = RgbPicture.packed(1, 1, new byte[3]);

    @Setup
    public void draw() {
        List<Integer> edges = List.of(size.split("x", 2)).stream().map(Integer::valueOf).toList();
        byte[] bytes = new byte[3 * edges.get(0) * edges.get(1)];
        new Random(1).nextBytes(bytes);
        picture = RgbPicture.packed(edges.get(0), edges.get(1), bytes);
    }

    @Benchmark
    public byte[] modelInput() {
        return preprocessor.crop(picture);
    }

    @Benchmark
    public byte[] thumbnail() {
        return Thumbnail.jpeg(picture, THUMBNAIL_EDGE);
    }
}
