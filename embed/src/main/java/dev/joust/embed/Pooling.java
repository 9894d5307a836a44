// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import dev.joust.embed.internal.FloatTensor;

/// How the vectors of a text's tokens become that of the text.
enum Pooling {
    /// That of the first token.
    CLS("cls_token", "cls"),
    /// Their mean.
    MEAN("mean_tokens", "mean"),
    /// The greatest of each element.
    MAX("max_tokens", "max"),
    /// Their sum by the square root of their number.
    MEAN_SQRT_LENGTH("mean_sqrt_len_tokens", "mean_sqrt_len_tokens"),
    /// That of the last token.
    LAST("lasttoken", "lasttoken");

    private static final String FLAG = "pooling_mode_";

    private final String flag;
    private final String code;

    Pooling(String flag, String code) {
        this.flag = flag;
        this.code = code;
    }

    /// The one mode of a `1_Pooling/config.json`: a flag per mode, or `pooling_mode` in newer ones.
    ///
    /// @throws IllegalArgumentException naming modes that are not supported
    static Pooling parse(JsonNode node) {
        List<String> modes = new ArrayList<>();
        node.properties().forEach(entry -> {
            if (entry.getKey().startsWith(FLAG) && entry.getValue().asBoolean()) {
                modes.add(entry.getKey().substring(FLAG.length()));
            }
        });
        if (node.path("pooling_mode").isTextual()) {
            modes.add(node.path("pooling_mode").asText());
        }
        for (Pooling pooling : values()) {
            if (modes.equals(List.of(pooling.flag)) || modes.equals(List.of(pooling.code))) {
                return pooling;
            }
        }
        throw new IllegalArgumentException("pooling by " + modes + " is not supported");
    }

    /// @param tokens   `[text][token][element]`
    /// @param text     which
    /// @param attended per token 1, or 0 where it only fills up; at least one is 1
    float[] pool(FloatTensor tokens, int text, int[] attended) {
        int dimension = Math.toIntExact(tokens.shape()[2]);
        int start = text * tokens.itemLength();
        int first = 0;
        int last = 0;
        int count = 0;
        for (int i = attended.length - 1; i >= 0; i--) {
            if (attended[i] == 1) {
                first = i;
                last = count == 0 ? i : last;
                count++;
            }
        }
        float[] vector = new float[dimension];
        for (int element = 0; element < dimension; element++) {
            vector[element] = switch (this) {
                case CLS -> tokens.values()[start + first * dimension + element];
                case LAST -> tokens.values()[start + last * dimension + element];
                case MAX -> greatest(tokens.values(), start + element, dimension, attended);
                case MEAN -> (float) (sum(tokens.values(), start + element, dimension, attended) / count);
                case MEAN_SQRT_LENGTH ->
                    (float) (sum(tokens.values(), start + element, dimension, attended) / Math.sqrt(count));
            };
        }
        return vector;
    }

    private static double sum(float[] values, int start, int stride, int[] attended) {
        double sum = 0;
        for (int i = 0; i < attended.length; i++) {
            sum += attended[i] == 1 ? values[start + i * stride] : 0;
        }
        return sum;
    }

    private static float greatest(float[] values, int start, int stride, int[] attended) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < attended.length; i++) {
            greatest = attended[i] == 1 ? Math.max(greatest, values[start + i * stride]) : greatest;
        }
        return greatest;
    }
}
