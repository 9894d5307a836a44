// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.text.Normalizer.Form;

import com.fasterxml.jackson.databind.JsonNode;

/// What BERT does to a text: control characters out, spaces around ideographs, accents off, lower case; each if asked.
///
/// @param stripsAccents as said; where the file says null, whether it makes lower case
record BertNormalizer(boolean cleansText, boolean separatesIdeographs, boolean stripsAccents, boolean lowersCase)
        implements Normalizer {
    static BertNormalizer parse(JsonNode node) {
        boolean lowercase = node.path("lowercase").asBoolean(true);
        return new BertNormalizer(
                node.path("clean_text").asBoolean(true),
                node.path("handle_chinese_chars").asBoolean(true),
                node.path("strip_accents").asBoolean(lowercase),
                lowercase);
    }

    @Override
    public void normalize(NormalizedText text) {
        if (cleansText) {
            text.remove(codePoint -> codePoint == 0 || codePoint == 0xFFFD
                    || (codePoint != '\t' && codePoint != '\n' && codePoint != '\r' && Characters.isOther(codePoint)));
            text.map(BertNormalizer::withPlainSpaces);
        }
        if (separatesIdeographs) {
            text.map(BertNormalizer::withSeparateIdeographs);
        }
        if (stripsAccents) {
            text.map(part -> UnicodeForm.normalize(part, Form.NFD));
            text.remove(Characters::isNonSpacingMark);
        }
        if (lowersCase) {
            text.map(Characters::lowerCase);
        }
    }

    private static String withPlainSpaces(String text) {
        StringBuilder result = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            result.append(Characters.isWhiteSpace(text.charAt(i)) ? ' ' : text.charAt(i));
        }
        return result.toString();
    }

    private static String withSeparateIdeographs(String text) {
        StringBuilder result = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(codePoint -> {
            if (Characters.isBertIdeograph(codePoint)) {
                result.append(' ').appendCodePoint(codePoint).append(' ');
            } else {
                result.appendCodePoint(codePoint);
            }
        });
        return result.toString();
    }
}
