// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

import dev.joust.io.kernel.KernelPair;

/// The scalar form at first, and the vector form of each kernel once much was decoded by it and a background thread has
/// seen vectors overtake: a process that reads little never pays for compiling them.
final class WarmingDecodeKernels implements DecodeKernels {
    private static final int SAMPLE_GROUPS = 4;
    private static final int VALUES = SAMPLE_GROUPS * GROUP_VALUES;

    private final KernelPair<DecodeKernels> unpack8 = pair(kernels -> unpack(kernels, 8));
    private final KernelPair<DecodeKernels> unpack16 = pair(kernels -> unpack(kernels, 16));
    private final KernelPair<DecodeKernels> unpack32 = pair(kernels -> unpack(kernels, 32));
    private final KernelPair<DecodeKernels> unpack64 = pair(kernels -> unpack(kernels, 64));
    private final KernelPair<DecodeKernels> lessThan = pair(WarmingDecodeKernels::lessThan);
    private final KernelPair<DecodeKernels> join32 = pair(kernels -> join(kernels, 32));
    private final KernelPair<DecodeKernels> join64 = pair(kernels -> join(kernels, 64));
    private final KernelPair<DecodeKernels> expand = pair(WarmingDecodeKernels::expand);

    private static KernelPair<DecodeKernels> pair(Consumer<DecodeKernels> sample) {
        return new KernelPair<>(DecodeKernels.class, new ScalarDecodeKernels(), SIMD_CLASS, sample);
    }

    @Override
    public void unpack(
            int wordBits, int bitWidth, MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset) {
        KernelPair<DecodeKernels> pair = wordBits <= 8 ? unpack8 : wordBits <= 16 ? unpack16 : wordBits <= 32 ? unpack32 : unpack64;
        pair.forPiece(GROUP_VALUES).unpack(wordBits, bitWidth, source, sourceOffset, target, targetOffset);
    }

    @Override
    public void lessThan(
            int bound, MemorySegment levels, long levelsOffset, int levelCount, MemorySegment bitmap, long bitmapOffset) {
        lessThan.forPiece(levelCount).lessThan(bound, levels, levelsOffset, levelCount, bitmap, bitmapOffset);
    }

    @Override
    public void joinStreams(
            int wordBits,
            MemorySegment split,
            long splitOffset,
            long streamBytes,
            int valueCount,
            MemorySegment target,
            long targetOffset) {
        (wordBits <= 32 ? join32 : join64)
                .forPiece(valueCount)
                .joinStreams(wordBits, split, splitOffset, streamBytes, valueCount, target, targetOffset);
    }

    @Override
    public void expandRuns(
            int widthBytes,
            MemorySegment values,
            MemorySegment lengths,
            int firstRun,
            int skip,
            MemorySegment target,
            long targetOffset,
            long valueCount) {
        expand.forPiece((int) Math.min(Integer.MAX_VALUE / 2, valueCount))
                .expandRuns(widthBytes, values, lengths, firstRun, skip, target, targetOffset, valueCount);
    }

    static void unpack(DecodeKernels kernels, int wordBits) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(VALUES * 8L, 64);
            MemorySegment target = arena.allocate(GROUP_VALUES * 8L, 64);
            for (int group = 1; group <= SAMPLE_GROUPS; group++) {
                kernels.unpack(wordBits, wordBits * group / (SAMPLE_GROUPS + 1), source, 0, target, 0);
            }
        }
    }

    static void lessThan(DecodeKernels kernels) {
        try (Arena arena = Arena.ofConfined()) {
            kernels.lessThan(1, arena.allocate(2L * VALUES, 64), 0, VALUES, arena.allocate(VALUES / 8, 64), 0);
        }
    }

    static void join(DecodeKernels kernels, int wordBits) {
        try (Arena arena = Arena.ofConfined()) {
            long bytes = (long) VALUES * wordBits / 8;
            kernels.joinStreams(wordBits, arena.allocate(bytes, 64), 0, VALUES, VALUES, arena.allocate(bytes, 64), 0);
        }
    }

    static void expand(DecodeKernels kernels) {
        int runs = VALUES / 16;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment lengths = arena.allocate(runs, 64).fill((byte) 16);
            MemorySegment values = arena.allocate(8L * runs, 64);
            MemorySegment target = arena.allocate(8L * VALUES + 64, 64);
            for (int width = 1; width <= 8; width *= 2) {
                kernels.expandRuns(width, values, lengths, 0, 0, target, 0, VALUES);
            }
        }
    }
}
