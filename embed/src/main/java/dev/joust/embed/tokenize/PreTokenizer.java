// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

/// The second stage: normalised text to pieces, none of which a token will span. Immutable and thread-safe.
@FunctionalInterface
interface PreTokenizer {
    /// The split of GPT-2, which byte-level pre-tokenizers apply unless told not to.
    Pattern GPT2 = Patterns.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+");

    /// Non-empty pieces, in order, of one that is not empty.
    List<Piece> split(Piece piece);

    /// The `pre_tokenizer` object of a `tokenizer.json`; one piece where it is null.
    static PreTokenizer parse(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return List::of;
        }
        String type = node.path("type").asText();
        return switch (type) {
            case "Sequence" -> sequence(node.path("pretokenizers"));
            case "Split" -> split(node);
            case "ByteLevel" -> byteLevel(node);
            case "BertPreTokenizer" -> then(
                    at(Characters::isWhiteSpace, SplitBehavior.REMOVED),
                    at(Characters::isPunctuation, SplitBehavior.ISOLATED));
            case "Whitespace" -> PreTokenizer::words;
            case "WhitespaceSplit" -> at(Characters::isWhiteSpace, SplitBehavior.REMOVED);
            case "Punctuation" -> at(Characters::isPunctuation, node.has("behavior")
                    ? SplitBehavior.parse(node.path("behavior")) : SplitBehavior.ISOLATED);
            case "Digits" -> at(Characters::isNumeric, node.path("individual_digits").asBoolean()
                    ? SplitBehavior.ISOLATED : SplitBehavior.CONTIGUOUS);
            case "CharDelimiterSplit" -> delimiter(Fields.text(node, "delimiter"));
            case "FixedLength" -> fixedLength(node.has("length") ? Fields.number(node, "length") : 5);
            case "Metaspace" -> Metaspace.parse(node);
            default -> throw new TokenizerException("pre-tokenizer '" + type + "' is not supported");
        };
    }

    private static PreTokenizer at(IntPredicate splits, SplitBehavior behavior) {
        return piece -> behavior.split(piece, splits);
    }

    private static PreTokenizer then(PreTokenizer first, PreTokenizer second) {
        return piece -> {
            List<Piece> pieces = new ArrayList<>();
            first.split(piece).forEach(part -> pieces.addAll(second.split(part)));
            return pieces;
        };
    }

    private static PreTokenizer sequence(JsonNode nodes) {
        PreTokenizer all = List::of;
        for (JsonNode node : nodes) {
            all = then(all, parse(node));
        }
        return all;
    }

    private static PreTokenizer split(JsonNode node) {
        Pattern pattern = Patterns.parse(node.path("pattern"));
        boolean inverted = node.path("invert").asBoolean();
        SplitBehavior behavior = SplitBehavior.parse(node.path("behavior"));
        return piece -> behavior.split(piece, pattern, inverted);
    }

    private static PreTokenizer byteLevel(JsonNode node) {
        boolean addsPrefixSpace = node.path("add_prefix_space").asBoolean(true);
        boolean usesRegex = node.path("use_regex").asBoolean(true);
        return piece -> {
            Piece prefixed = addsPrefixSpace && !piece.text().startsWith(" ")
                    ? piece.after(" ") : piece;
            List<Piece> pieces = usesRegex ? SplitBehavior.ISOLATED.split(prefixed, GPT2, false) : List.of(prefixed);
            return pieces.stream()
                    .map(part -> part.map(ByteAlphabet::encode))
                    .toList();
        };
    }

    private static PreTokenizer delimiter(String delimiter) {
        if (delimiter.codePointCount(0, delimiter.length()) != 1) {
            throw new TokenizerException("CharDelimiterSplit: '" + delimiter + "' is not one character");
        }
        return at(codePoint -> codePoint == delimiter.codePointAt(0), SplitBehavior.REMOVED);
    }

    private static PreTokenizer fixedLength(int length) {
        if (length == 0) {
            throw new TokenizerException("FixedLength: pieces of 0 characters");
        }
        return piece -> {
            List<Piece> pieces = new ArrayList<>();
            String text = piece.text();
            int start = 0;
            int count = 0;
            for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
                if (count == length) {
                    pieces.add(piece.slice(start, i));
                    start = i;
                    count = 0;
                }
                count++;
            }
            pieces.add(piece.slice(start, text.length()));
            return pieces;
        };
    }

    /// Runs of word characters, and runs of what is neither that nor white space.
    private static List<Piece> words(Piece piece) {
        List<Piece> pieces = new ArrayList<>();
        String text = piece.text();
        int start = 0;
        int startKind = -1;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            int kind = Characters.isWord(codePoint) ? 1 : Characters.isWhiteSpace(codePoint) ? 0 : 2;
            if (kind != startKind) {
                if (startKind > 0) {
                    pieces.add(piece.slice(start, i));
                }
                start = i;
                startKind = kind;
            }
            i += Character.charCount(codePoint);
        }
        if (startKind > 0) {
            pieces.add(piece.slice(start, text.length()));
        }
        return pieces;
    }
}
