// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;

/// The texts of `testdata/json`, with the bytes that the reference stores of each and the text that it reads back.
class ReferenceJsonTest {
    private static final Path CASES =
            Path.of(System.getProperty("joust.repository.root"), "testdata", "json", "cases.tsv");

    @Test
    void bytesAndTextAreThoseOfTheReference() throws IOException {
        int same = 0;
        int refused = 0;
        for (String line : Files.readAllLines(CASES)) {
            String[] parts = line.split("\t");
            String text = text(parts[0]);
            if (parts.length == 1) {
                assertThrows(IllegalArgumentException.class, () -> JsonbEncoder.of(text), text);
                refused++;
                continue;
            }
            assertEquals(parts[1], HexFormat.of().formatHex(JsonbEncoder.of(text)), text);
            assertEquals(text(parts[2]), JsonbText.of(HexFormat.of().parseHex(parts[1])), text);
            same++;
        }
        assertTrue(same > 400 && refused >= 4, same + " the same, " + refused + " refused");
    }

    private static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
    }
}
