// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import dev.joust.embed.internal.FloatTensor;

/// How the vectors of a text's tokens become that of the text. Where a folder names several, their results stand one
/// behind the other, in this order if it names them by flags.
enum Pooling {
    /// That of the first token.
    CLS("cls_token", "cls"),
    /// The greatest of each element.
    MAX("max_tokens", "max"),
    /// Their mean.
    MEAN("mean_tokens", "mean"),
    /// Their sum by the square root of their number.
    MEAN_SQRT_LENGTH("mean_sqrt_len_tokens", "mean_sqrt_len_tokens"),
    /// Their mean, the n-th counting n times.
    WEIGHTED_MEAN("weightedmean_tokens", "weightedmean"),
    /// That of the last token.
    LAST("lasttoken", "lasttoken");

    private static final String FLAG = "pooling_mode_";

    private final String flag;
    private final String code;

    Pooling(String flag, String code) {
        this.flag = flag;
        this.code = code;
    }

    /// The modes of a `1_Pooling/config.json`: a flag per mode, or in newer ones `pooling_mode` with one or a list; at least one.
    ///
    /// @throws IllegalArgumentException naming modes that are not supported
    static List<Pooling> parse(JsonNode node) {
        JsonNode named = node.path("pooling_mode");
        Set<String> flags = new LinkedHashSet<>();
        node.properties().forEach(entry -> {
            if (named.isMissingNode() && entry.getKey().startsWith(FLAG) && entry.getValue().asBoolean()) {
                flags.add(entry.getKey().substring(FLAG.length()));
            }
        });
        List<Pooling> found = new ArrayList<>();
        for (Pooling pooling : values()) {
            if (flags.remove(pooling.flag)) {
                found.add(pooling);
            }
        }
        List<String> unknown = new ArrayList<>(flags);
        for (JsonNode mode : named.isArray() ? named : List.of(named)) {
            if (mode.isTextual()) {
                Stream.of(values()).filter(pooling -> pooling.code.equals(mode.asText())).findFirst()
                        .ifPresentOrElse(found::add, () -> unknown.add(mode.asText()));
            }
        }
        if (found.isEmpty() || !unknown.isEmpty()) {
            throw new IllegalArgumentException("pooling by " + unknown + " is not supported");
        }
        return found;
    }

    /// @param tokens   `[text][token][element]`
    /// @param text     which
    /// @param attended per token 1, or 0 where it only fills up; at least one is 1
    /// @param skipped  so many tokens of the text, a prompt's, are left out, but not all
    float[] pool(FloatTensor tokens, int text, int[] attended, int skipped) {
        int dimension = Math.toIntExact(tokens.shape()[2]);
        int start = text * tokens.itemLength();
        int[] positions = IntStream.range(0, attended.length).filter(i -> attended[i] == 1).toArray();
        int from = Math.min(skipped, positions.length - 1);
        float[] vector = new float[dimension];
        for (int element = 0; element < dimension; element++) {
            int at = start + element;
            vector[element] = switch (this) {
                case CLS -> tokens.values()[at + positions[from] * dimension];
                case LAST -> tokens.values()[at + positions[positions.length - 1] * dimension];
                case MAX -> greatest(tokens.values(), at, dimension, positions, from);
                case MEAN -> (float) (sum(tokens.values(), at, dimension, positions, from) / (positions.length - from));
                case MEAN_SQRT_LENGTH ->
                    (float) (sum(tokens.values(), at, dimension, positions, from) / Math.sqrt(positions.length - from));
                case WEIGHTED_MEAN -> (float) weightedMean(tokens.values(), at, dimension, positions, from);
            };
        }
        return vector;
    }

    private static double sum(float[] values, int start, int stride, int[] positions, int from) {
        double sum = 0;
        for (int i = from; i < positions.length; i++) {
            sum += values[start + positions[i] * stride];
        }
        return sum;
    }

    /// What is skipped counts in the weights of what follows.
    private static double weightedMean(float[] values, int start, int stride, int[] positions, int from) {
        double sum = 0;
        double weights = 0;
        for (int i = from; i < positions.length; i++) {
            double weight = positions[i] - positions[0] + 1;
            sum += weight * values[start + positions[i] * stride];
            weights += weight;
        }
        return sum / weights;
    }

    private static float greatest(float[] values, int start, int stride, int[] positions, int from) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (int i = from; i < positions.length; i++) {
            greatest = Math.max(greatest, values[start + positions[i] * stride]);
        }
        return greatest;
    }
}
