// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

/// Partitions around centroids, with a few bits for each element of the rotated vector (RaBitQ).
public final class IvfRq extends VectorIndexSpec<IvfRq> {
    private IvfRq(VectorIndexParameters parameters) {
        super(parameters);
    }

    public static IvfRq withMetric(DistanceType metric) {
        return new IvfRq(VectorIndexParameters.of(VectorIndexKind.IVF_RQ, metric));
    }

    @Override
    IvfRq of(VectorIndexParameters changed) {
        return new IvfRq(changed);
    }

    /// Bits for an element, from 1 to 9; 5 if not said.
    public IvfRq bits(int count) {
        return with(builder -> builder.bitCount(count));
    }
}
