// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Exports differ in their inputs and outputs; `make_graphs.py` says what these towers compute.
class TowerShapesTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void describeTheModel() throws IOException {
        for (String file : List.of("preprocessor_config.json", "tokenizer.json", "tokenizer_config.json")) {
            Files.write(folder.resolve(file), Golden.resource("/dev/joust/embed/tiny-clip/" + file));
        }
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "clip", "projection_dim": 8, "text_config": {"max_position_embeddings": 16}}""");
        use("text_model", "text-without-mask");
        use("vision_model", "picture");
    }

    private void use(String tower, String graph) throws IOException {
        Files.write(folder.resolve(tower + ".onnx"), Golden.resource("/dev/joust/embed/graphs/" + graph + ".onnx"));
    }

    private static float[] expected(ClipModel model, String text, int paddingCount) {
        float[] counts = new float[8];
        for (int id : model.tokenIds(text)) {
            counts[id % 8]++;
        }
        counts[941 % 8] += paddingCount;
        double squares = 0;
        for (float count : counts) {
            squares += count * count;
        }
        for (int i = 0; i < 8; i++) {
            counts[i] /= (float) Math.sqrt(squares);
        }
        return counts;
    }

    @ParameterizedTest
    @ValueSource(strings = {"text-int32-mask", "text-fixed-shape", "text-more-outputs", "text-other-output-name"})
    void paddingIsMaskedInTowersWithAMask(String graph) throws IOException {
        use("text_model", graph);
        List<String> texts = List.of("a red star", "a", "the green tree on a red circle", "", "blue".repeat(50));
        try (ClipModel model = ClipModel.open(folder)) {
            List<float[]> vectors = model.embed(texts);
            for (int i = 0; i < texts.size(); i++) {
                assertArrayEquals(expected(model, texts.get(i), 0), vectors.get(i), 1e-6f, texts.get(i));
            }
        }
    }

    @Test
    void textsOfATowerWithoutMaskAreFilledUpWithThePadToken() throws IOException {
        try (ClipModel model = ClipModel.open(folder)) {
            int longer = model.tokenIds("a red star").length - model.tokenIds("a").length;
            assertTrue(longer > 0);
            List<float[]> vectors = model.embed(List.of("a", "a red star"));
            assertArrayEquals(expected(model, "a", longer), vectors.get(0), 1e-6f);
            assertArrayEquals(expected(model, "a red star", 0), vectors.get(1), 1e-6f);
            assertArrayEquals(expected(model, "a", 0), model.embedText("a"), 1e-6f);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"picture", "picture-fixed-shape", "picture-more-outputs"})
    void pictureTowersOfAnyBatchShapeGiveTheSame(String graph) throws IOException {
        List<byte[]> pictures = List.of(Golden.bytes("images/sample0.jpg"), Golden.bytes("images/sample1.png"),
                Golden.bytes("images/sample3.png"));
        List<float[]> expected;
        try (ClipModel model = ClipModel.open(folder)) {
            expected = model.embedPictures(pictures);
        }
        use("vision_model", graph);
        try (ClipModel model = ClipModel.open(folder)) {
            List<float[]> found = model.embedPictures(pictures);
            assertEquals(3, found.size());
            for (int i = 0; i < 3; i++) {
                assertEquals(8, found.get(i).length);
                assertArrayEquals(expected.get(i), found.get(i), 1e-6f);
            }
        }
    }

    @Test
    void anInputThatNobodyKnowsIsNamed() throws IOException {
        use("text_model", "text-unknown-input");
        String message = assertThrows(ModelFolderException.class, () -> ClipModel.open(folder)).getMessage();
        assertTrue(message.contains("text_model.onnx") && message.contains("pixel_values"), message);
    }
}
