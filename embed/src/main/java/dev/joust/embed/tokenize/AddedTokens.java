// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

import com.fasterxml.jackson.databind.JsonNode;

/// Tokens that are found in the text itself, before the model sees it: the leftmost, and of those the longest.
/// Those marked `normalized` are looked for in the normalised text (and are normalised themselves), the others in
/// the text as it came. Immutable and thread-safe.
final class AddedTokens {
    /// @param spaceBefore takes in the white space before it, spaceAfter that after it
    private record AddedToken(int id, boolean singleWord, boolean spaceBefore, boolean spaceAfter) {}

    /// Takes what lies between added tokens.
    interface Between {
        /// `start` and `end` are places in the text that is split; the stretch is not empty.
        void accept(int start, int end);
    }

    private final List<AddedToken> tokens;
    /// Content to the place in `tokens`.
    private final TokenTrie trie;

    private AddedTokens(List<AddedToken> tokens, TokenTrie trie) {
        this.tokens = tokens;
        this.trie = trie;
    }

    /// The ids of all entries of `added_tokens`: what the vocabulary says, else the next that is free, as in the
    /// reference, whatever the file says.
    static Map<String, Integer> ids(JsonNode nodes, Map<String, Integer> vocabulary) {
        Map<String, Integer> ids = new HashMap<>();
        int next = vocabulary.size();
        for (JsonNode node : nodes) {
            String content = Fields.text(node, "content");
            if (!content.isEmpty() && !ids.containsKey(content)) {
                Integer known = vocabulary.get(content);
                ids.put(content, known == null ? next++ : known);
            }
        }
        return Map.copyOf(ids);
    }

    /// Those entries of `added_tokens` whose `normalized` is as said.
    static AddedTokens parse(
            JsonNode nodes, boolean normalized, Normalizer normalizer, Map<String, Integer> ids) {
        List<AddedToken> tokens = new ArrayList<>();
        TokenTrie trie = new TokenTrie();
        for (JsonNode node : nodes) {
            // Absent, it is the opposite of `special`, as in the reference
            boolean special = node.path("special").asBoolean();
            String content = node.path("content").asText();
            Integer id = ids.get(content);
            if (id != null && node.path("normalized").asBoolean(!special) == normalized) {
                String sought = normalized ? normalizer.normalize(content) : content;
                if (!sought.isEmpty()) {
                    trie.put(sought, tokens.size());
                    tokens.add(new AddedToken(
                            id,
                            node.path("single_word").asBoolean(),
                            node.path("lstrip").asBoolean(),
                            node.path("rstrip").asBoolean()));
                }
            }
        }
        return new AddedTokens(List.copyOf(tokens), trie);
    }

    /// Hands the text's parts on, in order: what lies between added tokens, and the ids of these.
    void split(String text, Between between, IntConsumer addedId) {
        int done = 0;
        for (int i = 0; i < text.length(); ) {
            int index = TokenTrie.NONE;
            int matchEnd = i + 1;
            int node = TokenTrie.ROOT;
            for (int at = i; at < text.length(); at++) {
                node = trie.next(node, text.charAt(at));
                if (node == TokenTrie.NONE) {
                    break;
                }
                if (trie.value(node) != TokenTrie.NONE) {
                    index = trie.value(node);
                    matchEnd = at + 1;
                }
            }
            if (index != TokenTrie.NONE && !(tokens.get(index).singleWord && isInWord(text, i, matchEnd))) {
                AddedToken token = tokens.get(index);
                int start = token.spaceBefore ? Math.max(done, i) : i;
                int stop = matchEnd;
                while (token.spaceBefore && start > done && Characters.isWhiteSpace(text.charAt(start - 1))) {
                    start--;
                }
                while (token.spaceAfter && stop < text.length() && Characters.isWhiteSpace(text.charAt(stop))) {
                    stop++;
                }
                if (start > done) {
                    between.accept(done, start);
                }
                // One whose place a neighbour took in as white space is none
                if (start < stop) {
                    addedId.accept(token.id);
                    done = stop;
                }
            }
            // Also where the match is no token after all, or took in more white space: as in the reference
            i = matchEnd;
        }
        if (done < text.length()) {
            between.accept(done, text.length());
        }
    }

    private static boolean isInWord(String text, int start, int end) {
        return (start > 0 && Characters.isWord(text.codePointBefore(start)))
                || (end < text.length() && Characters.isWord(text.codePointAt(end)));
    }
}
