// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

/// The last stage: the ids that a post-processor puts before and after one text.
record SpecialTokens(int[] prefix, int[] suffix) {
    private static final int[] NONE = {};

    /// The `post_processor` object of a `tokenizer.json`; nothing is added where it is null.
    static SpecialTokens parse(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return new SpecialTokens(NONE, NONE);
        }
        String type = node.path("type").asText();
        return switch (type) {
            case "RobertaProcessing", "BertProcessing" -> new SpecialTokens(
                    new int[] {id(node.path("cls").path(1))}, new int[] {id(node.path("sep").path(1))});
            case "TemplateProcessing" -> template(node);
            case "ByteLevel" -> new SpecialTokens(NONE, NONE);
            case "Sequence" -> sequence(node.path("processors"));
            default -> throw new TokenizerException("post-processor '" + type + "' is not supported");
        };
    }

    private static SpecialTokens template(JsonNode node) {
        List<Integer> prefix = new ArrayList<>();
        List<Integer> suffix = new ArrayList<>();
        boolean afterText = false;
        for (JsonNode item : node.path("single")) {
            if (item.has("Sequence")) {
                if (afterText) {
                    throw new TokenizerException("a template that repeats the text is not supported");
                }
                afterText = true;
            } else {
                String name = item.path("SpecialToken").path("id").asText();
                for (JsonNode id : node.path("special_tokens").path(name).path("ids")) {
                    (afterText ? suffix : prefix).add(id(id));
                }
            }
        }
        if (!afterText) {
            throw new TokenizerException("a template without the text: " + node.path("single"));
        }
        return new SpecialTokens(toArray(prefix), toArray(suffix));
    }

    /// The later processors' tokens lie outside of the earlier ones'.
    private static SpecialTokens sequence(JsonNode nodes) {
        SpecialTokens all = new SpecialTokens(NONE, NONE);
        for (JsonNode node : nodes) {
            SpecialTokens outer = parse(node);
            all = new SpecialTokens(join(outer.prefix, all.prefix), join(all.suffix, outer.suffix));
        }
        return all;
    }

    private static int id(JsonNode node) {
        if (!node.canConvertToInt()) {
            throw new TokenizerException("a post-processor with the token id " + node);
        }
        return node.asInt();
    }

    private static int[] join(int[] first, int[] second) {
        return java.util.stream.IntStream.concat(
                        java.util.Arrays.stream(first), java.util.Arrays.stream(second))
                .toArray();
    }

    private static int[] toArray(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    int count() {
        return prefix.length + suffix.length;
    }
}
