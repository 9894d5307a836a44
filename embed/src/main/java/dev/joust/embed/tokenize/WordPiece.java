// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/// WordPiece: from the start of a piece the longest token, from its end the longest that continues a word, and so
/// on; a piece of which a part has no token, or which is too long, is the unknown token as a whole.
final class WordPiece implements TokenModel {
    private final Map<String, Integer> vocabulary;
    private final TokenTrie trie;
    private final String unknownToken;
    /// Where in the trie the tokens begin that continue a word, or NONE if there are none.
    private final int continuingNode;
    private final int longestPieceCodePoints;

    private WordPiece(JsonNode node) {
        vocabulary = Fields.vocabulary(node.path("vocab"));
        trie = new TokenTrie();
        vocabulary.forEach(trie::put);
        unknownToken = node.path("unk_token").asText("[UNK]");
        continuingNode = trie.walk(node.path("continuing_subword_prefix").asText("##"));
        longestPieceCodePoints =
                node.has("max_input_chars_per_word") ? Fields.number(node, "max_input_chars_per_word") : 100;
    }

    static WordPiece parse(JsonNode node) {
        return new WordPiece(node);
    }

    @Override
    public Map<String, Integer> vocabulary() {
        return vocabulary;
    }

    @Override
    public void encode(String piece, TokenIds target) {
        // At most two characters per code point: a long piece is not counted through
        if (piece.length() > 2L * longestPieceCodePoints
                || piece.codePointCount(0, piece.length()) > longestPieceCodePoints) {
            target.add(unknownId());
            return;
        }
        TokenIds ids = new TokenIds(Integer.MAX_VALUE);
        for (int start = 0; start < piece.length(); ) {
            int node = start == 0 ? TokenTrie.ROOT : continuingNode;
            int end = start;
            int id = TokenTrie.NONE;
            for (int i = start; i < piece.length() && node != TokenTrie.NONE; i++) {
                node = trie.next(node, piece.charAt(i));
                if (node != TokenTrie.NONE && trie.value(node) != TokenTrie.NONE) {
                    id = trie.value(node);
                    end = i + 1;
                }
            }
            if (id == TokenTrie.NONE) {
                target.add(unknownId());
                return;
            }
            ids.add(id);
            start = end;
        }
        ids.addTo(target);
    }

    private int unknownId() {
        return TokenModel.unknownId(vocabulary, unknownToken);
    }
}
