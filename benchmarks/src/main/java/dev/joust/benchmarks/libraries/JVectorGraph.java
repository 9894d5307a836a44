// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.libraries;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;

/// JVector's graph over float32 vectors in the heap, with levels; built anew each time, by all processors.
final class JVectorGraph implements GraphSearch {
    private static final VectorTypeSupport TYPES = VectorizationProvider.getInstance().getVectorTypeSupport();
    /// What its documentation starts from.
    private static final float OVERFLOW = 1.2f;

    private static final float ALPHA = 1.2f;

    private final ListRandomAccessVectorValues values;
    private final GraphIndexBuilder builder;
    private final GraphSearcher searcher;

    JVectorGraph(float[][] rows, int dimension) throws IOException {
        List<VectorFloat<?>> vectors = new ArrayList<>(rows.length);
        for (float[] row : rows) {
            vectors.add(TYPES.createFloatVector(row));
        }
        values = new ListRandomAccessVectorValues(vectors, dimension);
        // of a row on the lowest level it keeps so many neighbours, others twice as many
        builder = new GraphIndexBuilder(
                BuildScoreProvider.randomAccessScoreProvider(values, VectorSimilarityFunction.EUCLIDEAN),
                dimension,
                2 * NEIGHBORS,
                BUILD_WIDTH,
                OVERFLOW,
                ALPHA,
                true);
        ImmutableGraphIndex graph = builder.build(values);
        searcher = new GraphSearcher(graph);
    }

    @Override
    public int[] search(float[] query, int k, int width) {
        DefaultSearchScoreProvider scores = DefaultSearchScoreProvider.exact(
                TYPES.createFloatVector(query), VectorSimilarityFunction.EUCLIDEAN, values);
        SearchResult.NodeScore[] found =
                searcher.search(scores, k, width, 0, 0, Bits.ALL).getNodes();
        int[] nearest = new int[found.length];
        for (int i = 0; i < nearest.length; i++) {
            nearest[i] = found[i].node;
        }
        return nearest;
    }

    @Override
    public void close() throws IOException {
        searcher.close();
        builder.close();
    }
}
