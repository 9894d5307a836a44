// SPDX-License-Identifier: Apache-2.0
import dev.joust.search.Hit;
import dev.joust.search.Reranker;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A reranker without a model: how much of the question, by letters of its words, is in a passage. A cross-encoder goes
/// in its place.
record SharedWords(String column) implements Reranker {
    @Override
    public List<String> columns() {
        return List.of(column);
    }

    @Override
    public float[] scores(String words, List<Hit<Map<String, Object>>> found) {
        Set<String> ofQuestion = WordCounts.counts(words).keySet();
        double all = Math.max(1, ofQuestion.stream().mapToInt(String::length).sum());
        float[] scores = new float[found.size()];
        for (int i = 0; i < scores.length; i++) {
            Set<String> ofPassage = WordCounts.counts((String) found.get(i).row().get(column)).keySet();
            scores[i] = (float) (ofQuestion.stream().filter(ofPassage::contains).mapToInt(String::length).sum() / all);
        }
        return scores;
    }
}
