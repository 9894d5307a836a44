// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

/// The first stage: text to text. Immutable and thread-safe.
@FunctionalInterface
interface Normalizer {
    String normalize(String text);

    /// The `normalizer` object of a `tokenizer.json`; none where it is null.
    static Normalizer parse(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return text -> text;
        }
        String type = node.path("type").asText();
        return switch (type) {
            case "Sequence" -> sequence(node.path("normalizers"));
            case "NFC" -> text -> java.text.Normalizer.normalize(text, Form.NFC);
            case "Lowercase" -> Normalizer::lowerCase;
            case "Replace" -> replace(node);
            default -> throw new TokenizerException("normalizer '" + type + "' is not supported");
        };
    }

    private static Normalizer sequence(JsonNode nodes) {
        List<Normalizer> steps = new ArrayList<>();
        nodes.forEach(node -> steps.add(parse(node)));
        return text -> {
            String result = text;
            for (Normalizer step : steps) {
                result = step.normalize(result);
            }
            return result;
        };
    }

    private static Normalizer replace(JsonNode node) {
        Pattern pattern = PreTokenizer.pattern(node.path("pattern"));
        String content = Matcher.quoteReplacement(node.path("content").asText());
        return text -> pattern.matcher(text).replaceAll(content);
    }

    /// Code point by code point, as the reference does: a sigma at the end of a word is not special, and the dotted
    /// capital I is the one letter that becomes two.
    private static String lowerCase(String text) {
        StringBuilder result = new StringBuilder(text.length() + 8);
        text.codePoints().forEach(codePoint -> {
            if (codePoint == 0x130) {
                result.append("i\u0307");
            } else {
                result.appendCodePoint(Character.toLowerCase(codePoint));
            }
        });
        return result.toString();
    }
}
