// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

/// Partitions around centroids, with a code for each sub-vector: the least space.
public final class IvfPq extends VectorIndexSpec<IvfPq> {
    private IvfPq(VectorIndexParameters parameters) {
        super(parameters);
    }

    public static IvfPq withMetric(DistanceType metric) {
        return new IvfPq(VectorIndexParameters.of(VectorIndexKind.IVF_PQ, metric));
    }

    @Override
    IvfPq of(VectorIndexParameters changed) {
        return new IvfPq(changed);
    }

    /// Codes of a vector; they divide its dimension. Default: one for 16 elements, or 8.
    public IvfPq subVectors(int count) {
        return with(builder -> builder.subVectorCount(count));
    }

    /// Bits of a code: 8, or 4.
    public IvfPq bits(int count) {
        return with(builder -> builder.bitCount(count));
    }
}
