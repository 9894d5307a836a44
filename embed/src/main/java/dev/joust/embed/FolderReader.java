// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.joust.embed.internal.GraphFiles;
import dev.joust.embed.internal.ModelFiles;
import dev.joust.embed.internal.OnnxCut;
import dev.joust.embed.internal.OnnxGraph;
import dev.joust.embed.internal.Safetensors;
import dev.joust.embed.internal.TextTower;
import dev.joust.embed.internal.TextTower.Filling;
import dev.joust.embed.internal.WrongContent;
import dev.joust.embed.tokenize.Padding;
import dev.joust.embed.tokenize.TokenizerJson;

/// The files of a model folder, each read when it is asked for; every problem names the folder and the file.
final class FolderReader {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIG = "config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final List<String> OTHER_WEIGHTS = List.of(
            "model.safetensors", "pytorch_model.bin", "tf_model.h5", "flax_model.msgpack", "model.gguf", "openvino_model.xml");
    /// No text is that long; limits above it are placeholders.
    private static final int MOST_TOKENS = 1 << 16;
    /// Their position embeddings begin with two that no token has.
    private static final Set<String> OFFSET_POSITIONS = Set.of("roberta", "roberta-prelayernorm", "xlm-roberta",
            "xlm-roberta-xl", "xmod", "camembert", "mpnet", "data2vec-text", "ibert", "longformer", "luke");

    /// What a tokenizer is kept in where there is no `tokenizer.json`.
    private static final List<String> OTHER_VOCABULARIES = List.of("vocab.txt", "vocab.json", "spiece.model",
            "sentencepiece.bpe.model", "tokenizer.model", "spm.model");
    /// They fill up from the left where nothing is said.
    private static final Set<String> LEFT_TOKENIZERS = Set.of("GemmaTokenizer", "GemmaTokenizerFast", "Siglip2Tokenizer");

    private final ModelFiles files;

    FolderReader(ModelFiles files) {
        this.files = files;
    }

    /// @throws ModelFolderException if there is no such folder
    static FolderReader of(Path folder) {
        if (Files.isRegularFile(folder)) {
            throw new ModelFolderException("model folder " + folder
                    + ": a file, where a folder with config.json, tokenizer.json and onnx/ is expected; an archive is unpacked first");
        }
        if (!Files.isDirectory(folder)) {
            throw new ModelFolderException("model folder " + folder + ": there is no such folder");
        }
        return new FolderReader(new ModelFiles.Folder(folder));
    }

    String location() {
        return files.location();
    }

    boolean has(String name) {
        return files.has(name);
    }

    JsonNode json(String name) {
        JsonNode node = anyJson(name);
        if (!node.isObject()) {
            throw unreadable(name, new IllegalArgumentException("not a JSON object"));
        }
        return node;
    }

    JsonNode anyJson(String name) {
        if (!files.has(name)) {
            throw problem(name, "absent" + (name.equals(CONFIG) ? otherFolder(name).orElse("") : ""));
        }
        try {
            return JSON.readTree(files.read(name));
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /// An empty object where the file is absent.
    JsonNode jsonOrEmpty(String name) {
        return files.has(name) ? json(name) : JSON.createObjectNode();
    }

    TokenizerJson tokenizer() {
        if (!files.has(TOKENIZER)) {
            throw problem(TOKENIZER, "absent" + otherFolder(TOKENIZER).or(this::otherVocabulary).orElse(""));
        }
        try {
            return TokenizerJson.parse(files.read(TOKENIZER));
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(TOKENIZER, e);
        }
    }

    /// Where a model is, if somebody named the folder above it, as a download's, or the one of its graphs.
    private Optional<String> otherFolder(String name) {
        return files.nearby(name).map(folder -> "; there is one in " + folder);
    }

    /// What older models have in its place.
    private Optional<String> otherVocabulary() {
        return OTHER_VOCABULARIES.stream().filter(files::has).findFirst()
                .map(name -> "; " + name + " is not read: in Python, transformers.AutoTokenizer.from_pretrained(folder)"
                        + ".save_pretrained(folder) writes tokenizer.json from it");
    }

    Safetensors safetensors(String file) {
        if (!files.has(file)) {
            String other = file.substring(0, file.lastIndexOf('/') + 1) + "pytorch_model.bin";
            throw problem(file, "absent" + (files.has(other) ? "; " + other + " is not read" : ""));
        }
        try {
            return Safetensors.parse(files.read(file));
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(file, e);
        }
    }

    /// `model_max_length` of the tokenizer's side file, which is often a placeholder of 10^30.
    OptionalInt tokenizerLimit() {
        double limit = jsonOrEmpty("tokenizer_config.json").path("model_max_length").asDouble(0);
        return limit >= 1 && limit <= MOST_TOKENS ? OptionalInt.of((int) limit) : OptionalInt.empty();
    }

    /// How many tokens there are positions for, by `config.json`; {@link Double#MAX_VALUE} where it doesn't say.
    static double positions(JsonNode config) {
        return config.path("max_position_embeddings").asDouble(Double.MAX_VALUE)
                - (OFFSET_POSITIONS.contains(config.path("model_type").asText("")) ? 2 : 0);
    }

    /// @throws ModelFolderException if a text has no room for what stands around it, or no sensible limit
    int checkedTokenLimit(double limit, TokenizerJson tokenizer) {
        if (!(limit >= 1 && limit <= MOST_TOKENS)) {
            throw problem(CONFIG, String.format(Locale.ROOT, "texts of at most %.0f tokens", limit));
        }
        try {
            tokenizer.encode("", (int) limit);
        } catch (IllegalArgumentException e) {
            throw problem(TOKENIZER, e);
        }
        return (int) limit;
    }

    /// How short texts of a batch are filled up: as `tokenizer.json` says, else with `pad_token` of its side files
    /// (the ids in `config.json` are often placeholders), else with the text's last token.
    ///
    /// @param length of all texts, or 0 for that of the longest
    Filling filling(TokenizerJson tokenizer, int length, boolean isAttended) {
        Optional<Padding> padding = tokenizer.padding();
        JsonNode config = jsonOrEmpty("tokenizer_config.json");
        String defaultSide = LEFT_TOKENIZERS.contains(config.path("tokenizer_class").asText("")) ? "left" : "right";
        boolean fromLeft = padding.map(Padding::fromLeft)
                .orElse(config.path("padding_side").asText(defaultSide).equals("left"));
        int tokenId = padding.map(Padding::id).orElseGet(() -> padTokenId(tokenizer).orElse(-1));
        return new Filling(tokenId, padding.map(Padding::typeId).orElse(0), fromLeft, length, isAttended);
    }

    private OptionalInt padTokenId(TokenizerJson tokenizer) {
        for (String name : List.of("tokenizer_config.json", "special_tokens_map.json")) {
            JsonNode token = jsonOrEmpty(name).path("pad_token");
            String content = token.isObject() ? token.path("content").asText("") : token.asText("");
            if (!content.isEmpty() && tokenizer.idOf(content).isPresent()) {
                return tokenizer.idOf(content);
            }
        }
        return OptionalInt.empty();
    }

    /// The graph of that name, in `onnx/` or beside the rest, in that variant or, if empty, the best there is.
    Optional<String> findGraph(String base, String variant) {
        return GraphFiles.find(graphs(), base, variant);
    }

    String graph(String base, String variant) {
        return findGraph(base, variant).orElseThrow(() -> {
            String file = "onnx/" + base + (variant.isEmpty() || variant.equals("fp32") ? "" : "_" + variant) + ".onnx";
            return problem(file, graphs().isEmpty() ? "absent, as is every graph" + otherWeights() : "absent; there is " + graphs());
        });
    }

    /// What people have who downloaded the model as it was trained.
    private String otherWeights() {
        return OTHER_WEIGHTS.stream().filter(files::has).findFirst()
                .map(name -> "; " + name + " cannot be run, export it to ONNX").orElse("");
    }

    private List<String> graphs() {
        try {
            return files.graphs();
        } catch (IOException e) {
            throw problem("onnx", e);
        }
    }

    OnnxGraph open(String file, ModelOptions options) {
        try {
            return OnnxGraph.open(files, file, options.threadCount());
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(file, e);
        }
    }

    /// A graph whose inputs are those of texts.
    OnnxGraph openOfTexts(String file, ModelOptions options) {
        OnnxGraph graph = open(file, options);
        try {
            graph.checkInputs(Set.of(TextTower.INPUT_IDS), TextTower.INPUTS);
            return graph;
        } catch (IllegalArgumentException e) {
            graph.close();
            throw problem(file, e);
        }
    }

    /// That part of a graph which one of its outputs needs: the first of `outputs` that it has.
    OnnxGraph openPart(String file, List<String> outputs, ModelOptions options) {
        try {
            byte[] model = files.readGraph(file);
            List<String> present = OnnxCut.outputs(model);
            String output = outputs.stream().filter(present::contains).findFirst()
                    .orElseThrow(() -> problem(file, "outputs " + present + ", none of them named one of " + outputs));
            return OnnxGraph.open(files, file, OnnxCut.keep(model, output), options.threadCount());
        } catch (IOException | IllegalArgumentException e) {
            throw e instanceof ModelFolderException problem ? problem : unreadable(file, e);
        }
    }

    long sizeBytes(String file) {
        try {
            return files.sizeBytes(file);
        } catch (IOException e) {
            throw problem(file, e);
        }
    }

    /// A file that should hold something else than it does: by what it holds, if that is known, or else by the failure.
    private ModelFolderException unreadable(String file, Exception cause) {
        for (String name : files.withWeights(file)) {
            Optional<String> wrong = files.start(name).flatMap(WrongContent::describe);
            if (wrong.isPresent()) {
                return problem(name, wrong.get(), cause);
            }
        }
        return cause instanceof JsonProcessingException json
                ? problem(file, "no JSON: " + json.getOriginalMessage(), cause)
                : problem(file, cause);
    }

    ModelFolderException problem(String file, String problem) {
        return new ModelFolderException(files.title() + ": " + file + ": " + problem);
    }

    ModelFolderException problem(String file, Exception cause) {
        return problem(file, String.valueOf(cause.getMessage()), cause);
    }

    ModelFolderException problem(String file, String problem, Exception cause) {
        return new ModelFolderException(files.title() + ": " + file + ": " + problem, cause);
    }
}
