// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

/// The first stage: text to text. Immutable and thread-safe.
@FunctionalInterface
interface Normalizer {
    void normalize(NormalizedText text);

    /// The text alone, wherever it starts.
    default String normalize(String text) {
        NormalizedText normalized = new NormalizedText(text, true);
        normalize(normalized);
        return normalized.text();
    }

    /// The `normalizer` object of a `tokenizer.json`; none where it is null.
    static Normalizer parse(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return _ -> {};
        }
        String type = node.path("type").asText();
        return switch (type) {
            case "Sequence" -> sequence(node.path("normalizers"));
            case "NFC" -> form(Form.NFC);
            case "NFD" -> form(Form.NFD);
            case "NFKC" -> form(Form.NFKC);
            case "NFKD" -> form(Form.NFKD);
            case "Lowercase" -> text -> text.map(Characters::lowerCase);
            case "StripAccents" -> text -> text.remove(Characters::isCombiningMark);
            case "Strip" -> strip(node.path("strip_left").asBoolean(), node.path("strip_right").asBoolean());
            case "Replace" -> replace(node);
            case "Prepend" -> {
                String prefix = Fields.text(node, "prepend");
                yield text -> text.prepend(prefix);
            }
            case "Nmt" -> text -> {
                text.remove(Normalizer::isRemovedByNmt);
                text.map(Normalizer::withSpacesOfNmt);
            };
            case "ByteLevel" -> text -> text.map(ByteAlphabet::encode);
            case "BertNormalizer" -> BertNormalizer.parse(node);
            case "Precompiled" -> PrecompiledNormalizer.parse(node);
            default -> throw new TokenizerException("normalizer '" + type + "' is not supported");
        };
    }

    private static Normalizer sequence(JsonNode nodes) {
        List<Normalizer> steps = new ArrayList<>();
        nodes.forEach(node -> steps.add(parse(node)));
        return text -> steps.forEach(step -> step.normalize(text));
    }

    private static Normalizer form(Form form) {
        return text -> text.map(part -> UnicodeForm.normalize(part, form));
    }

    private static Normalizer strip(boolean left, boolean right) {
        return normalized -> {
            String text = normalized.text();
            int start = 0;
            int end = text.length();
            while (left && start < end && Characters.isWhiteSpace(text.charAt(start))) {
                start++;
            }
            while (right && start < end && Characters.isWhiteSpace(text.charAt(end - 1))) {
                end--;
            }
            normalized.cut(start, end);
        };
    }

    private static Normalizer replace(JsonNode node) {
        Pattern pattern = Patterns.parse(node.path("pattern"));
        String content = Fields.text(node, "content");
        return text -> text.replace(pattern, content);
    }

    private static boolean isRemovedByNmt(int codePoint) {
        return (codePoint >= 0x1 && codePoint <= 0x8) || codePoint == 0xB || (codePoint >= 0xE && codePoint <= 0x1F)
                || codePoint == 0x7F || codePoint == 0x8F || codePoint == 0x9F;
    }

    private static String withSpacesOfNmt(String text) {
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints()
                .map(codePoint -> switch (codePoint) {
                    case 0x9, 0xA, 0xC, 0xD, 0x1680, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x2581,
                            0xFEFF, 0xFFFD -> ' ';
                    default -> codePoint;
                })
                .forEach(result::appendCodePoint);
        return result.toString();
    }
}
