// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.joust.embed.image.PictureRecipe;
import dev.joust.embed.image.PictureRecipe.Resize;
import dev.joust.embed.image.ResampleFilter;
import dev.joust.embed.internal.ModelFiles;
import dev.joust.embed.tokenize.TokenizerJson;

/// A model in the folder layout of CLIP's ONNX exports, its descriptions read and checked, its graphs not yet loaded.
///
///     config.json               sizes; the vectors' dimension (`projection_dim`)
///     preprocessor_config.json  what happens to pictures
///     tokenizer.json            words to ids;  tokenizer_config.json (may be absent): the longest text
///     onnx/text_model.onnx      the towers, in `onnx/` or beside the rest
///     onnx/vision_model.onnx
///
/// Immutable.
public final class ModelFolder {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEXT_TOWER = "text_model.onnx";
    private static final String PICTURE_TOWER = "vision_model.onnx";
    /// CLIP's own, where no file says otherwise.
    private static final int DEFAULT_MAX_TOKEN_COUNT = 77;

    private final ModelFiles files;
    private final JsonNode config;
    private final TokenizerJson tokenizer;
    private final int maxTokenCount;
    private final PictureRecipe pictureRecipe;

    private ModelFolder(ModelFiles files) {
        this.files = files;
        config = readJson("config.json");
        String type = config.path("model_type").asText("");
        if (!type.equals("clip")) {
            throw problem("config.json", "model type '" + type + "' is not supported, 'clip' is");
        }
        towerFile(TEXT_TOWER);
        towerFile(PICTURE_TOWER);
        tokenizer = readTokenizer();
        maxTokenCount = readMaxTokenCount();
        pictureRecipe = readPictureRecipe();
    }

    /// @throws ModelFolderException naming the first file that is absent or does not fit
    public static ModelFolder open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ModelFolderException("model folder " + folder + ": there is no such folder");
        }
        return new ModelFolder(new ModelFiles.Folder(folder));
    }

    /// The small model that comes with Joust. It knows drawings of coloured shapes and nothing else.
    public static ModelFolder builtIn() {
        return new ModelFolder(new ModelFiles.Resources("/dev/joust/embed/tiny-clip"));
    }

    /// Where it is, for messages.
    public String location() {
        return files.location();
    }

    public TokenizerJson tokenizer() {
        return tokenizer;
    }

    /// The most tokens a text may have, those around it included.
    public int maxTokenCount() {
        return maxTokenCount;
    }

    public PictureRecipe pictureRecipe() {
        return pictureRecipe;
    }

    ModelFiles files() {
        return files;
    }

    String textTowerFile() {
        return towerFile(TEXT_TOWER);
    }

    String pictureTowerFile() {
        return towerFile(PICTURE_TOWER);
    }

    /// Floats per vector as `config.json` says; 0 where it doesn't.
    int declaredDimension() {
        return config.path("projection_dim").asInt(0);
    }

    /// What short texts of a batch are filled up with: `pad_token` of the tokenizer's side files. The ids in
    /// `config.json` are often placeholders.
    OptionalInt padTokenId() {
        for (String name : List.of("tokenizer_config.json", "special_tokens_map.json")) {
            JsonNode token = files.has(name) ? readJson(name).path("pad_token") : JSON.nullNode();
            String content = token.isObject() ? token.path("content").asText("") : token.asText("");
            if (!content.isEmpty() && tokenizer.idOf(content).isPresent()) {
                return tokenizer.idOf(content);
            }
        }
        return OptionalInt.empty();
    }

    ModelFolderException problem(String file, String problem) {
        return new ModelFolderException("model folder " + location() + ": " + file + ": " + problem);
    }

    ModelFolderException problem(String file, Exception cause) {
        return new ModelFolderException(
                "model folder " + location() + ": " + file + ": " + cause.getMessage(), cause);
    }

    private String towerFile(String name) {
        for (String candidate : List.of("onnx/" + name, name)) {
            if (files.has(candidate)) {
                return candidate;
            }
        }
        boolean oneFile = files.has("onnx/model.onnx") || files.has("model.onnx");
        throw problem("onnx/" + name, oneFile
                ? "absent, and a model.onnx with both towers in it is not supported" : "absent");
    }

    private JsonNode readJson(String name) {
        if (!files.has(name)) {
            throw problem(name, "absent");
        }
        try {
            JsonNode node = JSON.readTree(files.read(name));
            if (!node.isObject()) {
                throw problem(name, "not a JSON object");
            }
            return node;
        } catch (IOException e) {
            throw problem(name, e);
        }
    }

    private TokenizerJson readTokenizer() {
        String name = "tokenizer.json";
        if (!files.has(name)) {
            throw problem(name, "absent");
        }
        try {
            return TokenizerJson.parse(files.read(name));
        } catch (IOException | IllegalArgumentException e) {
            throw problem(name, e);
        }
    }

    /// The tokenizer's limit is often a placeholder of 10^30: the smallest sensible number counts.
    private int readMaxTokenCount() {
        double limit = config.path("text_config").path("max_position_embeddings").asDouble(DEFAULT_MAX_TOKEN_COUNT);
        if (files.has("tokenizer_config.json")) {
            limit = Math.min(limit, readJson("tokenizer_config.json").path("model_max_length").asDouble(limit));
        }
        if (!(limit >= 3 && limit <= 1 << 16)) {
            throw problem("config.json", String.format(Locale.ROOT, "texts of at most %.0f tokens", limit));
        }
        return (int) limit;
    }

    private PictureRecipe readPictureRecipe() {
        String name = "preprocessor_config.json";
        JsonNode node = readJson(name);
        try {
            for (String step : List.of("do_resize", "do_rescale", "do_normalize")) {
                if (!node.path(step).asBoolean(true)) {
                    throw new IllegalArgumentException(step + " = false is not supported");
                }
            }
            Resize resize = resize(node.path("size"));
            JsonNode crop = node.path("do_center_crop").asBoolean(true) ? node.path("crop_size") : node.path("size");
            return new PictureRecipe(
                    resize,
                    ResampleFilter.fromCode(node.path("resample").asInt(3)),
                    edge(crop, "width"),
                    edge(crop, "height"),
                    node.path("rescale_factor").asDouble(1 / 255.0),
                    numbers(node.path("image_mean")),
                    numbers(node.path("image_std")));
        } catch (IllegalArgumentException e) {
            throw problem(name, e);
        }
    }

    /// A number, or an object with `shortest_edge` or with `width` and `height`.
    private static Resize resize(JsonNode size) {
        if (size.isInt() || size.path("shortest_edge").isInt()) {
            return new Resize.ShortestEdge(size.isInt() ? size.asInt() : size.path("shortest_edge").asInt());
        }
        return new Resize.Exact(edge(size, "width"), edge(size, "height"));
    }

    private static int edge(JsonNode size, String name) {
        JsonNode edge = size.isObject() ? size.path(name) : size;
        if (!edge.isInt()) {
            throw new IllegalArgumentException("no " + name + " in the size " + (size.isMissingNode() ? "(absent)" : size));
        }
        return edge.asInt();
    }

    private static List<Double> numbers(JsonNode node) {
        List<Double> numbers = new ArrayList<>();
        node.forEach(number -> numbers.add(number.asDouble()));
        return numbers;
    }
}
