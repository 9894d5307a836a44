// SPDX-License-Identifier: Apache-2.0
import dev.joust.search.Embedder;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Vectors without a model, so that the example runs without a download: words are counted, each in an element that its
/// hash names. It knows nothing of meaning: only texts with the same words are near each other.
record WordCounts(int dimension) implements Embedder {
    @Override
    public List<float[]> embed(List<String> texts) {
        return texts.stream().map(this::vector).toList();
    }

    private float[] vector(String text) {
        Map<String, Integer> counts = counts(text);
        float[] vector = new float[dimension];
        double squares = 1e-9;
        for (Map.Entry<String, Integer> word : counts.entrySet()) {
            // Long words say more than short ones, and the tenth time less than the first
            double weight = Math.sqrt(word.getValue()) * word.getKey().length();
            vector[Math.floorMod(word.getKey().hashCode() * 0x9E3779B9, dimension)] += (float) weight;
            squares += weight * weight;
        }
        for (int i = 0; i < dimension; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    /// How often each word is in a text; endings are cut off.
    static Map<String, Integer> counts(String text) {
        Map<String, Integer> counts = new HashMap<>();
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")) {
            if (word.length() > 2) {
                counts.merge(word.replaceFirst("(?<=...)(ing|ed|es|s)$", ""), 1, Integer::sum);
            }
        }
        return counts;
    }
}
