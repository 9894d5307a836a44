// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import dev.joust.embed.internal.OnnxGraph;
import dev.joust.embed.internal.TextTower;
import dev.joust.embed.tokenize.Encoding;
import dev.joust.embed.tokenize.TokenizerJson;
import dev.joust.search.Hit;
import dev.joust.search.Reranker;

/// A model that reads a question and a passage together and says how well they fit: more precise than comparing their
/// vectors, at the price of a run for every passage. In the folder layout of ONNX exports of cross-encoders:
///
///     tokenizer.json                     words to ids, with a template for two texts; tokenizer_config.json,
///                                        special_tokens_map.json (may be absent)
///     onnx/model.onnx                    the graph, in `onnx/` or beside the rest, or a variant of it: for each pair one
///                                        number, or two of which the second is for a match
///     config.json                        the longest text there can be
///     config_sentence_transformers.json  what is made of the one number, if config.json doesn't say it: its sigmoid, if
///                                        nothing is said
///     modules.json                       may name nothing but the graph
///
/// Passages too long are cut, and questions longer than they.
///
///     try (CrossEncoder encoder = CrossEncoder.open(Path.of("ms-marco-MiniLM-L6-v2"))) {
///         docs.search("how do I undo a delete?").rerank(encoder.forColumn("text")).limit(5);
///     }
///
/// Thread-safe; runs of several threads go on at once. After {@link #close} every method that runs the model throws
/// {@link IllegalStateException}. Quantised graphs scale by what is in a batch, so a score depends a little on what it was
/// made with.
public final class CrossEncoder implements AutoCloseable {
    private static final String GRAPH = "model";
    private static final String CONFIG = "config.json";
    private static final String OWN_CONFIG = "config_sentence_transformers.json";
    private static final String ACTIVATION = "activation_fn";
    private static final List<String> LOGITS = List.of("logits");
    private static final int DEFAULT_MAX_TOKEN_COUNT = 512;

    private final FolderReader reader;
    private final ModelOptions options;
    private final TokenizerJson tokenizer;
    private final OnnxGraph graph;
    private final TextTower tower;
    private final int maxTokenCount;
    private final boolean isSquashed;

    private CrossEncoder(FolderReader reader, ModelOptions options) {
        this.reader = reader;
        this.options = options;
        JsonNode config = reader.jsonOrEmpty(CONFIG);
        isSquashed = isSquashed(reader, config);
        TokenizerJson whole = reader.tokenizer();
        tokenizer = whole.withoutLimit();
        String file = reader.graph(GRAPH, options.variant());
        graph = reader.openOfTexts(file, options);
        try {
            maxTokenCount = maxTokenCount(config, whole);
            Optional<String> output = graph.output(2, LOGITS);
            if (output.isEmpty()) {
                throw reader.problem(file, graph.describeOutputs() + ", none of them named one of " + LOGITS
                        + " with a row of floats for each pair");
            }
            checkModules(SentenceModules.read(reader));
            tower = new TextTower(graph, output.get(), reader.filling(tokenizer, 0, false));
            check(file);
        } catch (RuntimeException e) {
            graph.close();
            throw e;
        }
    }

    /// @throws ModelFolderException if the folder holds no model of that kind
    public static CrossEncoder open(Path folder) {
        return open(folder, ModelOptions.DEFAULT);
    }

    /// Loads the graph and runs it once, so that the first caller waits no longer than the next.
    ///
    /// @throws ModelFolderException if the graph cannot be loaded or doesn't fit its description
    public static CrossEncoder open(Path folder, ModelOptions options) {
        return new CrossEncoder(FolderReader.of(folder), options);
    }

    /// Whether the one number of a pair becomes its sigmoid, as it does unless the model says otherwise: from
    /// sentence-transformers 6 on in a file of its own, in `config.json` before.
    private static boolean isSquashed(FolderReader reader, JsonNode config) {
        boolean isNewer = reader.jsonOrEmpty(OWN_CONFIG).path(ACTIVATION).isTextual();
        String activation = isNewer ? reader.json(OWN_CONFIG).path(ACTIVATION).asText()
                : config.path("sentence_transformers").path(ACTIVATION)
                        .asText(config.path("sbert_ce_default_activation_function").asText(""));
        return switch (activation.substring(activation.lastIndexOf('.') + 1)) {
            case "", "null", "Sigmoid" -> true;
            case "Identity" -> false;
            default -> throw reader.problem(
                    isNewer ? OWN_CONFIG : CONFIG, "the activation '" + activation + "' is not supported");
        };
    }

    /// Rerankers that are language models have a module that reads a score out of the next word.
    private void checkModules(List<SentenceModules.Module> modules) {
        List<String> others = modules.stream().map(SentenceModules.Module::type)
                .filter(type -> !type.equals(SentenceModules.TRANSFORMER)).toList();
        if (!others.isEmpty()) {
            throw reader.problem(SentenceModules.FILE, "modules " + others + " are not supported for cross-encoders");
        }
    }

    private int maxTokenCount(JsonNode config, TokenizerJson whole) {
        double positions = FolderReader.positions(config);
        int stated = reader.tokenizerLimit().orElse(Math.min(
                whole.maxTokenCount(), positions < Double.MAX_VALUE ? Integer.MAX_VALUE : DEFAULT_MAX_TOKEN_COUNT));
        double limit = Math.min(Math.min(stated, positions), graph.axisLength(TextTower.INPUT_IDS, 1, Integer.MAX_VALUE));
        return reader.checkedTokenLimit(limit, tokenizer);
    }

    private void check(String file) {
        long[] shape;
        try {
            shape = tower.run(List.of(tokenizer.encodePair("", "", maxTokenCount)), _ -> {}).tensor().shape();
        } catch (IllegalArgumentException e) {
            throw reader.problem("tokenizer.json", e);
        } catch (IllegalStateException e) {
            throw reader.problem(file, e);
        }
        if (shape[1] != 1 && shape[1] != 2) {
            throw reader.problem(file, "it gives " + shape[1] + " numbers for two texts, where a cross-encoder gives one, or two");
        }
    }

    /// Where it came from, for messages.
    public String location() {
        return reader.location();
    }

    /// The most tokens that a question and a passage may have together, those around them included.
    public int maxTokenCount() {
        return maxTokenCount;
    }

    /// How well each passage fits the question, in order; greater is better. From 0 to 1, unless the model says that its
    /// number is the score.
    public float[] scores(String question, List<String> passages) {
        List<Encoding> pairs = passages.stream().map(passage -> encode(question, passage)).toList();
        List<float[]> scores = TextBatches.run(pairs, tower.batchCount(options.maxBatchCount()), this::run);
        float[] flat = new float[scores.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = scores.get(i)[0];
        }
        return flat;
    }

    /// The tokens of a question and a passage for this model, cut to its limit.
    Encoding encode(String question, String passage) {
        return tokenizer.encodePair(question, passage, maxTokenCount);
    }

    private List<float[]> run(List<Encoding> batch) {
        TextTower.Result result = tower.run(batch, _ -> {});
        List<float[]> scores = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            scores.add(new float[] {score(result.tensor().item(i))});
        }
        return scores;
    }

    /// Of two numbers the share of the second's exponential.
    private float score(float[] logits) {
        double logit = logits.length == 2 ? (double) logits[1] - logits[0] : logits[0];
        return (float) (logits.length == 2 || isSquashed ? 1 / (1 + Math.exp(-logit)) : logit);
    }

    /// As a reranker of rows by a column of strings; rows without a text come last. It runs this model, which stays the
    /// caller's to close.
    public Reranker forColumn(String column) {
        return new OfColumn(this, column);
    }

    private record OfColumn(CrossEncoder encoder, String column) implements Reranker {
        @Override
        public List<String> columns() {
            return List.of(column);
        }

        @Override
        public float[] scores(@Nullable String words, List<Hit<Map<String, @Nullable Object>>> found) {
            if (words == null) {
                throw new IllegalArgumentException(
                        "a cross-encoder compares words, and a search by a vector has none: rerank(encoder, words)");
            }
            List<Integer> rows = new ArrayList<>();
            List<String> passages = new ArrayList<>();
            float[] scores = new float[found.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = Float.NEGATIVE_INFINITY;
                switch (found.get(i).row().get(column)) {
                    case String passage -> {
                        rows.add(i);
                        passages.add(passage);
                    }
                    case null -> {}
                    default -> throw new IllegalArgumentException("column '" + column + "' holds no strings for a cross-encoder");
                }
            }
            float[] ofPassages = encoder.scores(words, passages);
            for (int i = 0; i < ofPassages.length; i++) {
                scores[rows.get(i)] = ofPassages[i];
            }
            return scores;
        }

        @Override
        public String toString() {
            return encoder.location() + " of '" + column + "'";
        }
    }

    @Override
    public void close() {
        graph.close();
    }
}
