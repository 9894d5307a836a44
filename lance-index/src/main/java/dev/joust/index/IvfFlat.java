// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

/// Partitions around centroids, with the vectors as they are: exact distances, as much space as the column.
public final class IvfFlat extends VectorIndexSpec<IvfFlat> {
    private IvfFlat(VectorIndexParameters parameters) {
        super(parameters);
    }

    public static IvfFlat withMetric(DistanceType metric) {
        return new IvfFlat(VectorIndexParameters.of(VectorIndexKind.IVF_FLAT, metric));
    }

    @Override
    IvfFlat of(VectorIndexParameters changed) {
        return new IvfFlat(changed);
    }
}
