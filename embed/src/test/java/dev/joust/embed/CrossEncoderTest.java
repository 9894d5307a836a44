// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.Joust;
import dev.joust.embed.tokenize.Encoding;
import dev.joust.search.Database;
import dev.joust.search.Hit;
import dev.joust.search.Table;

/// `make_models.py` made the folder, and what `tokenizers` and ONNX Runtime make of each pair.
class CrossEncoderTest {
    @TempDir
    private Path temporary;

    private Path folder() throws IOException {
        return ModelCopy.of("cross-encoder", temporary);
    }

    private static List<JsonNode> golden(Path folder, String variant) throws IOException {
        JsonNode all = new ObjectMapper().readTree(folder.resolve("golden.json").toFile()).path("pairs");
        return StreamSupport.stream(all.spliterator(), false)
                .filter(node -> node.path("variant").asText().equals(variant))
                .toList();
    }

    private static int[] numbers(JsonNode node) {
        return IntStream.range(0, node.size()).map(i -> node.get(i).asInt()).toArray();
    }

    /// Every question with all passages, in batches of 3.
    @ParameterizedTest
    @ValueSource(strings = {"fp32", "two"})
    void scoresEqualThoseOfTheReference(String variant) throws IOException {
        Path folder = folder();
        List<JsonNode> pairs = golden(folder, variant);
        assertEquals(64, pairs.size());
        Map<String, List<JsonNode>> byQuestion = new HashMap<>();
        pairs.forEach(pair -> byQuestion.computeIfAbsent(pair.path("first").asText(), _ -> new ArrayList<>()).add(pair));
        ModelOptions options = ModelOptions.DEFAULT.withVariant(variant).withMaxBatchCount(3).withThreadCount(2);
        try (CrossEncoder encoder = CrossEncoder.open(folder, options)) {
            assertEquals(24, encoder.maxTokenCount());
            byQuestion.forEach((question, ofQuestion) -> {
                float[] scores = encoder.scores(
                        question, ofQuestion.stream().map(pair -> pair.path("second").asText()).toList());
                for (int i = 0; i < scores.length; i++) {
                    JsonNode pair = ofQuestion.get(i);
                    Encoding encoding = encoder.encode(question, pair.path("second").asText());
                    assertArrayEquals(numbers(pair.path("ids")), encoding.ids());
                    assertArrayEquals(numbers(pair.path("types")), encoding.typeIds());
                    assertEquals(pair.path("score").asDouble(), scores[i], 1e-5, pair.toString());
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\"sentence_transformers\": {\"activation_fn\": \"torch.nn.modules.linear.Identity\"}",
        "\"sbert_ce_default_activation_function\": \"torch.nn.modules.linear.Identity\"",
    })
    void theModelMayHaveItsNumberBeTheScore(String setting) throws IOException {
        Path folder = folder();
        Files.writeString(folder.resolve("config.json"), "{" + setting + ", \"max_position_embeddings\": 40}");
        try (CrossEncoder encoder = CrossEncoder.open(folder)) {
            JsonNode pair = golden(folder, "fp32").get(20);
            float score = encoder.scores(pair.path("first").asText(), List.of(pair.path("second").asText()))[0];
            assertEquals(pair.path("logit").asDouble(), score, 1e-5);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "three | config.json | bert | bert | gives 3 numbers",
        "'' | config.json | hidden_size | sbert_ce_default_activation_function\": \"x.Tanh\", \"x | 'x.Tanh'",
        "'' | tokenizer_config.json | 24 | 2 | no room in 2 tokens for the 3",
        "'' | onnx/model.onnx | input_ids | ixput_ids | no 'input_ids'",
        "int4 | config.json | bert | bert | onnx/model_int4.onnx",
    })
    void aFolderThatDoesNotFitIsRefused(String variant, String file, String from, String to, String expected)
            throws IOException {
        Path folder = folder();
        String text = Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1);
        assertTrue(text.contains(from), file);
        Files.writeString(folder.resolve(file), text.replace(from, to), StandardCharsets.ISO_8859_1);
        String message = assertThrows(ModelFolderException.class,
                () -> CrossEncoder.open(folder, ModelOptions.DEFAULT.withVariant(variant))).getMessage();
        assertTrue(message.contains(folder.toString()) && message.contains(expected), message);
    }

    /// From version 6 on sentence-transformers writes it there.
    @Test
    void whatIsMadeOfTheNumberMayBeSaidInAFileOfItsOwn() throws IOException {
        Path folder = folder();
        Path config = folder.resolve("config_sentence_transformers.json");
        JsonNode pair = golden(folder, "fp32").getFirst();
        for (String[] activation : new String[][] {{"linear.Identity", "logit"}, {"activation.Sigmoid", "score"}}) {
            Files.writeString(config, "{\"model_type\": \"CrossEncoder\", \"activation_fn\": \"torch.nn.modules."
                    + activation[0] + "\", \"prompts\": {}}");
            try (CrossEncoder encoder = CrossEncoder.open(folder)) {
                float score = encoder.scores(pair.path("first").asText(), List.of(pair.path("second").asText()))[0];
                assertEquals(pair.path(activation[1]).asDouble(), score, 1e-5);
            }
        }
        Files.writeString(config, "{\"activation_fn\": \"torch.nn.modules.activation.Tanh\"}");
        String message = assertThrows(ModelFolderException.class, () -> CrossEncoder.open(folder)).getMessage();
        assertTrue(message.contains("config_sentence_transformers.json") && message.contains("Tanh"), message);
    }

    @Test
    void aRerankerOfMoreModulesIsRefused() throws IOException {
        Path folder = folder();
        Files.writeString(folder.resolve("modules.json"), "[{\"type\": \"a.Transformer\", \"path\": \"\"},"
                + " {\"type\": \"a.LogitScore\", \"path\": \"1_LogitScore\"}]");
        String message = assertThrows(ModelFolderException.class, () -> CrossEncoder.open(folder)).getMessage();
        assertTrue(message.contains("modules.json: modules [LogitScore]"), message);
    }

    @Test
    void aSentenceModelIsNoCrossEncoder() throws IOException {
        Path folder = ModelCopy.of("sentence-mean", temporary);
        String message = assertThrows(ModelFolderException.class, () -> CrossEncoder.open(folder)).getMessage();
        assertTrue(message.contains("none of them named one of [logits]"), message);
    }

    private record Doc(int id, @Nullable String text, float[] vector) {}

    @Test
    void itPutsWhatASearchFoundInOrder() throws IOException {
        Path folder = folder();
        List<String> texts = golden(folder, "fp32").stream().limit(8).map(pair -> pair.path("second").asText()).toList();
        try (CrossEncoder encoder = CrossEncoder.open(folder);
                Database database = Joust.connect(temporary.resolve("db").toString())) {
            List<Doc> docs = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                docs.add(new Doc(i, texts.get(i), new float[] {i, 0}));
            }
            docs.add(new Doc(99, null, new float[] {0, 0}));
            Table table = database.createTable("docs", docs);
            float[] scores = encoder.scores("a red star", texts);
            List<Integer> expected = IntStream.range(0, scores.length).boxed()
                    .sorted((a, b) -> Float.compare(scores[b], scores[a]))
                    .toList();
            List<Hit<Doc>> hits = table.search(new float[2]).rerank(encoder.forColumn("text"), "a red star").limit(9).hits(Doc.class);
            assertEquals(expected, hits.stream().map(hit -> hit.row().id()).limit(8).toList());
            assertEquals(99, hits.getLast().row().id());
            assertEquals(scores[expected.getFirst()], hits.getFirst().relevance(), 1e-6);
            var unasked = table.search(new float[2]).rerank(encoder.forColumn("text"));
            assertTrue(assertThrows(IllegalArgumentException.class, unasked::toMaps).getMessage().contains("rerank(encoder, words)"));
            var wrong = table.search(new float[2]).rerank(encoder.forColumn("id"), "a");
            assertTrue(assertThrows(IllegalArgumentException.class, wrong::toMaps).getMessage().contains("holds no strings"));
        }
    }

    @Test
    void afterClosingItSaysSo() throws IOException {
        CrossEncoder encoder = CrossEncoder.open(folder());
        assertArrayEquals(new float[0], encoder.scores("a", List.of()));
        encoder.close();
        encoder.close();
        assertThrows(IllegalStateException.class, () -> encoder.scores("a", List.of("b")));
    }
}
