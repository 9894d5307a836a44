// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.embed.image.PictureRecipe.Resize;

class ModelFolderTest {
    private static final List<String> FILES = List.of("config.json", "preprocessor_config.json", "tokenizer.json",
            "tokenizer_config.json", "special_tokens_map.json", "onnx/text_model.onnx", "onnx/vision_model.onnx");

    @TempDir
    private Path above;

    private Path folder;

    @BeforeEach
    void copyTheModel() throws IOException {
        folder = above.resolve("model");
        Files.createDirectories(folder.resolve("onnx"));
        for (String file : FILES) {
            Files.write(folder.resolve(file), Golden.resource("/dev/joust/embed/tiny-clip/" + file));
        }
    }

    private void replace(String file, String from, String to) throws IOException {
        String text = Files.readString(folder.resolve(file));
        assertTrue(text.contains(from), file + " holds " + from);
        Files.writeString(folder.resolve(file), text.replace(from, to));
    }

    private void assertRefused(String... parts) {
        String message = assertThrows(ModelFolderException.class, () -> ClipModel.open(folder)).getMessage();
        assertTrue(message.contains(folder.toString()), message);
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void aFolderGivesTheVectorsOfTheBuiltInModel() {
        try (ClipModel fromFolder = ClipModel.open(folder); ClipModel builtIn = ClipModel.openDefault()) {
            assertArrayEquals(builtIn.embedText("a red star"), fromFolder.embedText("a red star"));
        }
    }

    @Test
    void towersMayLieBesideTheRest() throws IOException {
        for (String tower : List.of("text_model.onnx", "vision_model.onnx")) {
            Files.move(folder.resolve("onnx").resolve(tower), folder.resolve(tower));
        }
        try (ClipModel model = ClipModel.open(folder)) {
            assertEquals(128, model.dimension());
        }
    }

    @Test
    void sizesMayBeNumbersOrObjects() throws IOException {
        Resize expected = new Resize.ShortestEdge(64);
        assertEquals(expected, ModelFolder.open(folder).pictureRecipe().resize());
        String file = "preprocessor_config.json";
        replace(file, "{\n    \"shortest_edge\": 64\n  }", "64");
        replace(file, "{\n    \"height\": 64,\n    \"width\": 64\n  }", "64");
        assertEquals(expected, ModelFolder.open(folder).pictureRecipe().resize());
        assertEquals(64, ModelFolder.open(folder).pictureRecipe().cropWidth());
        replace(file, "\"size\": 64", "\"size\": {\"width\": 70, \"height\": 80}");
        assertEquals(new Resize.Exact(70, 80), ModelFolder.open(folder).pictureRecipe().resize());
    }

    @Test
    void textsAreAsLongAsTheSmallestLimitSays() throws IOException {
        assertEquals(64, ModelFolder.open(folder).maxTokenCount());
        replace("tokenizer_config.json", "\"model_max_length\": 64", "\"model_max_length\": 1000000000000000019884624838656");
        assertEquals(64, ModelFolder.open(folder).maxTokenCount());
        replace("tokenizer_config.json", "\"model_max_length\": 1000000000000000019884624838656", "\"model_max_length\": 20");
        assertEquals(20, ModelFolder.open(folder).maxTokenCount());
    }

    @Test
    void anAbsentFileIsNamed() throws IOException {
        for (String file : List.of("config.json", "preprocessor_config.json", "tokenizer.json",
                "onnx/text_model.onnx", "onnx/vision_model.onnx")) {
            Path path = folder.resolve(file);
            byte[] content = Files.readAllBytes(path);
            Files.delete(path);
            assertRefused(file, "absent");
            Files.write(path, content);
        }
        assertThrows(ModelFolderException.class, () -> ModelFolder.open(folder.resolve("nowhere")));
    }

    @Test
    void aTowerThatIsAbsentIsNamedWithWhatIsThere() throws IOException {
        Files.delete(folder.resolve("onnx/text_model.onnx"));
        assertRefused("onnx/text_model.onnx", "absent", "onnx/vision_model.onnx");
    }

    @Test
    void filesThatAreNotWhatTheyShouldBeAreNamed() throws IOException {
        for (String file : FILES.subList(0, 3)) {
            byte[] content = Files.readAllBytes(folder.resolve(file));
            for (String wrong : List.of("", "{", "[1]", "\"x\"", "{}")) {
                Files.writeString(folder.resolve(file), wrong);
                assertRefused(file);
            }
            Files.write(folder.resolve(file), content);
        }
        for (String tower : List.of("onnx/text_model.onnx", "onnx/vision_model.onnx")) {
            byte[] content = Files.readAllBytes(folder.resolve(tower));
            Files.writeString(folder.resolve(tower), "no graph");
            assertRefused(tower);
            Files.write(folder.resolve(tower), Arrays.copyOf(content, content.length / 2));
            assertRefused(tower);
            Files.write(folder.resolve(tower), content);
        }
    }

    @Test
    void towersThatDoNotFitTheirDescriptionAreRefused() throws IOException {
        replace("config.json", "\"projection_dim\": 128,\n  \"logit", "\"projection_dim\": 512,\n  \"logit");
        assertRefused("config.json", "512", "128");
        replace("config.json", "\"projection_dim\": 512", "\"projection_dim\": 128");
        byte[] vision = Files.readAllBytes(folder.resolve("onnx/vision_model.onnx"));
        Files.copy(folder.resolve("onnx/text_model.onnx"), folder.resolve("onnx/vision_model.onnx"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertRefused("onnx/vision_model.onnx", "input_ids");
        Files.write(folder.resolve("onnx/text_model.onnx"), vision);
        assertRefused("onnx/text_model.onnx", "pixel_values");
    }

    @Test
    void picturesOfAnotherSizeThanTheTowersAreRefusedWhenItIsLoaded() throws IOException {
        replace("preprocessor_config.json", "64", "96");
        assertRefused("onnx/vision_model.onnx");
    }

    /// What a clone without Git LFS, a download of the wrong page or one that was cut leaves.
    @Test
    void whatWasDownloadedWronglyIsCalledByItsName() throws IOException {
        String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 335544320\n";
        for (String file : List.of("config.json", "tokenizer.json", "onnx/text_model.onnx", "onnx/vision_model.onnx")) {
            byte[] content = Files.readAllBytes(folder.resolve(file));
            Files.writeString(folder.resolve(file), pointer);
            assertRefused(file, "git lfs pull");
            Files.writeString(folder.resolve(file), "<!DOCTYPE html><html></html>");
            assertRefused(file, "an HTML page");
            Files.writeString(folder.resolve(file), "PK\u0003\u0004");
            assertRefused(file, "an archive");
            Files.writeString(folder.resolve(file), "");
            assertRefused(file, "an empty file");
            Files.write(folder.resolve(file), content);
        }
        Files.write(folder.resolve("onnx/text_model.onnx"),
                Arrays.copyOf(Files.readAllBytes(folder.resolve("onnx/text_model.onnx")), 5000));
        assertRefused("onnx/text_model.onnx", "cut short");
    }

    @Test
    void weightsBesideAGraphAreNamedIfTheyAreAbsentOrNotThemselves(@TempDir Path temporary) throws IOException {
        Path apart = ModelCopy.of("clip-one-file", temporary);
        Path weights = apart.resolve("onnx/model_apart.onnx_data");
        ModelOptions options = ModelOptions.DEFAULT.withVariant("apart");
        Files.writeString(weights, "version https://git-lfs.github.com/spec/v1\n");
        String message = assertThrows(ModelFolderException.class, () -> TextModel.open(apart, options)).getMessage();
        assertTrue(message.contains("onnx/model_apart.onnx_data") && message.contains("git lfs pull"), message);
        Files.delete(weights);
        message = assertThrows(ModelFolderException.class, () -> TextModel.open(apart, options)).getMessage();
        assertTrue(message.contains("model_apart.onnx_data, which is absent"), message);
    }

    @Test
    void whatIsNamedInPlaceOfTheFolderIsToldFromIt() throws IOException {
        Path file = Files.writeString(folder.resolve("model.zip"), "PK");
        assertTrue(assertThrows(ModelFolderException.class, () -> ClipModel.open(file)).getMessage().contains("unpacked first"));
        assertTrue(assertThrows(ModelFolderException.class, () -> ClipModel.open(folder.resolve("onnx"))).getMessage()
                .contains("there is one in " + folder));
        String above = assertThrows(ModelFolderException.class, () -> ClipModel.open(folder.getParent())).getMessage();
        assertTrue(above.contains("config.json: absent; there is one in " + folder.getParent()), above);
    }

    @Test
    void vocabulariesOfOtherFormsAreNamed() throws IOException {
        Files.delete(folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("vocab.json"), "{}");
        assertRefused("tokenizer.json: absent", "vocab.json", "AutoTokenizer");
    }

    @Test
    void anotherKindOfModelIsNamed() throws IOException {
        replace("config.json", "\"model_type\": \"clip\"", "\"model_type\": \"bert\"");
        assertRefused("bert");
    }
}
