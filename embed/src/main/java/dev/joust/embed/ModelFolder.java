// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.joust.embed.image.PictureRecipe;
import dev.joust.embed.image.PictureRecipe.Resize;
import dev.joust.embed.image.ResampleFilter;
import dev.joust.embed.internal.ModelFiles;
import dev.joust.embed.internal.TextTower.Filling;
import dev.joust.embed.tokenize.TokenizerJson;

/// A model for words and pictures in the folder layout of CLIP's and SigLIP's ONNX exports, its descriptions read and
/// checked, its graphs not yet loaded.
///
///     config.json               what it is (`model_type`: clip, siglip); sizes; the vectors' dimension (`projection_dim`)
///     preprocessor_config.json  what happens to pictures; or `image_processor` in processor_config.json
///     tokenizer.json            words to ids;  tokenizer_config.json (may be absent): the longest text
///     onnx/text_model.onnx      the towers, in `onnx/` or beside the rest; variants of them, as
///     onnx/vision_model.onnx    `text_model_fp16.onnx` or `vision_model_quantized.onnx`
///     onnx/model.onnx           or both in one
///
/// Immutable.
public final class ModelFolder {
    private static final ModelFiles BUILT_IN = new ModelFiles.Resources("/dev/joust/embed/tiny-clip");
    private static final String TEXT_TOWER = "text_model";
    private static final String PICTURE_TOWER = "vision_model";
    private static final String BOTH_TOWERS = "model";
    private static final String RECIPE = "preprocessor_config.json";
    private static final String NEWER_RECIPE = "processor_config.json";

    /// What kinds of model differ in beyond what their files say.
    private enum Kind {
        /// Texts are as long as they are, at most 77 tokens where no file says otherwise.
        CLIP(77),
        /// Texts are filled up to the longest there may be, and the model looks at what fills them up.
        SIGLIP(64);

        private final int defaultTokenCount;

        Kind(int defaultTokenCount) {
            this.defaultTokenCount = defaultTokenCount;
        }
    }

    private final FolderReader reader;
    private final JsonNode config;
    private final Kind kind;
    private final TokenizerJson tokenizer;
    private final int maxTokenCount;
    private final PictureRecipe pictureRecipe;

    private ModelFolder(FolderReader reader) {
        this.reader = reader;
        config = reader.json("config.json");
        String type = config.path("model_type").asText("");
        kind = switch (type) {
            case "clip" -> Kind.CLIP;
            case "siglip" -> Kind.SIGLIP;
            default -> throw reader.problem("config.json",
                    "model type '" + type + "' is not supported for pictures, 'clip' and 'siglip' are");
        };
        Towers.find(reader, "");
        tokenizer = reader.tokenizer();
        maxTokenCount = readMaxTokenCount();
        pictureRecipe = readPictureRecipe();
    }

    /// Which files the towers are in; one for both may be.
    record Towers(String text, String picture) {
        private static Towers find(FolderReader reader, String variant) {
            Optional<String> text = reader.findGraph(TEXT_TOWER, variant);
            Optional<String> picture = reader.findGraph(PICTURE_TOWER, variant);
            Optional<String> both = reader.findGraph(BOTH_TOWERS, variant);
            if (both.isPresent() && (text.isEmpty() || picture.isEmpty())) {
                return new Towers(both.get(), both.get());
            }
            // One that is absent is named
            return new Towers(reader.graph(TEXT_TOWER, variant), reader.graph(PICTURE_TOWER, variant));
        }

        boolean isOneFile() {
            return text.equals(picture);
        }
    }

    /// @throws ModelFolderException naming the first file that is absent or does not fit
    public static ModelFolder open(Path folder) {
        return new ModelFolder(FolderReader.of(folder));
    }

    /// The small model that comes with Joust. It knows drawings of coloured shapes and nothing else.
    public static ModelFolder builtIn() {
        return new ModelFolder(new FolderReader(BUILT_IN));
    }

    /// Whether it is that small model.
    public boolean isBuiltIn() {
        return location().equals(BUILT_IN.location());
    }

    /// Where it is, for messages.
    public String location() {
        return reader.location();
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

    FolderReader reader() {
        return reader;
    }

    Towers towers(String variant) {
        return Towers.find(reader, variant);
    }

    /// Names of the outputs that hold the vectors of texts, the best first. SigLIP's towers end in their pooling,
    /// while what CLIP's call so is not yet projected.
    List<String> textOutputs() {
        return kind == Kind.SIGLIP ? List.of("text_embeds", "pooler_output") : List.of("text_embeds");
    }

    List<String> pictureOutputs() {
        return kind == Kind.SIGLIP ? List.of("image_embeds", "pooler_output") : List.of("image_embeds");
    }

    /// What the files say of the size of pictures, for messages about a graph that wants another.
    String pictureSizes() {
        JsonNode trained = config.path("vision_config").path("image_size");
        return "pictures of " + pictureRecipe.cropWidth() + " x " + pictureRecipe.cropHeight() + " pixels by "
                + recipeFile() + (trained.isInt() ? ", " + trained + " by config.json" : "");
    }

    /// Floats per vector as `config.json` says; 0 where it doesn't.
    int declaredDimension() {
        return config.path("projection_dim").asInt(0);
    }

    /// @param longest the most tokens that the graph takes
    Filling filling(int longest) {
        return kind == Kind.SIGLIP
                ? reader.filling(tokenizer, Math.min(longest, maxTokenCount), true)
                : reader.filling(tokenizer, 0, false);
    }

    /// The tokenizer's limit is often a placeholder: the smallest sensible number counts.
    private int readMaxTokenCount() {
        double limit = config.path("text_config").path("max_position_embeddings").asDouble(kind.defaultTokenCount);
        if (reader.tokenizerLimit().isPresent()) {
            limit = Math.min(limit, reader.tokenizerLimit().getAsInt());
        }
        return reader.checkedTokenLimit(limit, tokenizer);
    }

    private String recipeFile() {
        boolean isNewer = !reader.has(RECIPE) && reader.jsonOrEmpty(NEWER_RECIPE).path("image_processor").isObject();
        return isNewer ? NEWER_RECIPE : RECIPE;
    }

    private PictureRecipe readPictureRecipe() {
        String name = recipeFile();
        JsonNode node = name.equals(RECIPE) ? reader.json(name) : reader.json(name).path("image_processor");
        try {
            for (String step : List.of("do_resize", "do_rescale", "do_normalize")) {
                if (!node.path(step).asBoolean(true)) {
                    throw new IllegalArgumentException(step + " = false is not supported");
                }
            }
            Resize resize = resize(node.path("size"), kind);
            boolean crops = node.path("do_center_crop").asBoolean(kind == Kind.CLIP);
            JsonNode crop = crops ? node.path("crop_size") : node.path("size");
            return new PictureRecipe(
                    resize,
                    ResampleFilter.fromCode(node.path("resample").asInt(3)),
                    edge(crop, "width"),
                    edge(crop, "height"),
                    node.path("rescale_factor").asDouble(1 / 255.0),
                    numbers(node.path("image_mean")),
                    numbers(node.path("image_std")));
        } catch (IllegalArgumentException e) {
            throw reader.problem(name, e);
        }
    }

    /// A number, or an object with `shortest_edge` or with `width` and `height`. A number is the shortest edge for CLIP,
    /// and a square's for SigLIP.
    private static Resize resize(JsonNode size, Kind kind) {
        JsonNode shortest = size.isInt() && kind == Kind.CLIP ? size : size.path("shortest_edge");
        if (shortest.isInt()) {
            return new Resize.ShortestEdge(shortest.asInt());
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
