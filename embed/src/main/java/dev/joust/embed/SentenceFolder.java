// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import dev.joust.embed.SentenceModules.Module;
import dev.joust.embed.internal.UnitLength;
import dev.joust.embed.tokenize.TokenizerJson;

/// What the files of a sentence model's folder say, beside its graph.
///
/// @param tokenizer     words to ids
/// @param maxTokenCount the most tokens a text may have, those around it included
/// @param pooling       how the tokens' vectors become one, or several that stand one behind the other
/// @param poolsPrompts  whether a prompt's tokens are pooled with those of the text
/// @param modules       its steps; empty if none are listed
/// @param onlyGraph     names of modules that only the graph itself can do; empty if there are none
/// @param tokenLength   floats per token as declared, or 0
/// @param lowersCase    whether texts are lower-cased before all else
/// @param prompts       what is put before a text, by its purpose
/// @param defaultPrompt what is put before a text where no purpose is named
record SentenceFolder(TokenizerJson tokenizer, int maxTokenCount, List<Pooling> pooling, boolean poolsPrompts,
        List<Module> modules, List<String> onlyGraph, int tokenLength, boolean lowersCase, Map<String, String> prompts,
        String defaultPrompt) {
    private static final String POOLING_FOLDER = "1_Pooling";
    private static final int DEFAULT_MAX_TOKEN_COUNT = 512;

    /// What happens to a text's vector after pooling.
    sealed interface Step {
        /// Its length becomes 1.
        record Normalize() implements Step {
            @Override
            public float[] apply(float[] vector) {
                return UnitLength.of(vector);
            }
        }

        record Dense(DenseLayer layer) implements Step {
            @Override
            public float[] apply(float[] vector) {
                return layer.apply(vector);
            }
        }

        /// @param vector may be changed
        float[] apply(float[] vector);
    }

    /// @throws ModelFolderException naming the first file that is absent or does not fit
    static SentenceFolder read(FolderReader reader) {
        JsonNode config = reader.jsonOrEmpty("config.json");
        String type = config.path("model_type").asText("");
        if (type.equals("clip") || type.equals("siglip")) {
            boolean describesPictures = reader.has("preprocessor_config.json") || reader.has("processor_config.json");
            throw describesPictures
                    ? reader.problem("config.json", "model type '" + type + "' is for words and pictures, where one for words alone is expected")
                    : reader.problem("preprocessor_config.json", "absent, in a folder whose config.json says '" + type + "'");
        }
        List<Module> modules = SentenceModules.read(reader);
        String poolingFile = poolingFile(reader, modules);
        JsonNode poolingConfig = reader.jsonOrEmpty(poolingFile);
        List<Pooling> pooling;
        try {
            pooling = reader.has(poolingFile) ? Pooling.parse(poolingConfig) : List.of(Pooling.MEAN);
        } catch (IllegalArgumentException e) {
            throw reader.problem(poolingFile, e);
        }
        int tokenLength = poolingConfig.path("embedding_dimension").asInt(
                poolingConfig.path("word_embedding_dimension").asInt(config.path("hidden_size").asInt(0)));
        JsonNode bert = reader.jsonOrEmpty("sentence_bert_config.json");
        TokenizerJson tokenizer = reader.tokenizer();
        boolean hasOwnLimit = bert.path("max_seq_length").isInt();
        TokenizerJson limited = hasOwnLimit ? tokenizer.withoutLimit() : tokenizer;
        double positions = FolderReader.positions(config);
        double limit = hasOwnLimit ? bert.path("max_seq_length").asInt()
                : Math.min(tokenizer.maxTokenCount(), reader.tokenizerLimit().orElse(
                        positions < Double.MAX_VALUE ? (int) positions : DEFAULT_MAX_TOKEN_COUNT));
        JsonNode prompting = reader.jsonOrEmpty("config_sentence_transformers.json");
        Map<String, String> prompts = new HashMap<>();
        prompting.path("prompts").properties().forEach(entry -> prompts.put(entry.getKey(), entry.getValue().asText()));
        String defaultName = prompting.path("default_prompt_name").asText("");
        return new SentenceFolder(
                limited,
                reader.checkedTokenLimit(Math.min(limit, positions), limited),
                pooling,
                poolingConfig.path("include_prompt").asBoolean(true),
                modules,
                onlyGraph(reader, modules),
                tokenLength,
                bert.path("do_lower_case").asBoolean(),
                Map.copyOf(prompts),
                prompts.getOrDefault(defaultName, ""));
    }

    /// Where pooling is described, be it there or not.
    private static String poolingFile(FolderReader reader, List<Module> modules) {
        for (Module module : modules) {
            if (module.type().equals(SentenceModules.POOLING)) {
                String file = module.folder() + "/config.json";
                if (!reader.has(file)) {
                    throw reader.problem(file, "absent");
                }
                return file;
            }
        }
        return POOLING_FOLDER + "/config.json";
    }

    private static List<String> onlyGraph(FolderReader reader, List<Module> modules) {
        List<String> names = new ArrayList<>();
        for (Module module : modules) {
            boolean isOurs = switch (module.type()) {
                case SentenceModules.TRANSFORMER, SentenceModules.POOLING, SentenceModules.NORMALIZE,
                        SentenceModules.DROPOUT -> true;
                case SentenceModules.DENSE -> DenseLayer.isOfSentences(reader, module.folder());
                default -> false;
            };
            if (!isOurs) {
                names.add(module.type());
            }
        }
        return names;
    }

    /// Whether a vector's length becomes 1 at some step, as it does where no steps are listed.
    boolean normalizes() {
        return modules.isEmpty() || hasModule(SentenceModules.NORMALIZE);
    }

    private boolean hasModule(String type) {
        return modules.stream().anyMatch(module -> module.type().equals(type));
    }

    /// Floats of a vector that the graph itself has pooled, as declared, or 0.
    int pooledLength() {
        return onlyGraph.isEmpty() && !hasModule(SentenceModules.DENSE) ? tokenLength * pooling.size() : 0;
    }

    /// What happens to a vector after pooling.
    ///
    /// @param graphTokenLength floats per token that the graph gives
    /// @throws ModelFolderException naming the first file that is absent or does not fit
    List<Step> steps(FolderReader reader, int graphTokenLength) {
        if (modules.isEmpty()) {
            return List.of(new Step.Normalize());
        }
        List<Step> steps = new ArrayList<>();
        int length = graphTokenLength * pooling.size();
        for (Module module : modules) {
            if (module.type().equals(SentenceModules.NORMALIZE)) {
                steps.add(new Step.Normalize());
            } else if (module.type().equals(SentenceModules.DENSE)) {
                DenseLayer layer = DenseLayer.read(reader, module.folder(), length);
                steps.add(new Step.Dense(layer));
                length = layer.outputCount();
            }
        }
        return List.copyOf(steps);
    }
}
