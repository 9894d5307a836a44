// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

/// SentencePiece's way with spaces: each becomes a visible character, which starts a word.
///
/// @param replacement what a space becomes; one code point
/// @param splits      whether pieces end before it
record Metaspace(String replacement, Prepending prepending, boolean splits) implements PreTokenizer {
    /// Which pieces that do not start with a space get one.
    enum Prepending { ALWAYS, FIRST, NEVER }

    static Metaspace parse(JsonNode node) {
        String replacement = Fields.text(node, "replacement");
        if (replacement.codePointCount(0, replacement.length()) != 1) {
            throw new TokenizerException("Metaspace: the replacement '" + replacement + "' is not one character");
        }
        String scheme = node.path("prepend_scheme").asText("always");
        Prepending prepending = switch (scheme) {
            case "always" -> Prepending.ALWAYS;
            case "first" -> Prepending.FIRST;
            case "never" -> Prepending.NEVER;
            default -> throw new TokenizerException("Metaspace: prepend scheme '" + scheme + "' is not supported");
        };
        if (!node.path("add_prefix_space").asBoolean(true)) {
            prepending = Prepending.NEVER;
        }
        return new Metaspace(replacement, prepending, node.path("split").asBoolean(true));
    }

    @Override
    public List<Piece> split(Piece piece) {
        Piece visible = piece.map(text -> text.replace(" ", replacement));
        boolean prepended = switch (prepending) {
            case ALWAYS -> true;
            case FIRST -> piece.isAtOrigin();
            case NEVER -> false;
        };
        Piece prefixed = prepended && !visible.text().startsWith(replacement) ? visible.after(replacement) : visible;
        int splitting = replacement.codePointAt(0);
        return splits
                ? SplitBehavior.MERGED_WITH_NEXT.split(prefixed, codePoint -> codePoint == splitting)
                : List.of(prefixed);
    }
}
