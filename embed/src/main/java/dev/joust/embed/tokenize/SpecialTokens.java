// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import dev.joust.embed.tokenize.TokenTemplate.Text;
import dev.joust.embed.tokenize.TokenTemplate.Token;

/// The last stage: what a post-processor puts around one text, and around two.
///
/// @param pair null where the file has no template for two texts
record SpecialTokens(TokenTemplate single, @Nullable TokenTemplate pair) {
    private static final SpecialTokens NONE = new SpecialTokens(TokenTemplate.TEXT, TokenTemplate.TEXTS);

    /// The `post_processor` object of a `tokenizer.json`; nothing is added where it is null.
    static SpecialTokens parse(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return NONE;
        }
        String type = node.path("type").asText();
        return switch (type) {
            case "BertProcessing" -> bert(id(node.path("cls").path(1)), id(node.path("sep").path(1)));
            case "RobertaProcessing" -> roberta(id(node.path("cls").path(1)), id(node.path("sep").path(1)));
            case "TemplateProcessing" -> template(node);
            case "ByteLevel" -> NONE;
            case "Sequence" -> sequence(node.path("processors"));
            default -> throw new TokenizerException("post-processor '" + type + "' is not supported");
        };
    }

    private static SpecialTokens bert(int start, int end) {
        return new SpecialTokens(
                new TokenTemplate(List.of(new Token(start, 0), new Text(0, 0), new Token(end, 0))),
                new TokenTemplate(List.of(
                        new Token(start, 0), new Text(0, 0), new Token(end, 0), new Text(1, 1), new Token(end, 1))));
    }

    /// All of one type, and two ends between texts.
    private static SpecialTokens roberta(int start, int end) {
        return new SpecialTokens(
                new TokenTemplate(List.of(new Token(start, 0), new Text(0, 0), new Token(end, 0))),
                new TokenTemplate(List.of(
                        new Token(start, 0), new Text(0, 0), new Token(end, 0),
                        new Token(end, 0), new Text(1, 0), new Token(end, 0))));
    }

    private static SpecialTokens template(JsonNode node) {
        TokenTemplate single = TokenTemplate.parse(node.path("single"), node.path("special_tokens"));
        if (single.textCount(0) > 1) {
            throw new TokenizerException("a template that repeats the text is not supported");
        }
        if (single.textCount(0) == 0 || single.textCount(1) > 0) {
            throw new TokenizerException("a template without the text: " + node.path("single"));
        }
        TokenTemplate pair = TokenTemplate.parse(node.path("pair"), node.path("special_tokens"));
        return new SpecialTokens(single, pair.textCount(0) == 1 && pair.textCount(1) == 1 ? pair : null);
    }

    /// The reference has no use for a second one that adds tokens either.
    private static SpecialTokens sequence(JsonNode nodes) {
        SpecialTokens only = NONE;
        for (JsonNode node : nodes) {
            SpecialTokens next = parse(node);
            if (!only.equals(NONE) && !next.equals(NONE)) {
                throw new TokenizerException("several post-processors that add tokens are not supported");
            }
            only = next.equals(NONE) ? only : next;
        }
        return only;
    }

    static int id(JsonNode node) {
        if (!node.canConvertToInt() || node.asInt() < 0) {
            throw new TokenizerException("a post-processor with the token id " + node);
        }
        return node.asInt();
    }
}
