// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

/// Partitions around centroids, each with a graph, over the vectors as they are.
public final class IvfHnswFlat extends VectorIndexSpec<IvfHnswFlat> {
    private IvfHnswFlat(VectorIndexParameters parameters) {
        super(parameters);
    }

    public static IvfHnswFlat withMetric(DistanceType metric) {
        return new IvfHnswFlat(VectorIndexParameters.of(VectorIndexKind.IVF_HNSW_FLAT, metric));
    }

    @Override
    IvfHnswFlat of(VectorIndexParameters changed) {
        return new IvfHnswFlat(changed);
    }

    /// Neighbours of a row in its graph, twice as many on the lowest level; 20 if not said.
    public IvfHnswFlat maxConnections(int count) {
        return with(builder -> builder.maxConnections(count));
    }

    /// How many rows a search keeps in view while the graph is built; 150 if not said.
    public IvfHnswFlat constructionEf(int count) {
        return with(builder -> builder.constructionEf(count));
    }
}
