// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.Arrays;
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

    /// A possible merge at a position, valid while both symbols are still what they were.
    private record Candidate(int rank, int position, int leftId, int rightId, int mergedId)
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
    private final @Nullable Integer unknownId;
    private final boolean fusesUnknown;
    private final boolean ignoresMerges;

    private BytePairEncoding(JsonNode node) {
        vocabulary = parseVocabulary(node.path("vocab"));
        continuingSubwordPrefix = node.path("continuing_subword_prefix").asText("");
        endOfWordSuffix = node.path("end_of_word_suffix").asText("");
        merges = parseMerges(node.path("merges"));
        String unknown = node.path("unk_token").asText("");
        unknownId = vocabulary.get(unknown);
        if (!unknown.isEmpty() && unknownId == null) {
            throw new TokenizerException("the unknown token '" + unknown + "' is not in the vocabulary");
        }
        fusesUnknown = node.path("fuse_unk").asBoolean();
        ignoresMerges = node.path("ignore_merges").asBoolean();
    }

    static BytePairEncoding parse(JsonNode node) {
        if (node.path("dropout").isNumber() && node.path("dropout").asDouble() != 0) {
            throw new TokenizerException("BPE dropout is not supported");
        }
        if (node.path("byte_fallback").asBoolean()) {
            throw new TokenizerException("BPE byte fallback is not supported");
        }
        return new BytePairEncoding(node);
    }

    private static Map<String, Integer> parseVocabulary(JsonNode node) {
        Map<String, Integer> vocabulary = HashMap.newHashMap(node.size());
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getValue().canConvertToInt()) {
                throw new TokenizerException("token '" + entry.getKey() + "' has the id " + entry.getValue());
            }
            vocabulary.put(entry.getKey(), entry.getValue().asInt());
        }
        if (vocabulary.isEmpty()) {
            throw new TokenizerException("the vocabulary is empty");
        }
        return Map.copyOf(vocabulary);
    }

    /// Merges are `["a", "b"]` in newer files and `"a b"` in older ones.
    private Map<Long, Merge> parseMerges(JsonNode node) {
        Map<Long, Merge> result = HashMap.newHashMap(node.size());
        int rank = 0;
        for (JsonNode merge : node) {
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

    /// One id per character that the vocabulary knows; the unknown token for others, or nothing without one.
    private int[] symbols(String piece) {
        int[] symbols = new int[piece.length()];
        int count = 0;
        boolean afterUnknown = false;
        for (int start = 0; start < piece.length(); ) {
            int end = piece.offsetByCodePoints(start, 1);
            String text = (start == 0 ? "" : continuingSubwordPrefix) + piece.substring(start, end)
                    + (end == piece.length() ? endOfWordSuffix : "");
            Integer id = vocabulary.get(text);
            if (id != null) {
                symbols[count++] = id;
            } else if (unknownId != null && !(fusesUnknown && afterUnknown)) {
                symbols[count++] = unknownId;
            }
            afterUnknown = id == null;
            start = end;
        }
        return Arrays.copyOf(symbols, count);
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
            if (symbols[left] != best.leftId || right >= symbols.length || symbols[right] != best.rightId) {
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
                candidates.add(new Candidate(merge.rank, left, symbols[left], symbols[right], merge.mergedId));
            }
        }
    }
}
