// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.joust.index.DistanceType;

/// Orders what a search in one vector column found by the exact distance of another's vectors: those of a better and
/// larger model, or those from which short or quantised ones were made. (Exact distances of the column itself are
/// {@link Query#refine}.) Takes columns of floats; rows without a vector come last.
public final class VectorReranker implements Reranker {
    private final String column;
    private final float[] vector;
    private final DistanceType metric;

    /// @param column of vectors as long as `vector`
    /// @param vector what is searched for, by that column's model; copied
    /// @param metric L2, cosine or dot
    public VectorReranker(String column, float[] vector, DistanceType metric) {
        if (metric == DistanceType.HAMMING) {
            throw new IllegalArgumentException("a reranker by vectors of floats, by hamming distance");
        }
        this.column = column;
        this.vector = vector.clone();
        this.metric = metric;
    }

    @Override
    public List<String> columns() {
        return List.of(column);
    }

    /// The distances, with the sign turned.
    @Override
    public float[] scores(@Nullable String words, List<Hit<Map<String, @Nullable Object>>> found) {
        float[] scores = new float[found.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = switch (found.get(i).row().get(column)) {
                case float[] other -> (float) (0 - distance(other));
                case null -> Float.NEGATIVE_INFINITY;
                default -> throw new IllegalArgumentException("column '" + column + "' holds no vectors of float32");
            };
        }
        return scores;
    }

    private double distance(float[] other) {
        if (other.length != vector.length) {
            throw new IllegalArgumentException("the reranker's vector has " + vector.length + " elements, column '"
                    + column + "' " + other.length);
        }
        double squares = 0;
        double product = 0;
        double norm = 0;
        double otherNorm = 0;
        for (int i = 0; i < vector.length; i++) {
            double difference = (double) vector[i] - other[i];
            squares += difference * difference;
            product += (double) vector[i] * other[i];
            norm += (double) vector[i] * vector[i];
            otherNorm += (double) other[i] * other[i];
        }
        return switch (metric) {
            case L2 -> squares;
            case COSINE -> 1 - product / Math.sqrt(norm * otherNorm);
            case DOT -> 1 - product;
            case HAMMING -> throw new IllegalStateException("refused when it was made");
        };
    }

    @Override
    public String toString() {
        return "the vectors of '" + column + "' (" + metric.code() + ")";
    }
}
