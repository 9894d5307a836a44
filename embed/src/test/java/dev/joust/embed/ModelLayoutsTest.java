// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Folders as exports lay them out; `make_models.py` made them and says what they hold, and its `golden.json` what the
/// reference stack (tokenizers, ONNX Runtime, NumPy, Pillow) makes of each text and picture.
class ModelLayoutsTest {
    @TempDir
    private Path temporary;

    private Path copy(String name) throws IOException {
        return ModelCopy.of(name, temporary);
    }

    private static List<JsonNode> golden(Path folder, String part, String variant) throws IOException {
        JsonNode all = new ObjectMapper().readTree(folder.resolve("golden.json").toFile()).path(part);
        List<JsonNode> found = StreamSupport.stream(all.spliterator(), false)
                .filter(node -> node.path("variant").asText().equals(variant))
                .toList();
        assertTrue(found.size() >= 4, part + " of variant " + variant);
        return found;
    }

    private static float[] vector(JsonNode node) {
        float[] vector = new float[node.path("vector").size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) node.path("vector").get(i).asDouble();
        }
        return vector;
    }

    private static void assertTexts(List<JsonNode> expected, TextModel model, float tolerance, boolean inBatches) {
        List<String> texts = expected.stream().map(node -> node.path("text").asText()).toList();
        List<float[]> together = inBatches
                ? model.embed(texts) : texts.stream().map(model::embedText).toList();
        for (int i = 0; i < texts.size(); i++) {
            JsonNode ids = expected.get(i).path("ids");
            int[] found = model instanceof ClipModel clip
                    ? clip.tokenIds(texts.get(i)) : ((SentenceModel) model).tokenIds(texts.get(i));
            assertArrayEquals(IntStream.range(0, ids.size()).map(k -> ids.get(k).asInt()).toArray(), found, texts.get(i));
            assertArrayEquals(vector(expected.get(i)), together.get(i), tolerance, texts.get(i));
        }
    }

    /// Of dynamically quantised graphs a vector depends on its batch: they are asked one by one.
    @ParameterizedTest
    @CsvSource({"fp32, 1e-5, true", "fp16, 4e-3, true", "quantized, 1e-4, false"})
    void aSentenceModelGivesWhatTheReferenceGivesInEveryVariant(String variant, float tolerance, boolean inBatches)
            throws IOException {
        Path folder = copy("sentence-mean");
        try (SentenceModel model = SentenceModel.open(folder, ModelOptions.DEFAULT.withVariant(variant))) {
            assertEquals(16, model.dimension());
            assertEquals(12, model.maxTokenCount());
            assertTrue(model.isNormalized());
            assertTexts(golden(folder, "texts", variant), model, tolerance, inBatches);
        }
    }

    @Test
    void withoutAWishTheExactVariantIsTakenElseWhatIsThere() throws IOException {
        Path folder = copy("sentence-mean");
        for (String left : List.of("fp32", "fp16", "quantized")) {
            try (SentenceModel model = SentenceModel.open(folder)) {
                assertTexts(golden(folder, "texts", left), model, left.equals("fp16") ? 4e-3f : 1e-4f, false);
            }
            Files.delete(folder.resolve("onnx/model" + (left.equals("fp32") ? "" : "_" + left) + ".onnx"));
        }
        String message = assertThrows(ModelFolderException.class, () -> SentenceModel.open(folder)).getMessage();
        assertTrue(message.contains("onnx/model.onnx: absent"), message);
    }

    @Test
    void aVariantThatIsNotThereIsRefusedWithWhatIs() throws IOException {
        Path folder = copy("sentence-mean");
        String message = assertThrows(ModelFolderException.class,
                () -> SentenceModel.open(folder, ModelOptions.DEFAULT.withVariant("int4"))).getMessage();
        assertTrue(message.contains("onnx/model_int4.onnx") && message.contains("onnx/model_fp16.onnx"), message);
    }

    @Test
    void poolingByTheFirstTokenOfAGraphWithoutKnownNames() throws IOException {
        Path folder = copy("sentence-odd");
        try (SentenceModel model = SentenceModel.open(folder)) {
            assertEquals(10, model.maxTokenCount());
            assertFalse(model.isNormalized());
            assertTexts(golden(folder, "texts", ""), model, 1e-5f, true);
        }
    }

    @Test
    void whatTheGraphPooledItselfIsTakenAsItIs() throws IOException {
        Path folder = copy("sentence-pooled");
        try (SentenceModel model = SentenceModel.open(folder)) {
            assertEquals(8, model.dimension());
            assertTexts(golden(folder, "texts", ""), model, 1e-4f, false);
        }
    }

    @Test
    void promptsOfTheFolderStandBeforeTheText() throws IOException {
        try (SentenceModel model = SentenceModel.open(copy("sentence-mean"))) {
            assertEquals(Set.of("query", "document"), model.promptNames());
            assertArrayEquals(model.embedText("query : a red star"), model.embed(List.of("a red star"), "query").getFirst());
            assertArrayEquals(model.embedText("a red star"), model.embed(List.of("a red star"), "document").getFirst());
            assertThrows(IllegalArgumentException.class, () -> model.embed(List.of("a"), "poem"));
        }
    }

    /// Poolings side by side, none of a prompt's tokens in them, matrices behind them.
    @Test
    void stepsBehindTheGraphAreTakenFromTheirFiles() throws IOException {
        Path folder = copy("sentence-steps");
        try (SentenceModel model = SentenceModel.open(folder)) {
            assertEquals(6, model.dimension());
            assertTrue(model.isNormalized());
            assertTexts(golden(folder, "texts", ""), model, 1e-5f, true);
            List<JsonNode> prompted = golden(folder, "texts", "query");
            List<float[]> found = model.embed(prompted.stream().map(node -> node.path("text").asText()).toList(), "query");
            for (int i = 0; i < found.size(); i++) {
                assertArrayEquals(vector(prompted.get(i)), found.get(i), 1e-5f, prompted.get(i).path("text").asText());
            }
        }
    }

    /// As those behind no padding side in `tokenizer_config.json` do.
    @Test
    void tokenizersOfGemmaFillUpFromTheLeft() throws IOException {
        Path folder = copy("siglip");
        Path config = folder.resolve("tokenizer_config.json");
        String given = Files.readString(config);
        List<float[]> vectors = new ArrayList<>();
        for (String more : List.of("\"tokenizer_class\": \"GemmaTokenizer\"", "\"padding_side\": \"left\"",
                "\"tokenizer_class\": \"T5Tokenizer\"", "\"padding_side\": \"right\"")) {
            Files.writeString(config, given.replaceFirst("\\{", "{" + more + ","));
            try (ClipModel model = ClipModel.open(folder)) {
                vectors.add(model.embedText("a red star"));
            }
        }
        assertArrayEquals(vectors.get(1), vectors.get(0));
        assertArrayEquals(vectors.get(3), vectors.get(2));
    }

    @Test
    void aNumberForTheSizeIsASquareForSiglip() throws IOException {
        Path folder = copy("siglip");
        Path recipe = folder.resolve("preprocessor_config.json");
        Files.writeString(recipe, Files.readString(recipe).replaceFirst("(?s)\"size\": \\{.*?\\}", "\"size\": 48"));
        try (ClipModel model = ClipModel.open(folder)) {
            assertPictures(golden(folder, "pictures", ""), model, 1e-4f);
        }
    }

    @Test
    void withoutModulesTheMeanIsTakenAtLengthOne() throws IOException {
        Path folder = copy("sentence-mean");
        for (String file : List.of("modules.json", "1_Pooling/config.json", "config.json", "config_sentence_transformers.json",
                "tokenizer_config.json")) {
            Files.delete(folder.resolve(file));
        }
        try (SentenceModel model = SentenceModel.open(folder)) {
            assertTexts(golden(folder, "texts", "fp32"), model, 1e-5f, true);
        }
    }

    /// Cut in two, also with the weights in another file, or too large for that.
    @ParameterizedTest
    @CsvSource({"fp32, 1e-4, 1000000", "fp16, 4e-3, 1000000", "apart, 1e-4, 1000000", "fp32, 1e-4, 0", "fp16, 4e-3, 0"})
    void bothTowersMayBeInOneFile(String variant, float tolerance, long largestCutBytes) throws IOException {
        Path folder = copy("clip-one-file");
        try (ClipModel model = ClipModel.open(
                ModelFolder.open(folder), ModelOptions.DEFAULT.withVariant(variant), largestCutBytes)) {
            assertTexts(golden(folder, "texts", variant), model, tolerance, true);
            assertPictures(golden(folder, "pictures", variant), model, tolerance);
        }
    }

    @Test
    void siglipFillsTextsUpAndMakesPicturesSquare() throws IOException {
        Path folder = copy("siglip");
        try (ClipModel model = ClipModel.open(folder)) {
            assertTexts(golden(folder, "texts", ""), model, 1e-5f, true);
            assertPictures(golden(folder, "pictures", ""), model, 1e-4f);
        }
    }

    private static void assertPictures(List<JsonNode> expected, ClipModel model, float tolerance) {
        List<float[]> found = model.embedPictures(
                expected.stream().map(node -> Golden.bytes(node.path("file").asText())).toList());
        for (int i = 0; i < found.size(); i++) {
            assertArrayEquals(vector(expected.get(i)), found.get(i), tolerance, expected.get(i).path("file").asText());
        }
    }

    @Test
    void theFolderTellsWhatKindOfModelItIs() throws IOException {
        try (TextModel sentences = TextModel.open(copy("sentence-odd"), ModelOptions.DEFAULT);
                TextModel pictures = TextModel.open(copy("siglip"), ModelOptions.DEFAULT)) {
            assertInstanceOf(SentenceModel.class, sentences);
            assertInstanceOf(ClipModel.class, pictures);
        }
    }

    @Test
    void theDescriptionOfPicturesMayLieInTheProcessorsFile() throws IOException {
        Path folder = copy("siglip");
        String recipe = Files.readString(folder.resolve("preprocessor_config.json"));
        Files.delete(folder.resolve("preprocessor_config.json"));
        Files.writeString(folder.resolve("processor_config.json"), "{\"image_processor\": " + recipe + "}");
        try (TextModel model = TextModel.open(folder, ModelOptions.DEFAULT)) {
            assertPictures(golden(folder, "pictures", ""), (ClipModel) model, 1e-4f);
        }
    }

    /// One message each, which names the file and what is wrong with it.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "sentence-mean | 1_Pooling/config.json | mean_tokens\": true | mean_tokens\": false | pooling by []",
        "sentence-mean | 1_Pooling/config.json | weightedmean_tokens\": false | lastfew_tokens\": true | pooling by [lastfew_tokens]",
        "sentence-mean | 1_Pooling/config.json | 16 | 384 | declares 384",
        "sentence-mean | modules.json | Normalize | Dense | 2_Dense/config.json: absent",
        "sentence-mean | modules.json | Normalize | LSTM | [LSTM]",
        "sentence-steps | 2_Dense/config.json | Tanh | GELU | 2_Dense/config.json: the activation 'torch.nn.modules.activation.GELU'",
        "sentence-steps | 2_Dense/config.json | 32 | 33 | from vectors of 33, where it is given 32",
        "sentence-steps | 2_Dense/config.json | 12 | 13 | 2_Dense/model.safetensors: tensor 'linear.weight' of shape [12,32]",
        "sentence-steps | 3_Dense/model.safetensors | F16 | I16 | type I16 is not supported",
        "sentence-steps | 3_Dense/model.safetensors | 144 | 146 | bytes 0 to 146",
        "sentence-steps | 3_Dense/model.safetensors | linear | lineal | no tensor 'linear.weight'",
        "sentence-steps | 1_Pooling/config.json | 16 | 24 | declares 24",
        "sentence-mean | sentence_bert_config.json | 12 | 1 | no room",
        "sentence-mean | tokenizer.json | WordPiece | WordPieces | WordPieces",
        "sentence-odd | config.json | roberta | clip | preprocessor_config.json",
        "clip-one-file | onnx/model.onnx | text_embeds | text_enbeds | none of them named one of [text_embeds]",
        "clip-one-file | config.json | 16 | 512 | it declares vectors of 512",
        "clip-one-file | preprocessor_config.json | 336 | 224 | onnx/model.onnx: it takes pictures of 336 x 336 pixels; pictures of 224 x 224 pixels by preprocessor_config.json",
        "siglip | config.json | siglip | blip | 'blip'",
        "cross-encoder | config.json | 40 | 48 | a classifier or cross-encoder",
    })
    void aFolderThatDoesNotFitItsDescriptionIsRefused(
            String name, String file, String from, String to, String expected) throws IOException {
        Path folder = copy(name);
        // A character per byte, so that graphs too can be changed
        String text = Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1);
        assertTrue(text.contains(from), file);
        Files.writeString(folder.resolve(file), text.replace(from, to), StandardCharsets.ISO_8859_1);
        String message = assertThrows(
                ModelFolderException.class, () -> TextModel.open(folder, ModelOptions.DEFAULT)).getMessage();
        assertTrue(message.contains(folder.toString()) && message.contains(expected), message);
    }
}
