// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

/// Partitions around centroids, each with a graph, over a code for each sub-vector.
public final class IvfHnswPq extends VectorIndexSpec<IvfHnswPq> {
    private IvfHnswPq(VectorIndexParameters parameters) {
        super(parameters);
    }

    public static IvfHnswPq withMetric(DistanceType metric) {
        return new IvfHnswPq(VectorIndexParameters.of(VectorIndexKind.IVF_HNSW_PQ, metric));
    }

    @Override
    IvfHnswPq of(VectorIndexParameters changed) {
        return new IvfHnswPq(changed);
    }

    /// Codes of a vector; they divide its dimension. Default: one for 16 elements, or 8.
    public IvfHnswPq subVectors(int count) {
        return with(builder -> builder.subVectorCount(count));
    }

    /// Bits of a code: 8, or 4.
    public IvfHnswPq bits(int count) {
        return with(builder -> builder.bitCount(count));
    }

    /// Neighbours of a row in its graph, twice as many on the lowest level; 20 if not said.
    public IvfHnswPq maxConnections(int count) {
        return with(builder -> builder.maxConnections(count));
    }

    /// How many rows a search keeps in view while the graph is built; 150 if not said.
    public IvfHnswPq constructionEf(int count) {
        return with(builder -> builder.constructionEf(count));
    }
}
