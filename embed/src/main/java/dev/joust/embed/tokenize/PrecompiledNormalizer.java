// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// The character map of a SentencePiece model: which parts of a text become which others.
///
///     0       u32    bytes of the trie, t
///     4       u32[]  a double-array trie over the UTF-8 of what is replaced
///     4 + t   u8[]   the replacements, each ended by a zero byte
///
/// A unit of the trie holds its label (bits 0-7), whether a leaf follows (8) and where its children are (9-31); a
/// leaf holds where its replacement starts. Of a grapheme of fewer than 6 bytes the shortest beginning that is in the
/// trie decides for the whole of it, as in the reference; else its code points are replaced one by one.
final class PrecompiledNormalizer implements Normalizer {
    private static final Pattern GRAPHEME = Pattern.compile("\\X");
    private static final int LONGEST_GRAPHEME_BYTES = 5;

    private final int[] trie;
    private final byte[] replacements;

    private PrecompiledNormalizer(int[] trie, byte[] replacements) {
        this.trie = trie;
        this.replacements = replacements;
    }

    static PrecompiledNormalizer parse(JsonNode node) {
        byte[] map;
        try {
            map = Base64.getDecoder().decode(Fields.text(node, "precompiled_charsmap"));
        } catch (IllegalArgumentException e) {
            throw new TokenizerException("Precompiled: the character map is no base64: " + e.getMessage(), e);
        }
        ByteBuffer bytes = ByteBuffer.wrap(map).order(ByteOrder.LITTLE_ENDIAN);
        long trieBytes = map.length < 4 ? -1 : Integer.toUnsignedLong(bytes.getInt());
        if (trieBytes < 4 || trieBytes > bytes.remaining()) {
            throw new TokenizerException(
                    "Precompiled: a character map of " + map.length + " bytes with a trie of " + trieBytes);
        }
        int[] trie = new int[(int) (trieBytes / 4)];
        bytes.asIntBuffer().get(trie);
        bytes.position(4 + trie.length * 4);
        byte[] replacements = new byte[bytes.remaining()];
        bytes.get(replacements);
        return new PrecompiledNormalizer(trie, replacements);
    }

    @Override
    public void normalize(NormalizedText text) {
        text.map(this::replaced);
    }

    private String replaced(String text) {
        StringBuilder result = new StringBuilder(text.length() + 16);
        Matcher graphemes = GRAPHEME.matcher(text);
        while (graphemes.find()) {
            String grapheme = graphemes.group();
            String whole = replacement(grapheme);
            if (whole != null) {
                result.append(whole);
            } else {
                grapheme.codePoints().forEach(codePoint -> {
                    String part = Character.toString(codePoint);
                    String other = replacement(part);
                    result.append(other == null ? part : other);
                });
            }
        }
        return result.toString();
    }

    private @Nullable String replacement(String part) {
        if (part.length() > LONGEST_GRAPHEME_BYTES) {
            return null;
        }
        byte[] key = part.getBytes(StandardCharsets.UTF_8);
        int start = key.length > LONGEST_GRAPHEME_BYTES ? -1 : find(key);
        if (start < 0 || start > replacements.length) {
            return null;
        }
        int end = start;
        while (end < replacements.length && replacements[end] != 0) {
            end++;
        }
        return new String(replacements, start, end - start, StandardCharsets.UTF_8);
    }

    /// The value of the shortest beginning of `key` that the trie holds, or -1.
    private int find(byte[] key) {
        int node = childrenOf(trie[0]);
        for (byte value : key) {
            int label = Byte.toUnsignedInt(value);
            node ^= label;
            // A damaged map may lead anywhere
            if (label == 0 || node < 0 || node >= trie.length || (trie[node] & 0x8000_00FF) != label) {
                return -1;
            }
            int unit = trie[node];
            node ^= childrenOf(unit);
            if ((unit >>> 8 & 1) == 1) {
                return node < 0 || node >= trie.length ? -1 : trie[node] & 0x7FFF_FFFF;
            }
        }
        return -1;
    }

    private static int childrenOf(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >>> 6);
    }
}
