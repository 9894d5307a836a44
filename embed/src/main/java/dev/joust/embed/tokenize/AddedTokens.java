// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// Tokens that are found in the text itself, before the model sees it: the leftmost, and of those the longest.
/// Those marked `normalized` are looked for in the normalised text (and are normalised themselves), the others in
/// the text as it came. Immutable and thread-safe.
final class AddedTokens {
    /// @param spaceBefore takes in the white space before it, spaceAfter that after it
    private record AddedToken(
            String content, int id, boolean singleWord, boolean spaceBefore, boolean spaceAfter) {}

    private final List<AddedToken> tokens;

    private AddedTokens(List<AddedToken> tokens) {
        this.tokens = tokens.stream()
                .sorted(Comparator.comparingInt((AddedToken token) -> token.content.length()).reversed())
                .toList();
    }

    /// Those entries of `added_tokens` whose `normalized` is as said.
    static AddedTokens parse(JsonNode nodes, boolean normalized, Normalizer normalizer) {
        List<AddedToken> tokens = new ArrayList<>();
        for (JsonNode node : nodes) {
            // Absent, it is the opposite of `special`, as in the reference
            boolean special = node.path("special").asBoolean();
            String content = node.path("content").asText();
            if (!content.isEmpty() && node.path("normalized").asBoolean(!special) == normalized) {
                tokens.add(new AddedToken(
                        normalized ? normalizer.normalize(content) : content,
                        node.path("id").asInt(),
                        node.path("single_word").asBoolean(),
                        node.path("lstrip").asBoolean(),
                        node.path("rstrip").asBoolean()));
            }
        }
        return new AddedTokens(tokens);
    }

    /// Hands the text's parts on, in order: what lies between added tokens (never empty), and the ids of these.
    void split(String text, Consumer<String> between, IntConsumer addedId) {
        int end = 0;
        for (int i = 0; i < text.length(); i++) {
            AddedToken token = at(text, i);
            if (token == null) {
                continue;
            }
            int start = i;
            int stop = i + token.content.length();
            while (token.spaceBefore && start > end && isSpace(text.charAt(start - 1))) {
                start--;
            }
            while (token.spaceAfter && stop < text.length() && isSpace(text.charAt(stop))) {
                stop++;
            }
            if (start > end) {
                between.accept(text.substring(end, start));
            }
            addedId.accept(token.id);
            end = stop;
            i = stop - 1;
        }
        if (end < text.length()) {
            between.accept(text.substring(end));
        }
    }

    private @Nullable AddedToken at(String text, int offset) {
        for (AddedToken token : tokens) {
            if (text.startsWith(token.content, offset)) {
                int stop = offset + token.content.length();
                boolean inWord = (offset > 0 && isWord(text.codePointBefore(offset)))
                        || (stop < text.length() && isWord(text.codePointAt(stop)));
                return token.singleWord && inWord ? null : token;
            }
        }
        return null;
    }

    private static boolean isWord(int codePoint) {
        return Character.isLetterOrDigit(codePoint) || codePoint == '_'
                || Character.getType(codePoint) == Character.NON_SPACING_MARK;
    }

    private static boolean isSpace(char character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character);
    }
}
