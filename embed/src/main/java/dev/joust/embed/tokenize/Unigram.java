// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// Unigram: of all ways to cut a piece into tokens the one whose scores have the greatest sum (Viterbi). A character
/// that is no token by itself may be unknown, at a score below all others; unknown characters in a row are one.
///
/// What is unknown becomes the tokens of its bytes where the file says so and has all of them, else the unknown
/// token.
final class Unigram implements TokenModel {
    private static final double UNKNOWN_PENALTY = 10;

    private final Map<String, Integer> vocabulary;
    private final double[] scores;
    private final TokenTrie trie;
    private final double unknownScore;
    private final int unknownId;
    /// The id per byte, or null if a byte has none, or bytes are no way out.
    private final int @Nullable [] byteIds;

    private Unigram(JsonNode node) {
        JsonNode tokens = node.path("vocab");
        scores = new double[tokens.size()];
        vocabulary = HashMap.newHashMap(tokens.size());
        trie = new TokenTrie();
        double lowest = Double.POSITIVE_INFINITY;
        int id = 0;
        for (JsonNode token : tokens) {
            if (!token.path(0).isTextual() || !token.path(1).isNumber()) {
                throw new TokenizerException("token " + id + " is no pair of text and score: " + token);
            }
            vocabulary.put(token.path(0).asText(), id);
            trie.put(token.path(0).asText(), id);
            scores[id] = token.path(1).asDouble();
            lowest = Math.min(lowest, scores[id]);
            id++;
        }
        if (id == 0) {
            throw new TokenizerException("the vocabulary is empty");
        }
        unknownScore = lowest - UNKNOWN_PENALTY;
        unknownId = node.path("unk_id").isNull() || node.path("unk_id").isMissingNode()
                ? TokenTrie.NONE : Fields.number(node, "unk_id");
        if (unknownId >= id) {
            throw new TokenizerException("the unknown token is number " + unknownId + " of " + id);
        }
        byteIds = node.path("byte_fallback").asBoolean() ? ByteTokens.ids(vocabulary) : null;
    }

    static Unigram parse(JsonNode node) {
        return new Unigram(node);
    }

    @Override
    public Map<String, Integer> vocabulary() {
        return vocabulary;
    }

    @Override
    public void encode(String piece, TokenIds target) {
        int length = piece.length();
        double[] bestScores = new double[length + 1];
        int[] starts = new int[length + 1];
        int[] ids = new int[length + 1];
        Arrays.fill(starts, TokenTrie.NONE);
        for (int start = 0; start < length; ) {
            int next = start + Character.charCount(piece.codePointAt(start));
            boolean hasSingle = false;
            int node = TokenTrie.ROOT;
            for (int i = start; i < length; i++) {
                node = trie.next(node, piece.charAt(i));
                if (node == TokenTrie.NONE) {
                    break;
                }
                int id = trie.value(node);
                if (id != TokenTrie.NONE) {
                    offer(scores[id] + bestScores[start], start, i + 1, id, bestScores, starts, ids);
                    hasSingle |= i + 1 == next;
                }
            }
            if (!hasSingle) {
                if (unknownId == TokenTrie.NONE) {
                    throw new TokenizerException("no token for '" + piece.substring(start, next)
                            + "', and the file names no unknown token");
                }
                offer(unknownScore + bestScores[start], start, next, unknownId, bestScores, starts, ids);
            }
            start = next;
        }
        addPath(piece, starts, ids, target);
    }

    private static void offer(
            double score, int start, int end, int id, double[] bestScores, int[] starts, int[] ids) {
        if (starts[end] == TokenTrie.NONE || score > bestScores[end]) {
            bestScores[end] = score;
            starts[end] = start;
            ids[end] = id;
        }
    }

    /// Turns the way back into one there (`starts[end]` becomes the end of what starts at a place), then follows it.
    private void addPath(String piece, int[] starts, int[] ids, TokenIds target) {
        int[] ends = new int[piece.length() + 1];
        for (int end = piece.length(); end > 0; end = starts[end]) {
            ends[starts[end]] = end;
        }
        for (int start = 0; start < piece.length(); ) {
            int end = ends[start];
            if (ids[end] != unknownId) {
                target.add(ids[end]);
                start = end;
                continue;
            }
            while (end < piece.length() && ids[ends[end]] == unknownId) {
                end = ends[end];
            }
            addUnknown(piece.substring(start, end), target);
            start = end;
        }
    }

    private void addUnknown(String text, TokenIds target) {
        Integer id = vocabulary.get(text);
        if (id != null) {
            target.add(id);
        } else if (!ByteTokens.add(text.getBytes(StandardCharsets.UTF_8), byteIds, target)) {
            target.add(unknownId);
        }
    }
}
