// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

/// The last stage: what a post-processor puts before and after one text.
///
/// @param textTypeId the type of the text's own tokens
record SpecialTokens(List<Token> prefix, List<Token> suffix, int textTypeId) {
    private static final SpecialTokens NONE = new SpecialTokens(List.of(), List.of(), 0);

    record Token(int id, int typeId) {}

    /// The `post_processor` object of a `tokenizer.json`; nothing is added where it is null.
    static SpecialTokens parse(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return NONE;
        }
        String type = node.path("type").asText();
        return switch (type) {
            case "RobertaProcessing", "BertProcessing" -> new SpecialTokens(
                    List.of(new Token(id(node.path("cls").path(1)), 0)),
                    List.of(new Token(id(node.path("sep").path(1)), 0)), 0);
            case "TemplateProcessing" -> template(node);
            case "ByteLevel" -> NONE;
            case "Sequence" -> sequence(node.path("processors"));
            default -> throw new TokenizerException("post-processor '" + type + "' is not supported");
        };
    }

    private static SpecialTokens template(JsonNode node) {
        List<Token> prefix = new ArrayList<>();
        List<Token> suffix = new ArrayList<>();
        int textTypeId = -1;
        for (JsonNode item : node.path("single")) {
            if (item.has("Sequence")) {
                if (textTypeId >= 0) {
                    throw new TokenizerException("a template that repeats the text is not supported");
                }
                textTypeId = typeId(item.path("Sequence"));
            } else {
                String name = item.path("SpecialToken").path("id").asText();
                JsonNode ids = node.path("special_tokens").path(name).path("ids");
                if (!ids.isArray()) {
                    throw new TokenizerException("a template with the token '" + name + "', which it doesn't describe");
                }
                for (JsonNode id : ids) {
                    (textTypeId >= 0 ? suffix : prefix).add(new Token(id(id), typeId(item.path("SpecialToken"))));
                }
            }
        }
        if (textTypeId < 0) {
            throw new TokenizerException("a template without the text: " + node.path("single"));
        }
        return new SpecialTokens(List.copyOf(prefix), List.copyOf(suffix), textTypeId);
    }

    private static int typeId(JsonNode node) {
        return node.has("type_id") ? Fields.number(node, "type_id") : 0;
    }

    /// The reference has no use for a second one that adds tokens either.
    private static SpecialTokens sequence(JsonNode nodes) {
        SpecialTokens only = NONE;
        for (JsonNode node : nodes) {
            SpecialTokens next = parse(node);
            if (only.count() > 0 && next.count() > 0) {
                throw new TokenizerException("several post-processors that add tokens are not supported");
            }
            only = next.equals(NONE) ? only : next;
        }
        return only;
    }

    private static int id(JsonNode node) {
        if (!node.canConvertToInt() || node.asInt() < 0) {
            throw new TokenizerException("a post-processor with the token id " + node);
        }
        return node.asInt();
    }

    int count() {
        return prefix.size() + suffix.size();
    }

    /// The ids of a text with what stands around it.
    Encoding around(int[] ids) {
        int[] all = new int[ids.length + count()];
        int[] types = new int[all.length];
        Arrays.fill(types, textTypeId);
        System.arraycopy(ids, 0, all, prefix.size(), ids.length);
        put(prefix, 0, all, types);
        put(suffix, prefix.size() + ids.length, all, types);
        int[] mask = new int[all.length];
        Arrays.fill(mask, 1);
        return new Encoding(all, mask, types);
    }

    private static void put(List<Token> tokens, int start, int[] ids, int[] types) {
        for (int i = 0; i < tokens.size(); i++) {
            ids[start + i] = tokens.get(i).id;
            types[start + i] = tokens.get(i).typeId;
        }
    }
}
