// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The sum of all floats of a segment: as little work per byte as one can do, and so the yardstick for kernels that
/// read every byte once. Two forms, since either may be the faster one on a machine; the better one counts.
public final class VectorSum {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int VECTOR_BYTES = SPECIES.vectorByteSize();

    private VectorSum() {}

    /// Front to back, four neighbouring vectors to four accumulators.
    ///
    /// @param segment native; its size is a multiple of four vectors
    public static float inOrder(MemorySegment segment) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = FloatVector.zero(SPECIES);
        FloatVector c = FloatVector.zero(SPECIES);
        FloatVector d = FloatVector.zero(SPECIES);
        long end = segment.byteSize();
        for (long at = 0; at < end; at += 4L * VECTOR_BYTES) {
            a = a.add(FloatVector.fromMemorySegment(SPECIES, segment, at, ORDER));
            b = b.add(FloatVector.fromMemorySegment(SPECIES, segment, at + VECTOR_BYTES, ORDER));
            c = c.add(FloatVector.fromMemorySegment(SPECIES, segment, at + 2L * VECTOR_BYTES, ORDER));
            d = d.add(FloatVector.fromMemorySegment(SPECIES, segment, at + 3L * VECTOR_BYTES, ORDER));
        }
        return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
    }

    /// The same from four places far apart: blocks of `blockBytes`, each read as four quarters side by side, a piece of
    /// 4 KiB at a time, as a search reads its rows.
    ///
    /// @param blockBytes a multiple of 16 KiB; what is left after the last whole block is added front to back
    public static float inFourStreams(MemorySegment segment, long blockBytes) {
        long quarter = blockBytes / 4;
        float sum = 0;
        long block = 0;
        for (; block + blockBytes <= segment.byteSize(); block += blockBytes) {
            for (long piece = block; piece < block + quarter; piece += 4096) {
                sum += piece(segment, piece, quarter);
            }
        }
        return sum + inOrder(segment.asSlice(block));
    }

    private static float piece(MemorySegment segment, long start, long far) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = FloatVector.zero(SPECIES);
        FloatVector c = FloatVector.zero(SPECIES);
        FloatVector d = FloatVector.zero(SPECIES);
        for (int i = 0; i < 4096; i += VECTOR_BYTES) {
            a = a.add(FloatVector.fromMemorySegment(SPECIES, segment, start + i, ORDER));
            b = b.add(FloatVector.fromMemorySegment(SPECIES, segment, start + far + i, ORDER));
            c = c.add(FloatVector.fromMemorySegment(SPECIES, segment, start + 2 * far + i, ORDER));
            d = d.add(FloatVector.fromMemorySegment(SPECIES, segment, start + 3 * far + i, ORDER));
        }
        return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
    }
}
