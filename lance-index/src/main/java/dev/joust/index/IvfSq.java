// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

/// Partitions around centroids, with a byte for each element of a vector.
public final class IvfSq extends VectorIndexSpec<IvfSq> {
    private IvfSq(VectorIndexParameters parameters) {
        super(parameters);
    }

    public static IvfSq withMetric(DistanceType metric) {
        return new IvfSq(VectorIndexParameters.of(VectorIndexKind.IVF_SQ, metric));
    }

    @Override
    IvfSq of(VectorIndexParameters changed) {
        return new IvfSq(changed);
    }
}
