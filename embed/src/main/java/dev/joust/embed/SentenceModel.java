// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import dev.joust.embed.SentenceFolder.Step;
import dev.joust.embed.internal.FloatTensor;
import dev.joust.embed.internal.OnnxGraph;
import dev.joust.embed.internal.TextTower;
import dev.joust.embed.tokenize.Encoding;

/// A model for texts alone, in the folder layout of sentence-transformers' ONNX exports:
///
///     tokenizer.json                     words to ids; tokenizer_config.json, special_tokens_map.json (may be absent)
///     onnx/model.onnx                    the graph, in `onnx/` or beside the rest; or a variant of it, as
///                                        `model_quantized.onnx` or `model_fp16.onnx`
///     modules.json, 1_Pooling/config.json how the tokens' vectors become one, and whether that is brought to length 1;
///                                        where they are absent, it is their mean, of length 1
///     2_Dense/config.json, model.safetensors a matrix that follows, if modules.json has it and the graph doesn't
///     sentence_bert_config.json          the longest text; config.json: the longest there can be, the dimension
///     config_sentence_transformers.json  prompts: what is put before a question, or before a document
///
/// All but the first two may be absent. A graph with an output `sentence_embedding` has pooled already. Texts longer
/// than the model takes are cut.
///
///     try (SentenceModel model = SentenceModel.open(Path.of("all-MiniLM-L6-v2"))) {
///         List<float[]> vectors = model.embed(List.of("a red bicycle", "rain in the afternoon"));
///     }
///
/// Thread-safe; runs of several threads go on at once. After {@link #close} every method that runs the model throws
/// {@link IllegalStateException}. Quantised graphs scale by what is in a batch, so a vector depends a little on what
/// it was made with.
public final class SentenceModel implements TextModel {
    private static final String GRAPH = "model";
    private static final List<String> POOLED = List.of("sentence_embedding");
    private static final List<String> TOKENS = List.of("last_hidden_state", "token_embeddings");

    private final FolderReader reader;
    private final SentenceFolder folder;
    private final ModelOptions options;
    private final OnnxGraph graph;
    private final TextTower tower;
    private final boolean isPooled;
    private final int maxTokenCount;
    private final List<Step> steps;
    private final int dimension;

    private SentenceModel(FolderReader reader, ModelOptions options) {
        this.reader = reader;
        this.options = options;
        folder = SentenceFolder.read(reader);
        String file = reader.graph(GRAPH, options.variant());
        graph = reader.openOfTexts(file, options);
        try {
            maxTokenCount = Math.min(
                    folder.maxTokenCount(), graph.axisLength(TextTower.INPUT_IDS, 1, Integer.MAX_VALUE));
            String output = output(file);
            isPooled = graph.axisCount(output) == 2;
            tower = new TextTower(graph, output, reader.filling(folder.tokenizer(), 0, false));
            int graphLength = checkedLength(file);
            steps = !isPooled ? folder.steps(reader, graphLength)
                    : folder.normalizes() ? List.of(new Step.Normalize()) : List.of();
            dimension = dimension(isPooled ? graphLength : graphLength * folder.pooling().size());
        } catch (RuntimeException e) {
            graph.close();
            throw e;
        }
    }

    /// @throws ModelFolderException if the folder holds no model of that kind
    public static SentenceModel open(Path folder) {
        return open(folder, ModelOptions.DEFAULT);
    }

    /// Loads the graph and runs it once, so that the first caller waits no longer than the next.
    ///
    /// @throws ModelFolderException if the graph cannot be loaded or doesn't fit its description
    public static SentenceModel open(Path folder, ModelOptions options) {
        return new SentenceModel(FolderReader.of(folder), options);
    }

    /// What is pooled already, else the tokens' vectors, else the only output of one vector per text.
    private String output(String file) {
        Optional<String> pooled = graph.output(2, POOLED);
        if (pooled.isPresent() && POOLED.contains(pooled.get())) {
            return pooled.get();
        }
        if (!folder.onlyGraph().isEmpty()) {
            throw reader.problem("modules.json", "modules " + folder.onlyGraph()
                    + " are not supported unless the graph has an output 'sentence_embedding'; " + file + " has "
                    + graph.describeOutputs());
        }
        if (pooled.isPresent() && pooled.get().equals("logits")) {
            throw reader.problem(file, "a classifier or cross-encoder: it gives 'logits' in place of vectors");
        }
        return graph.output(3, TOKENS).or(() -> pooled).orElseThrow(() -> reader.problem(file, graph.describeOutputs()
                + ", none of them named one of " + POOLED + " or " + TOKENS + " with floats"));
    }

    /// Floats per token that the graph gives, or per text if it has pooled already.
    private int checkedLength(String file) {
        int found;
        try {
            long[] shape = tower.run(List.of(encode("")), _ -> {}).tensor().shape();
            found = Math.toIntExact(shape[shape.length - 1]);
        } catch (IllegalStateException e) {
            throw reader.problem(file, e);
        }
        int declared = isPooled ? folder.pooledLength() : folder.tokenLength();
        if (declared != 0 && declared != found) {
            throw reader.problem(file, "it gives vectors of " + found + " where the folder declares " + declared);
        }
        return found;
    }

    private int dimension(int pooledLength) {
        int length = pooledLength;
        for (Step step : steps) {
            length = switch (step) {
                case Step.Normalize() -> length;
                case Step.Dense(DenseLayer layer) -> layer.outputCount();
            };
        }
        return length;
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public String location() {
        return reader.location();
    }

    /// The most tokens a text may have, those around it included.
    public int maxTokenCount() {
        return maxTokenCount;
    }

    /// Whether all vectors have length 1 (L2).
    public boolean isNormalized() {
        return !steps.isEmpty() && steps.getLast() instanceof Step.Normalize;
    }

    /// One vector per text, in order, with the folder's default prompt if it has one.
    @Override
    public List<float[]> embed(List<String> texts) {
        return embedWith(folder.defaultPrompt(), texts);
    }

    /// One vector per text, in order, each text behind the prompt for that purpose, as `query` or `document`.
    ///
    /// @throws IllegalArgumentException if the folder has no such prompt
    public List<float[]> embed(List<String> texts, String promptName) {
        String prompt = folder.prompts().get(promptName);
        if (prompt == null) {
            throw new IllegalArgumentException(
                    "no prompt '" + promptName + "' in " + location() + ", of " + promptNames());
        }
        return embedWith(prompt, texts);
    }

    /// The purposes that the folder has prompts for.
    public Set<String> promptNames() {
        return folder.prompts().keySet();
    }

    /// The token ids that a text has for this model, cut to its limit.
    public int[] tokenIds(String text) {
        return encode(text).ids();
    }

    private List<float[]> embedWith(String prompt, List<String> texts) {
        int skipped = prompt.isEmpty() || folder.poolsPrompts() ? 0 : promptTokenCount(prompt);
        return TextBatches.run(texts.stream().map(text -> encode(prompt + text)).toList(),
                tower.batchCount(options.maxBatchCount()), batch -> run(batch, skipped));
    }

    /// The tokens of a prompt and what stands before every text, without what stands behind every text.
    private int promptTokenCount(String prompt) {
        int[] ids = tokenIds(prompt);
        int[] ofNothing = tokenIds("");
        boolean hasEnd = ofNothing.length > 0 && ofNothing[ofNothing.length - 1] == ids[ids.length - 1];
        return ids.length - (hasEnd ? 1 : 0);
    }

    private Encoding encode(String text) {
        return folder.tokenizer().encodeText(
                folder.lowersCase() ? text.toLowerCase(Locale.ROOT) : text, maxTokenCount);
    }

    private List<float[]> run(List<Encoding> batch, int skipped) {
        TextTower.Result result = tower.run(batch, _ -> {});
        if (!isPooled && result.tensor().shape()[1] != result.attended()[0].length) {
            throw new IllegalStateException("the model " + location() + " gave vectors of " + result.tensor().shape()[1]
                    + " tokens for " + result.attended()[0].length);
        }
        List<float[]> vectors = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            float[] vector = isPooled
                    ? result.tensor().item(i) : pool(result.tensor(), i, result.attended()[i], skipped);
            for (Step step : steps) {
                vector = step.apply(vector);
            }
            vectors.add(vector);
        }
        return vectors;
    }

    private float[] pool(FloatTensor tokens, int text, int[] attended, int skipped) {
        List<float[]> parts = folder.pooling().stream()
                .map(pooling -> pooling.pool(tokens, text, attended, skipped)).toList();
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        int length = parts.getFirst().length;
        float[] joined = new float[parts.size() * length];
        for (int i = 0; i < parts.size(); i++) {
            System.arraycopy(parts.get(i), 0, joined, i * length, length);
        }
        return joined;
    }

    @Override
    public void close() {
        graph.close();
    }
}
