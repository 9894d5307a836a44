// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

/// Partitions around centroids, each with a graph, over a byte for each element of a vector.
public final class IvfHnswSq extends VectorIndexSpec<IvfHnswSq> {
    private IvfHnswSq(VectorIndexParameters parameters) {
        super(parameters);
    }

    public static IvfHnswSq withMetric(DistanceType metric) {
        return new IvfHnswSq(VectorIndexParameters.of(VectorIndexKind.IVF_HNSW_SQ, metric));
    }

    @Override
    IvfHnswSq of(VectorIndexParameters changed) {
        return new IvfHnswSq(changed);
    }

    /// Neighbours of a row in its graph, twice as many on the lowest level; 20 if not said.
    public IvfHnswSq maxConnections(int count) {
        return with(builder -> builder.maxConnections(count));
    }

    /// How many rows a search keeps in view while the graph is built; 150 if not said.
    public IvfHnswSq constructionEf(int count) {
        return with(builder -> builder.constructionEf(count));
    }
}
