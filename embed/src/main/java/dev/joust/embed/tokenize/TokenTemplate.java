// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

/// What a model is given for one text or two: their tokens, and those that a post-processor puts around them.
record TokenTemplate(List<Part> parts) {
    /// One text without anything.
    static final TokenTemplate TEXT = new TokenTemplate(List.of(new Text(0, 0)));
    /// Two texts without anything.
    static final TokenTemplate TEXTS = new TokenTemplate(List.of(new Text(0, 0), new Text(1, 1)));

    /// A part, in order.
    sealed interface Part {}

    /// All tokens of a text.
    ///
    /// @param index 0 for the first, 1 for the second
    record Text(int index, int typeId) implements Part {}

    /// A token of the post-processor's own.
    record Token(int id, int typeId) implements Part {}

    /// The list of parts of a `TemplateProcessing`.
    ///
    /// @param tokens the object that has the ids of its tokens
    static TokenTemplate parse(JsonNode items, JsonNode tokens) {
        List<Part> parts = new ArrayList<>();
        for (JsonNode item : items) {
            if (item.has("Sequence")) {
                JsonNode text = item.path("Sequence");
                parts.add(new Text(text.path("id").asText().equals("B") ? 1 : 0, typeId(text)));
            } else {
                String name = item.path("SpecialToken").path("id").asText();
                JsonNode ids = tokens.path(name).path("ids");
                if (!ids.isArray()) {
                    throw new TokenizerException("a template with the token '" + name + "', which it doesn't describe");
                }
                for (JsonNode id : ids) {
                    parts.add(new Token(SpecialTokens.id(id), typeId(item.path("SpecialToken"))));
                }
            }
        }
        return new TokenTemplate(List.copyOf(parts));
    }

    private static int typeId(JsonNode node) {
        return node.has("type_id") ? Fields.number(node, "type_id") : 0;
    }

    /// How often a text is in it.
    int textCount(int index) {
        return (int) parts.stream().filter(part -> part instanceof Text text && text.index == index).count();
    }

    /// Tokens of the post-processor's own.
    int tokenCount() {
        return (int) parts.stream().filter(Token.class::isInstance).count();
    }

    /// The ids of texts with what stands around them.
    Encoding fill(int[]... texts) {
        int count = tokenCount();
        for (int[] text : texts) {
            count += text.length;
        }
        int[] ids = new int[count];
        int[] types = new int[count];
        int at = 0;
        for (Part part : parts) {
            switch (part) {
                case Text(int index, int typeId) -> {
                    int[] text = texts[index];
                    System.arraycopy(text, 0, ids, at, text.length);
                    Arrays.fill(types, at, at + text.length, typeId);
                    at += text.length;
                }
                case Token(int id, int typeId) -> {
                    ids[at] = id;
                    types[at++] = typeId;
                }
            }
        }
        int[] mask = new int[count];
        Arrays.fill(mask, 1);
        return new Encoding(ids, mask, types);
    }
}
