// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.kernel;

import java.lang.foreign.MemorySegment;

import dev.joust.io.kernel.Simd;

/// Inner loops of decoding. Callers check sizes before; kernels read and write exactly what they say.
/// Segments are native or mapped, never over heap arrays. Stateless, thread-safe.
public interface DecodeKernels {
    /// The class by the Vector API.
    String SIMD_CLASS = "dev.joust.format.internal.kernel.simd.VectorDecodeKernels";

    /// Those that this JVM runs best.
    DecodeKernels INSTANCE = Simd.isForced()
            ? Simd.choose(DecodeKernels.class, ScalarDecodeKernels::new, SIMD_CLASS)
            : new WarmingDecodeKernels();

    /// Values that are packed together.
    int GROUP_VALUES = 1024;

    /// Bytes of one packed group.
    static int packedGroupBytes(int bitWidth) {
        return GROUP_VALUES / 8 * bitWidth;
    }

    /// Unpacks 1024 values of `wordBits` bits (8, 16, 32 or 64) that were packed to `bitWidth` (0 to `wordBits`) in
    /// FastLanes order (spec: file format 4.2). Reads `128 * bitWidth` bytes, writes `128 * wordBits`.
    void unpack(
            int wordBits, int bitWidth, MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset);

    /// One bit per 16-bit level, LSB first: whether it is less than `bound` (1 to 65535, compared unsigned).
    /// Writes `ceil(levelCount / 8)` bytes, the last one's spare bits 0.
    void lessThan(
            int bound,
            MemorySegment levels,
            long levelsOffset,
            int levelCount,
            MemorySegment bitmap,
            long bitmapOffset);

    /// Puts together values of `wordBits` bits (32 or 64) whose bytes lie in streams: byte j of value i is at
    /// `splitOffset + j * streamBytes + i` (spec: file format 4.7).
    void joinStreams(
            int wordBits,
            MemorySegment split,
            long splitOffset,
            long streamBytes,
            int valueCount,
            MemorySegment target,
            long targetOffset);

    /// Writes `valueCount` values of `widthBytes` (1, 2, 4 or 8) that are given as runs (spec: file format 4.6), from
    /// value `skip` of run `firstRun` on; each run is as long as its unsigned byte in `lengths` says. The runs hold that
    /// many values.
    void expandRuns(
            int widthBytes,
            MemorySegment values,
            MemorySegment lengths,
            int firstRun,
            int skip,
            MemorySegment target,
            long targetOffset,
            long valueCount);

    /// Whether {@link #expandRuns} knows values of that width.
    static boolean expands(int widthBytes) {
        return widthBytes == 1 || widthBytes == 2 || widthBytes == 4 || widthBytes == 8;
    }
}
