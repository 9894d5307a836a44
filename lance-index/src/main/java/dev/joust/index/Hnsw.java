// SPDX-License-Identifier: Apache-2.0
package dev.joust.index;

/// One graph through all rows: an IVF_HNSW index with one partition. It keeps vectors as they are, unless told otherwise.
public final class Hnsw extends VectorIndexSpec<Hnsw> {
    private Hnsw(VectorIndexParameters parameters) {
        super(parameters);
    }

    public static Hnsw withMetric(DistanceType metric) {
        return new Hnsw(VectorIndexParameters.of(VectorIndexKind.IVF_HNSW_FLAT, metric)).partitions(1);
    }

    @Override
    Hnsw of(VectorIndexParameters changed) {
        if (changed.partitions() != 1) {
            throw new IllegalArgumentException(
                    "one graph has one partition: IvfHnswFlat, IvfHnswSq and IvfHnswPq have more");
        }
        return new Hnsw(changed);
    }

    /// With a byte for each element of a vector.
    public Hnsw scalarQuantized() {
        return with(builder -> builder.kind(VectorIndexKind.IVF_HNSW_SQ));
    }

    /// With a code for each sub-vector.
    ///
    /// @param subVectors codes of a vector; they divide its dimension
    public Hnsw productQuantized(int subVectors) {
        return with(builder -> builder.kind(VectorIndexKind.IVF_HNSW_PQ).subVectorCount(subVectors));
    }

    /// Neighbours of a row in the graph, twice as many on the lowest level; 20 if not said.
    public Hnsw maxConnections(int count) {
        return with(builder -> builder.maxConnections(count));
    }

    /// How many rows a search keeps in view while the graph is built; 150 if not said.
    public Hnsw constructionEf(int count) {
        return with(builder -> builder.constructionEf(count));
    }
}
