// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

import dev.joust.embed.tokenize.TokenizerJson;

/// What the files of a sentence model's folder say, beside its graph.
///
/// @param tokenizer     words to ids
/// @param maxTokenCount the most tokens a text may have, those around it included
/// @param pooling       how the tokens' vectors become one
/// @param normalizes    whether that is brought to length 1
/// @param onlyGraph     names of modules that only the graph itself can do; empty if there are none
/// @param dimension     floats per vector as declared, or 0
/// @param lowersCase    whether texts are lower-cased before all else
/// @param prompts       what is put before a text, by its purpose
/// @param defaultPrompt what is put before a text where no purpose is named
record SentenceFolder(TokenizerJson tokenizer, int maxTokenCount, Pooling pooling, boolean normalizes,
        Set<String> onlyGraph, int dimension, boolean lowersCase, Map<String, String> prompts, String defaultPrompt) {
    private static final String POOLING = "1_Pooling/config.json";
    private static final String MODULES = "modules.json";
    private static final int DEFAULT_MAX_TOKEN_COUNT = 512;

    /// @throws ModelFolderException naming the first file that is absent or does not fit
    static SentenceFolder read(FolderReader reader) {
        JsonNode config = reader.jsonOrEmpty("config.json");
        String type = config.path("model_type").asText("");
        if (type.equals("clip") || type.equals("siglip")) {
            throw reader.problem("preprocessor_config.json", "absent, in a folder whose config.json says '" + type + "'");
        }
        Map<String, String> modules = modules(reader);
        boolean describes = !modules.isEmpty();
        String poolingFile = modules.getOrDefault("Pooling", "1_Pooling") + "/config.json";
        JsonNode poolingConfig = reader.jsonOrEmpty(poolingFile);
        Pooling pooling;
        try {
            pooling = reader.has(poolingFile) ? Pooling.parse(poolingConfig) : Pooling.MEAN;
        } catch (IllegalArgumentException e) {
            throw reader.problem(poolingFile, e);
        }
        if (describes && modules.containsKey("Pooling") && !reader.has(poolingFile)) {
            throw reader.problem(poolingFile, "absent");
        }
        JsonNode bert = reader.jsonOrEmpty("sentence_bert_config.json");
        TokenizerJson tokenizer = reader.tokenizer();
        boolean hasOwnLimit = bert.path("max_seq_length").isInt();
        TokenizerJson limited = hasOwnLimit ? tokenizer.withoutLimit() : tokenizer;
        double positions = FolderReader.positions(config);
        double limit = hasOwnLimit ? bert.path("max_seq_length").asInt()
                : Math.min(tokenizer.maxTokenCount(), reader.tokenizerLimit().orElse(
                        positions < Double.MAX_VALUE ? (int) positions : DEFAULT_MAX_TOKEN_COUNT));
        Map<String, String> others = new HashMap<>(modules);
        others.keySet().removeAll(Set.of("Transformer", "Pooling", "Normalize"));
        JsonNode prompting = reader.jsonOrEmpty("config_sentence_transformers.json");
        Map<String, String> prompts = new HashMap<>();
        prompting.path("prompts").properties().forEach(entry -> prompts.put(entry.getKey(), entry.getValue().asText()));
        String defaultName = prompting.path("default_prompt_name").asText("");
        int dimension = others.isEmpty()
                ? poolingConfig.path("word_embedding_dimension").asInt(config.path("hidden_size").asInt(0)) : 0;
        return new SentenceFolder(
                limited,
                reader.checkedTokenLimit(Math.min(limit, positions), limited),
                pooling,
                !describes || modules.containsKey("Normalize"),
                Set.copyOf(others.keySet()),
                dimension,
                bert.path("do_lower_case").asBoolean(),
                Map.copyOf(prompts),
                prompts.getOrDefault(defaultName, ""));
    }

    /// The last part of each module's type, and the folder it is in.
    private static Map<String, String> modules(FolderReader reader) {
        Map<String, String> modules = new HashMap<>();
        if (reader.has(MODULES)) {
            JsonNode list = reader.anyJson(MODULES);
            if (!list.isArray() || list.isEmpty()) {
                throw reader.problem(MODULES, "no list of modules");
            }
            for (JsonNode module : list) {
                String type = module.path("type").asText();
                modules.put(type.substring(type.lastIndexOf('.') + 1), module.path("path").asText());
            }
        } else if (reader.has(POOLING)) {
            modules.put("Pooling", "1_Pooling");
            modules.put("Normalize", "");
        }
        return modules;
    }
}
