// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// Byte-pair encoding: a piece starts as one symbol per character, then the neighbours whose merge has the lowest
/// rank become one symbol, the leftmost first, until none merges.
///
/// A piece of n characters takes O(n log n), so one word of a megabyte is no trouble.
final class BytePairEncoding implements TokenModel {
    private static final int NO_SYMBOL = -1;

    /// What two neighbouring symbols become, and how early.
    private record Merge(int rank, int mergedId) {}

    /// A possible merge at a position, valid while the symbols there still become the same.
    private record Candidate(int rank, int position, int mergedId)
            implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            int byRank = Integer.compare(rank, other.rank);
            return byRank != 0 ? byRank : Integer.compare(position, other.position);
        }
    }

    private final Map<String, Integer> vocabulary;
    private final Map<Long, Merge> merges;
    private final String continuingSubwordPrefix;
    private final String endOfWordSuffix;
    private final @Nullable String unknownToken;
    private final boolean fusesUnknown;
    private final boolean ignoresMerges;
    /// The id per byte, -1 where there is none; null if bytes are no way out.
    private final int @Nullable [] byteIds;

    private BytePairEncoding(JsonNode node) {
        vocabulary = Fields.vocabulary(node.path("vocab"));
        continuingSubwordPrefix = node.path("continuing_subword_prefix").asText("");
        endOfWordSuffix = node.path("end_of_word_suffix").asText("");
        merges = parseMerges(node.path("merges"));
        unknownToken = node.path("unk_token").isTextual() ? node.path("unk_token").asText() : null;
        fusesUnknown = node.path("fuse_unk").asBoolean();
        ignoresMerges = node.path("ignore_merges").asBoolean();
        byteIds = node.path("byte_fallback").asBoolean() ? ByteTokens.ids(vocabulary) : null;
    }

    static BytePairEncoding parse(JsonNode node) {
        if (node.path("dropout").isNumber() && node.path("dropout").asDouble() != 0) {
            throw new TokenizerException("BPE dropout is not supported");
        }
        return new BytePairEncoding(node);
    }

    /// Merges are `["a", "b"]` in newer files and `"a b"` in older ones.
    private Map<Long, Merge> parseMerges(JsonNode node) {
        Map<Long, Merge> result = HashMap.newHashMap(node.size());
        int rank = 0;
        for (JsonNode merge : node) {
            if (merge.isTextual() && merge.asText().startsWith("#version")) {
                continue;
            }
            String[] pair = merge.isArray() && merge.size() == 2
                    ? new String[] {merge.get(0).asText(), merge.get(1).asText()}
                    : merge.asText().split(" ", -1);
            if (pair.length != 2) {
                throw new TokenizerException("merge " + rank + " is not a pair: " + merge);
            }
            String right = pair[1].startsWith(continuingSubwordPrefix)
                    ? pair[1].substring(continuingSubwordPrefix.length()) : pair[1];
            result.put(key(id(pair[0], rank), id(pair[1], rank)), new Merge(rank, id(pair[0] + right, rank)));
            rank++;
        }
        return result;
    }

    private int id(String token, int rank) {
        Integer id = vocabulary.get(token);
        if (id == null) {
            throw new TokenizerException("merge " + rank + " needs '" + token + "', which is not in the vocabulary");
        }
        return id;
    }

    private static long key(int leftId, int rightId) {
        return (long) leftId << 32 | Integer.toUnsignedLong(rightId);
    }

    @Override
    public Map<String, Integer> vocabulary() {
        return vocabulary;
    }

    @Override
    public void encode(String piece, TokenIds target) {
        Integer whole = ignoresMerges ? vocabulary.get(piece) : null;
        if (whole != null) {
            target.add(whole);
            return;
        }
        int[] symbols = symbols(piece);
        merge(symbols);
        for (int symbol : symbols) {
            if (symbol != NO_SYMBOL) {
                target.add(symbol);
            }
        }
    }

    /// One id per character that the vocabulary knows. Another becomes the tokens of its bytes, if there are such, else
    /// the unknown token, or nothing without one. An unknown token waits for the next character of the vocabulary or
    /// the next unknown one, so that bytes come before it, as in the reference.
    private int[] symbols(String piece) {
        TokenIds symbols = new TokenIds(Integer.MAX_VALUE);
        int waiting = NO_SYMBOL;
        for (int start = 0; start < piece.length(); ) {
            int end = start + Character.charCount(piece.codePointAt(start));
            String text = (start == 0 ? "" : continuingSubwordPrefix) + piece.substring(start, end)
                    + (end == piece.length() ? endOfWordSuffix : "");
            start = end;
            Integer id = vocabulary.get(text);
            if (id != null) {
                if (waiting != NO_SYMBOL) {
                    symbols.add(waiting);
                    waiting = NO_SYMBOL;
                }
                symbols.add(id);
            } else if (!ByteTokens.add(text.getBytes(StandardCharsets.UTF_8), byteIds, symbols)
                    && unknownToken != null) {
                if (waiting != NO_SYMBOL && !fusesUnknown) {
                    symbols.add(waiting);
                }
                waiting = TokenModel.unknownId(vocabulary, unknownToken);
            }
        }
        if (waiting != NO_SYMBOL) {
            symbols.add(waiting);
        }
        return symbols.toArray();
    }

    /// Merges in place: a merged symbol stands where its left part stood, the right part becomes {@link #NO_SYMBOL}.
    private void merge(int[] symbols) {
        int[] previous = new int[symbols.length];
        int[] next = new int[symbols.length];
        PriorityQueue<Candidate> candidates = new PriorityQueue<>();
        for (int i = 0; i < symbols.length; i++) {
            previous[i] = i - 1;
            next[i] = i + 1;
            offer(candidates, symbols, i, i + 1);
        }
        for (Candidate best = candidates.poll(); best != null; best = candidates.poll()) {
            int left = best.position;
            int right = next[left];
            if (symbols[left] == NO_SYMBOL || right >= symbols.length) {
                continue;
            }
            Merge merge = merges.get(key(symbols[left], symbols[right]));
            if (merge == null || merge.mergedId != best.mergedId) {
                continue;
            }
            symbols[left] = best.mergedId;
            symbols[right] = NO_SYMBOL;
            next[left] = next[right];
            if (next[left] < symbols.length) {
                previous[next[left]] = left;
            }
            offer(candidates, symbols, previous[left], left);
            offer(candidates, symbols, left, next[left]);
        }
    }

    private void offer(PriorityQueue<Candidate> candidates, int[] symbols, int left, int right) {
        if (left >= 0 && right < symbols.length) {
            Merge merge = merges.get(key(symbols[left], symbols[right]));
            if (merge != null) {
                candidates.add(new Candidate(merge.rank, left, merge.mergedId));
            }
        }
    }
}
