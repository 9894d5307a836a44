// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.embed.Golden;

class TokenizerJsonTest {
    private static final byte[] TINY = Golden.resource("/dev/joust/embed/tiny-clip/tokenizer.json");

    private static void assertIdsEqual(TokenizerJson tokenizer, JsonNode cases) {
        List<String> differences = new ArrayList<>();
        for (JsonNode testCase : cases) {
            String text = testCase.path("text").asText();
            int[] expected = ids(testCase.path("ids"));
            int[] found = tokenizer.encode(text);
            if (!Arrays.equals(expected, found)) {
                differences.add(testCase.path("text") + "\n  expected " + Arrays.toString(expected) + "\n  found    "
                        + Arrays.toString(found));
            }
        }
        assertTrue(cases.size() > 400, "cases");
        assertEquals(List.of(), differences);
    }

    private static int[] ids(JsonNode node) {
        return IntStream.range(0, node.size()).map(i -> node.get(i).asInt()).toArray();
    }

    @Test
    void idsEqualThoseOfTheReference() {
        assertIdsEqual(TokenizerJson.parse(TINY), Golden.json("token-ids.json"));
    }

    /// Older merges, added tokens of every kind, another pre-tokenizer and post-processor, a limit of its own.
    @Test
    void idsOfTheVariantEqualThoseOfTheReference() {
        assertIdsEqual(TokenizerJson.parse(Golden.bytes("tokenizer-variant.json")), Golden.json("token-ids-variant.json"));
    }

    @Test
    void aTextTooLongKeepsItsStartAndTheEndToken() {
        TokenizerJson tokenizer = TokenizerJson.parse(TINY);
        int[] whole = tokenizer.encode("red star ".repeat(50));
        int[] cut = tokenizer.encode("red star ".repeat(50), 64);
        assertEquals(64, cut.length);
        assertEquals(941, cut[63]);
        assertArrayEquals(Arrays.copyOf(whole, 63), Arrays.copyOf(cut, 63));
        assertArrayEquals(new int[] {940, 941}, tokenizer.encode("red star", 2));
        assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("red star", 1));
    }

    @Test
    void oneWordOfAMegabyteIsNoTrouble() {
        TokenizerJson tokenizer = TokenizerJson.parse(TINY);
        int[] ids = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(30), () -> tokenizer.encode("circle".repeat(170_000), 64));
        assertEquals(64, ids.length);
    }

    @Test
    void halfASurrogatePairIsReplaced() {
        TokenizerJson tokenizer = TokenizerJson.parse(TINY);
        assertArrayEquals(tokenizer.encode("a\ufffdb"), tokenizer.encode("a\ud83db"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "[", "7", "{}", "{\"model\": {}}", "{\"model\": {\"type\": \"WordPiece\"}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {}, \"merges\": []}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": \"x\"}, \"merges\": []}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"a a\"]}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"a\"]}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}, \"normalizer\": {\"type\": \"Bert\"}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}, \"pre_tokenizer\": {\"type\": \"Split\","
                + " \"pattern\": {\"Regex\": \"(\"}}}",
        "{\"model\": {\"type\": \"Unigram\", \"vocab\": []}}",
        "{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\"]]}}",
        "{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\", 0.5]], \"unk_id\": 1}}",
    })
    void whatIsNotSupportedIsRefusedWithAReason(String json) {
        var refusal = assertThrows(
                TokenizerException.class, () -> TokenizerJson.parse(json.getBytes(StandardCharsets.UTF_8)));
        assertTrue(refusal.getMessage().length() > 10, refusal.getMessage());
    }

    /// Each with the name of what is refused, in a file that is sound otherwise.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "dropout | model | {'type': 'BPE', 'vocab': {'a': 0}, 'merges': [], 'dropout': 0.1}",
        "Morse | model | {'type': 'Morse', 'vocab': {'a': 0}}",
        "UnicodeScripts | pre_tokenizer | {'type': 'UnicodeScripts'}",
        "Somehow | pre_tokenizer | {'type': 'Punctuation', 'behavior': 'Somehow'}",
        "sometimes | pre_tokenizer | {'type': 'Metaspace', 'replacement': '_', 'prepend_scheme': 'sometimes'}",
        "\\h | pre_tokenizer | {'type': 'Split', 'pattern': {'Regex': '\\\\h+'}, 'behavior': 'Removed', 'invert': false}",
        "[: | pre_tokenizer | {'type': 'Split', 'pattern': {'Regex': '[[:alpha:]]'}, 'behavior': 'Removed', 'invert': false}",
        "Rot13 | normalizer | {'type': 'Sequence', 'normalizers': [{'type': 'NFC'}, {'type': 'Rot13'}]}",
        "Precompiled | normalizer | {'type': 'Precompiled', 'precompiled_charsmap': 'AAAA'}",
        "prepend | normalizer | {'type': 'Prepend'}",
        "Stamp | post_processor | {'type': 'Stamp'}",
        "repeats | post_processor | {'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'A'}}, {'Sequence': {'id': 'A'}}]}",
        "OnlyThird | truncation | {'strategy': 'OnlyThird', 'max_length': 9}",
        "Middle | padding | {'strategy': 'BatchLongest', 'direction': 'Middle', 'pad_id': 0}",
    })
    void whatIsNotUnderstoodIsRefusedByName(String name, String part, String value) {
        String json = "{'model': {'type': 'WordLevel', 'vocab': {'a': 0}}, '" + part + "': " + value + "}";
        var refusal = assertThrows(TokenizerException.class,
                () -> TokenizerJson.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
        assertTrue(refusal.getMessage().contains(name), refusal.getMessage());
    }

    @Test
    void aBatchIsFilledUpToItsLongestText() {
        TokenizerJson tokenizer = TokenizerJson.parse("""
                {"model": {"type": "WordLevel", "vocab": {"p": 0, "a": 1, "b": 2, "?": 3}, "unk_token": "?"},
                 "pre_tokenizer": {"type": "Whitespace"},
                 "padding": {"strategy": "BatchLongest", "direction": "Left", "pad_to_multiple_of": 2, "pad_id": 0,
                             "pad_type_id": 0, "pad_token": "p"}}""".getBytes(StandardCharsets.UTF_8));
        List<Encoding> batch = tokenizer.encodeBatch(List.of("a b c", "b", ""));
        assertArrayEquals(new int[] {0, 1, 2, 3}, batch.get(0).ids());
        assertArrayEquals(new int[] {0, 0, 0, 2}, batch.get(1).ids());
        assertArrayEquals(new int[] {0, 0, 0, 1}, batch.get(1).attentionMask());
        assertArrayEquals(new int[4], batch.get(2).attentionMask());
        assertArrayEquals(new int[] {2}, tokenizer.encode("b", 5));
        assertEquals(List.of(), tokenizer.encodeBatch(List.of()));
    }

    @Test
    void aFileWithoutATemplateForTwoTextsSaysSo() {
        TokenizerJson tokenizer = TokenizerJson.parse("""
                {"model": {"type": "WordLevel", "vocab": {"a": 0, "b": 1}},
                 "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}]}}"""
                .getBytes(StandardCharsets.UTF_8));
        assertArrayEquals(new int[] {1}, tokenizer.encode("b"));
        String message = assertThrows(IllegalArgumentException.class, () -> tokenizer.encodePair("a", "b")).getMessage();
        assertTrue(message.contains("no template for two texts"), message);
    }

    /// As the reference has it.
    @Test
    void anAddedTokenThatANeighbourTookInAsWhiteSpaceIsNone() {
        TokenizerJson tokenizer = TokenizerJson.parse("""
                {"model": {"type": "WordLevel", "vocab": {"?": 0, "a": 1, "b": 2}, "unk_token": "?"},
                 "added_tokens": [{"id": 3, "content": "\\n", "single_word": false, "lstrip": true, "rstrip": true,
                                   "normalized": false, "special": false}]}""".getBytes(StandardCharsets.UTF_8));
        assertArrayEquals(new int[] {3, 1}, tokenizer.encode("\n\n \na"));
        assertArrayEquals(new int[] {1, 3, 2}, tokenizer.encode("a \n b"));
        assertArrayEquals(new int[] {1, 3}, tokenizer.encode("a\n\n"));
    }

    @Test
    void theBoundariesOfWordsAreThoseOfTheReference() {
        TokenizerJson tokenizer = TokenizerJson.parse("""
                {"model": {"type": "WordLevel", "vocab": {"?": 0, "\u00bda": 3, "\ud801\udc00x": 4, " ": 5, "\u00bd": 6},
                           "unk_token": "?"},
                 "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "\\\\b"}, "behavior": "Isolated", "invert": false}}
                """.getBytes(StandardCharsets.UTF_8));
        assertArrayEquals(new int[] {3, 5, 4}, tokenizer.encode("\u00bda \ud801\udc00x"));
        assertArrayEquals(new int[] {4, 5, 6}, tokenizer.encode("\ud801\udc00x \u00bd"));
    }

    @Test
    void aTextWithoutATokenAndNoUnknownOneIsSaid() {
        TokenizerJson tokenizer = TokenizerJson.parse(
                "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 0}}}".getBytes(StandardCharsets.UTF_8));
        assertArrayEquals(new int[] {0}, tokenizer.encode("a"));
        String message = assertThrows(TokenizerException.class, () -> tokenizer.encode("b")).getMessage();
        assertTrue(message.contains("[UNK]"), message);
    }
}
