// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import com.fasterxml.jackson.databind.JsonNode;

/// The second stage: normalised text to pieces, none of which a token will span. Immutable and thread-safe.
@FunctionalInterface
interface PreTokenizer {
    /// The split of GPT-2, which byte-level pre-tokenizers apply unless told not to.
    Pattern GPT2 = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    /// Non-empty pieces, in order.
    List<String> split(String text);

    /// The `pre_tokenizer` object of a `tokenizer.json`; one piece where it is null.
    static PreTokenizer parse(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return text -> text.isEmpty() ? List.of() : List.of(text);
        }
        String type = node.path("type").asText();
        return switch (type) {
            case "Sequence" -> sequence(node.path("pretokenizers"));
            case "Split" -> split(node);
            case "ByteLevel" -> byteLevel(node);
            default -> throw new TokenizerException("pre-tokenizer '" + type + "' is not supported");
        };
    }

    /// `{"Regex": …}` or `{"String": …}`. White space is Unicode's, as in the reference.
    static Pattern pattern(JsonNode node) {
        if (node.path("String").isTextual()) {
            return Pattern.compile(Pattern.quote(node.path("String").asText()));
        }
        String regex = node.path("Regex").asText();
        if (regex.isEmpty()) {
            throw new TokenizerException("a pattern that is neither a regex nor a string: " + node);
        }
        try {
            return Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS);
        } catch (PatternSyntaxException e) {
            throw new TokenizerException("pattern '" + regex + "' is not supported: " + e.getDescription(), e);
        }
    }

    private static PreTokenizer sequence(JsonNode nodes) {
        List<PreTokenizer> steps = new ArrayList<>();
        nodes.forEach(node -> steps.add(parse(node)));
        return text -> {
            List<String> pieces = text.isEmpty() ? List.of() : List.of(text);
            for (PreTokenizer step : steps) {
                List<String> next = new ArrayList<>(pieces.size());
                pieces.forEach(piece -> next.addAll(step.split(piece)));
                pieces = next;
            }
            return pieces;
        };
    }

    private static PreTokenizer split(JsonNode node) {
        Pattern pattern = pattern(node.path("pattern"));
        boolean inverted = node.path("invert").asBoolean();
        String behavior = node.path("behavior").asText();
        return switch (behavior) {
            case "Removed" -> text -> pieces(text, pattern, inverted, !inverted);
            case "Isolated" -> text -> pieces(text, pattern, true, true);
            default -> throw new TokenizerException("split behaviour '" + behavior + "' is not supported");
        };
    }

    private static PreTokenizer byteLevel(JsonNode node) {
        boolean addsPrefixSpace = node.path("add_prefix_space").asBoolean(true);
        boolean usesRegex = node.path("use_regex").asBoolean(true);
        return text -> {
            if (text.isEmpty()) {
                return List.of();
            }
            String prefixed = addsPrefixSpace && !text.startsWith(" ") ? " " + text : text;
            List<String> pieces = usesRegex ? pieces(prefixed, GPT2, true, true) : List.of(prefixed);
            return pieces.stream().map(ByteAlphabet::encode).toList();
        };
    }

    /// The matches of `pattern` and what lies between them, whichever is kept.
    private static List<String> pieces(String text, Pattern pattern, boolean keepMatches, boolean keepGaps) {
        List<String> pieces = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        int end = 0;
        while (matcher.find()) {
            add(pieces, text, end, matcher.start(), keepGaps);
            add(pieces, text, matcher.start(), matcher.end(), keepMatches);
            end = matcher.end();
        }
        add(pieces, text, end, text.length(), keepGaps);
        return pieces;
    }

    private static void add(List<String> pieces, String text, int start, int end, boolean kept) {
        if (kept && start < end) {
            pieces.add(text.substring(start, end));
        }
    }
}
