// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.joust.embed.Golden;
import dev.joust.embed.MiniLm;

/// One tokenizer of every kind, on 5,000 lines in many languages; `make_tokenizers.py` made them with the reference,
/// and shows what it makes of a line that differs here. `-Djoust.tokenizers=FOLDER` reads others that it made.
class EveryTokenizerTest {
    private static final String REFUSED = "refused";

    static List<String> names() {
        return List.of("bert-uncased", "bert-cased-cut", "wordpiece-left", "gpt2", "roberta", "llama3", "clip", "llama2",
                "gemma-some-bytes", "bpe-continuing", "byte-normalizer", "xlm-roberta", "t5-siglip", "unigram-bytes",
                "unigram-some-bytes", "wordlevel-added");
    }

    @ParameterizedTest
    @MethodSource("names")
    void idsOfFiveThousandLinesEqualThoseOfTheReference(String name) throws IOException {
        List<String> differences = differences(
                name, TokenizerJson.parse(unpacked(name + ".json.gz")), unpacked(name + ".ids.gz"), lines());
        assertEquals(List.of(), differences.subList(0, Math.min(20, differences.size())),
                () -> differences.size() + " lines differ");
    }

    /// A line per text whose ids are others than those that `sums` was made of.
    private static List<String> differences(String name, TokenizerJson tokenizer, byte[] sumsOfIds, List<String> lines) {
        ByteBuffer sums = ByteBuffer.wrap(sumsOfIds);
        List<String> differences = new ArrayList<>();
        int lineCount = 0;
        for (String line : lines) {
            int[] ids = tokenizer.encode(line);
            String found = Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" "));
            if (checksum(found) != sums.getInt(4 * lineCount)) {
                differences.add("make_tokenizers.py show " + name + " " + lineCount + ": " + Arrays.toString(ids));
            }
            lineCount++;
        }
        assertEquals(5000, lineCount);
        return differences;
    }

    /// Every fourth pair as the file says, others cut to 8 tokens and more in each way, from either end.
    @ParameterizedTest
    @MethodSource("names")
    void idsAndTypesOfPairsEqualThoseOfTheReference(String name) throws IOException {
        TokenizerJson tokenizer = TokenizerJson.parse(unpacked(name + ".json.gz"));
        ByteBuffer sums = ByteBuffer.wrap(unpacked(name + ".pairs.gz"));
        List<String> lines = lines();
        List<String> differences = new ArrayList<>();
        int refusedCount = 0;
        for (int pair = 0; pair < lines.size() / 2; pair++) {
            TokenizerJson cut = pair % 4 == 0 ? tokenizer : tokenizer.with(new Truncation(
                    8 + pair / 8 % 60, pair / 4 % 2 == 1, List.of(Truncation.Strategy.values()).get(pair % 4 - 1)));
            String found = pair(cut, lines.get(2 * pair), lines.get(2 * pair + 1));
            refusedCount += found.equals(REFUSED) ? 1 : 0;
            if (checksum(found) != sums.getInt(4 * pair)) {
                differences.add("make_tokenizers.py pair " + name + " " + pair + ": " + found);
            }
        }
        assertEquals(List.of(), differences.subList(0, Math.min(10, differences.size())),
                () -> differences.size() + " pairs differ");
        assertEquals(4 * 2500, sums.limit());
        assertTrue(refusedCount > 10 && refusedCount < 1000, refusedCount + " pairs are refused");
    }

    private static String pair(TokenizerJson tokenizer, String first, String second) {
        Encoding encoding;
        try {
            encoding = tokenizer.encodePair(first, second);
        } catch (IllegalArgumentException e) {
            return REFUSED;
        }
        return IntStream.concat(Arrays.stream(encoding.ids()), Arrays.stream(encoding.typeIds()))
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" "));
    }

    private static int checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return (int) crc.getValue();
    }

    /// The tokenizer of a model that people have, laid out by `.ci/install-minilm`.
    @Test
    void idsOfMiniLmEqualThoseOfTheReference() throws IOException {
        Path file = MiniLm.folder().resolve("tokenizer.json");
        assumeTrue(Files.exists(file), "run .ci/install-minilm to check against a model that people have");
        List<String> differences = differences("minilm", TokenizerJson.parse(Files.readAllBytes(file)),
                Golden.unpacked("minilm.ids.gz"), lines());
        assertEquals(List.of(), differences.subList(0, Math.min(20, differences.size())));
    }

    private static List<String> lines() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<String> lines = new ArrayList<>();
        for (String line : new String(unpacked("lines.txt.gz"), StandardCharsets.US_ASCII).split("\n", -1)) {
            lines.add(json.readTree(line).asText());
        }
        return lines;
    }

    private static byte[] unpacked(String name) throws IOException {
        String folder = System.getProperty("joust.tokenizers");
        return folder == null
                ? Golden.unpacked("tokenizers/" + name) : Golden.unpacked(Files.readAllBytes(Path.of(folder, name)));
    }
}
