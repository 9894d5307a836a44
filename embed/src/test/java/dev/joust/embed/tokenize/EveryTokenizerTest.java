// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.embed.Golden;

/// One tokenizer of every kind, on 5,000 lines in many languages; `make_tokenizers.py` made them with the reference,
/// and shows what it makes of a line that differs here. `-Djoust.tokenizers=FOLDER` reads others that it made.
class EveryTokenizerTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "bert-uncased", "bert-cased-cut", "wordpiece-left", "gpt2", "roberta", "llama3", "clip", "llama2",
        "gemma-some-bytes", "bpe-continuing", "byte-normalizer", "xlm-roberta", "t5-siglip", "unigram-bytes",
        "unigram-some-bytes", "wordlevel-added",
    })
    void idsOfFiveThousandLinesEqualThoseOfTheReference(String name) throws IOException {
        TokenizerJson tokenizer = TokenizerJson.parse(unpacked(name + ".json.gz"));
        ByteBuffer sums = ByteBuffer.wrap(unpacked(name + ".ids.gz"));
        List<String> differences = new ArrayList<>();
        int lineCount = 0;
        for (String line : lines()) {
            int[] ids = tokenizer.encode(line);
            CRC32 crc = new CRC32();
            crc.update(Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" "))
                    .getBytes(StandardCharsets.US_ASCII));
            if ((int) crc.getValue() != sums.getInt(4 * lineCount)) {
                differences.add("make_tokenizers.py show " + name + " " + lineCount + ": " + Arrays.toString(ids));
            }
            lineCount++;
        }
        assertEquals(5000, lineCount);
        assertEquals(List.of(), differences.subList(0, Math.min(20, differences.size())),
                () -> differences.size() + " lines differ");
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
        byte[] packed = folder == null
                ? Golden.bytes("tokenizers/" + name) : Files.readAllBytes(Path.of(folder, name));
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }
}
